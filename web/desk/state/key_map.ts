// Which key does what: the usual keys with an agent's own in their place, and why a wished key cannot be had. Pure.

import { t } from "../../core/i18n.ts";
import { chordLabel, isSingle } from "../../core/keys.ts";
import type { Command } from "./commands.ts";

export type KeyMap = Readonly<Record<string, string>>;

/** What browsers and editing need for themselves, and what moves in lists. */
const TAKEN = /^(Mod\+(Shift\+)?Key[ACFLNPRTVWXZ]|(Shift\+)?(Enter|Escape|Tab|Backspace|Delete|Space|Home|End|PageUp|PageDown|Arrow\w+|F5|F11|F12)|Mod\+(Shift\+)?(Enter|Tab|Digit\d|Minus|Equal)|.*Alt\+.*)$/;
const DIGIT = /^(Shift\+)?(Digit|Numpad)/;

/** The commands with the agent's own keys; a key of theirs that no longer exists is left out. */
export function withKeys(commands: readonly Command[], own: KeyMap): Command[] {
  return commands.map((command) => ({ ...command, usual: command.chord, ...(command.chord && own[command.name] ? { chord: own[command.name], also: undefined } : {}) }));
}

/** Why this command cannot have this key, for the agent; "" when it can. `commands`: with the keys they have now. */
export function refusal(commands: readonly Command[], name: string, chord: string): string {
  const [first = "", second] = chord.split(" ");
  const command = commands.find((one) => one.name === name);
  if (!command) return t("This key cannot be used.");
  if (TAKEN.test(first) || (second && TAKEN.test(second))) return t("{key} belongs to the browser or to writing.", { key: chordLabel(chord) });
  if (DIGIT.test(first)) return t("Digits choose from lists, so they cannot be used.");
  if (command.inFields && isSingle(first)) return t("This one works while you write, too: choose a key with Ctrl or ⌘.");
  const other = commands.find((one) => one.name !== name && one.chord && clash(one.chord, chord));
  return other ? t("{key} is “{command}” already.", { key: chordLabel(other.chord!), command: other.label }) : "";
}

/** Whether two keys cannot both be had: the same, or one is the beginning of the other. */
export function clash(one: string, other: string): boolean {
  return one === other || one.startsWith(`${other} `) || other.startsWith(`${one} `);
}

/** The first keys of all that are pressed in pairs. */
export function firstKeys(commands: readonly Command[]): Set<string> {
  return new Set(commands.flatMap((one) => (one.chord?.includes(" ") ? [one.chord.split(" ")[0]!] : [])));
}
