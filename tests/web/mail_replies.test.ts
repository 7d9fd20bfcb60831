// A reply that waits has one fate, told by the facts; times are the agent's own.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Entry } from "../../web/core/shapes.ts";
import { fieldOf, momentOf, replyOf, tomorrowMorning } from "../../web/desk/state/mail_replies.ts";

function fact(seq: number, kind: string, data: Record<string, unknown>): Entry {
  return { contact_id: "con_1", seq, kind, visibility: "internal", text: "", data, attachments: [], at: "2026-11-20T03:00:00Z" } as unknown as Entry;
}

const waits = fact(1, "mail.waits", { reply_id: "rep_1", text: "一", due_at: "2026-11-20T03:00:10Z" });

test("a reply waits until a fact says otherwise, with its newest words and time", () => {
  assert.equal(replyOf(waits, [waits])?.fate, "waiting");
  assert.equal(replyOf(waits, [waits])?.version, 1);
  const changed = fact(2, "mail.changed", { reply_id: "rep_1", text: "二", due_at: "2026-11-21T00:00:00Z" });
  assert.deepEqual(replyOf(waits, [waits, changed]), { id: "rep_1", fate: "waiting", text: "二", dueAt: "2026-11-21T00:00:00Z", version: 2 });
  assert.equal(replyOf(waits, [waits, changed, fact(3, "mail.left", { reply_id: "rep_1" })])?.fate, "left");
  assert.equal(replyOf(waits, [waits, fact(3, "mail.taken_back", { reply_id: "rep_1" })])?.fate, "back");
  assert.equal(replyOf(waits, [waits, fact(3, "mail.left", { reply_id: "rep_2" })])?.fate, "waiting");
  assert.equal(replyOf(fact(4, "message", {}), []), null);
});

test("tomorrow morning is eight o'clock of the next day, also over the end of a year", () => {
  const at = tomorrowMorning(new Date(2026, 11, 31, 23, 30));
  assert.equal(fieldOf(at), "2027-01-01T08:00");
  assert.equal(momentOf(fieldOf(at)), at.toISOString());
  assert.equal(momentOf(""), "");
  assert.equal(momentOf("nonsense"), "");
});
