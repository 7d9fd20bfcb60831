// What is due next in a contact's case, in minutes, hours or days.

import { t, tn } from "../../core/i18n.ts";
import type { Contact, PromiseView } from "../../core/shapes.ts";

/** The promise of an open contact that is due first; none stands still here. */
export function nextDue(contact: Contact): PromiseView | undefined {
  if (contact.state !== "open") return undefined;
  const running = (contact.case?.promises ?? []).filter((promise) => promise.due_at && promise.state !== "paused");
  return running.toSorted((one, other) => Date.parse(one.due_at!) - Date.parse(other.due_at!))[0];
}

/** Seconds that are left; less than 0 when it is overdue. */
export function leftOf(promise: PromiseView, now: number): number {
  return Math.floor((Date.parse(promise.due_at!) - now) / 1000);
}

export function isOverdue(promise: PromiseView, now: number): boolean {
  return promise.state === "late" || leftOf(promise, now) < 0;
}

/** 「回答期限まで35分」, "Solution overdue" */
export function dueText(promise: PromiseView, now: number): string {
  const solution = promise.kind === "solution";
  if (isOverdue(promise, now)) return solution ? t("Solution overdue") : t("Answer overdue");
  const time = spanText(leftOf(promise, now));
  return solution ? t("Solution due in {time}", { time }) : t("Answer due in {time}", { time });
}

function spanText(seconds: number): string {
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 60) return t("{n} min", { n: minutes });
  const hours = Math.floor(minutes / 60);
  return hours < 24 ? t("{h} h {m} min", { h: hours, m: minutes % 60 }) : tn("{n} day", "{n} days", Math.floor(hours / 24));
}
