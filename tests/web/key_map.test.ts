// Keys of one's own: what can be had and why not, and that no two commands ever share one.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Command } from "../../web/desk/state/commands.ts";
import { clash, firstKeys, refusal, withKeys } from "../../web/desk/state/key_map.ts";

const command = (name: string, chord?: string, more: Partial<Command> = {}): Command => ({
  name, label: name, group: "contact", ...(chord ? { chord } : {}), available: () => true, run: () => undefined, ...more,
});
const COMMANDS = [
  command("reply", "KeyR"),
  command("note", "KeyN"),
  command("accept", "Mod+KeyJ", { inFields: true }),
  command("go-inbox", "KeyG KeyI"),
  command("console", "KeyG KeyC"),
  command("sign-out"),
];

test("a key of one's own takes the usual one's place, and the usual one is remembered", () => {
  const [reply, note] = withKeys(COMMANDS, { reply: "KeyW", gone: "KeyQ", "sign-out": "KeyY" });
  assert.deepEqual([reply!.chord, reply!.usual, note!.chord], ["KeyW", "KeyR", "KeyN"]);
  assert.equal(withKeys(COMMANDS, { "sign-out": "KeyY" }).at(-1)!.chord, undefined);
});

test("a conflict is refused with the name of what has the key", () => {
  const now = withKeys(COMMANDS, {});
  assert.equal(refusal(now, "reply", "KeyN"), "N is “note” already.");
  assert.equal(refusal(now, "reply", "KeyG"), "G I is “go-inbox” already.");
  assert.equal(refusal(now, "reply", "KeyN KeyX"), "N is “note” already.");
  assert.equal(refusal(now, "console", "KeyG KeyR"), "");
  assert.equal(refusal(now, "reply", "KeyR"), "");
  assert.equal(refusal(now, "reply", "Shift+KeyN"), "");
});

test("keys of the browser, of writing, digits, and single keys for what works in fields are refused", () => {
  const now = withKeys(COMMANDS, {});
  for (const chord of ["Mod+KeyC", "Mod+KeyW", "Enter", "Escape", "Tab", "ArrowDown", "F5", "Alt+KeyL", "KeyG Enter", "Mod+Digit1"])
    assert.match(refusal(now, "reply", chord), /belongs to the browser/, chord);
  assert.match(refusal(now, "reply", "Digit3"), /Digits/);
  assert.match(refusal(now, "accept", "KeyY"), /while you write/);
  assert.equal(refusal(now, "accept", "Mod+KeyY"), "");
});

test("whatever is wished for in whatever order, no two commands ever clash", () => {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ".split("").map((letter) => `Key${letter}`);
  let seed = 7;
  const chance = (n: number): number => (seed = (seed * 16807) % 2147483647) % n;
  let own: Record<string, string> = {};
  for (let round = 0; round < 3000; round++) {
    const now = withKeys(COMMANDS, own);
    const { name } = now[chance(5)]!;
    const first = letters[chance(26)]!;
    const wish = chance(3) ? first : `${first} ${letters[chance(26)]}`;
    if (!refusal(now, name, wish)) own = { ...own, [name]: wish };
    const chords = withKeys(COMMANDS, own).flatMap((one) => one.chord ?? []);
    for (const [at, one] of chords.entries()) for (const other of chords.slice(at + 1)) assert.equal(clash(one, other), false, `${one} / ${other}`);
  }
  assert.ok(Object.keys(own).length >= 3);
});

test("the first of two keys is known", () => {
  assert.deepEqual([...firstKeys(COMMANDS)], ["KeyG"]);
});
