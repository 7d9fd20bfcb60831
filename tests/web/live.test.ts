// The live line: hello with cursors, resume after a break, polling where no WebSocket can be had.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Api } from "../../web/core/api.ts";
import { Ledger } from "../../web/core/ledger.ts";
import { Live, type LineState } from "../../web/core/live.ts";
import { contact, entry, scripted, settle } from "./shapes.ts";

/** The other end of the line, held by the test. */
class Line extends EventTarget {
  static made: Line[] = [];
  readyState = 0;
  sent: any[] = [];
  readonly url: string;

  constructor(url: string) {
    super();
    this.url = url;
    Line.made.push(this);
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  close(): void {
    this.drop();
  }

  open(): void {
    this.readyState = 1;
    this.dispatchEvent(new Event("open"));
  }

  push(frame: object): void {
    this.dispatchEvent(Object.assign(new Event("message"), { data: JSON.stringify(frame) }));
  }

  drop(): void {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.dispatchEvent(new Event("close"));
  }
}

function setUp(t: any, answers: Parameters<typeof scripted>[0] = []) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  Line.made = [];
  const network = scripted(answers);
  const api = new Api({ server: "https://help.example", language: "ja", fetch: network.fetch });
  api.token = "secret";
  const ledger = new Ledger("con_1");
  const states: LineState[] = [];
  const live = new Live(api, { entries: (part) => ledger.merge(part), state: (state) => states.push(state) }, Line as never);
  const tick = async (ms: number): Promise<void> => {
    t.mock.timers.tick(ms);
    await settle(60);
  };
  return { live, ledger, states, tick, asked: network.asked, last: () => Line.made.at(-1)! };
}

test("the first frame is a hello with the token and each contact's cursor", (t) => {
  const { live, ledger, last } = setUp(t);
  ledger.merge({ entries: [entry(4)], cursor: 4 });
  live.watch("con_1", () => ledger.cursor);
  live.start();
  assert.equal(last().url, "wss://help.example/api/v1/live");
  last().open();
  assert.deepEqual(last().sent, [{ type: "hello", token: "secret", contacts: { con_1: 4 } }]);
  live.stop();
});

test("after a break it goes on from where the ledger stands, without gap or double", async (t) => {
  const { live, ledger, states, tick, last } = setUp(t);
  live.watch("con_1", () => ledger.cursor);
  live.start();
  last().open();
  last().push({ type: "welcome", session: {} });
  last().push({ type: "entries", contact: contact({ last_seq: 2 }), entries: [entry(1), entry(2)], cursor: 2 });
  last().drop();
  assert.deepEqual(states, ["connecting", "live", "connecting"]);
  await tick(1000);
  assert.equal(Line.made.length, 2);
  last().open();
  assert.equal(last().sent[0].contacts.con_1, 2);
  last().push({ type: "welcome", session: {} });
  last().push({ type: "entries", contact: contact({ last_seq: 4 }), entries: [entry(2), entry(3), entry(4)], cursor: 4 });
  assert.deepEqual(ledger.entries.map((one) => one.seq), [1, 2, 3, 4]);
  live.stop();
});

test("a frame of a line already given up is not heard", (t) => {
  const { live, ledger, last } = setUp(t);
  live.start();
  const old = last();
  old.open();
  live.stop();
  old.push({ type: "entries", contact: contact(), entries: [entry(1)], cursor: 1 });
  assert.equal(ledger.entries.length, 0);
});

test("where no WebSocket can be had it polls after the cursor, and hangs on until one can", async (t) => {
  let seq = 0;
  const { live, ledger, states, tick, asked, last } = setUp(t, () => {
    seq += 1;
    return { body: { contact: contact({ last_seq: seq }), entries: [entry(seq)], cursor: seq, more: false } };
  });
  live.watch("con_1", () => ledger.cursor);
  live.start();
  last().drop();
  await tick(1000);
  last().drop();
  await tick(0);
  assert.equal(states.at(-1), "polling");
  await tick(3000);
  assert.deepEqual(asked.map((one) => one.url.split("?")[1]), ["after=0&limit=200", "after=1&limit=200"]);
  assert.deepEqual(ledger.entries.map((one) => one.seq), [1, 2]);
  await tick(20_000);
  last().open();
  last().push({ type: "welcome", session: {} });
  const polls = asked.length;
  await tick(10_000);
  assert.equal(asked.length, polls, "no polling beside a live line");
  assert.equal(states.at(-1), "live");
  live.stop();
});

test("a line that is neither live nor polled is called lost", async (t) => {
  const { live, states, tick, last } = setUp(t, () => null);
  live.watch("con_1", () => 0);
  live.start();
  last().drop();
  await tick(1000);
  last().drop();
  await tick(0);
  assert.equal(states.at(-1), "lost");
  live.stop();
});

test("a silent line is given up after the unanswered ping", async (t) => {
  const { live, tick, last, states } = setUp(t);
  live.start();
  last().open();
  last().push({ type: "welcome", session: {} });
  await tick(20_000);
  assert.deepEqual(last().sent.at(-1), { type: "ping" });
  last().push({ type: "pong" });
  await tick(20_000);
  assert.equal(states.at(-1), "live");
  await tick(10_000);
  assert.equal(states.at(-1), "connecting");
  live.stop();
});

test("a refused session stops the line", (t) => {
  const { live, last, states } = setUp(t);
  live.start();
  last().open();
  last().push({ type: "problem", problem: { status: 401, code: "session_ended" } });
  assert.equal(states.at(-1), "off");
});
