// A contact's ledger on one screen: order, no doubles, what became of choices and proposals.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Ledger } from "../../web/core/ledger.ts";
import type { Pending } from "../../web/core/outbox.ts";
import { contact, entry } from "./shapes.ts";

const seqs = (ledger: Ledger): number[] => ledger.entries.map((one) => one.seq);

test("entries are shown in the order of their sequence numbers, however they arrive", () => {
  const ledger = new Ledger("con_1");
  ledger.merge({ entries: [entry(5), entry(2)], cursor: 5 });
  ledger.merge({ entries: [entry(3), entry(9)], cursor: 9 });
  assert.deepEqual(seqs(ledger), [2, 3, 5, 9]);
});

test("an entry that comes twice is shown once and is new once", () => {
  const ledger = new Ledger("con_1");
  assert.equal(ledger.merge({ entries: [entry(1), entry(2)] }).length, 2);
  assert.deepEqual(ledger.merge({ entries: [entry(2), entry(3)] }).map((one) => one.seq), [3]);
  assert.deepEqual(seqs(ledger), [1, 2, 3]);
});

test("the cursor never goes back", () => {
  const ledger = new Ledger("con_1");
  ledger.merge({ entries: [], cursor: 7 });
  ledger.merge({ entries: [entry(3)], cursor: 3 });
  assert.equal(ledger.cursor, 7);
});

test("our own answer does not move the cursor past what others said before it", () => {
  const ledger = new Ledger("con_1");
  ledger.merge({ entries: [entry(1)], cursor: 1 });
  ledger.said({ contact: contact({ last_seq: 3 }), entry: entry(3, { mine: true, client_key: "key-0001" }) });
  assert.equal(ledger.cursor, 1);
  ledger.merge({ entries: [entry(2), entry(3)], cursor: 3 });
  assert.deepEqual(seqs(ledger), [1, 2, 3]);
});

test("a late view of the contact does not replace a newer one", () => {
  const ledger = new Ledger("con_1");
  ledger.merge({ contact: contact({ last_seq: 9, title: "new" }), entries: [] });
  ledger.merge({ contact: contact({ last_seq: 4, title: "old" }), entries: [] });
  assert.equal(ledger.contact?.title, "new");
});

test("own words stay shown until the ledger holds their client key", () => {
  const ledger = new Ledger("con_1");
  const pending: Pending = { contactId: "con_1", clientKey: "key-0001", text: "a", attachments: [], at: "", state: "sending" };
  assert.equal(ledger.unconfirmed([pending]).length, 1);
  ledger.merge({ entries: [entry(4, { client_key: "key-0001" })] });
  assert.equal(ledger.unconfirmed([pending]).length, 0);
});

test("choices close when one was pressed on any screen", () => {
  const ledger = new Ledger("con_1");
  const question = entry(1, { choices: { key: "q1", kind: "buttons", options: [{ value: "yes", label: "はい" }], open: true } });
  ledger.merge({ entries: [question] });
  assert.equal(ledger.isOpen(question), true);
  ledger.merge({ entries: [entry(2, { data: { choice: { key: "q1", value: "yes" } } })] });
  assert.equal(ledger.isOpen(question), false);
  assert.equal(ledger.chosen(question.choices!), "yes");
});

test("a later question takes the place of an earlier one", () => {
  const ledger = new Ledger("con_1");
  const first = entry(1, { choices: { key: "q1", kind: "buttons", options: [], open: true } });
  ledger.merge({ entries: [first, entry(2, { choices: { key: "q2", kind: "buttons", options: [], open: true } })] });
  assert.equal(ledger.isOpen(first), false);
});

test("a proposal's card follows the later facts about it", () => {
  const ledger = new Ledger("con_1");
  ledger.merge({ entries: [entry(1, { kind: "proposal.made", data: { proposal_id: "prp_1" } })] });
  assert.equal(ledger.fate("prp_1").state, "open");
  ledger.merge({ entries: [entry(2, { kind: "proposal.confirmed", data: { proposal_id: "prp_1" } })] });
  assert.equal(ledger.fate("prp_1").state, "confirmed");
  ledger.merge({ entries: [entry(3, { kind: "proposal.done", data: { proposal_id: "prp_1" } })] });
  assert.equal(ledger.fate("prp_1").state, "done");
  assert.equal(ledger.fate("prp_2").state, "open");
});

test("where the assistant asks about a card, its receipt and the answer say what became of it", () => {
  const choices = { key: "r1:confirm_prp_1", kind: "buttons" as const, options: [], open: true };
  const asked = entry(1, { card: { kind: "proposal", id: "prp_1", asked: true }, choices });
  const yes = new Ledger("con_1");
  yes.merge({ entries: [asked, entry(2, { data: { choice: { key: choices.key, value: "yes" } } })] });
  assert.equal(yes.fate("prp_1").state, "open");
  yes.merge({ entries: [entry(3, { card: { kind: "receipt", id: "prp_1" } })] });
  assert.equal(yes.fate("prp_1").state, "done");
  const no = new Ledger("con_2");
  no.merge({ entries: [asked, entry(2, { data: { choice: { key: choices.key, value: "no" } } })] });
  assert.equal(no.fate("prp_1").state, "withdrawn");
});
