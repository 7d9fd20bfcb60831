// An agent's own settings of the desk: keys and sound are kept in this browser, the look in the cookie that every page
// of the counter reads (`madoguchi_display`, e.g. `auto.100.normal.auto`).

import { effect, signal } from "@preact/signals";
import { type Display, showDisplay, usual } from "../../core/settings.ts";
import type { Memory } from "../../core/storage.ts";

const KEY = "desk";
const COOKIE = "madoguchi_display";
const YEAR_S = 31_536_000;

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

export class Preferences {
  readonly singleKeys;
  readonly enterSends;
  readonly details;
  readonly sound;
  readonly display = signal<Display>(shown());

  constructor(memory: Memory) {
    const kept = { ...USUAL, ...memory.get<Partial<typeof USUAL>>(KEY) };
    this.singleKeys = signal(kept.singleKeys);
    this.enterSends = signal(kept.enterSends);
    this.details = signal(kept.details);
    this.sound = signal(kept.sound);
    effect(() => {
      memory.set(KEY, Object.fromEntries((Object.keys(USUAL) as Switch[]).map((name) => [name, this[name].value])));
    });
  }

  look(change: Partial<Display>): void {
    const display = { ...this.display.peek(), ...change };
    this.display.value = display;
    showDisplay(document.documentElement, display);
    const text = [display.theme, display.size, display.lines, display.motion].join(".");
    document.cookie = `${COOKIE}=${text}; Path=/; Max-Age=${YEAR_S}; SameSite=Lax`;
  }
}

/** As the server has put it on the page. */
function shown(): Display {
  const { theme, size, lines, motion } = document.documentElement.dataset as Partial<Display>;
  return { ...usual, ...(theme && { theme }), ...(size && { size }), ...(lines && { lines }), ...(motion && { motion }) };
}
