// The inbox from parts: rows that changed, rows that went, people on them; offers; chosen rows.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Api } from "../../web/core/api.ts";
import type { Contact, Inbox } from "../../web/core/shapes.ts";
import { longDuration } from "../../web/desk/state/clock.ts";
import { InboxState } from "../../web/desk/state/inbox.ts";
import { Offers } from "../../web/desk/state/offers.ts";
import { Selection } from "../../web/desk/state/selection.ts";
import { contact } from "./shapes.ts";

const COUNTS = { mine: 0, waiting: 0, snoozed: 0, assistant: 0, longest_wait_s: 0 };
const frame = (contacts: Contact[], more: Partial<Inbox> = {}): Inbox => ({ contacts, counts: COUNTS, me: {} as Inbox["me"], queues: [], ...more });
const waits = (id: string, more: Partial<Contact> = {}): Contact => contact({ id, owner: { kind: "queue", id: "orders", name: "", version: 1 }, handed_over_at: "2026-11-20T03:00:00Z", ...more });
const inbox = (): InboxState => new InboxState(new Api({ server: "", language: "ja", fetch: async () => new Response("[]") }), { value: "agt_1", peek: () => "agt_1" } as ConstructorParameters<typeof InboxState>[1]);

test("a part changes its rows and leaves the others; what is gone leaves the list", () => {
  const state = inbox();
  state.view.value = "waiting";
  state.take(frame([waits("a"), waits("b"), waits("c")]));
  const untouched = state.contact("a")!.peek();
  state.take(frame([waits("b", { last_seq: 2, unread: 1 })], { part: true, gone: ["c"] }));
  assert.deepEqual(state.shown, ["a", "b"]);
  assert.equal(state.contact("a")!.peek(), untouched);
  assert.equal(state.contact("b")!.peek().unread, 1);
  state.take(frame([waits("c")]));
  assert.deepEqual(state.shown, ["c"]);
});

test("who looks and who types changes a row, and an answer without them does not wipe them off", () => {
  const state = inbox();
  state.take(frame([waits("a", { viewers: [] })]));
  state.take(frame([waits("a", { viewers: [{ id: "agt_2", name: "森", typing: true }] })], { part: true }));
  assert.equal(state.contact("a")!.peek().viewers?.[0]?.typing, true);
  state.update(waits("a", { last_seq: 5, viewers: null }));
  assert.equal(state.contact("a")!.peek().viewers?.length, 1);
  state.take(frame([waits("a", { last_seq: 5, viewers: [] })], { part: true }));
  assert.deepEqual(state.contact("a")!.peek().viewers, []);
});

test("a view by criteria stands in the place of the own views, in its own order, until it is left", () => {
  const state = inbox();
  state.view.value = "waiting";
  state.take(frame([waits("a"), waits("b")]));
  state.showOnly([waits("b"), contact({ id: "x", state: "ended" })]);
  assert.deepEqual(state.shown, ["b", "x"]);
  assert.equal(state.neighbour("b", 1), "x");
  state.showOnly(null);
  assert.deepEqual(state.shown, ["a", "b"]);
});

test("an offer stays while parts are silent of it, and goes when its row says so or is gone", () => {
  const told: string[] = [];
  const offers = new Offers((offer) => told.push(offer.contact.id));
  const offered = waits("a", { offer: { deadline: "2026-11-20T03:00:30Z", left_s: 30 } });
  offers.take(frame([offered, waits("b")]));
  offers.take(frame([waits("b", { last_seq: 2 })], { part: true }));
  assert.deepEqual([told, offers.list.value.length], [["a"], 1]);
  offers.take(frame([waits("a")], { part: true }));
  assert.equal(offers.list.value.length, 0);
  offers.take(frame([{ ...offered, offer: { deadline: "2026-11-20T03:01:30Z", left_s: 30 } }], { part: true }));
  assert.deepEqual(told, ["a", "a"]);
  offers.take(frame([], { part: true, gone: ["a"] }));
  assert.equal(offers.list.value.length, 0);
});

test("rows are chosen one by one, downwards and all; those that left the screen are not chosen any more", () => {
  const chosen = new Selection();
  chosen.toggle("a");
  chosen.extend("a", "b");
  chosen.extend("b", "c");
  assert.deepEqual([...chosen.ids.value], ["a", "b", "c"]);
  chosen.toggle("b");
  assert.equal(chosen.has("b"), false);
  chosen.keep(["c", "d"]);
  assert.deepEqual([...chosen.ids.value], ["c"]);
});

test("a long wait is told in days, not in a hundred hours", () => {
  assert.equal(longDuration(252), "4:12");
  assert.equal(longDuration(3 * 3600 + 300), "3 h 5 min");
  assert.equal(longDuration(136 * 3600 + 32 * 60), "5 d 16 h");
  assert.equal(longDuration(48 * 3600), "2 d");
});
