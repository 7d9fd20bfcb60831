// Translations of one conversation: asked for a message at a time, kept while the desk is open, shown beside the original.

import { type ReadonlySignal, computed, signal } from "@preact/signals";
import { type Api, Problem } from "../../core/api.ts";
import type { Entry } from "../../core/shapes.ts";

export interface Translation {
  state: "asked" | "done" | "failed";
  text: string;
  by: string;
  shown: boolean;
}

interface Draft {
  text: string;
  by: string;
}

export class Translating {
  readonly to: string;
  private readonly known = signal<ReadonlyMap<number, Translation>>(new Map());
  readonly busy: ReadonlySignal<boolean> = computed(() => [...this.known.value.values()].some((one) => one.state === "asked"));
  readonly anyShown: ReadonlySignal<boolean> = computed(() => [...this.known.value.values()].some((one) => one.shown));
  private readonly api: Api;
  private readonly contactId: string;

  /** `to`: the reader's language. */
  constructor(api: Api, contactId: string, to: string) {
    this.api = api;
    this.contactId = contactId;
    this.to = to;
  }

  of(seq: number): Translation | undefined {
    return this.known.value.get(seq);
  }

  /** Words of somebody in another language than the reader's. */
  isForeign(entry: Entry, language: string): boolean {
    const spoken = entry.lang || language;
    return entry.kind === "message" && !!entry.text && !!spoken && spoken !== this.to && !entry.data.original;
  }

  /** Show, hide, or ask for it. Returns the server's refusal, or "". */
  async toggle(entry: Entry): Promise<string> {
    const known = this.known.peek().get(entry.seq);
    if (known?.state === "asked") return "";
    if (known?.state === "done") return (this.put(entry.seq, { ...known, shown: !known.shown }), "");
    return this.ask(entry);
  }

  /** All of these, the newest first; those that are known are only shown. Stops at the first refusal and returns it. */
  async all(entries: readonly Entry[]): Promise<string> {
    for (const entry of entries.toReversed()) {
      const known = this.known.peek().get(entry.seq);
      if (known?.state === "done") this.put(entry.seq, { ...known, shown: true });
      else if (known?.state !== "asked") {
        const refusal = await this.ask(entry);
        if (refusal) return refusal;
      }
    }
    return "";
  }

  hideAll(): void {
    this.known.value = new Map([...this.known.peek()].map(([seq, one]) => [seq, { ...one, shown: false }]));
  }

  /** One's own words in the customer's language. Empty text: nothing usable came back. Throws Problem. */
  outgoing(text: string, to: string): Promise<Draft> {
    return this.api.post<Draft>(`/contacts/${this.contactId}/translation`, { text, to });
  }

  private async ask(entry: Entry): Promise<string> {
    this.put(entry.seq, { state: "asked", text: "", by: "", shown: true });
    try {
      const found = await this.outgoing(entry.text, this.to);
      this.put(entry.seq, { state: found.text ? "done" : "failed", text: found.text, by: found.by, shown: true });
      return "";
    } catch (error) {
      this.put(entry.seq, { state: "failed", text: "", by: "", shown: true });
      return error instanceof Problem ? error.message : "";
    }
  }

  private put(seq: number, translation: Translation): void {
    this.known.value = new Map(this.known.peek()).set(seq, translation);
  }
}
