// The sections of the customer's pane: their usual order, and how an agent has arranged, opened and closed them. Pure.

export const SECTIONS = ["signals", "open-cases", "person-notes", "orders", "refunds", "callbacks", "holdings", "earlier", "satisfaction", "privacy"] as const;
export type SectionName = (typeof SECTIONS)[number];

export interface Section {
  name: SectionName;
  open: boolean;
}

const CLOSED: ReadonlySet<string> = new Set(["holdings", "satisfaction", "privacy"]);

/** As kept, without what no longer exists; what is new stands where it usually does. */
export function arranged(kept: readonly { name: string; open: boolean }[]): Section[] {
  const known = kept.filter((one): one is Section => (SECTIONS as readonly string[]).includes(one.name));
  const found = known.filter((one, index) => known.findIndex((other) => other.name === one.name) === index);
  for (const [index, name] of SECTIONS.entries()) {
    if (found.some((one) => one.name === name)) continue;
    const before = SECTIONS.slice(0, index).findLast((other) => found.some((one) => one.name === other));
    found.splice(found.findIndex((one) => one.name === before) + 1, 0, { name, open: !CLOSED.has(name) });
  }
  return found;
}

/** One place up (-1) or down (1); at the end it stays. */
export function moved(sections: readonly Section[], name: SectionName, by: -1 | 1): Section[] {
  const from = sections.findIndex((one) => one.name === name);
  const to = Math.min(sections.length - 1, Math.max(0, from + by));
  const rest = sections.filter((one) => one.name !== name);
  return from < 0 ? [...sections] : rest.toSpliced(to, 0, sections[from]!);
}

export function toggled(sections: readonly Section[], name: SectionName, open: boolean): Section[] {
  return sections.map((one) => (one.name === name ? { ...one, open } : one));
}

/** What is kept: nothing where everything is as usual. */
export function toKeep(sections: readonly Section[]): Section[] {
  return JSON.stringify(sections) === JSON.stringify(arranged([])) ? [] : [...sections];
}
