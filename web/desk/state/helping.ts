// How an agent takes help: by two keys in a row, by a draft, by translations. What it is stands in guidance and translating.

import { signal } from "@preact/signals";
import { t } from "../../core/i18n.ts";
import type { Entry } from "../../core/shapes.ts";
import { insertSuggestion } from "../view/inserting.ts";
import { ask } from "./ask.ts";
import { Counting } from "./counting.ts";
import type { Desk } from "./desk.ts";
import { toggled } from "./sections.ts";
import { Guidance } from "./guidance.ts";

export class Helping {
  /** Of the open contact. */
  readonly guidance = signal<Guidance | null>(null);
  /** After O the next digit presses an order action, after I it inserts a suggested reply, after P it presses a button of the call. */
  readonly counting = new Counting();
  private readonly desk: Desk;

  constructor(desk: Desk) {
    this.desk = desk;
  }

  open(contactId: string): void {
    if (this.guidance.peek()?.contactId !== contactId) this.guidance.value = new Guidance(this.desk.api, contactId);
  }

  close(): void {
    this.guidance.value = null;
  }

  countOrders(): void {
    this.desk.pane.value = "customer";
    const { sections } = this.desk.preferences;
    sections.value = toggled(sections.peek(), "orders", true);
    this.counting.wait("orders");
    const actions = this.desk.customer.peek()?.pressable ?? [];
    this.desk.announcer.say(actions.length ? actions.map((one, index) => `${index + 1} ${one.label}`).join(", ") : t("No order action is possible now."));
  }

  countReplies(): void {
    this.desk.pane.value = "customer";
    this.counting.wait("replies");
    this.desk.announcer.say(this.guidance.peek()?.replies.map((one, index) => `${index + 1} ${one.text}`).join(" ") ?? "");
  }

  digit(n: number): void {
    const what = this.counting.take();
    if (what === "replies") return this.insertReply(n - 1);
    if (what === "call") return this.desk.calls.press(n - 1);
    const customer = this.desk.customer.peek();
    const action = what === "orders" ? customer?.pressable[n - 1] : undefined;
    if (customer && action) ask({ kind: "order", number: customer.order.peek(), action: action.action, label: action.label });
  }

  /** Into the composer, to be edited there. */
  insertReply(index: number): void {
    const talk = this.desk.talk.peek();
    const reply = this.guidance.peek()?.replies[index];
    if (!talk?.can("say") || !reply) return;
    talk.mode.value = "reply";
    this.desk.pane.value = "talk";
    requestAnimationFrame(() => insertSuggestion(reply.text));
    this.desk.announcer.say(t("Inserted. Edit it before you send it."));
  }

  /** The first suggested deed, in the dialog where it is looked at and proposed. */
  proposeStep(): void {
    const guidance = this.guidance.peek();
    const step = guidance?.deed;
    const number = guidance?.known.peek()?.order_number;
    if (step && number) ask({ kind: "order", number, action: step.action, label: step.label });
  }

  async draftReply(): Promise<void> {
    const guidance = this.guidance.peek();
    if (!guidance) return;
    this.desk.announcer.say(t("The language model is writing …"));
    const ready = await guidance.write();
    if (this.guidance.peek() !== guidance || guidance.drafting.peek() === "writing") return;
    this.desk.announcer.say(ready ? t("The draft is ready. I, then 1, inserts it.") : guidance.refusal.peek() || t("Nothing usable came back from the language model. Please write the reply yourself."));
  }

  async translate(entry: Entry): Promise<void> {
    const talk = this.desk.talk.peek();
    const refusal = await talk?.translating.toggle(entry);
    const found = talk?.translating.of(entry.seq);
    if (refusal) this.desk.tell(refusal, true);
    else if (found?.shown) this.desk.announcer.say(found.text || t("Nothing usable came back. The original is shown as it is."));
  }

  /** All foreign messages, or none. */
  async translateAll(): Promise<void> {
    const talk = this.desk.talk.peek();
    if (!talk || talk.translating.busy.peek()) return;
    if (talk.translating.anyShown.peek()) return talk.translating.hideAll();
    this.desk.announcer.say(t("Translating …"));
    const refusal = await talk.translating.all(talk.foreign);
    this.desk.tell(refusal || t("Translations are shown below the originals."), !!refusal);
  }
}
