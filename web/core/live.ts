// The live line: one WebSocket for all watched contacts, resumed by cursor; where it cannot be had, polling.
// Nothing is lost in between: each hello says where we stand and the server sends everything after it.

import type { Api, ProblemBody } from "./api.ts";
import { Problem } from "./api.ts";
import type { Contact, Entries, Entry, Inbox, Person, Session } from "./shapes.ts";

export type LineState = "off" | "connecting" | "live" | "polling" | "lost";

export interface LiveEvents {
  entries: (part: { contact: Contact; entries: Entry[]; cursor: number }) => void;
  inbox: (inbox: Inbox) => void;
  /** Staff: what stands beside the inbox, as the desk reads it. */
  aside: (view: unknown) => void;
  /** `text`: what the assistant has said so far of an answer that is yet to be written; it is no entry. */
  typing: (contactId: string, author: Person, text?: string) => void;
  state: (state: LineState) => void;
  welcome: (session: Session) => void;
  /** The server refuses us (session ended); the line stays off until `start` is called again. */
  problem: (problem: Problem) => void;
}

type ServerFrame =
  | { type: "welcome"; session: Session }
  | { type: "entries"; contact: Contact; entries: Entry[]; cursor: number }
  | ({ type: "inbox" } & Inbox)
  | { type: "aside" }
  | { type: "typing"; contact: string; author: Person; text?: string }
  | { type: "pong" }
  | { type: "problem"; problem: ProblemBody; contact?: string };

const BACKOFF_MS = [300, 1000, 2000, 4000, 8000, 15_000];
const POLL_MS = 3000;
const PING_MS = 20_000;
/** A desk is heard more often, so that who has left it is soon gone from the screens of others. */
const DESK_PING_MS = 5000;
const PONG_MS = 10_000;
/** Attempts without a welcome after which we poll meanwhile. */
const SOCKET_TRIES = 2;

export class Live {
  state: LineState = "off";
  private readonly api: Api;
  private readonly Socket: typeof WebSocket | undefined;
  private readonly on: Partial<LiveEvents>;
  private readonly watched = new Map<string, () => number>();
  private inbox = false;
  private pingMs = PING_MS;
  private greeted = new Set<string>();
  private socket: WebSocket | null = null;
  private welcomed = false;
  private failures = 0;
  private timers: Record<string, ReturnType<typeof setTimeout> | undefined> = {};
  private polling = false;

  constructor(api: Api, on: Partial<LiveEvents>, Socket: typeof WebSocket | undefined = globalThis.WebSocket) {
    this.api = api;
    this.on = on;
    this.Socket = Socket;
  }

  start(): void {
    if (this.state !== "off") return;
    globalThis.addEventListener?.("online", this.again);
    this.enter("connecting");
    this.connect();
  }

  stop(): void {
    globalThis.removeEventListener?.("online", this.again);
    for (const name of Object.keys(this.timers)) this.cancel(name);
    this.enter("off");
    this.hangUp();
  }

  /** Follow a contact; `cursor` is asked at each hello, so that a reconnect goes on where the ledger stands. */
  watch(contactId: string, cursor: () => number): void {
    this.watched.set(contactId, cursor);
    this.tell({ type: "watch", contact: contactId, cursor: cursor() });
  }

  unwatch(contactId: string): void {
    this.watched.delete(contactId);
    this.tell({ type: "unwatch", contact: contactId });
  }

  /** Staff: receive the inbox, whole and then what changes in it. Call before `start`. */
  watchInbox(): void {
    this.inbox = true;
    this.pingMs = DESK_PING_MS;
  }

  /** `internal`: in a note, which only staff may know of. */
  typing(contactId: string, internal = false): void {
    this.tell({ type: "typing", contact: contactId, internal: internal || undefined });
  }

  /** Try at once instead of waiting for the next attempt. */
  again = (): void => {
    if (this.state === "off" || this.welcomed) return;
    this.cancel("retry");
    this.hangUp();
    this.connect();
  };

  private connect(): void {
    if (!this.Socket) return this.poll();
    if (globalThis.navigator?.onLine === false) return this.dropped();
    const address = new URL(`${this.api.server}/api/v1/live`, globalThis.location?.href);
    address.protocol = address.protocol.replace("http", "ws");
    let socket: WebSocket;
    try {
      socket = new this.Socket(address.href);
    } catch {
      return this.dropped();
    }
    this.socket = socket;
    socket.addEventListener("open", () => socket === this.socket && this.hello());
    socket.addEventListener("message", (event) => socket === this.socket && this.receive(JSON.parse(String(event.data)) as ServerFrame));
    socket.addEventListener("close", () => socket === this.socket && this.dropped());
  }

  private hello(): void {
    const contacts = Object.fromEntries([...this.watched].map(([id, cursor]) => [id, cursor()]));
    this.greeted = new Set(this.watched.keys());
    this.send({ type: "hello", contacts, token: this.api.token || undefined, inbox: this.inbox || undefined });
  }

  private receive(frame: ServerFrame): void {
    switch (frame.type) {
      case "welcome":
        this.welcomed = true;
        this.failures = 0;
        this.cancel("poll");
        this.after("ping", this.pingMs, this.ping);
        this.watchLateComers();
        this.enter("live");
        return this.on.welcome?.(frame.session);
      case "typing":
        return this.on.typing?.(frame.contact, frame.author, frame.text);
      case "pong":
        return this.cancel("pong");
      case "problem":
        // one contact that is not ours is no reason to leave the others
        return void (frame.contact ? this.watched.delete(frame.contact) : this.refused(new Problem(frame.problem)));
      default:
        return this.on[frame.type]?.(frame as never);
    }
  }

  /** What was watched between our hello and its answer. */
  private watchLateComers(): void {
    for (const [id, cursor] of this.watched) {
      if (!this.greeted.has(id)) this.send({ type: "watch", contact: id, cursor: cursor() });
    }
  }

  private refused(problem: Problem): void {
    if (problem.passing) return;
    this.stop();
    this.on.problem?.(problem);
  }

  private ping = (): void => {
    this.send({ type: "ping" });
    if (this.timers.pong === undefined) this.after("pong", PONG_MS, this.dropped);
    this.after("ping", this.pingMs, this.ping);
  };

  /** The line is closed or silent, or the browser says that there is no network. */
  dropped = (): void => {
    if (this.state === "off") return;
    for (const name of ["ping", "pong"]) this.cancel(name);
    this.hangUp();
    this.failures += 1;
    const base = BACKOFF_MS[Math.min(this.failures - 1, BACKOFF_MS.length - 1)] ?? 15_000;
    this.after("retry", base * (0.75 + Math.random() / 2), () => this.connect());
    if (this.failures >= SOCKET_TRIES) this.poll();
    else this.enter("connecting");
  };

  private poll(): void {
    if (this.timers.poll !== undefined || this.polling) return;
    this.after("poll", 0, () => void this.pollOnce());
  }

  private async pollOnce(): Promise<void> {
    this.polling = true;
    try {
      for (const [id, cursor] of this.watched) {
        const part = await this.api.get<Entries>(`/contacts/${id}/entries`, { after: cursor(), limit: 200 });
        if (this.watched.has(id)) this.on.entries?.(part);
      }
      if (this.inbox) this.on.inbox?.(await this.api.get<Inbox>("/desk/inbox"));
      if (!this.done()) this.enter("polling");
    } catch (error) {
      if (error instanceof Problem && (error.status === 401 || error.status === 403)) return this.refused(error);
      if (!this.done()) this.enter("lost");
    } finally {
      this.polling = false;
      if (!this.done()) this.after("poll", POLL_MS, () => void this.pollOnce());
    }
  }

  private done(): boolean {
    return this.state === "off" || this.welcomed;
  }

  private tell(frame: object): void {
    if (this.welcomed) this.send(frame);
  }

  private send(frame: object): void {
    if (this.socket?.readyState === 1) this.socket.send(JSON.stringify(frame));
  }

  private hangUp(): void {
    const socket = this.socket;
    this.socket = null;
    this.welcomed = false;
    socket?.close();
  }

  private enter(state: LineState): void {
    if (state === this.state) return;
    this.state = state;
    this.on.state?.(state);
  }

  private after(name: string, ms: number, run: () => void): void {
    this.cancel(name);
    this.timers[name] = setTimeout(() => {
      this.timers[name] = undefined;
      run();
    }, ms);
  }

  private cancel(name: string): void {
    clearTimeout(this.timers[name]);
    this.timers[name] = undefined;
  }
}
