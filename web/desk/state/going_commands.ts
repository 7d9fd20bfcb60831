// Ways from one place to another: G and a second key, and the saved views.

import { t } from "../../core/i18n.ts";
import { focusId, focusPane } from "../view/focus.ts";
import { ask } from "./ask.ts";
import type { Command } from "./commands.ts";
import type { Desk } from "./desk.ts";
import { showFollowed } from "./following.ts";

export function goingCommands(desk: Desk): Command[] {
  const always = (): boolean => true;
  const { console, reports } = desk.places;
  return [
    { name: "go-inbox", label: t("Go to the inbox"), group: "move", chord: "KeyG KeyI", available: always, run: () => focusPane(desk, "inbox") },
    { name: "go-notices", label: t("Go to what is new for you"), group: "move", chord: "KeyG KeyN", available: always, run: () => goToNotices(desk) },
    { name: "go-queues", label: t("Go to a queue"), group: "move", chord: "KeyG KeyQ", available: always, run: () => ask({ kind: "queues" }) },
    { name: "go-reports", label: t("Go to the reports"), group: "move", chord: "KeyG KeyR", available: () => !!reports, run: () => location.assign(reports!) },
    { name: "go-settings", label: t("Go to the settings"), group: "move", chord: "KeyG KeyS", available: always, run: () => ask({ kind: "settings" }) },
    { name: "console", label: t("Go to the console"), group: "move", chord: "KeyG KeyC", available: () => !!console, run: () => location.assign(console!) },
    { name: "filters", label: t("Filter and sort the inbox"), group: "move", chord: "Shift+KeyF", available: always, run: () => ask({ kind: "filter" }) },
    { name: "followed", label: t("Show what I follow"), group: "move", available: always, run: () => showFollowed(desk) },
    { name: "save-view", label: t("Save this view"), group: "move", available: () => desk.views.open.value !== null, run: () => ask({ kind: "save-view" }) },
  ];
}

export function goToNotices(desk: Desk): void {
  if (!desk.aside.count) return void desk.tell(t("Nothing is new for you."));
  desk.pane.value = "inbox";
  focusId("desk-aside-heading");
}

/** One command per saved view, for the palette. */
export function viewCommands(desk: Desk): Command[] {
  return desk.views.list.value.map((view) => ({
    name: view.id,
    label: t("Show: {view}", { view: view.name }),
    group: "move",
    available: () => true,
    run: () => {
      desk.inbox.clearSearch();
      void desk.attempt(() => desk.views.choose(view)).then(() => focusPane(desk, "inbox"));
    },
  }));
}
