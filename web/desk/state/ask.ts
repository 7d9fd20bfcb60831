// Which dialog stands on the screen; one at a time.

import { signal } from "@preact/signals";
import type { BulkDeed } from "./bulk.ts";
import type { CaseDeed } from "./case_deeds.ts";

export type Asking =
  | { kind: "transfer" }
  | { kind: "people" }
  | { kind: "snooze" }
  | { kind: "resolve" }
  | { kind: "case"; deed: CaseDeed; task?: string }
  | { kind: "cases" }
  | { kind: "keys" }
  | { kind: "filter" }
  | { kind: "save-view" }
  | { kind: "queues" }
  | { kind: "bulk"; deed: BulkDeed }
  | { kind: "call"; deed: "move" | "cancel" }
  | { kind: "search" }
  | { kind: "settings" }
  | { kind: "palette"; of: "commands" | "replies" }
  | { kind: "order"; number: string; action: string; label: string };

export const asking = signal<Asking | null>(null);

let back: HTMLElement | null = null;

/** Open a dialog; the focus comes back to where it was when it closes. */
export function ask(what: Asking): void {
  if (!asking.peek()) back = document.activeElement as HTMLElement | null;
  asking.value = what;
}

/** Close it. `focus`: where to go instead of back. */
export function close(focus?: string): void {
  if (!asking.peek()) return;
  asking.value = null;
  const target = back;
  back = null;
  queueMicrotask(() => (focus ? document.getElementById(focus) : target?.isConnected ? target : document.getElementById("desk-list"))?.focus());
}
