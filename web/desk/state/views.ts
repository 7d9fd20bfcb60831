// Which view of the inbox a contact stands in, in which order, and how long it has waited. Pure.

import type { Contact } from "../../core/shapes.ts";

export const VIEWS = ["mine", "waiting", "snoozed", "assistant", "ended"] as const;
export type View = (typeof VIEWS)[number];

/** The view a contact belongs to for agent `me`; null: it is another agent's. */
export function viewOf(contact: Contact, me: string, now = Date.now()): View | null {
  if (contact.state !== "open") return "ended";
  if (contact.owner.kind === "queue") return "waiting";
  if (contact.owner.kind === "assistant") return "assistant";
  if (contact.owner.kind !== "agent" || contact.owner.id !== me) return null;
  return contact.snoozed_until && Date.parse(contact.snoozed_until) > now ? "snoozed" : "mine";
}

/** Waiting: who came first is served first. Snoozed: who wakes first. The others: newest first. */
export function inOrder(view: View, contacts: readonly Contact[]): Contact[] {
  const key: Record<View, (contact: Contact) => number> = {
    mine: (contact) => -Date.parse(contact.updated_at),
    waiting: (contact) => Date.parse(contact.handed_over_at ?? contact.opened_at),
    snoozed: (contact) => Date.parse(contact.snoozed_until ?? contact.updated_at),
    assistant: (contact) => -Date.parse(contact.updated_at),
    ended: (contact) => -Date.parse(contact.ended_at ?? contact.updated_at),
  };
  return contacts.toSorted((a, b) => key[view](a) - key[view](b) || (a.id < b.id ? -1 : 1));
}

/** Since when the customer waits for us; null when it is not our turn. */
export function waitingSince(contact: Contact): string | null {
  if (contact.state !== "open") return null;
  if (contact.owner.kind === "queue") return contact.handed_over_at ?? contact.opened_at;
  if (contact.owner.kind !== "agent") return null;
  return contact.last_message?.author_kind === "customer" ? contact.last_message.at : null;
}

/** Whether two versions of a contact look the same in the inbox, so that its row need not be drawn again. */
export function sameRow(a: Contact, b: Contact): boolean {
  return (
    a.last_seq === b.last_seq &&
    a.updated_at === b.updated_at &&
    a.owner.version === b.owner.version &&
    a.unread === b.unread &&
    a.state === b.state &&
    a.title === b.title &&
    a.state_label === b.state_label &&
    a.snoozed_until === b.snoozed_until &&
    a.customer_present === b.customer_present &&
    (a.customer_present || a.customer_seen_at === b.customer_seen_at) &&
    a.customer_seen_seq === b.customer_seen_seq &&
    a.can.accept === b.can.accept &&
    a.customer?.name === b.customer?.name &&
    (a.labels ?? []).join("\n") === (b.labels ?? []).join("\n") &&
    peopleOf(a) === peopleOf(b) &&
    dueOf(a) === dueOf(b)
  );
}

function peopleOf(contact: Contact): string {
  return (contact.viewers ?? []).map((one) => `${one.id}${one.typing ? "!" : ""}`).join(" ");
}

function dueOf(contact: Contact): string {
  return (contact.case?.promises ?? []).map((promise) => `${promise.kind} ${promise.state} ${promise.due_at}`).join(" ");
}
