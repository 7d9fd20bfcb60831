// What helps with the open contact: next steps, articles and replies by rule; where there is a language model, its draft.
// Nothing of it is said by itself: a reply goes into the composer and is edited there.

import { type Signal, signal } from "@preact/signals";
import { type Api, Problem } from "../../core/api.ts";
import type { Contact } from "../../core/shapes.ts";

export interface Source {
  title: string;
  url: string;
}

export interface Suggested {
  text: string;
  sources: Source[];
  /** The model that wrote it; none: it is made by rule. */
  by?: string;
}

export interface Step {
  text: string;
  why: string;
  action: string;
  label: string;
}

export interface GuidanceView {
  order_number: string;
  steps: Step[];
  articles: { id: string; title: string; url: string; excerpt: string }[];
  replies: Suggested[];
  way: { times: number; agent_id: string; agent: string; phone: string } | null;
  drafts: boolean;
  translates: boolean;
}

export type Drafting = "none" | "writing" | "slow" | "ready" | "unusable" | "failed";

/** After this long an agent is told that it takes longer. The server gives up by itself. */
const SLOW_MS = 2500;

export class Guidance {
  readonly contactId: string;
  readonly known: Signal<GuidanceView | null> = signal(null);
  readonly draft: Signal<Suggested | null> = signal(null);
  readonly drafting: Signal<Drafting> = signal("none");
  /** Why there is no draft, in the server's words. */
  readonly refusal = signal("");
  private readonly api: Api;
  private about = "";

  constructor(api: Api, contactId: string) {
    this.api = api;
    this.contactId = contactId;
  }

  /** The model's draft first, then what is made by rule; the keys I 1, I 2, … count them. */
  get replies(): readonly Suggested[] {
    const draft = this.draft.value;
    return [...(draft ? [draft] : []), ...(this.known.value?.replies ?? [])];
  }

  /** The first step that is a deed on the order. */
  get deed(): Step | undefined {
    return this.known.value?.steps.find((step) => step.action);
  }

  /** Read it, once for each state of the contact. Without it the desk works as before. */
  async load(contact: Contact): Promise<void> {
    const about = [contact.topic, contact.order_number, contact.rung, contact.last_seq].join("/");
    if (about === this.about) return;
    this.about = about;
    const found = await this.api.get<GuidanceView>(`/contacts/${this.contactId}/guidance`).catch(() => null);
    if (found && this.about === about) this.known.value = found;
  }

  /** Ask the model for a draft; a second wish while it writes changes nothing. True when there is one. */
  async write(): Promise<boolean> {
    if (this.drafting.peek() === "writing" || this.drafting.peek() === "slow") return false;
    this.drafting.value = "writing";
    this.refusal.value = "";
    const slow = setTimeout(() => (this.drafting.value = "slow"), SLOW_MS);
    try {
      const draft = await this.api.post<Suggested>(`/contacts/${this.contactId}/suggestion`);
      this.draft.value = draft.text ? draft : null;
      this.drafting.value = draft.text ? "ready" : "unusable";
    } catch (error) {
      this.refusal.value = error instanceof Problem ? error.message : "";
      this.drafting.value = "failed";
    } finally {
      clearTimeout(slow);
    }
    return this.drafting.peek() === "ready";
  }
}
