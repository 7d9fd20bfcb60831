// Everything an agent can do, once: the keys, the palette, the list of keys and the buttons all read it from here.

import { t } from "../../core/i18n.ts";
import { chord, chordLabel } from "../../core/keys.ts";
import { ask, close } from "./ask.ts";
import { caseCommands } from "./case_commands.ts";
import { followContact } from "./following.ts";
import { goingCommands } from "./going_commands.ts";
import { manyCommands } from "./many_commands.ts";
import type { Desk, Pane, Status } from "./desk.ts";
import { type View, VIEWS } from "./views.ts";
import { focusId, focusPane } from "../view/focus.ts";

export interface Command {
  name: string;
  label: string;
  group: "contact" | "move" | "many" | "desk" | "status";
  chord?: string;
  /** The key that it has where the agent has set none. */
  usual?: string;
  /** A second chord for the same deed, e.g. the arrow beside J. */
  also?: string;
  inFields?: boolean;
  /** False: shown in the list of keys only. */
  palette?: boolean;
  available: () => boolean;
  run: () => void;
}

const always = (): boolean => true;

export function viewLabel(view: View): string {
  return {
    mine: t("Mine"),
    waiting: t("Unassigned"),
    snoozed: t("On hold"),
    assistant: t("Assistant"),
    ended: t("Ended"),
  }[view];
}

export function statusLabel(status: Status): string {
  return { available: t("Taking contacts"), busy: t("Occupied"), break: t("On a break"), offline: t("Offline") }[status];
}

export const STATUSES: readonly Status[] = ["available", "busy", "break", "offline"];

export function commandsOf(desk: Desk): Command[] {
  const talk = () => desk.talk.value;
  const contact = () => talk()?.contact.value ?? null;
  const can = (deed: string) => (): boolean => talk()?.can(deed) ?? false;
  return [
    { name: "palette", label: t("Command palette"), group: "desk", chord: "Mod+KeyK", inFields: true, palette: false, available: always, run: () => ask({ kind: "palette", of: "commands" }) },
    { name: "accept", label: t("Accept the offered contact"), group: "contact", chord: "Mod+KeyJ", inFields: true, available: () => desk.offers.first.value !== null, run: () => (close(), void desk.accept()) },
    { name: "reply", label: t("Reply to the customer"), group: "contact", chord: "KeyR", available: can("say"), run: () => write(desk, "reply") },
    { name: "note", label: t("Write an internal note"), group: "contact", chord: "KeyN", available: () => contact() !== null, run: () => write(desk, "note") },
    { name: "macro", label: t("Insert a saved reply"), group: "contact", chord: "KeyM", available: can("say"), run: () => ask({ kind: "palette", of: "replies" }) },
    { name: "resolve", label: t("Resolve and open the next"), group: "contact", chord: "KeyE", available: can("resolve"), run: () => ask({ kind: "resolve" }) },
    { name: "snooze", label: t("Put on hold"), group: "contact", chord: "KeyS", available: can("snooze"), run: () => ask({ kind: "snooze" }) },
    { name: "unsnooze", label: t("Bring back from hold"), group: "contact", available: () => isHeld(desk), run: () => void desk.unsnooze(contact()!) },
    { name: "transfer", label: t("Transfer"), group: "contact", chord: "KeyT", available: can("transfer"), run: () => ask({ kind: "transfer" }) },
    { name: "people", label: t("Ask somebody in"), group: "contact", chord: "KeyH", available: () => desk.hands.mayInvite, run: () => ask({ kind: "people" }) },
    { name: "listen", label: t("Listen, unseen by the customer"), group: "contact", available: () => desk.hands.mayListen, run: () => void desk.hands.observe("listening") },
    { name: "take", label: t("Take this contact"), group: "contact", chord: "KeyA", available: can("take"), run: () => void desk.take(contact()!) },
    { name: "call", label: t("Telephone, then 1 to 9"), group: "contact", chord: "KeyP", palette: false, available: () => !!desk.calls.open.value?.seen.value, run: () => desk.calls.count() },
    { name: "follow", label: t("Follow"), group: "contact", available: () => contact()?.following === false, run: () => void followContact(desk, contact()!) },
    { name: "unfollow", label: t("Unfollow"), group: "contact", available: () => !!contact()?.following, run: () => void followContact(desk, contact()!) },
    { name: "orders", label: t("Order actions, then 1 to 9"), group: "contact", chord: "KeyO", palette: false, available: () => desk.customer.value !== null, run: () => desk.helping.countOrders() },
    ...helpers(desk, can("say")),
    ...caseCommands(desk),
    { name: "down", label: t("Next in the list"), group: "move", chord: "KeyJ", also: "ArrowDown", palette: false, available: always, run: () => step(desk, 1) },
    { name: "up", label: t("Previous in the list"), group: "move", chord: "KeyK", also: "ArrowUp", palette: false, available: always, run: () => step(desk, -1) },
    { name: "pane", label: t("Next pane"), group: "move", chord: "F6", inFields: true, palette: false, available: always, run: () => cycle(desk, 1) },
    { name: "pane-back", label: t("Previous pane"), group: "move", chord: "Shift+F6", inFields: true, palette: false, available: always, run: () => cycle(desk, -1) },
    { name: "search", label: t("Search everything that was said"), group: "move", chord: "Slash", available: always, run: () => ask({ kind: "search" }) },
    { name: "filter", label: t("Find in the inbox"), group: "move", chord: "KeyF", available: always, run: () => filter(desk) },
    ...VIEWS.map((view): Command => ({ name: `view-${view}`, label: t("Show: {view}", { view: viewLabel(view) }), group: "move", available: always, run: () => show(desk, view) })),
    ...goingCommands(desk),
    ...manyCommands(desk),
    ...STATUSES.map((status): Command => ({ name: `status-${status}`, label: t("Status: {status}", { status: statusLabel(status) }), group: "status", available: always, run: () => void desk.setStatus(status) })),
    ...desk.statuses.value.map((kind): Command => ({ name: `status-kind-${kind.id}`, label: t("Status: {status}", { status: kind.label }), group: "status", available: always, run: () => void desk.setStatus(kind.base as Status, kind.id) })),
    { name: "plan", label: t("My schedule"), group: "desk", available: always, run: () => location.assign("/desk/plan") },
    { name: "keys", label: t("List of keys"), group: "desk", chord: "Shift+Slash", available: always, run: () => ask({ kind: "keys" }) },
    { name: "settings", label: t("Settings of the desk"), group: "desk", available: always, run: () => ask({ kind: "settings" }) },
    { name: "sign-out", label: t("Sign out"), group: "desk", available: always, run: () => void desk.signOut() },
  ];
}

/** One of the inbox's own views. */
export function show(desk: Desk, view: View): void {
  desk.views.leave();
  void desk.attempt(() => desk.inbox.open(view));
}

/** What a suggestion and a translation are reached by. */
function helpers(desk: Desk, maySay: () => boolean): Command[] {
  const guidance = () => desk.helping.guidance.value;
  const known = () => guidance()?.known.value;
  return [
    { name: "suggestions", label: t("Suggested replies, then 1 to 9"), group: "contact", chord: "KeyI", palette: false, available: () => maySay() && !!guidance()?.replies.length, run: () => desk.helping.countReplies() },
    { name: "step", label: t("Open the suggested next step"), group: "contact", chord: "KeyU", available: () => !!guidance()?.deed && !!known()?.order_number, run: () => desk.helping.proposeStep() },
    { name: "draft", label: t("Draft a reply with the language model"), group: "contact", chord: "KeyD", available: () => maySay() && !!known()?.drafts, run: () => void desk.helping.draftReply() },
    { name: "translate", label: t("Translate the conversation, or show originals only"), group: "contact", chord: "KeyL", available: () => !!known()?.translates && !!desk.talk.value?.foreign.length, run: () => void desk.helping.translateAll() },
  ];
}

/** Bind the keys. Returns how to release them. */
export function bindKeys(desk: Desk, commands: readonly Command[]): () => void {
  const run = (command: Command) => (): void => {
    if (command.available()) command.run();
    else desk.tell(t("Not possible now: {command}", { command: command.label }));
  };
  const releases = commands.flatMap((command) => {
    if (!command.chord) return [];
    return [desk.shortcuts.bind({ name: command.name, chord: command.chord, inFields: command.inFields, run: run(command) })];
  });
  for (let n = 1; n <= 9; n++) {
    releases.push(desk.shortcuts.bind({ name: `order-${n}`, chord: `Digit${n}`, run: () => desk.helping.digit(n) }));
  }
  const onKey = (event: KeyboardEvent): void => {
    const accepts = chord(event) === desk.shortcuts.chordOf("accept");
    if (!document.querySelector("dialog[open]") || (accepts && desk.offers.first.peek())) desk.shortcuts.handle(event);
  };
  desk.shortcuts.onFirst = (first) => sayWhatFollows(desk, commands, first);
  document.addEventListener("keydown", onKey);
  return () => {
    document.removeEventListener("keydown", onKey);
    for (const release of releases) release();
  };
}

/** After G: what may come now, as it is said after O. */
function sayWhatFollows(desk: Desk, commands: readonly Command[], first: string): void {
  const following = commands.filter((command) => command.chord?.startsWith(`${first} `) && command.available());
  desk.tell(following.map((command) => `${chordLabel(command.chord!.slice(first.length + 1))} ${command.label}`).join(" · "));
}

function isHeld(desk: Desk): boolean {
  const contact = desk.talk.value?.contact.value;
  return !!contact?.snoozed_until && contact.owner.id === desk.me.value.id && contact.state === "open";
}

function write(desk: Desk, mode: "reply" | "note"): void {
  const talk = desk.talk.peek();
  if (!talk) return;
  talk.mode.value = mode;
  focusId("desk-words");
}

function step(desk: Desk, by: number): void {
  desk.inbox.row.value = desk.inbox.neighbour(desk.inbox.row.peek(), by);
  desk.pane.value = "inbox";
  focusId("desk-list");
}

function filter(desk: Desk): void {
  desk.pane.value = "inbox";
  focusId("desk-search");
}

function cycle(desk: Desk, by: number): void {
  const panes: Pane[] = desk.openId.peek() ? ["inbox", "talk", "customer"] : ["inbox", "talk"];
  const within = document.activeElement?.closest<HTMLElement>("[data-pane-name]")?.dataset.paneName as Pane | undefined;
  const at = within ? panes.indexOf(within) : by > 0 ? -1 : 0;
  focusPane(desk, panes[(at + by + panes.length) % panes.length] ?? "inbox");
}
