// A name typed after @ is noticed, and only there.

import assert from "node:assert/strict";
import { test } from "node:test";
import { fitting, typedName } from "../../web/desk/state/mentioning.ts";

test("the name before the cursor is being typed until a space or a comma ends it", () => {
  assert.deepEqual(typedName("確認 @伊", 5), { at: 3, name: "伊" });
  assert.deepEqual(typedName("＠", 1), { at: 0, name: "" });
  assert.equal(typedName("@伊藤 さん", 6), null);
  assert.equal(typedName("@伊藤、", 4), null);
  assert.deepEqual(typedName("@伊藤、@森", 6), { at: 4, name: "森" });
  assert.equal(typedName("someone@example", 15), null); // an address
  assert.equal(typedName("no sign", 7), null);
});

test("people who begin with it come first", () => {
  const people = [{ name: "佐伊藤" }, { name: "伊藤" }, { name: "森" }];
  assert.deepEqual(fitting(people, "伊").map((one) => one.name), ["伊藤", "佐伊藤"]);
  assert.equal(fitting(people, "").length, 3);
});
