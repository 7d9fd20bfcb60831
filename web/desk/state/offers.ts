// Offers: a contact is held out to this agent for some seconds. Shown outside the focus, spoken once, gone after its time.

import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { Contact, Inbox } from "../../core/shapes.ts";
import { tick } from "./clock.ts";

export interface Offer {
  contact: Contact;
  /** When it lapses, by this machine's clock. */
  until: number;
  /** How long it had when it came. */
  seconds: number;
}

export class Offers {
  readonly list: Signal<readonly Offer[]> = signal([]);
  /** The one to answer first; null when none is left. */
  readonly first: ReadonlySignal<Offer | null>;
  readonly left: ReadonlySignal<number>;
  private readonly onNew: (offer: Offer) => void;
  private readonly answered = new Set<string>();
  private readonly offered = new Map<string, Contact>();

  constructor(onNew: (offer: Offer) => void) {
    this.onNew = onNew;
    this.first = computed(() => this.list.value.find((offer) => offer.until > tick.value) ?? null);
    this.left = computed(() => Math.max(0, Math.ceil(((this.first.value?.until ?? 0) - tick.value) / 1000)));
  }

  /** The newest inbox. An offer that it no longer holds was answered, or has lapsed and went to the next agent. */
  take({ contacts, part, gone = [] }: Pick<Inbox, "contacts" | "part" | "gone">): void {
    if (!part) this.offered.clear();
    for (const id of gone) this.offered.delete(id);
    for (const contact of contacts) this.offered.delete(contact.id);
    for (const contact of contacts) if (contact.offer) this.offered.set(contact.id, contact);
    const offered = [...this.offered.values()];
    const keys = new Set(offered.map(keyOf));
    for (const key of this.answered) if (!keys.has(key)) this.answered.delete(key);
    const known = this.list.peek().filter((offer) => keys.has(keyOf(offer.contact)));
    const fresh = offered
      .filter((contact) => !this.answered.has(keyOf(contact)) && !known.some((offer) => keyOf(offer.contact) === keyOf(contact)))
      .map((contact) => ({ contact, until: Date.now() + contact.offer!.left_s * 1000, seconds: contact.offer!.left_s }));
    if (!fresh.length && known.length === this.list.peek().length) return;
    this.list.value = [...known, ...fresh];
    for (const offer of fresh) this.onNew(offer);
  }

  drop(contact: Contact): void {
    this.answered.add(keyOf(contact));
    this.list.value = this.list.peek().filter((offer) => offer.contact.id !== contact.id);
  }
}

function keyOf(contact: Contact): string {
  return `${contact.id}/${contact.offer?.deadline ?? ""}`;
}
