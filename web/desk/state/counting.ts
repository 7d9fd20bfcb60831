// Two keys in a row: O, I or P, then a digit within some seconds. What the digits stand for is said aloud.

import { type Signal, signal } from "@preact/signals";

const STAYS_MS = 5000;

export type Counted = "" | "orders" | "replies" | "call";

export class Counting {
  readonly of: Signal<Counted> = signal("");
  private timer: ReturnType<typeof setTimeout> | undefined;

  wait(what: Counted): void {
    clearTimeout(this.timer);
    this.of.value = what;
    this.timer = setTimeout(() => (this.of.value = ""), STAYS_MS);
  }

  /** What a digit means now; it means it once. */
  take(): Counted {
    const what = this.of.peek();
    this.of.value = "";
    return what;
  }
}
