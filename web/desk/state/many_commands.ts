// Choosing rows by keys, and what is then done with all of them.

import { t, tn } from "../../core/i18n.ts";
import { focusId } from "../view/focus.ts";
import { ask } from "./ask.ts";
import { type BulkDeed } from "./bulk.ts";
import type { Command } from "./commands.ts";
import type { Desk } from "./desk.ts";

export function bulkLabel(deed: BulkDeed): string {
  return {
    assign: t("Assign"),
    transfer: t("Transfer"),
    hold: t("Put on hold"),
    resolve: t("Resolve"),
    note: t("Add a note"),
    label: t("Add a label"),
    follow: t("Follow"),
    follow_case: t("Follow the case"),
  }[deed];
}

export const BULK_DEEDS: readonly BulkDeed[] = ["assign", "transfer", "hold", "resolve", "note", "label", "follow", "follow_case"];

export function manyCommands(desk: Desk): Command[] {
  const { bulk } = desk;
  const some = (): boolean => bulk.selection.count.value > 0;
  const shown = (): boolean => desk.inbox.shown.length > 0;
  return [
    { name: "choose", label: t("Choose the row, or not"), group: "many", chord: "KeyX", palette: false, available: shown, run: () => choose(desk) },
    { name: "choose-down", label: t("Choose downwards"), group: "many", chord: "Shift+KeyJ", palette: false, available: shown, run: () => extend(desk, 1) },
    { name: "choose-up", label: t("Choose upwards"), group: "many", chord: "Shift+KeyK", palette: false, available: shown, run: () => extend(desk, -1) },
    { name: "choose-all", label: t("Choose all rows of the view"), group: "many", chord: "Shift+KeyX", available: shown, run: () => chooseAll(desk) },
    { name: "choose-none", label: t("Choose none"), group: "many", available: some, run: () => bulk.selection.clear() },
    { name: "with-chosen", label: t("To what is done with the chosen rows"), group: "many", chord: "KeyB", palette: false, available: some, run: () => focusId("desk-bulk-assign") },
    ...BULK_DEEDS.map((deed): Command => ({ name: `bulk-${deed}`, label: t("Chosen rows: {deed}", { deed: bulkLabel(deed) }), group: "many", available: some, run: () => ask({ kind: "bulk", deed }) })),
    { name: "undo", label: t("Undo the last deed on many"), group: "many", chord: "KeyZ", available: () => bulk.undoLeft.value > 0 && !bulk.result.value?.undone, run: () => void bulk.undo() },
  ];
}

function choose(desk: Desk): void {
  const id = desk.inbox.row.peek() ?? desk.inbox.shown[0];
  if (!id) return;
  desk.inbox.row.value = id;
  desk.pane.value = "inbox";
  desk.bulk.selection.toggle(id);
  focusId("desk-list");
  sayCount(desk);
}

function extend(desk: Desk, by: number): void {
  const from = desk.inbox.row.peek();
  const to = desk.inbox.neighbour(from, by);
  desk.bulk.selection.extend(from, to);
  desk.inbox.row.value = to;
  desk.pane.value = "inbox";
  focusId("desk-list");
  sayCount(desk);
}

function chooseAll(desk: Desk): void {
  desk.bulk.selection.add(desk.inbox.shown);
  sayCount(desk);
}

function sayCount(desk: Desk): void {
  const n = desk.bulk.selection.count.peek();
  desk.announcer.sayAtMost("chosen", 600, n ? tn("{n} row chosen", "{n} rows chosen", n) : t("No row chosen"));
}
