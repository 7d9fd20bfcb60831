// Words on their way: shown at once, sent in order, never said twice.
import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { Api } from "../../web/core/api.ts";
import { Outbox } from "../../web/core/outbox.ts";
import type { Said } from "../../web/core/shapes.ts";
import { type Backing, Memory } from "../../web/core/storage.ts";
import { type Answer, contact, entry, scripted, settle } from "./shapes.ts";

function backing(): Backing {
  const values = new Map<string, string>();
  return {
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
    removeItem: (key) => void values.delete(key),
  };
}

function outbox(answers: Answer[], store: Backing = backing()) {
  const network = scripted(answers);
  const said: Said[] = [];
  const failed: string[] = [];
  const box = new Outbox({
    api: new Api({ server: "https://help.example", language: "ja", fetch: network.fetch }),
    memory: new Memory("https://help.example", store),
    onSaid: (one) => said.push(one),
    onFailed: (one, problem) => failed.push(problem.message),
  });
  return { box, said, failed, asked: network.asked };
}

const ok = (seq: number): Answer => ({ body: { contact: contact({ last_seq: seq }), entry: entry(seq) } });
const ticks = async (t: { mock: typeof mock }, ms: number): Promise<void> => {
  await settle();
  t.mock.timers.tick(ms);
  await settle();
};

test("a lost answer is sent again with the same client key and the same body", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { box, said, asked } = outbox([null, { status: 503, body: {} }, ok(1)]);
  box.say("con_1", { text: "届きません" });
  await ticks(t as never, 500);
  await ticks(t as never, 1000);
  assert.equal(asked.length, 3);
  assert.equal(new Set(asked.map((one) => one.body.client_key)).size, 1);
  assert.deepEqual(asked[0]!.body, asked[2]!.body);
  assert.equal(said.length, 1);
  assert.deepEqual(box.pending, []);
});

test("messages of one contact leave one after the other, also when the first has to be repeated", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { box, asked } = outbox([null, ok(1), ok(2), ok(3)]);
  for (const text of ["一", "二", "三"]) box.say("con_1", { text });
  await settle(200);
  assert.deepEqual(asked.map((one) => one.body.text), ["一"]);
  await ticks(t as never, 500);
  await settle(200);
  assert.deepEqual(asked.map((one) => one.body.text), ["一", "一", "二", "三"]);
});

test("a refusal keeps its reason, holds back nothing of another contact, and retries with its key", async () => {
  const { box, failed, asked } = outbox([{ status: 422, body: { detail: "長すぎます。", code: "too_long" } }, ok(2), ok(3)]);
  const refused = box.say("con_1", { text: "x" });
  await settle(100);
  assert.deepEqual(failed, ["長すぎます。"]);
  assert.equal(box.pending[0]?.state, "failed");
  box.say("con_2", { text: "other" });
  await settle(100);
  assert.equal(box.pending.length, 1);
  box.retry(refused.clientKey);
  await settle(100);
  assert.equal(asked[2]?.body.client_key, refused.clientKey);
  assert.deepEqual(box.pending, []);
});

test("unsent words outlive a reload and go out with their first key", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const store = backing();
  const before = outbox([null], store);
  const { clientKey } = before.box.say("con_1", { text: "覚えていてください" });
  await settle();

  const after = outbox([ok(1)], store);
  assert.equal(after.box.pending[0]?.text, "覚えていてください");
  after.box.resume();
  await settle(100);
  assert.equal(after.asked[0]?.body.client_key, clientKey);
  assert.deepEqual(after.box.pending, []);
});

test("an entry that came over the live line settles its pending words", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { box, asked } = outbox([null]);
  const { clientKey } = box.say("con_1", { text: "a" });
  await settle();
  box.settle(clientKey);
  await ticks(t as never, 10_000);
  assert.equal(asked.length, 1, "no second sending of what is already said");
  assert.deepEqual(box.pending, []);
});

test("the server's retry-after is respected", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { box, asked } = outbox([{ status: 429, body: {}, headers: { "Retry-After": "20" } }, ok(1)]);
  box.say("con_1", { text: "a" });
  await ticks(t as never, 19_000);
  assert.equal(asked.length, 1);
  await ticks(t as never, 1_000);
  assert.equal(asked.length, 2);
});
