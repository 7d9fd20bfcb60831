// The criteria of a view in words: its parts, what each can be, and what is open in a few words.

import { t } from "../../core/i18n.ts";
import { type Criteria, type Filters, type List, LISTS, type Option, type Sort } from "../state/saved_views.ts";
import { channelLabel } from "./words.ts";

export function partLabel(list: List): string {
  return {
    owners: t("Who has it"),
    states: t("State"),
    queues: t("Queue"),
    channels: t("Channel"),
    languages: t("Language"),
    kinds: t("Kind of enquiry"),
    segments: t("Segment"),
    labels: t("Label"),
  }[list];
}

export function optionsOf(filters: Filters, list: List): readonly Option[] {
  return list === "states" ? STATES() : filters[list];
}

const STATES = (): Option[] => [
  { value: "open", label: t("Open"), group: "" },
  { value: "held", label: t("On hold"), group: "" },
  { value: "resolved", label: t("Resolved"), group: "" },
  { value: "ended", label: t("Ended"), group: "" },
];

export const WAITS = (): [string, string][] => [
  ["", t("Any time")],
  ["5", t("5 minutes and more")],
  ["15", t("15 minutes and more")],
  ["60", t("1 hour and more")],
  ["1440", t("1 day and more")],
];

export const DUES = (): [string, string][] => [
  ["", t("Any time")],
  ["0", t("Overdue")],
  ["30", t("Within 30 minutes")],
  ["120", t("Within 2 hours")],
  ["1440", t("Within 1 day")],
];

export const SORTS = (): [Sort, string][] => [
  ["newest", t("Newest first")],
  ["oldest", t("Oldest first")],
  ["waiting", t("Longest waiting first")],
  ["due", t("Promise due first")],
];

export function textOf(minutes: number | null | undefined): string {
  return (minutes ?? null) === null ? "" : String(minutes);
}

/** What is open, in a few words: 「状態：保留・返品」 */
export function criteriaText(criteria: Criteria, filters: Filters | null): string {
  const parts = LISTS.flatMap((list) => {
    const chosen = criteria[list] ?? [];
    const options = list === "states" ? STATES() : (filters?.[list] ?? []);
    return chosen.map((value) => options.find((one) => one.value === value)?.label ?? (list === "channels" ? channelLabel(value) : value));
  });
  const waits = WAITS().find(([key]) => key && key === textOf(criteria.waiting_minutes));
  const due = DUES().find(([key]) => key && key === textOf(criteria.due_minutes));
  return [criteria.followed && t("What I follow"), ...parts, waits && `${t("Waiting for us")} ${waits[1]}`, due && `${t("Promise due")} ${due[1]}`].filter(Boolean).join(" · ");
}
