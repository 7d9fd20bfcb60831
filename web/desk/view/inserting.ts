// The way from saved replies and suggestions into the open composer.

type Insert = (text: string, suggested: boolean) => void;

let insert: Insert | null = null;

/** The composer on the screen takes words from now on; returns how it stops. */
export function inserting(into: Insert): () => void {
  insert = into;
  return () => {
    if (insert === into) insert = null;
  };
}

export function insertWords(text: string): void {
  insert?.(text, false);
}

/** Words that a person has to edit before they may be sent. */
export function insertSuggestion(text: string): void {
  insert?.(text, true);
}
