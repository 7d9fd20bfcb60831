// What the desk does with people beside a conversation: ask them, come in, listen, whisper, take over. One at a time.

import { effect, signal } from "@preact/signals";
import { t } from "../../core/i18n.ts";
import type { Contact, Entry } from "../../core/shapes.ts";
import type { Beside } from "./aside.ts";
import type { Desk } from "./desk.ts";
import { type Invitation, type Participant, People } from "./people.ts";

export class Hands {
  /** Of the open contact; null while none is open or nobody could take part. */
  readonly people = signal<People | null>(null);
  private readonly desk: Desk;

  constructor(desk: Desk) {
    this.desk = desk;
    effect(() => {
      const id = desk.openId.value;
      const before = this.people.peek();
      if (before?.contactId === id) return;
      this.people.value = id ? new People(desk.api, id, desk.myId) : null;
      void this.people.peek()?.load().catch(() => undefined);
    });
  }

  /** A supervisor may sit in where an agent has the contact. */
  get mayListen(): boolean {
    const contact = this.desk.talk.value?.contact.value;
    const others = contact?.owner.kind === "agent" && contact.owner.id !== this.desk.myId.value;
    return others && contact?.state !== "ended" && this.desk.me.value.roles.includes("supervisor") && !this.people.value?.mine.value;
  }

  get mayInvite(): boolean {
    const contact = this.desk.talk.value?.contact.value;
    return contact?.owner.kind === "agent" && contact.owner.id === this.desk.myId.value && contact.state !== "ended";
  }

  async join(one: Beside): Promise<void> {
    const { participant } = one;
    const people = new People(this.desk.api, participant.contact_id, this.desk.myId);
    const done = await this.desk.attempt(() => people.join(participant));
    if (!done) return void this.refresh();
    this.desk.open(participant.contact_id, "heading");
    await this.refresh();
  }

  async refuse(one: Beside): Promise<void> {
    const people = new People(this.desk.api, one.participant.contact_id, this.desk.myId);
    await this.desk.attempt(() => people.leave(one.participant));
    await this.refresh();
  }

  /** Returns why it was refused, or "". */
  async invite(wish: Invitation): Promise<string> {
    return this.deed((people) => people.invite(wish), t("Asked. The conversation stays yours meanwhile."));
  }

  async leave(one: Participant): Promise<void> {
    await this.deed((people) => people.leave(one), one.joined_at ? t("The conversation goes on without it.") : t("The invitation was withdrawn."));
  }

  async promote(one: Participant): Promise<void> {
    const version = this.desk.talk.peek()?.version ?? 0;
    await this.deed((people) => people.promote(one, version), t("Handed over."));
  }

  async observe(role: "listening" | "whispering"): Promise<void> {
    const words = role === "listening" ? t("You are listening. The customer does not see you.") : t("You can whisper to the agent. The customer does not see you.");
    await this.deed((people) => people.observe(role), words);
  }

  async whisper(text: string): Promise<string> {
    return this.deed((people) => people.whisper(text), t("Whispered."));
  }

  /** New facts of the open contact: who takes part may have changed; a whisper for the reader is said at once. */
  heard(contact: Contact, fresh: readonly Entry[]): void {
    if (contact.id !== this.people.peek()?.contactId) return;
    if (fresh.some((entry) => entry.kind.startsWith("participant.") || entry.kind.startsWith("agent.") || entry.kind === "contact.transferred")) {
      void this.people.peek()?.load().catch(() => undefined);
    }
    for (const entry of fresh) {
      if (isWhisper(entry) && entry.data.whisper_to === this.desk.myId.peek()) {
        this.desk.announcer.say(t("{name} whispers: {text}", { name: entry.author.name, text: entry.text }));
      }
    }
  }

  private async refresh(): Promise<void> {
    await this.desk.aside.load().catch(() => undefined);
    await this.people.peek()?.load().catch(() => undefined);
  }

  private async deed(run: (people: People) => Promise<void>, words: string): Promise<string> {
    const people = this.people.peek();
    if (!people) return "";
    try {
      await run(people);
    } catch (error) {
      void people.load().catch(() => undefined);
      return this.desk.failed(error, people.contactId);
    }
    this.desk.tell(words);
    await this.desk.talk.peek()?.load();
    void this.refresh();
    return "";
  }
}

export function isWhisper(entry: Entry): boolean {
  return entry.kind === "note.added" && typeof entry.data.whisper_to === "string";
}
