// Dates, times and sizes in the reader's language. Formatters are kept: making one per message is far too slow.

import { spoken } from "./i18n.ts";

const kept = new Map<string, Intl.DateTimeFormat>();

function format(name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${spoken()} ${name}`;
  let made = kept.get(key);
  if (!made) kept.set(key, (made = new Intl.DateTimeFormat(spoken(), options)));
  return made;
}

/** 14:02 */
export function clockTime(at: string | Date): string {
  return format("time", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(new Date(at));
}

/** 11月21日(土) */
export function day(at: string | Date): string {
  return format("day", { month: "short", day: "numeric", weekday: "short" }).format(new Date(at));
}

/** 11月2日 */
export function monthDay(at: string | Date): string {
  return format("month", { month: "short", day: "numeric" }).format(new Date(at));
}

/** 2026/11/21, of a day without a time (2026-11-21) */
export function wholeDay(date: string): string {
  return format("date", { dateStyle: "medium", timeZone: "UTC" }).format(new Date(`${date}T00:00Z`));
}

/** 2026/11/21 14:02 */
export function dayAndTime(at: string | Date): string {
  return format("both", { dateStyle: "medium", timeStyle: "short" }).format(new Date(at));
}

/** The time if it is today, else the day. */
export function shortWhen(at: string | Date, now: Date = new Date()): string {
  return sameDay(at, now) ? clockTime(at) : monthDay(at);
}

export function sameDay(a: string | Date, b: string | Date): boolean {
  return new Date(a).toDateString() === new Date(b).toDateString();
}

/** 4:12 (minutes and seconds), or 1:04:12 */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  const tail = String(rest).padStart(2, "0");
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${tail}` : `${minutes}:${tail}`;
}

/** 1.4 MB */
export function fileSize(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const [value, unit] = bytes < 1_000_000 ? [bytes / 1000, "kB"] : [bytes / 1_000_000, "MB"];
  return `${new Intl.NumberFormat(spoken(), { maximumFractionDigits: value < 10 ? 1 : 0 }).format(value)} ${unit}`;
}
