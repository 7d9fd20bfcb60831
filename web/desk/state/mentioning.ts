// A name that is being typed after @ in a note. The server reads the finished note and tells who is named.

export interface Typed {
  /** Where the sign stands, and what follows it up to the cursor. */
  at: number;
  name: string;
}

const LONGEST = 30;

/** The name before the cursor; null where none is being typed. */
export function typedName(text: string, cursor: number): Typed | null {
  const before = text.slice(0, cursor);
  const at = Math.max(before.lastIndexOf("@"), before.lastIndexOf("＠"));
  if (at < 0 || (at > 0 && /[\w.]/.test(before[at - 1]!))) return null;
  const name = before.slice(at + 1);
  return name.length > LONGEST || /[\s、。,]/.test(name) ? null : { at, name };
}

/** Those whose name or sign-in name has what was typed in it, those that begin with it first. */
export function fitting<A extends { name: string }>(people: readonly A[], name: string): A[] {
  const wanted = name.normalize("NFKC").toLowerCase();
  const begins = (one: A): number => (one.name.toLowerCase().startsWith(wanted) ? 0 : 1);
  return people.filter((one) => one.name.toLowerCase().includes(wanted)).toSorted((one, other) => begins(one) - begins(other));
}
