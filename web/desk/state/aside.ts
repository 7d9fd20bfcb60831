// What stands beside the inbox: what others changed of one's work, what one is asked to join, where one takes part.

import { type Signal, signal } from "@preact/signals";
import type { Api } from "../../core/api.ts";
import type { Announcer } from "../../core/announcer.ts";
import { t } from "../../core/i18n.ts";
import type { Participant } from "./people.ts";

export interface Told {
  id: string;
  kind: string;
  text: string;
  at: string;
  link: string;
  contact_id?: string;
  case_number?: string;
}

export interface Beside {
  title: string;
  participant: Participant;
}

export interface AsideView {
  notices: Told[];
  beside: Beside[];
}

export class Aside {
  readonly told: Signal<readonly Told[]> = signal([]);
  readonly beside: Signal<readonly Beside[]> = signal([]);
  private readonly api: Api;
  private readonly announcer: Announcer;
  private readonly spoken = new Set<string>();

  constructor(api: Api, announcer: Announcer) {
    this.api = api;
    this.announcer = announcer;
  }

  get asked(): readonly Beside[] {
    return this.beside.value.filter((one) => !one.participant.joined_at);
  }

  /** What is new: told, or asked. */
  get count(): number {
    return this.told.value.length + this.asked.length;
  }

  get joined(): readonly Beside[] {
    return this.beside.value.filter((one) => one.participant.joined_at);
  }

  /** Say each thing once, as it comes. */
  take(view: AsideView): void {
    for (const one of view.notices) this.say(one.id, one.text);
    for (const { participant, title } of view.beside) {
      if (!participant.joined_at) this.say(participant.id, askedText(participant, title));
    }
    this.told.value = view.notices;
    this.beside.value = view.beside;
  }

  async load(): Promise<void> {
    this.take(await this.api.get<AsideView>("/desk/aside"));
  }

  async read(told: Told): Promise<void> {
    // what is followed is read by following it again
    if (told.kind === "followed") await this.api.post(`/contacts/${told.contact_id}/follow`, {});
    else if (told.kind === "followed_case") await this.api.post(`/cases/${told.case_number}/follow`, {});
    else await this.api.post(`/agents/me/notices/${told.id}/seen`);
    this.told.value = this.told.value.filter((one) => one.id !== told.id);
  }

  private say(id: string, text: string): void {
    if (this.spoken.has(id)) return;
    this.spoken.add(id);
    this.announcer.say(text);
  }
}

export function askedText(one: Participant, title: string): string {
  return t("{name} asks you to join: {title} ({role})", { name: one.invited_by, title, role: one.role_label });
}
