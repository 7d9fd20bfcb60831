// Saved replies: texts that the server fills with what is known of a contact. A person reads, edits and sends them.

import type { Api } from "../../core/api.ts";
import type { Contact } from "../../core/shapes.ts";

export interface SavedReply {
  id: string;
  shortcut: string;
  folder: string;
  name: string;
  /** Words by which it is found beside its name: kana, other languages, the text. */
  search: string;
  shared: boolean;
  /** What is done after sending, in words. */
  deeds: string[];
  uses: number;
}

export interface FilledReply extends SavedReply {
  text: string;
  lang: string;
  /** Places for which nothing is known, as they stand in the text: `{order}`. */
  missing: string[];
  outdated: boolean;
}

export interface Filled {
  contact_id: string;
  text: string;
  missing: string[];
}

/** The places that a saved reply can have; counter/saved_replies/places.py says what stands there. */
const PLACE = /\{(?:customer|agent|order|item|case|refund_date|refund_amount|delivery_date|promised|shop)\}/g;

export class SavedReplies {
  private readonly api: Api;

  constructor(api: Api) {
    this.api = api;
  }

  filledFor(contactId: string): Promise<FilledReply[]> {
    return this.api.get<FilledReply[]>(`/contacts/${contactId}/saved-replies`);
  }

  listed(): Promise<SavedReply[]> {
    return this.api.get<SavedReply[]>("/desk/saved-replies");
  }

  fill(replyId: string, contacts: readonly Contact[]): Promise<Filled[]> {
    return this.api.post<Filled[]>(`/desk/saved-replies/${replyId}/fill`, { contact_ids: contacts.map((one) => one.id) });
  }
}

/** By shortcut first, then by name, kana, folder and text; katakana and hiragana, wide and narrow letters are the same. */
export function findReplies<R extends SavedReply>(replies: readonly R[], text: string): R[] {
  const wanted = folded(text.trim());
  if (!wanted) return [...replies];
  const found = replies.filter((one) => folded(`${one.shortcut} ${one.name} ${one.folder} ${one.search}`).includes(wanted));
  const rank = (one: R): number => (one.shortcut === wanted ? 0 : one.shortcut.startsWith(wanted) ? 1 : folded(one.name).includes(wanted) ? 2 : 3);
  return found.toSorted((one, other) => rank(one) - rank(other));
}

/** Places that nobody has filled. */
export function placesLeft(text: string): string[] {
  return [...new Set(text.match(PLACE))];
}

function folded(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[ァ-ヶ]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) - 0x60));
}
