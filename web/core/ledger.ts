// One contact's ledger as this screen knows it: ordered by sequence number, each entry once, own words shown at once.

import type { ChoicesView, Contact, Entry, Said } from "./shapes.ts";
import type { Pending } from "./outbox.ts";

/** What became of a proposal after its card was shown. */
export interface ProposalFate {
  state: "open" | "confirmed" | "done" | "failed" | "withdrawn" | "awaiting_approval" | "approved";
  entry?: Entry;
}

const FATES: Record<string, ProposalFate["state"]> = {
  "proposal.confirmed": "confirmed",
  "proposal.done": "done",
  "proposal.failed": "failed",
  "proposal.withdrawn": "withdrawn",
  "proposal.approval_asked": "awaiting_approval",
  "proposal.approved": "approved",
};

const UNSHOWN = new Set(["queue.position_changed", "proposal.confirmed", "contact.opened", "contact.language_changed"]);

/** Facts without words or card, and those told elsewhere on the screen, have no row. */
export function isShown(entry: Entry): boolean {
  if (UNSHOWN.has(entry.kind)) return false;
  return !!(entry.text || entry.card || entry.choices || entry.attachments.length || entry.data.choice);
}

export class Ledger {
  readonly contactId: string;
  contact: Contact | null = null;
  /** Ascending by `seq`. A new array at each change, so views may compare by identity. */
  entries: readonly Entry[] = [];
  /** Everything up to here has been read; where to go on after a reconnect. */
  cursor = 0;
  private readonly known = new Map<number, Entry>();
  private readonly listeners = new Set<(fresh: readonly Entry[]) => void>();

  constructor(contactId: string, contact: Contact | null = null) {
    this.contactId = contactId;
    this.contact = contact;
  }

  /** Take in what the server sent, in any order and however often; returns the entries that are new here. */
  merge(part: { contact?: Contact | null; entries: readonly Entry[]; cursor?: number }): Entry[] {
    const fresh = part.entries.filter((entry) => !this.known.has(entry.seq));
    for (const entry of part.entries) this.known.set(entry.seq, entry);
    if (part.entries.length) this.entries = [...this.known.values()].toSorted((a, b) => a.seq - b.seq);
    if (part.cursor !== undefined) this.cursor = Math.max(this.cursor, part.cursor);
    if (part.contact && part.contact.last_seq >= (this.contact?.last_seq ?? 0)) this.contact = part.contact;
    for (const listener of this.listeners) listener(fresh);
    return fresh;
  }

  /** The answer to something we said. The cursor stays: entries of others may lie before it. */
  said({ contact, entry }: Said): void {
    this.merge({ contact, entries: [entry] });
  }

  /** Own messages that are not in the ledger yet. */
  unconfirmed(pending: readonly Pending[]): Pending[] {
    const keys = new Set(this.entries.map((entry) => entry.client_key).filter(Boolean));
    return pending.filter((one) => one.contactId === this.contactId && !keys.has(one.clientKey));
  }

  /** Whether buttons can still be pressed: the server says so, nobody else has taken over, no later question has taken their place. */
  isOpen(entry: Entry): boolean {
    if (this.contact && this.contact.owner.kind !== "assistant") return false;
    if (!entry.choices?.open || this.chosen(entry.choices) !== null) return false;
    return !this.entries.some((later) => later.seq > entry.seq && later.choices);
  }

  /** The value chosen for these choices, also when it was chosen after the entry was sent to us. */
  chosen(choices: ChoicesView): string | null {
    if (choices.chosen !== null && choices.chosen !== undefined) return choices.chosen;
    for (const entry of this.entries) {
      const choice = entry.data.choice as { key?: string; value?: string } | undefined;
      if (choice?.key === choices.key) return choice.value ?? null;
    }
    return null;
  }

  /** By the facts; where the assistant asks and tells in its own words, by its receipt and by the answer it was given. */
  fate(proposalId: string): ProposalFate {
    const last = this.entries.findLast((entry) => entry.kind in FATES && entry.data.proposal_id === proposalId);
    if (last) return { state: FATES[last.kind] ?? "open", entry: last };
    const cards = this.entries.filter((entry) => entry.card?.id === proposalId);
    const receipt = cards.find((entry) => entry.card?.kind === "receipt");
    if (receipt) return { state: "done", entry: receipt };
    const declined = cards.find((entry) => entry.choices && this.chosen(entry.choices) === "no");
    return declined ? { state: "withdrawn", entry: declined } : { state: "open" };
  }

  /** Called after each merge with what was new; returns how to stop listening. */
  subscribe(listener: (fresh: readonly Entry[]) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
