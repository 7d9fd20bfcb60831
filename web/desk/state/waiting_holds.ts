// Holds that were wished for without a connection: kept in this browser, sent once it is back, each under its own key, so
// that one whose answer was lost is not done twice.

import { type Signal, signal } from "@preact/signals";
import { type Api, clientKey, Problem } from "../../core/api.ts";
import type { Contact } from "../../core/shapes.ts";
import type { Memory } from "../../core/storage.ts";

export interface Hold {
  contactId: string;
  until: string;
  ownerVersion: number;
  key: string;
}

const KEY = "holds";

export class WaitingHolds {
  readonly list: Signal<readonly Hold[]>;
  private readonly api: Api;
  private readonly memory: Memory;
  private readonly onDone: (contact: Contact) => void;
  private readonly onRefused: (hold: Hold, problem: Problem) => void;
  private sending = false;

  constructor(options: { api: Api; memory: Memory; onDone: (contact: Contact) => void; onRefused: (hold: Hold, problem: Problem) => void }) {
    this.api = options.api;
    this.memory = options.memory;
    this.onDone = options.onDone;
    this.onRefused = options.onRefused;
    this.list = signal(this.memory.get<Hold[]>(KEY) ?? []);
  }

  of(contactId: string): Hold | undefined {
    return this.list.value.find((hold) => hold.contactId === contactId);
  }

  /** Hold it now; without a connection it is kept, and `true` comes back. Throws what the server refuses. */
  async hold(contactId: string, until: Date, ownerVersion: number): Promise<boolean> {
    const hold = { contactId, until: until.toISOString(), ownerVersion, key: clientKey() };
    try {
      this.onDone(await this.send(hold));
      return false;
    } catch (error) {
      if (!(error instanceof Problem) || !error.passing) throw error;
      this.keep([...this.list.peek().filter((one) => one.contactId !== contactId), hold]);
      return true;
    }
  }

  forget(contactId: string): void {
    this.keep(this.list.peek().filter((hold) => hold.contactId !== contactId));
  }

  /** Go on with what waits. `ready`: what was written in the contact has gone out before. */
  async resume(ready: (contactId: string) => Promise<void>): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    try {
      for (const hold of this.list.peek()) if (!(await this.deliver(hold, ready))) return;
    } finally {
      this.sending = false;
    }
  }

  /** False: the connection is gone again. */
  private async deliver(hold: Hold, ready: (contactId: string) => Promise<void>): Promise<boolean> {
    try {
      await ready(hold.contactId);
      const contact = await this.send(hold);
      this.keep(this.list.peek().filter((one) => one.key !== hold.key));
      this.onDone(contact);
    } catch (error) {
      const problem = error instanceof Problem ? error : new Problem({ status: 0 });
      if (problem.passing || problem.status === 401) return false;
      this.keep(this.list.peek().filter((one) => one.key !== hold.key));
      this.onRefused(hold, problem);
    }
    return true;
  }

  private send(hold: Hold): Promise<Contact> {
    return this.api.post<Contact>(`/contacts/${hold.contactId}/snooze`, { until: hold.until, owner_version: hold.ownerVersion, client_key: hold.key });
  }

  private keep(list: readonly Hold[]): void {
    this.list.value = list;
    this.memory.set(KEY, list.length ? list : undefined);
  }
}
