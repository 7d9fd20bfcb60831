// An agent's own settings of the desk. Keys and switches are kept on the server, so that they follow to another machine
// (and in this browser, for a start without a line); the look is in the cookie that every page of the counter reads
// (`madoguchi_display`, e.g. `auto.100.normal.auto`).

import { batch, effect, type Signal, signal } from "@preact/signals";
import type { Api } from "../../core/api.ts";
import { type Display, showDisplay, usual } from "../../core/settings.ts";
import type { Memory } from "../../core/storage.ts";
import { arranged, type Section, toKeep } from "./sections.ts";

const KEY = "desk";
const COOKIE = "madoguchi_display";
const YEAR_S = 31_536_000;
const SETTLES_MS = 400;

const USUAL = {
  /** J, K, R, … without Ctrl (WCAG 2.1.4: can be switched off). */
  singleKeys: true,
  /** Enter sends and Shift+Enter breaks the line; otherwise Ctrl+Enter sends. */
  enterSends: false,
  /** Show what the assistant understood and its flows in the log. */
  details: false,
  sound: false,
};

export type Switch = keyof typeof USUAL;

type Settings = { keys: Record<string, string>; switches: Partial<typeof USUAL>; sections?: readonly Section[] };

interface Kept {
  keys?: Record<string, string>;
  switches?: Partial<typeof USUAL>;
  sections?: readonly Section[];
  /** Changed here, and the server does not know it yet. */
  unsaved?: boolean;
}

export class Preferences {
  readonly singleKeys: Signal<boolean>;
  readonly enterSends: Signal<boolean>;
  readonly details: Signal<boolean>;
  readonly sound: Signal<boolean>;
  /** Command → chord, where the agent has another than the usual one. */
  readonly keys: Signal<Readonly<Record<string, string>>>;
  /** Of the customer's pane, in the agent's order. */
  readonly sections: Signal<readonly Section[]>;
  readonly display = signal<Display>(shown());
  private readonly api: Api;
  /** What the server has, as text; "": not known yet. */
  private saved = "";
  private readonly memory: Memory;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(memory: Memory, api: Api) {
    this.api = api;
    this.memory = memory;
    const kept = memory.get<Kept>(KEY) ?? {};
    const switches = { ...USUAL, ...kept.switches };
    this.singleKeys = signal(switches.singleKeys);
    this.enterSends = signal(switches.enterSends);
    this.details = signal(switches.details);
    this.sound = signal(switches.sound);
    this.keys = signal(kept.keys ?? {});
    this.sections = signal(arranged(kept.sections ?? []));
    effect(() => {
      const now = this.now();
      const unsaved = this.saved ? JSON.stringify(now) !== this.saved : memory.get<Kept>(KEY)?.unsaved === true;
      memory.set(KEY, { ...now, unsaved });
      if (this.saved && unsaved) this.saveSoon();
    });
  }

  /** What the server knows goes before what this browser kept, unless that was changed and could not be saved. */
  async load(): Promise<void> {
    const unsaved = this.memory.get<Kept>(KEY)?.unsaved;
    const found = await this.api.get<Settings>("/desk/settings");
    const switches = { ...USUAL, ...found.switches };
    const sections = arranged(found.sections ?? []);
    this.saved = JSON.stringify({ keys: found.keys, switches, sections: toKeep(sections) });
    if (unsaved) return this.save();
    batch(() => {
      for (const name of Object.keys(USUAL) as Switch[]) this[name].value = switches[name];
      this.keys.value = found.keys;
      this.sections.value = sections;
    });
  }

  /** What could not be saved without a line. */
  async save(): Promise<void> {
    const now = this.now();
    const text = JSON.stringify(now);
    if (!this.saved || text === this.saved) return;
    await this.api.put("/desk/settings", now);
    this.saved = text;
    if (text === JSON.stringify(this.now())) this.memory.set(KEY, now);
  }

  look(change: Partial<Display>): void {
    const display = { ...this.display.peek(), ...change };
    this.display.value = display;
    showDisplay(document.documentElement, display);
    const text = [display.theme, display.size, display.lines, display.motion].join(".");
    document.cookie = `${COOKIE}=${text}; Path=/; Max-Age=${YEAR_S}; SameSite=Lax`;
  }

  private now(): Settings {
    const switches = Object.fromEntries((Object.keys(USUAL) as Switch[]).map((name) => [name, this[name].value]));
    return { keys: { ...this.keys.value }, switches: switches as typeof USUAL, sections: toKeep(this.sections.value) };
  }

  private saveSoon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.save().catch(() => undefined), SETTLES_MS);
  }
}

/** As the server has put it on the page. */
function shown(): Display {
  const { theme, size, lines, motion } = document.documentElement.dataset as Partial<Display>;
  return { ...usual, ...(theme && { theme }), ...(size && { size }), ...(lines && { lines }), ...(motion && { motion }) };
}
