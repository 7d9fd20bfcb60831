// One tick a second for every waiting time and countdown on the screen; it rests while nobody looks.

import { signal } from "@preact/signals";

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
