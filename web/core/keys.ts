// Keys: the rule for input methods, and shortcuts that work on every keyboard layout.

export type KeyLike = Pick<KeyboardEvent, "isComposing" | "keyCode" | "code" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">;

/**
 * Whether a key belongs to the input method, so that nobody else may act on it. Ask first in EVERY handler of Enter,
 * Escape, Tab, arrows and function keys. Safari ends the composition before the confirming keydown, which then says
 * isComposing=false; only keyCode 229 tells (WebKit 165004).
 */
export function belongsToIme(event: Pick<KeyLike, "isComposing" | "keyCode">): boolean {
  return event.isComposing || event.keyCode === 229;
}

/** `Mod+KeyK`, `Shift+F6`, `KeyJ`: by physical key, because with a kana or Korean layout `key` is another letter. */
export function chord(event: KeyLike): string {
  const mod = event.ctrlKey || event.metaKey ? "Mod+" : "";
  return `${mod}${event.altKey ? "Alt+" : ""}${event.shiftKey ? "Shift+" : ""}${event.code}`;
}

/** Whether typing goes into this element. */
export function isField(target: EventTarget | null): boolean {
  const element = target as HTMLElement | null;
  if (!element?.tagName) return false;
  if (element.isContentEditable || element.tagName === "TEXTAREA" || element.tagName === "SELECT") return true;
  return element.tagName === "INPUT" && !/^(button|checkbox|radio|submit|reset|range|color|file)$/.test((element as HTMLInputElement).type);
}

export interface Shortcut {
  /** Stable name, for re-mapping. */
  name: string;
  /** One chord, or two with a space between them that are pressed one after the other: `KeyG KeyI`. */
  chord: string;
  run: (event: KeyboardEvent) => void;
  /** Also while typing into a field; only for chords with Mod or function keys. */
  inFields?: boolean;
}

/** Shortcuts of a screen. Single keys can be switched off (WCAG 2.1.4) and every chord re-mapped by name. */
export class Shortcuts {
  singleKeys = true;
  mapped: Record<string, string> = {};
  /** Told when the first of two chords was pressed. */
  onFirst: (chord: string) => void = () => undefined;
  private first = "";
  private firstAt = 0;
  private readonly bound = new Map<string, Shortcut>();

  bind(shortcut: Shortcut): () => void {
    this.bound.set(shortcut.name, shortcut);
    return () => this.bound.delete(shortcut.name);
  }

  chordOf(name: string): string | undefined {
    return this.mapped[name] ?? this.bound.get(name)?.chord;
  }

  all(): Shortcut[] {
    return [...this.bound.values()];
  }

  /** Runs what the event means; true when something ran (then the default was prevented). `target` under shadow roots. */
  handle(event: KeyboardEvent, target: EventTarget | null = event.composedPath?.()[0] ?? event.target): boolean {
    if (belongsToIme(event) || MODIFIER.test(event.code)) return false;
    const pressed = chord(event);
    const before = performance.now() - this.firstAt < TWO_KEYS_MS ? this.first : "";
    this.first = "";
    if (isSingle(pressed) && (!this.singleKeys || isField(target))) return false;
    return (before !== "" && this.run(`${before} ${pressed}`, event, target)) || this.run(pressed, event, target) || this.begin(pressed, event, target);
  }

  private run(wanted: string, event: KeyboardEvent, target: EventTarget | null): boolean {
    for (const shortcut of this.bound.values()) {
      if (this.chordOf(shortcut.name) !== wanted || (!shortcut.inFields && isField(target))) continue;
      event.preventDefault();
      shortcut.run(event);
      return true;
    }
    return false;
  }

  /** The first of two keys: the second may come within a moment. */
  private begin(pressed: string, event: KeyboardEvent, target: EventTarget | null): boolean {
    if (isField(target) || !this.all().some((one) => this.chordOf(one.name)?.startsWith(`${pressed} `))) return false;
    event.preventDefault();
    this.first = pressed;
    this.firstAt = performance.now();
    this.onFirst(pressed);
    return true;
  }
}

const TWO_KEYS_MS = 2500;
const MODIFIER = /^(Shift|Control|Alt|Meta|OS)(Left|Right)?$|^CapsLock$/;

/** A key that writes something: it works only outside fields, and can be switched off (WCAG 2.1.4). */
export function isSingle(pressed: string): boolean {
  return /^(Shift\+)?(Key|Digit|Slash|Comma|Period|Semicolon|Bracket|Quote|Backquote|Backslash|Minus|Equal|Space|Intl)/.test(pressed);
}

/** ⌘K on a Mac, Ctrl+K elsewhere; for lists of keys and hints. */
export function chordLabel(chords: string, mac = onMac()): string {
  return chords.split(" ").map((one) => labelOf(one, mac)).join(" ");
}

function onMac(): boolean {
  return /Mac|iP(hone|ad)/.test(globalThis.navigator?.platform ?? "");
}

function labelOf(name: string, mac: boolean): string {
  return name
    .replace(/Key(?=[A-Z]$)|Digit(?=\d$)/, "")
    .replace("Slash", "/")
    .replace("Comma", ",")
    .replace("ArrowUp", "↑")
    .replace("ArrowDown", "↓")
    .replace("Shift+/", "?")
    .replace("Mod+", mac ? "⌘" : "Ctrl+")
    .replace("Shift+", mac ? "⇧" : "Shift+");
}

/** The same in words, for screen readers: Control J. */
export function spokenChord(chords: string): string {
  return chords.replace("Mod+", onMac() ? "Command " : "Control ").replace("Shift+", "Shift ").replaceAll("Key", "");
}
