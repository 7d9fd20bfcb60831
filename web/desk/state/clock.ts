// One tick a second for every waiting time and countdown on the screen; it rests while nobody looks.

import { signal } from "@preact/signals";
import { duration } from "../../core/formats.ts";
import { t } from "../../core/i18n.ts";

/** Milliseconds since the epoch, once a second. */
export const tick = signal(Date.now());

let timer: ReturnType<typeof setInterval> | undefined;

export function startClock(): void {
  const run = (): void => {
    clearInterval(timer);
    if (document.hidden) return;
    tick.value = Date.now();
    timer = setInterval(() => (tick.value = Date.now()), 1000);
  };
  document.addEventListener("visibilitychange", run);
  run();
}

/** Whole seconds since `at`, at least 0. */
export function secondsSince(at: string | null | undefined, now = tick.value): number {
  return at ? Math.max(0, Math.floor((now - Date.parse(at)) / 1000)) : 0;
}

/** 4:12 below an hour, then 「3時間5分」, from a day on 「5日と16時間」 */
export function longDuration(seconds: number): string {
  const minutes = Math.floor(Math.max(0, seconds) / 60);
  if (minutes < 60) return duration(seconds);
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return t("{h} h {m} min", { h: hours, m: minutes % 60 });
  return hours % 24 ? t("{d} d {h} h", { d: Math.floor(hours / 24), h: hours % 24 }) : t("{d} d", { d: hours / 24 });
}
