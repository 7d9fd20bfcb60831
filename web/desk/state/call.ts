// The call of the open contact: what is known of it, what can be done with it now, and the deeds.

import { effect, type Signal, signal } from "@preact/signals";
import { t } from "../../core/i18n.ts";
import type { Callback, CallOffer, CallSlot } from "../../core/shapes.ts";
import { focusId } from "../view/focus.ts";
import { ask } from "./ask.ts";
import type { Desk } from "./desk.ts";

/** One call that was made. */
export interface Tried {
  number: number;
  agent_name: string;
  dialled_at: string;
  answered_at?: string | null;
  ended_at?: string | null;
  outcome: string;
  outcome_text: string;
  note: string;
}

/** A call-back as staff see it. `tel_url` only for the agent who has it. */
export interface StaffCallback extends Callback {
  tel_url: string;
  customer_name: string;
  agent_name: string;
  may_dial: boolean;
  may_report: boolean;
  not_before: string;
  relay: boolean;
  preference_note: string;
  calls: Tried[];
}

/** One thing to press in the call card; P and its place press it, too. */
export interface CallDeed {
  name: string;
  label: string;
  primary?: boolean;
  run: () => void;
}

export type Outcome = "connected" | "talked" | "no_answer" | "busy" | "voicemail" | "wrong_number" | "failed";

const FACT = "callback.changed";

export class CallState {
  readonly id: string;
  readonly seen: Signal<StaffCallback | null> = signal(null);
  /** What the agent notes of this call, until it is reported. */
  readonly note = signal("");
  readonly busy = signal(false);
  private readonly desk: Desk;
  private loading: Promise<void> | null = null;

  constructor(desk: Desk, id: string) {
    this.desk = desk;
    this.id = id;
  }

  load(): Promise<void> {
    this.loading ??= this.desk.api
      .get<StaffCallback>(`/callbacks/${this.id}`)
      .then(
        (seen) => void (this.seen.value = seen),
        () => undefined,
      )
      .finally(() => (this.loading = null));
    return this.loading;
  }

  offer(): Promise<CallOffer> {
    return this.desk.api.get<CallOffer>("/callbacks/offer", this.wanted);
  }

  async slots(day: string): Promise<CallSlot[]> {
    return (await this.desk.api.get<{ slots: CallSlot[] }>("/callbacks/slots", { day, ...this.wanted })).slots;
  }

  /** The number becomes a link that calls, and has the focus. */
  dial(): Promise<boolean> {
    return this.change("dial", {}, t("Calling. Say afterwards how it went."), "desk-call-number");
  }

  async report(outcome: Outcome): Promise<boolean> {
    const words = outcome === "connected" ? t("You are on the phone.") : t("Noted: {outcome}", { outcome: outcomeLabel(outcome) });
    const done = await this.change("outcome", { outcome, note: this.note.peek().trim() }, words, "desk-call-heading");
    if (done && outcome !== "connected") this.note.value = "";
    return done;
  }

  move(slotAt: string | null): Promise<boolean> {
    return this.change("move", { slot_at: slotAt }, t("The call is moved, and the customer is told."), "desk-call-heading");
  }

  cancel(): Promise<boolean> {
    return this.change("cancel", {}, t("The call is called off, and the customer is told."), "desk-call-heading");
  }

  /** What can be done at this moment, in the order of the keys. */
  get deeds(): CallDeed[] {
    const seen = this.seen.value;
    if (!seen) return [];
    const said = (outcome: Outcome, primary = false): CallDeed => ({ name: outcome, label: outcomeLabel(outcome), primary, run: () => void this.report(outcome) });
    if (seen.may_report && seen.state === "dialling") {
      return [said("connected", true), said("no_answer"), said("busy"), said("voicemail"), said("wrong_number"), said("failed")];
    }
    if (seen.may_report) return [said("talked", true), said("voicemail"), said("wrong_number")];
    const change = (deed: "move" | "cancel", label: string): CallDeed => ({ name: deed, label, run: () => ask({ kind: "call", deed }) });
    return [
      ...(seen.may_dial ? [{ name: "dial", label: t("Call now"), primary: true, run: () => void this.dial() }] : []),
      ...(seen.may_change ? [change("move", t("Other time"))] : []),
      ...(seen.may_cancel ? [change("cancel", t("Call off"))] : []),
    ];
  }

  private get wanted(): { topic?: string; language?: string } {
    const seen = this.seen.peek();
    return { topic: seen?.topic, language: seen?.language };
  }

  private async change(verb: string, body: object, words: string, focus: string): Promise<boolean> {
    if (this.busy.peek()) return false;
    this.busy.value = true;
    const done = await this.desk.attempt(async () => {
      this.seen.value = await this.desk.api.post<StaffCallback>(`/callbacks/${this.id}/${verb}`, body);
      this.desk.tell(words);
    });
    this.busy.value = false;
    if (done) focusId(focus);
    else await this.load();
    void this.desk.talk.peek()?.load();
    return done;
  }
}

/** The call of whatever contact is open. */
export class Calls {
  readonly open: Signal<CallState | null> = signal(null);
  private readonly desk: Desk;

  constructor(desk: Desk) {
    this.desk = desk;
    effect(() => {
      const talk = desk.talk.value;
      const fact = talk?.contact.value && talk.entries.value.findLast((entry) => entry.kind === FACT);
      const id = typeof fact?.data.callback_id === "string" ? fact.data.callback_id : "";
      if ((this.open.peek()?.id ?? "") !== id) this.open.value = id ? new CallState(desk, id) : null;
      void this.open.peek()?.load();
    });
  }

  /** To the card; the next digit presses its button. */
  count(): void {
    const deeds = this.open.peek()?.deeds ?? [];
    this.desk.pane.value = "talk";
    this.desk.helping.counting.wait("call");
    focusId("desk-call-heading");
    this.desk.announcer.say(deeds.map((one, index) => `${index + 1} ${one.label}`).join(", ") || t("Nothing can be done with this call now."));
  }

  press(index: number): void {
    this.open.peek()?.deeds[index]?.run();
  }
}

export function outcomeLabel(outcome: Outcome): string {
  return {
    connected: t("Connected"),
    talked: t("Call finished"),
    no_answer: t("Nobody answered"),
    busy: t("The line was busy"),
    voicemail: t("Voicemail"),
    wrong_number: t("Wrong number"),
    failed: t("The call did not go through"),
  }[outcome];
}

/** How it stands with a call, for whoever makes it. */
export function callStateLabel(seen: StaffCallback): string {
  return {
    unconfirmed: t("Waits for the customer's code"),
    booked: t("Booked"),
    due: t("Waits for an agent"),
    offered: t("Your telephone rings"),
    agent_ready: t("Ready to call"),
    dialling: t("Calling"),
    connected: t("On the phone"),
    retrying: t("Not reached; will be tried again"),
    done: t("Call finished"),
    missed: t("Not reached"),
    cancelled: t("Called off"),
    replaced: t("Not needed any more"),
  }[seen.state];
}
