// One opened contact: its ledger, its draft, who else is at it, and the deeds that need the owner's version.

import { batch, computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { Api } from "../../core/api.ts";
import { Ledger } from "../../core/ledger.ts";
import type { Pending } from "../../core/outbox.ts";
import type { Contact, Entries, Entry, HandOverSummary, Person } from "../../core/shapes.ts";
import type { Problem } from "../../core/api.ts";
import { spoken } from "../../core/i18n.ts";
import { Translating } from "./translating.ts";

const TYPING_STAYS_MS = 6000;
const PAGE = 200;

export type Mode = "reply" | "note";

export class Talk {
  readonly id: string;
  readonly ledger: Ledger;
  readonly contact: Signal<Contact | null>;
  readonly entries = signal<readonly Entry[]>([]);
  readonly loaded = signal(false);
  readonly problem = signal<Problem | null>(null);
  readonly mode = signal<Mode>("reply");
  readonly typing = signal<readonly Person[]>([]);
  /** Own words on their way. */
  readonly pending: ReadonlySignal<readonly Pending[]>;
  readonly summary: ReadonlySignal<HandOverSummary | null>;
  readonly translating: Translating;
  private readonly api: Api;
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>();
  private seen = 0;

  constructor(api: Api, id: string, contact: Contact | null, outbox: ReadonlySignal<readonly Pending[]>) {
    this.api = api;
    this.id = id;
    this.ledger = new Ledger(id, contact);
    this.contact = signal(contact);
    this.translating = new Translating(api, id, spoken());
    this.pending = computed(() => {
      void this.entries.value;
      return this.ledger.unconfirmed(outbox.value);
    });
    this.summary = computed(() => this.contact.value?.summary ?? summaryFrom(this.entries.value));
  }

  /** Read the ledger from where we stand to its end. */
  async load(): Promise<void> {
    this.problem.value = null;
    try {
      for (let more = true; more; ) {
        const part = await this.api.get<Entries>(`/contacts/${this.id}/entries`, { after: this.ledger.cursor, limit: PAGE });
        this.merge(part);
        more = part.more;
      }
      this.loaded.value = true;
    } catch (error) {
      this.problem.value = error as Problem;
    }
  }

  merge(part: { contact?: Contact | null; entries: readonly Entry[]; cursor?: number }): Entry[] {
    const viewers = part.contact?.viewers ?? this.contact.peek()?.viewers; // only the live line tells them
    const fresh = this.ledger.merge({ ...part, contact: part.contact && { ...part.contact, viewers } });
    batch(() => {
      this.contact.value = this.ledger.contact;
      this.entries.value = this.ledger.entries;
      for (const entry of fresh) this.stopTyping(entry.author.id);
    });
    return fresh;
  }

  /** An answer of the server after a deed of ours; also when no entry came with it. */
  update(contact: Contact): void {
    this.merge({ contact, entries: [] });
  }

  someoneTypes(person: Person): void {
    clearTimeout(this.timers.get(person.id));
    this.timers.set(person.id, setTimeout(() => this.stopTyping(person.id), TYPING_STAYS_MS));
    if (!this.typing.peek().some((one) => one.id === person.id)) this.typing.value = [...this.typing.peek(), person];
  }

  /** Tell the server up to where we have read; never goes back. */
  async markSeen(): Promise<void> {
    const last = this.contact.peek()?.last_seq ?? 0;
    if (last <= this.seen || document.hidden) return;
    this.seen = last;
    await this.api.post(`/contacts/${this.id}/seen`, { seq: last }).catch(() => (this.seen = 0));
  }

  get version(): number {
    return this.contact.peek()?.owner.version ?? 0;
  }

  can(deed: string): boolean {
    return this.contact.value?.can[deed] === true;
  }

  /** Messages in another language than the reader's. */
  get foreign(): readonly Entry[] {
    const language = this.contact.value?.language ?? "";
    return this.entries.value.filter((entry) => this.translating.isForeign(entry, language));
  }

  private stopTyping(id: string): void {
    if (!this.typing.peek().some((one) => one.id === id)) return;
    clearTimeout(this.timers.get(id));
    this.typing.value = this.typing.peek().filter((one) => one.id !== id);
  }
}

function summaryFrom(entries: readonly Entry[]): HandOverSummary | null {
  const asked = entries.findLast((entry) => entry.kind === "hand_over.requested");
  return ((asked?.card?.kind === "summary" ? asked.card : asked?.data.summary) as HandOverSummary | undefined) ?? null;
}
