// Looking through everything that was said: the words, the filters, what was found, and what was looked for lately.

import { batch, signal } from "@preact/signals";
import type { Api } from "../../core/api.ts";
import type { Found, SearchPage } from "../../core/shapes.ts";
import type { Memory } from "../../core/storage.ts";

export interface Filters {
  channel: string;
  state: string;
  language: string;
  since: string;
  until: string;
  files: boolean;
}

export const NO_FILTERS: Filters = { channel: "", state: "", language: "", since: "", until: "", files: false };
const KEY = "searched";
const RECENT = 8;
const PAUSE_MS = 220;

export class Finding {
  readonly words = signal("");
  readonly filters = signal<Filters>(NO_FILTERS);
  readonly found = signal<readonly Found[]>([]);
  readonly next = signal<string | null>(null);
  /** Nothing asked yet, asking, or answered. */
  readonly state = signal<"idle" | "asking" | "answered" | "failed">("idle");
  readonly recent;
  private readonly api: Api;
  private readonly memory: Memory;
  private asked = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(api: Api, memory: Memory) {
    this.api = api;
    this.memory = memory;
    this.recent = signal<readonly string[]>(memory.get<string[]>(KEY) ?? []);
  }

  type(words: string): void {
    this.words.value = words;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.look(), PAUSE_MS);
  }

  narrow(change: Partial<Filters>): void {
    this.filters.value = { ...this.filters.peek(), ...change };
    void this.look();
  }

  /** Only the answer to the newest question is shown. */
  async look(before?: string): Promise<void> {
    const mine = ++this.asked;
    const words = this.words.peek().trim();
    const filters = this.filters.peek();
    if (!words && !Object.values(filters).some(Boolean)) return this.clear();
    this.state.value = "asking";
    try {
      const page = await this.api.get<SearchPage>("/search", { q: words, ...filters, files: filters.files ? "true" : "", before });
      if (mine !== this.asked) return;
      batch(() => {
        this.found.value = before ? [...this.found.peek(), ...page.found] : page.found;
        this.next.value = page.next ?? null;
        this.state.value = "answered";
      });
    } catch {
      if (mine === this.asked) this.state.value = "failed";
    }
  }

  more(): Promise<void> {
    return this.look(this.next.peek() ?? undefined);
  }

  /** What led to something is offered again next time, in this browser only. */
  keep(): void {
    const words = this.words.peek().trim();
    if (!words) return;
    this.recent.value = [words, ...this.recent.peek().filter((other) => other !== words)].slice(0, RECENT);
    this.memory.set(KEY, this.recent.peek());
  }

  forget(): void {
    this.recent.value = [];
    this.memory.set(KEY, undefined);
  }

  private clear(): void {
    batch(() => {
      this.found.value = [];
      this.next.value = null;
      this.state.value = "idle";
    });
  }
}
