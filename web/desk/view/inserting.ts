// The way from saved replies and suggestions into the open composer.

import type { FilledReply } from "../state/saved_replies.ts";

/** `suggested`: a person has to edit it before it may be sent. `reply`: the saved reply that it comes from. */
export interface Insertion {
  text: string;
  suggested?: boolean;
  reply?: FilledReply;
}

type Insert = (what: Insertion) => void;

let insert: Insert | null = null;

/** The composer on the screen takes words from now on; returns how it stops. */
export function inserting(into: Insert): () => void {
  insert = into;
  return () => {
    if (insert === into) insert = null;
  };
}

export function insertWords(text: string): void {
  insert?.({ text });
}

export function insertReply(reply: FilledReply): void {
  insert?.({ text: reply.text, reply });
}

/** Words that a person has to edit before they may be sent. */
export function insertSuggestion(text: string): void {
  insert?.({ text, suggested: true });
}
