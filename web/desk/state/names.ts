// How contacts and their owners are called, and under which key a draft is kept.

import { t } from "../../core/i18n.ts";
import type { Contact } from "../../core/shapes.ts";
import type { Mode } from "./talk.ts";

export function draftKey(contactId: string, mode: Mode): string {
  return mode === "note" ? `${contactId}:note` : contactId;
}

export function nameOf(contact: Contact): string {
  return contact.customer?.name || contact.sender || t("Guest");
}

/** Who has the contact now, as a sentence. */
export function ownerText(contact: Contact): string {
  if (contact.state === "ended") return t("This contact has ended.");
  if (contact.owner.kind === "agent") return t("{agent} has this contact now.", { agent: contact.owner.name });
  if (contact.owner.kind === "queue") return t("This contact is waiting in {queue}.", { queue: contact.owner.name });
  return t("The assistant has this contact now.");
}
