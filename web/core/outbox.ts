// What this screen has said but the server has not yet acknowledged. Each keeps its client key, so that sending it
// again, after a lost answer or a reload, never says it twice. One at a time per contact: order is kept.

import { type Api, clientKey, Problem } from "./api.ts";
import type { Attachment, Said } from "./shapes.ts";
import type { Memory } from "./storage.ts";

export interface Pending {
  contactId: string;
  clientKey: string;
  text: string;
  choice?: { key: string; value: string };
  /** What the pressed button says, to show meanwhile. */
  choiceLabel?: string;
  attachments: Attachment[];
  internal?: boolean;
  ownerVersion?: number;
  /** When a reply by mail is to leave. */
  sendAt?: string;
  /** Own words, where `text` is their translation. */
  original?: { text: string; lang: string };
  at: string;
  state: "sending" | "failed";
  /** Why it failed, for the reader. */
  reason?: string;
}

export type Saying = Pick<Pending, "text"> & Partial<Pick<Pending, "choice" | "choiceLabel" | "attachments" | "internal" | "ownerVersion" | "original" | "sendAt">>;

const KEY = "outbox";
const WAITS_MS = [500, 1000, 2000, 4000, 8000];

export class Outbox {
  pending: readonly Pending[] = [];
  private readonly api: Api;
  private readonly memory: Memory | null;
  private readonly busy = new Set<string>();
  private readonly listeners = new Set<() => void>();
  private readonly onSaid: (said: Said, pending: Pending) => void;
  private readonly onFailed: (pending: Pending, problem: Problem) => void;

  constructor(options: {
    api: Api;
    /** Where unsent words outlive a reload; none: they do not. */
    memory?: Memory;
    onSaid: (said: Said, pending: Pending) => void;
    onFailed?: (pending: Pending, problem: Problem) => void;
  }) {
    this.api = options.api;
    this.memory = options.memory ?? null;
    this.onSaid = options.onSaid;
    this.onFailed = options.onFailed ?? (() => undefined);
    this.pending = this.memory?.get<Pending[]>(KEY) ?? [];
  }

  /** Show it at once and send it. */
  say(contactId: string, saying: Saying): Pending {
    const pending: Pending = { attachments: [], ...saying, contactId, clientKey: clientKey(), at: new Date().toISOString(), state: "sending" };
    this.keep([...this.pending, pending]);
    void this.drain(contactId);
    return pending;
  }

  /** Send a failed one again, with its key. */
  retry(key: string): void {
    const one = this.pending.find((pending) => pending.clientKey === key);
    if (!one) return;
    this.change(key, { state: "sending", reason: undefined });
    void this.drain(one.contactId);
  }

  /** Give a failed one up; returns it, so that its words can go back to the composer. */
  drop(key: string): Pending | undefined {
    const one = this.pending.find((pending) => pending.clientKey === key);
    this.keep(this.pending.filter((pending) => pending.clientKey !== key));
    return one;
  }

  /** Go on with everything unsent: after a reload, and when the connection is back. */
  resume(): void {
    const lost = this.pending.filter((one) => one.state === "failed" && !one.reason);
    for (const one of lost) this.change(one.clientKey, { state: "sending" });
    for (const contactId of new Set(this.pending.map((one) => one.contactId))) void this.drain(contactId);
  }

  /** The entry came by another way (live, or before a reload): it is said. */
  settle(key: string | null | undefined): void {
    if (key && this.pending.some((one) => one.clientKey === key)) this.drop(key);
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private async drain(contactId: string): Promise<void> {
    if (this.busy.has(contactId)) return;
    this.busy.add(contactId);
    try {
      for (let next = this.next(contactId); next; next = this.next(contactId)) await this.deliver(next);
    } finally {
      this.busy.delete(contactId);
    }
  }

  private next(contactId: string): Pending | undefined {
    const first = this.pending.find((one) => one.contactId === contactId);
    return first?.state === "sending" ? first : undefined;
  }

  private async deliver(pending: Pending): Promise<void> {
    for (let tries = 0; ; tries++) {
      try {
        const said = await this.api.post<Said>(`/contacts/${pending.contactId}/entries`, body(pending));
        this.onSaid(said, pending);
        this.settle(pending.clientKey);
        return;
      } catch (error) {
        const problem = error instanceof Problem ? error : new Problem({ status: 0 });
        const wait = WAITS_MS[tries];
        if (!problem.passing || wait === undefined) return this.fail(pending, problem);
        await new Promise((resolve) => setTimeout(resolve, Math.max(wait, (problem.retryAfter ?? 0) * 1000)));
        if (!this.pending.some((one) => one.clientKey === pending.clientKey)) return; // settled meanwhile
      }
    }
  }

  /** A refusal keeps its reason and waits for the person; a lost line has none and is taken up again by `resume`. */
  private fail(pending: Pending, problem: Problem): void {
    this.change(pending.clientKey, { state: "failed", reason: problem.passing ? undefined : problem.message });
    this.onFailed(pending, problem);
  }

  private change(key: string, change: Partial<Pending>): void {
    this.keep(this.pending.map((one) => (one.clientKey === key ? { ...one, ...change } : one)));
  }

  private keep(pending: readonly Pending[]): void {
    this.pending = pending;
    this.memory?.set(KEY, pending.length ? pending : undefined);
    for (const listener of this.listeners) listener();
  }
}

/** JSON leaves out what is undefined. */
function body(pending: Pending): Record<string, unknown> {
  return {
    text: pending.text,
    client_key: pending.clientKey,
    choice: pending.choice,
    attachments: pending.attachments.map((one) => one.id),
    internal: pending.internal,
    owner_version: pending.ownerVersion,
    original: pending.original,
    send_at: pending.sendAt,
  };
}
