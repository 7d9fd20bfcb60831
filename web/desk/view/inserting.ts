// The way from the palette of saved replies into the open composer.

let insert: ((text: string) => void) | null = null;

/** The composer on the screen takes words from now on; returns how it stops. */
export function inserting(into: (text: string) => void): () => void {
  insert = into;
  return () => {
    if (insert === into) insert = null;
  };
}

export function insertWords(text: string): void {
  insert?.(text);
}
