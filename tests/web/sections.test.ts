// The sections of the customer's pane: nothing is lost or doubled, whatever was kept and however they are moved.
import assert from "node:assert/strict";
import { test } from "node:test";
import { arranged, moved, SECTIONS, type Section, toggled, toKeep } from "../../web/desk/state/sections.ts";

const names = (sections: readonly Section[]): string[] => sections.map((one) => one.name);

test("without anything kept they stand as usual, and nothing has to be kept", () => {
  assert.deepEqual(names(arranged([])), [...SECTIONS]);
  assert.deepEqual(toKeep(arranged([])), []);
});

test("whatever was kept, each section stands there once", () => {
  let seed = 7;
  const random = (below: number): number => (seed = (seed * 16807) % 2147483647) % below;
  for (let round = 0; round < 300; round++) {
    const kept = Array.from({ length: random(14) }, () => ({ name: [...SECTIONS, "gone", "x"][random(SECTIONS.length + 2)]!, open: random(2) === 0 }));
    let sections = arranged(kept);
    assert.deepEqual([...names(sections)].sort(), [...SECTIONS].sort());
    const firsts = [...new Set(kept.map((one) => one.name))].filter((name) => (SECTIONS as readonly string[]).includes(name));
    assert.deepEqual(names(sections).filter((name) => firsts.includes(name)), firsts);
    for (let step = 0; step < 10; step++) {
      const name = SECTIONS[random(SECTIONS.length)]!;
      const by = random(2) ? 1 : -1;
      const after = moved(sections, name, by as 1 | -1);
      const [from, to] = [names(sections).indexOf(name), names(after).indexOf(name)];
      assert.equal(to, Math.min(SECTIONS.length - 1, Math.max(0, from + by)));
      assert.deepEqual(names(after).filter((one) => one !== name), names(sections).filter((one) => one !== name));
      sections = toggled(after, name, step % 2 === 0);
      assert.equal(sections.find((one) => one.name === name)!.open, step % 2 === 0);
    }
    assert.deepEqual(arranged(toKeep(sections)), sections);
  }
});

test("a section that is new to an agent stands after its usual neighbour", () => {
  const kept = SECTIONS.filter((name) => name !== "refunds").map((name) => ({ name, open: true }));
  assert.deepEqual(names(arranged(kept)), [...SECTIONS]);
});
