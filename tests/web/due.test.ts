import assert from "node:assert/strict";
import { test } from "node:test";
import type { Contact, PromiseView } from "../../web/core/shapes.ts";
import { dueText, isOverdue, nextDue } from "../../web/desk/state/due.ts";

const NOW = Date.parse("2026-11-20T03:00:00Z");
const promise = (kind: PromiseView["kind"], due_at: string | null, state: PromiseView["state"] = "running"): PromiseView => ({ kind, due_at, state, label: "", text: "" });
const contact = (promises: PromiseView[], state = "open"): Contact => ({ state, case: { promises } }) as unknown as Contact;

test("what is due first is shown, and nothing that stands still or belongs to an ended contact", () => {
  const answer = promise("next_answer", "2026-11-20T04:05:00Z");
  const all = [promise("solution", "2026-11-22T03:00:00Z"), answer, promise("first_answer", null, "paused")];
  assert.equal(nextDue(contact(all)), answer);
  assert.equal(nextDue(contact(all, "ended")), undefined);
  assert.equal(nextDue(contact([promise("solution", null, "paused")])), undefined);
  assert.equal(nextDue({ state: "open" } as Contact), undefined);
});

test("it is told in minutes, hours or days, and overdue when it is late or told anew", () => {
  assert.equal(dueText(promise("first_answer", "2026-11-20T03:34:10Z"), NOW), "Answer due in 35 min");
  assert.equal(dueText(promise("next_answer", "2026-11-20T04:05:00Z"), NOW), "Answer due in 1 h 5 min");
  assert.equal(dueText(promise("solution", "2026-11-22T04:00:00Z"), NOW), "Solution due in 2 days");
  assert.equal(dueText(promise("solution", "2026-11-20T02:59:59Z"), NOW), "Solution overdue");
  assert.equal(dueText(promise("first_answer", "2026-11-20T05:00:00Z", "late"), NOW), "Answer overdue");
  assert.equal(isOverdue(promise("solution", "2026-11-20T03:00:00Z"), NOW), false);
});
