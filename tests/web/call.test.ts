// What an agent can do with a call at each moment, in the order of the keys P 1, P 2, …

import assert from "node:assert/strict";
import { test } from "node:test";
import { type CallState as Call, CallState, type StaffCallback } from "../../web/desk/state/call.ts";
import type { Desk } from "../../web/desk/state/desk.ts";

const SEEN = { id: "cbk_1", state: "due", calls: [], may_dial: false, may_report: false, may_change: true, may_cancel: true } as unknown as StaffCallback;

function call(seen: Partial<StaffCallback>, posted: [string, unknown][] = []): Call {
  const api = { get: async () => SEEN, post: async (path: string, body: unknown) => (posted.push([path, body]), { ...SEEN, ...seen }) };
  const attempt = async (run: () => Promise<void>): Promise<boolean> => (await run(), true);
  const desk = { api, attempt, tell: () => "", talk: { peek: () => null } };
  const made = new CallState(desk as unknown as Desk, "cbk_1");
  made.seen.value = { ...SEEN, ...seen };
  return made;
}

const names = (one: Call): string[] => one.deeds.map((deed) => deed.name);

test("nothing is dialled before the server allows it", () => {
  assert.deepEqual(names(call({ state: "agent_ready" })), ["move", "cancel"]);
  assert.deepEqual(names(call({ state: "agent_ready", may_dial: true })), ["dial", "move", "cancel"]);
});

test("while it rings one says how it went; while one talks, that it is over", () => {
  assert.deepEqual(names(call({ state: "dialling", may_report: true })), ["connected", "no_answer", "busy", "voicemail", "wrong_number", "failed"]);
  assert.deepEqual(names(call({ state: "connected", may_report: true })), ["talked", "voicemail", "wrong_number"]);
});

test("of a colleague's call, and of one that is over, nothing can be said", () => {
  assert.deepEqual(names(call({ state: "connected", may_change: false, may_cancel: false })), []);
  assert.deepEqual(names(call({ state: "done", may_change: false, may_cancel: false })), []);
});

test("the note goes along with the outcome and is kept until the call is over", async () => {
  globalThis.document ??= { getElementById: () => null, activeElement: null } as unknown as Document;
  globalThis.requestAnimationFrame ??= (() => 0) as typeof requestAnimationFrame;
  const posted: [string, unknown][] = [];
  const one = call({ state: "dialling", may_report: true }, posted);
  one.note.value = " Rings twice ";
  await one.report("connected");
  assert.equal(one.note.value, " Rings twice ");
  await one.report("talked");
  assert.equal(one.note.value, "");
  assert.deepEqual(posted, [
    ["/callbacks/cbk_1/outcome", { outcome: "connected", note: "Rings twice" }],
    ["/callbacks/cbk_1/outcome", { outcome: "talked", note: "Rings twice" }],
  ]);
});
