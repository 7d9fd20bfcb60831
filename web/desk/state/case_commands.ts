// What an agent can do with the case of the open contact, for the palette and the keys.

import { t } from "../../core/i18n.ts";
import { focusId } from "../view/focus.ts";
import { ask } from "./ask.ts";
import type { CaseDeed } from "./case_deeds.ts";
import type { Command } from "./commands.ts";
import type { Desk } from "./desk.ts";
import { followCase } from "./following.ts";

export function caseCommands(desk: Desk): Command[] {
  const file = () => desk.case.value?.file.value ?? null;
  const known = (): boolean => file() !== null;
  const deed = (name: CaseDeed, label: string, available = known, chord?: string): Command => ({
    name: `case-${name}`,
    label,
    group: "contact",
    ...(chord ? { chord } : {}),
    available,
    run: () => ask({ kind: "case", deed: name }),
  });
  return [
    { name: "case", label: t("Look at the case"), group: "contact", chord: "KeyC", available: () => desk.case.value !== null, run: () => look(desk) },
    deed("follow-up", t("Case: follow up at a date"), known, "KeyW"),
    { name: "case-follow", label: t("Case: follow"), group: "contact", available: () => file()?.following === false, run: () => void followCase(desk) },
    { name: "case-unfollow", label: t("Case: unfollow"), group: "contact", available: () => !!file()?.following, run: () => void followCase(desk) },
    deed("state", t("Case: change the state"), () => !!file()?.deeds.length),
    deed("escalate", t("Case: escalate")),
    deed("task", t("Case: task for another desk")),
    deed("template", t("Case: tasks from a template")),
    deed("merge", t("Case: merge into another")),
    deed("split", t("Case: split"), () => (file()?.contacts.length ?? 0) > 1),
    deed("link", t("Case: link with another")),
    deed("order", t("Case: add an order")),
    deed("wish", t("Case: set the wish")),
    deed("memo", t("Case: note what happened when")),
    { name: "cases", label: t("My cases and tasks"), group: "move", available: () => true, run: () => ask({ kind: "cases" }) },
  ];
}

function look(desk: Desk): void {
  desk.pane.value = "customer";
  focusId("desk-case-heading");
}
