// Words not yet sent, one draft per contact, kept across reload.

import type { Memory } from "./storage.ts";

const KEY = "drafts";
const MOST = 50;

export class Drafts {
  private readonly memory: Memory;

  constructor(memory: Memory) {
    this.memory = memory;
  }

  get(contactId: string): string {
    return this.all()[contactId] ?? "";
  }

  set(contactId: string, text: string): void {
    const { [contactId]: _old, ...others } = this.all();
    const kept = Object.entries(others).slice(-(MOST - 1));
    this.memory.set(KEY, Object.fromEntries(text ? [...kept, [contactId, text]] : kept));
  }

  private all(): Record<string, string> {
    return this.memory.get<Record<string, string>>(KEY) ?? {};
  }
}
