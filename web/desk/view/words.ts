// Small words that several views share.

import { t } from "../../core/i18n.ts";

const NAMES: Record<string, string> = { ja: "日本語", en: "English", "zh-Hans": "简体中文", "zh-Hant": "繁體中文", ko: "한국어" };

/** A language in itself, so that it is recognised at a glance. */
export function languageName(tag: string): string {
  return NAMES[tag] ?? NAMES[tag.split("-")[0] ?? ""] ?? tag;
}

/** What the customer has proved about who they are. */
export function rungLabel(rung: number): string {
  return [t("Not verified"), t("Order verified by code"), t("Signed in"), t("Signed in, checked just now")][rung] ?? t("Not verified");
}

export function channelLabel(channel: string): string {
  const known: Record<string, string> = { chat: t("Chat"), mail: t("Mail"), form: t("Form"), phone: t("Telephone"), callback: t("Call-back"), page: t("Contact page") };
  return known[channel] ?? channel;
}

/** Why it was handed over. */
export function reasonLabel(reason: string | undefined): string {
  const known: Record<string, string> = {
    asked: t("The customer asked for a person"),
    not_understood: t("The assistant did not understand"),
    not_solved: t("Not solved by the assistant"),
    policy: t("Outside the policy"),
    approval: t("Needs approval"),
    emergency: t("Emergency"),
    security: t("Security"),
    transfer: t("Transferred"),
  };
  return reason ? (known[reason] ?? "") : "";
}

/** By ISO 3166 code, in the reader's language; "" for none. */
export function countryName(code: string): string {
  if (!code) return "";
  try {
    return new Intl.DisplayNames([document.documentElement.lang], { type: "region" }).of(code) ?? code;
  } catch {
    return code;
  }
}
