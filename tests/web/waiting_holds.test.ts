// Holds without a connection: kept over a reload, done once, told when they are refused.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Api, type Problem } from "../../web/core/api.ts";
import type { Contact } from "../../web/core/shapes.ts";
import { type Backing, Memory } from "../../web/core/storage.ts";
import { forget } from "../../web/desk/state/forgetting.ts";
import { WaitingHolds } from "../../web/desk/state/waiting_holds.ts";
import { type Answer, contact, scripted } from "./shapes.ts";

function backing(values = new Map<string, string>()): Backing {
  return {
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
    removeItem: (key) => void values.delete(key),
  };
}

function holds(answers: Answer[], store: Backing) {
  const network = scripted(answers);
  const done: Contact[] = [];
  const refused: Problem[] = [];
  const list = new WaitingHolds({
    api: new Api({ server: "", language: "ja", fetch: network.fetch }),
    memory: new Memory("desk:agt_1", store),
    onDone: (one) => done.push(one),
    onRefused: (_hold, why) => refused.push(why),
  });
  return { list, done, refused, asked: network.asked };
}

const UNTIL = new Date("2026-11-21T00:00:00Z");
const ok: Answer = { body: contact({ snoozed_until: UNTIL.toISOString() }) };
const ready = async (): Promise<void> => undefined;

test("with a connection it is done at once and nothing waits", async () => {
  const { list, done } = holds([ok], backing());
  assert.equal(await list.hold("con_1", UNTIL, 3), false);
  assert.equal(done.length, 1);
  assert.equal(list.of("con_1"), undefined);
});

test("without one it waits over a reload and is sent once, under its first key", async () => {
  const store = backing();
  const before = holds([null], store);
  assert.equal(await before.list.hold("con_1", UNTIL, 3), true);
  const after = holds([null, ok], store);
  assert.equal(after.list.of("con_1")?.ownerVersion, 3);
  await after.list.resume(ready); // still no line
  assert.ok(after.list.of("con_1"));
  await after.list.resume(ready);
  assert.equal(after.list.of("con_1"), undefined);
  assert.equal(after.done.length, 1);
  const keys = [...before.asked, ...after.asked].map((one) => one.body.client_key);
  assert.equal(new Set(keys).size, 1);
  await after.list.resume(ready);
  assert.equal(after.asked.length, 2);
});

test("what is refused after the reconnect is told and does not wait for ever", async () => {
  const store = backing();
  await holds([null], store).list.hold("con_1", UNTIL, 3);
  const after = holds([{ status: 409, body: { code: "owner_changed", detail: "伊藤さんが対応中です。" } }], store);
  await after.list.resume(ready);
  assert.deepEqual(after.refused.map((why) => why.message), ["伊藤さんが対応中です。"]);
  assert.equal(after.list.of("con_1"), undefined);
});

test("a hold goes after the words that were written before it", async () => {
  const store = backing();
  await holds([null], store).list.hold("con_1", UNTIL, 3);
  const order: string[] = [];
  const after = holds([ok], store);
  await after.list.resume(async (id) => void order.push(id, String(after.asked.length)));
  assert.deepEqual(order, ["con_1", "0"]);
});

test("a later hold of the same contact takes the place of the one that waits", async () => {
  const { list } = holds([null, null], backing());
  await list.hold("con_1", UNTIL, 3);
  await list.hold("con_1", new Date("2026-11-22T00:00:00Z"), 3);
  assert.deepEqual(list.list.value.map((one) => one.until), ["2026-11-22T00:00:00.000Z"]);
});

test("who is not signed in any more loses nothing: it waits for the next sign-in", async () => {
  const store = backing();
  await holds([null], store).list.hold("con_1", UNTIL, 3);
  const after = holds([{ status: 401, body: { code: "session_needed" } }], store);
  await after.list.resume(ready);
  assert.ok(after.list.of("con_1"));
});

test("at sign-out everything of this agent is forgotten, and nothing of another", () => {
  const values = new Map<string, string>();
  const mine = new Memory("desk:agt_1", backing(values));
  const theirs = new Memory("desk:agt_12", backing(values));
  mine.set("drafts", { con_1: "下書き" });
  mine.set("holds", [1]);
  theirs.set("drafts", { con_2: "別の人" });
  forget("desk:agt_1", { get length() { return values.size; }, key: (at) => [...values.keys()][at] ?? null, removeItem: (key) => void values.delete(key) });
  assert.deepEqual([...values.keys()], ["madoguchi:desk:agt_12:drafts"]);
});
