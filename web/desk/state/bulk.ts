// One deed on many contacts: what is sent, what came of each row, and taking it back within its time.

import { type ReadonlySignal, type Signal, computed, signal } from "@preact/signals";
import { clientKey } from "../../core/api.ts";
import type { Contact } from "../../core/shapes.ts";
import { tick } from "./clock.ts";
import type { Desk } from "./desk.ts";
import { Selection } from "./selection.ts";

export type BulkDeed = "assign" | "transfer" | "hold" | "resolve" | "note" | "label" | "follow" | "follow_case";

export interface BulkWish {
  deed: BulkDeed;
  agent_id?: string;
  queue?: string;
  note?: string;
  until?: string;
  text?: string;
  label?: string;
  anyway?: boolean;
}

export interface Refused {
  contact: Contact | null;
  why: string;
}

export interface BulkResult {
  id: string;
  deed: BulkDeed;
  done: number;
  refused: readonly Refused[];
  /** By this machine's clock; null: it cannot be taken back. */
  undoUntil: number | null;
  undone: boolean;
}

interface Answer {
  bulk_id: string;
  done: number;
  undo_until?: string | null;
  undo_s?: number | null;
  rows: { contact_id: string; done: boolean; detail: string }[];
  contacts: Contact[];
}

/** These can be taken back; the others cannot, and that is said before. */
export const UNDOABLE: readonly BulkDeed[] = ["assign", "hold", "label", "follow", "follow_case"];

export class Bulk {
  readonly selection = new Selection();
  readonly result: Signal<BulkResult | null> = signal(null);
  readonly busy = signal(false);
  readonly undoLeft: ReadonlySignal<number> = computed(() => {
    const until = this.result.value?.undoUntil;
    return until ? Math.max(0, Math.ceil((until - tick.value) / 1000)) : 0;
  });
  private readonly desk: Desk;

  constructor(desk: Desk) {
    this.desk = desk;
  }

  /** The chosen contacts as they were last seen. */
  get chosen(): Contact[] {
    return [...this.selection.ids.value].flatMap((id) => this.desk.inbox.contact(id)?.peek() ?? []);
  }

  /** `words`: for one contact, where they differ from one to the next. */
  async run(wish: BulkWish, words?: (contact: Contact) => string): Promise<boolean> {
    if (this.busy.peek()) return false;
    this.busy.value = true;
    const rows = this.chosen.map((contact) => ({ contact_id: contact.id, owner_version: contact.owner.version, ...(words ? { text: words(contact) } : {}) }));
    const done = await this.desk.attempt(async () => {
      const answer = await this.desk.api.post<Answer>("/desk/bulk", { ...wish, rows, key: clientKey() });
      this.took(wish.deed, answer, false);
      this.selection.clear();
      this.selection.add(answer.rows.filter((row) => !row.done).map((row) => row.contact_id)); // to look at, or try otherwise
    });
    this.busy.value = false;
    return done;
  }

  async undo(): Promise<void> {
    const last = this.result.peek();
    if (!last?.undoUntil || last.undone || this.busy.peek()) return;
    this.busy.value = true;
    await this.desk.attempt(async () => this.took(last.deed, await this.desk.api.post<Answer>(`/desk/bulk/${last.id}/undo`), true));
    this.busy.value = false;
  }

  private took(deed: BulkDeed, answer: Answer, undone: boolean): void {
    for (const contact of answer.contacts) this.desk.met(contact);
    const refused = answer.rows.filter((row) => !row.done).map((row) => ({ contact: this.desk.inbox.contact(row.contact_id)?.peek() ?? null, why: row.detail }));
    const undoUntil = answer.undo_s ? Date.now() + answer.undo_s * 1000 : null;
    this.result.value = { id: answer.bulk_id, deed, done: answer.done, refused, undoUntil, undone };
  }
}
