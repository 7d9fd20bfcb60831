// The rows that are chosen for a deed on many. Pure but for its signals.

import { type ReadonlySignal, type Signal, computed, signal } from "@preact/signals";

export class Selection {
  readonly ids: Signal<ReadonlySet<string>> = signal(new Set());
  readonly count: ReadonlySignal<number> = computed(() => this.ids.value.size);

  /** Pressing a row chooses it instead of opening it: for touch, and for the mouse. */
  readonly choosing = signal(false);

  has(id: string): boolean {
    return this.ids.value.has(id);
  }

  toggle(id: string): void {
    const next = new Set(this.ids.peek());
    if (!next.delete(id)) next.add(id);
    this.ids.value = next;
  }

  /** Both rows, the one that the keys leave and the one they come to. */
  extend(from: string | null, to: string | null): void {
    this.add([from, to].filter((id) => id !== null));
  }

  add(ids: readonly string[]): void {
    this.ids.value = new Set([...this.ids.peek(), ...ids]);
  }

  clear(): void {
    this.choosing.value = false;
    if (this.ids.peek().size) this.ids.value = new Set();
  }

  /** Rows that are gone from the screen are not chosen any more: nobody would see what the deed meets. */
  keep(shown: readonly string[]): void {
    const there = new Set(shown);
    const left = [...this.ids.peek()].filter((id) => there.has(id));
    if (left.length !== this.ids.peek().size) this.ids.value = new Set(left);
  }
}
