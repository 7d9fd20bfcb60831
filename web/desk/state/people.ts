// Who takes part in the open conversation beside its owner: colleagues, interpreters, a supervisor who listens.

import { computed, type ReadonlySignal, signal } from "@preact/signals";
import type { Api } from "../../core/api.ts";

export type Role = "interpreter" | "second" | "consult" | "listening" | "whispering";

export interface Participant {
  id: string;
  contact_id: string;
  role: Role;
  role_label: string;
  agent_id: string;
  name: string;
  queue: string;
  queue_name: string;
  invited_by: string;
  invited_at: string;
  joined_at?: string | null;
  mine: boolean;
  speaks: boolean;
  seen_by_customer: boolean;
}

export interface Invitation {
  role: Role;
  agent_id?: string;
  queue?: string;
  note: string;
}

export class People {
  readonly contactId: string;
  readonly list = signal<readonly Participant[]>([]);
  /** As what the reader takes part; null for the owner and for whoever only looks. */
  readonly mine: ReadonlySignal<Participant | null>;
  private readonly api: Api;
  private readonly path: string;

  constructor(api: Api, contactId: string, me: ReadonlySignal<string>) {
    this.api = api;
    this.contactId = contactId;
    this.path = `/contacts/${contactId}/participants`;
    this.mine = computed(() => this.list.value.find((one) => one.agent_id === me.value && one.joined_at) ?? null);
  }

  get coaching(): boolean {
    const role = this.mine.value?.role;
    return role === "listening" || role === "whispering";
  }

  async load(): Promise<void> {
    this.list.value = await this.api.get<Participant[]>(this.path);
  }

  async invite(wish: Invitation): Promise<void> {
    await this.api.post(this.path, wish);
    await this.load();
  }

  async join(one: Participant): Promise<void> {
    await this.api.post(`${this.path}/${one.id}/join`);
    await this.load();
  }

  async leave(one: Participant): Promise<void> {
    this.list.value = await this.api.delete<Participant[]>(`${this.path}/${one.id}`);
  }

  async promote(one: Participant, ownerVersion: number): Promise<void> {
    this.list.value = await this.api.post<Participant[]>(`${this.path}/${one.id}/promote`, { owner_version: ownerVersion });
  }

  async observe(role: "listening" | "whispering"): Promise<void> {
    await this.api.post(`/contacts/${this.contactId}/observe`, { role });
    await this.load();
  }

  async whisper(text: string): Promise<void> {
    await this.api.post(`/contacts/${this.contactId}/whisper`, { text, client_key: crypto.randomUUID() });
  }
}
