// Entries, contacts and a scripted network for the tests of web/core.
import type { Contact, Entry } from "../../web/core/shapes.ts";

export function entry(seq: number, more: Partial<Entry> = {}): Entry {
  return {
    contact_id: "con_1",
    seq,
    kind: "message",
    visibility: "public",
    author: { kind: "assistant", id: "", name: "AIアシスタント" },
    text: `message ${seq}`,
    lang: "ja",
    at: "2026-11-20T03:00:00Z",
    mine: false,
    attachments: [],
    data: {},
    ...more,
  };
}

export function contact(more: Partial<Contact> = {}): Contact {
  return {
    id: "con_1",
    channel: "chat",
    language: "ja",
    topic: "",
    title: "",
    order_number: "",
    owner: { kind: "assistant", id: "", name: "", version: 1 },
    state: "open",
    state_label: "",
    opened_at: "2026-11-20T03:00:00Z",
    updated_at: "2026-11-20T03:00:00Z",
    queue_id: "",
    last_seq: 0,
    customer_seen_seq: 0,
    agent_seen_seq: 0,
    unread: 0,
    rung: 0,
    can: {},
    ...more,
  };
}

/** What the network does next: answer with JSON, refuse, or lose the line (`null`). */
export type Answer = { status?: number; body: unknown; headers?: Record<string, string> } | null;

/** A `fetch` that follows a script and writes down what it was asked. */
export function scripted(answers: Answer[] | ((url: string, init: RequestInit) => Answer)) {
  const asked: { url: string; method: string; body: any; headers: Record<string, string> }[] = [];
  const send = async (url: string, init: RequestInit = {}): Promise<Response> => {
    asked.push({
      url,
      method: init.method ?? "GET",
      body: typeof init.body === "string" ? JSON.parse(init.body) : init.body,
      headers: init.headers as Record<string, string>,
    });
    const answer = typeof answers === "function" ? answers(url, init) : answers.shift();
    if (!answer) throw new TypeError("network error");
    return new Response(JSON.stringify(answer.body), { status: answer.status ?? 200, headers: answer.headers });
  };
  return { asked, fetch: send as unknown as typeof fetch };
}

/** Let promises and timers that are due run. */
export async function settle(turns = 20): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await Promise.resolve();
}
