// Keys: what belongs to the input method, and shortcuts by physical key.
import assert from "node:assert/strict";
import { test } from "node:test";
import { belongsToIme, chord, chordLabel, type KeyLike, Shortcuts } from "../../web/core/keys.ts";

const key = (code: string, more: Partial<KeyLike> & { key?: string } = {}): any => ({
  isComposing: false, keyCode: 0, code, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false,
  target: null, composedPath: () => [null], preventDefault() {}, ...more,
});

test("Enter that confirms a conversion is the input method's, in Chrome's order of events", () => {
  assert.equal(belongsToIme(key("Enter", { isComposing: true, keyCode: 229 })), true);
});

test("… and in Safari's order, where the composition has already ended", () => {
  assert.equal(belongsToIme(key("Enter", { isComposing: false, keyCode: 229 })), true);
});

test("a plain Enter is ours", () => {
  assert.equal(belongsToIme(key("Enter", { keyCode: 13 })), false);
});

test("a shortcut is found by the physical key, whatever letter the layout gives", () => {
  const shortcuts = new Shortcuts();
  const ran: string[] = [];
  shortcuts.bind({ name: "next", chord: "KeyJ", run: () => ran.push("next") });
  for (const letter of ["j", "ㅓ", "ま"]) shortcuts.handle(key("KeyJ", { key: letter }));
  assert.deepEqual(ran, ["next", "next", "next"]);
});

test("single keys are silent in fields, while composing, and when switched off", () => {
  const shortcuts = new Shortcuts();
  const ran: string[] = [];
  shortcuts.bind({ name: "resolve", chord: "KeyE", run: () => ran.push("resolve") });
  const field = { tagName: "TEXTAREA" } as unknown as EventTarget;
  shortcuts.handle(key("KeyE"), field);
  shortcuts.handle(key("KeyE", { isComposing: true }));
  shortcuts.singleKeys = false;
  shortcuts.handle(key("KeyE"));
  assert.deepEqual(ran, []);
});

test("chords with Mod work in fields only when they say so, and follow re-mapping", () => {
  const shortcuts = new Shortcuts();
  const ran: string[] = [];
  shortcuts.bind({ name: "accept", chord: "Mod+KeyJ", inFields: true, run: () => ran.push("accept") });
  shortcuts.bind({ name: "palette", chord: "Mod+KeyK", run: () => ran.push("palette") });
  const field = { tagName: "INPUT", type: "text" } as unknown as EventTarget;
  shortcuts.handle(key("KeyJ", { ctrlKey: true }), field);
  shortcuts.handle(key("KeyK", { metaKey: true }), field);
  shortcuts.mapped = { accept: "Mod+KeyB" };
  shortcuts.handle(key("KeyJ", { ctrlKey: true }), field);
  shortcuts.handle(key("KeyB", { metaKey: true }), field);
  assert.deepEqual(ran, ["accept", "accept"]);
});

test("chords are named as people read them", () => {
  assert.equal(chord(key("F6", { shiftKey: true })), "Shift+F6");
  assert.equal(chordLabel("Mod+KeyK", false), "Ctrl+K");
  assert.equal(chordLabel("Mod+KeyK", true), "⌘K");
  assert.equal(chordLabel("Shift+Slash", false), "?");
});

test("two keys in a row mean what neither means alone, and only for a moment", (t) => {
  const clock = t.mock.method(performance, "now", () => 0);
  const shortcuts = new Shortcuts();
  const ran: string[] = [];
  const begun: string[] = [];
  shortcuts.onFirst = (first) => begun.push(first);
  shortcuts.bind({ name: "inbox", chord: "KeyG KeyI", run: () => ran.push("inbox") });
  shortcuts.bind({ name: "suggest", chord: "KeyI", run: () => ran.push("suggest") });
  shortcuts.handle(key("KeyG"));
  shortcuts.handle(key("ShiftLeft", { shiftKey: true })); // a modifier on the way is no key
  shortcuts.handle(key("KeyI"));
  assert.deepEqual([ran, begun], [["inbox"], ["KeyG"]]);
  shortcuts.handle(key("KeyI"));
  shortcuts.handle(key("KeyG"));
  clock.mock.mockImplementation(() => 60_000);
  shortcuts.handle(key("KeyI"));
  assert.deepEqual(ran, ["inbox", "suggest", "suggest"]);
});

test("in a field, and when single keys are off, the first of two keys begins nothing", () => {
  const shortcuts = new Shortcuts();
  const ran: string[] = [];
  shortcuts.bind({ name: "inbox", chord: "KeyG KeyI", run: () => ran.push("inbox") });
  const field = { tagName: "TEXTAREA" } as unknown as EventTarget;
  assert.equal(shortcuts.handle(key("KeyG"), field), false);
  shortcuts.handle(key("KeyI"));
  shortcuts.singleKeys = false;
  assert.equal(shortcuts.handle(key("KeyG")), false);
  shortcuts.handle(key("KeyI"));
  assert.deepEqual(ran, []);
  assert.equal(chordLabel("KeyG KeyI", false), "G I");
});
