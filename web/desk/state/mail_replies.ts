// Replies by mail that wait: what became of each, told by the facts of the ledger.

import type { Entry } from "../../core/shapes.ts";

export type MailFate = "waiting" | "left" | "back";

export interface WaitingReply {
  id: string;
  fate: MailFate;
  /** The newest words and time. */
  text: string;
  dueAt: string;
  /** Counts its changes from 1, as the server does. */
  version: number;
}

/** What the fact `mail.waits` has come to, or null for another fact. */
export function replyOf(entry: Entry, all: readonly Entry[]): WaitingReply | null {
  if (entry.kind !== "mail.waits") return null;
  const id = String(entry.data.reply_id ?? "");
  const later = all.filter((one) => one.data.reply_id === id && one.seq > entry.seq);
  const changes = later.filter((one) => one.kind === "mail.changed");
  const newest = changes.at(-1) ?? entry;
  const fate = later.some((one) => one.kind === "mail.left") ? "left" : later.some((one) => one.kind === "mail.taken_back") ? "back" : "waiting";
  return { id, fate, text: String(newest.data.text ?? ""), dueAt: String(newest.data.due_at ?? ""), version: changes.length + 1 };
}

/** Eight in the morning of the next day, by the agent's clock. */
export function tomorrowMorning(now: Date): Date {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1, 8);
}

/** What a `datetime-local` field holds, as a moment; empty for none. */
export function momentOf(field: string): string {
  const at = new Date(field);
  return Number.isNaN(at.getTime()) ? "" : at.toISOString();
}

/** A moment for a `datetime-local` field, to the minute, by the agent's clock. */
export function fieldOf(at: Date): string {
  const two = (number: number): string => String(number).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}
