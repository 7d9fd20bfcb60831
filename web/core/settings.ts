// The reader's own display settings, on top of the system's: kept in this browser, shown as attributes on the root.

import type { Memory } from "./storage.ts";

export interface Display {
  size: "100" | "125" | "150" | "200";
  lines: "normal" | "loose";
  theme: "auto" | "light" | "dark" | "hc";
  motion: "auto" | "less";
  sound: boolean;
}

export const usual: Display = { size: "100", lines: "normal", theme: "auto", motion: "auto", sound: false };

const KEY = "display";

export function readDisplay(memory: Memory): Display {
  return { ...usual, ...memory.get<Partial<Display>>(KEY) };
}

export function keepDisplay(memory: Memory, display: Display): void {
  memory.set(KEY, display);
}

/** Put the settings on `root` (<html>, or the widget's wrapper); tokens.css does the rest. */
export function showDisplay(root: HTMLElement, display: Display): void {
  root.dataset.size = display.size;
  root.dataset.lines = display.lines;
  root.dataset.theme = display.theme;
  root.dataset.motion = display.motion;
}
