// Where the keyboard stands: panes, and one level up at a time.

import type { Desk, Pane } from "../state/desk.ts";

const ENTRANCES: Record<Pane, string[]> = {
  inbox: ["desk-list"],
  talk: ["desk-log", "desk-talk-heading"],
  customer: ["desk-customer-heading"],
};

/** Focus the first of these, as soon as what was changed is drawn and before the next key; else a frame later. */
export function focusId(...ids: string[]): void {
  queueMicrotask(() => {
    if (!focusFirst(ids)) requestAnimationFrame(() => focusFirst(ids));
  });
}

function focusFirst(ids: readonly string[]): boolean {
  return ids.some((id) => {
    const element = document.getElementById(id);
    element?.focus();
    return !!element && document.activeElement === element;
  });
}

export function focusPane(desk: Desk, pane: Pane): void {
  desk.pane.value = pane;
  focusId(...ENTRANCES[pane]);
}

/** Escape: from a field to its pane, from the panes to the list. */
export function oneLevelUp(desk: Desk, from: Element | null): boolean {
  const pane = from?.closest<HTMLElement>("[data-pane-name]")?.dataset.paneName as Pane | undefined;
  if (!from || !pane) return false;
  if (from.closest("#desk-composer")) return (focusPane(desk, "talk"), true);
  if (from.id === "desk-search") return (desk.inbox.clearSearch(), focusPane(desk, "inbox"), true);
  if (pane === "inbox") return desk.bulk.selection.count.peek() > 0 && (desk.bulk.selection.clear(), true);
  focusPane(desk, "inbox");
  return true;
}
