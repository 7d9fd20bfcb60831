// The desk: signs on, holds the live line, and carries out what an agent asks for. Views read its signals.

import { batch, computed, effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { Announcer } from "../../core/announcer.ts";
import { type Api, Problem } from "../../core/api.ts";
import { Drafts } from "../../core/drafts.ts";
import { t } from "../../core/i18n.ts";
import { Shortcuts, spokenChord } from "../../core/keys.ts";
import { type LineState, Live } from "../../core/live.ts";
import { Outbox, type Pending } from "../../core/outbox.ts";
import type { Agent, Attachment, Contact, Entry, Inbox, ProposalView, Queue, StatusKind, Session, Shop } from "../../core/shapes.ts";
import { Memory } from "../../core/storage.ts";
import { CaseState } from "./case.ts";
import { statusLabel } from "./commands.ts";
import { CustomerState } from "./customer.ts";
import { Finding } from "./finding.ts";
import { Helping } from "./helping.ts";
import { Hands } from "./helping_hands.ts";
import { Aside, type AsideView } from "./aside.ts";
import { Calls } from "./call.ts";
import { Bulk } from "./bulk.ts";
import { forget } from "./forgetting.ts";
import { InboxState } from "./inbox.ts";
import { draftKey, nameOf, ownerText } from "./names.ts";
import { Offers } from "./offers.ts";
import { Preferences } from "./preferences.ts";
import { chime } from "./sound.ts";
import { SavedReplies } from "./saved_replies.ts";
import { SavedViews } from "./saved_views.ts";
import { type Mode, Talk } from "./talk.ts";
import { WaitingHolds } from "./waiting_holds.ts";

export { draftKey, nameOf, ownerText } from "./names.ts";

export type Status = "available" | "busy" | "break" | "offline";
export type Pane = "inbox" | "talk" | "customer";
const KEPT_TALKS = 20;
const SENDING_MS = 8000;

/** Addresses of other pages, for those whose role opens them; the server says so. */
export interface Places {
  console?: string;
  reports?: string;
}

/** A saved reply that was sent; `deeds`: what goes along with it is done too. */
export interface UsedReply {
  id: string;
  deeds: boolean;
}

/** How words are said. `original`: one's own, where the text is their translation. */
export interface How {
  thenResolve: boolean;
  original?: { text: string; lang: string };
  sendAt?: string;
  used?: UsedReply;
}

export interface Notice {
  text: string;
  bad: boolean;
}

export class Desk {
  readonly api: Api;
  readonly session: Session;
  readonly announcer: Announcer;
  readonly places: Places;
  readonly shortcuts = new Shortcuts();
  readonly preferences: Preferences;
  readonly drafts: Drafts;
  readonly inbox: InboxState;
  readonly offers: Offers;
  readonly outbox: Outbox;
  readonly live: Live;
  readonly me: Signal<Agent>;
  readonly queues = signal<readonly Queue[]>([]);
  readonly statuses = signal<readonly StatusKind[]>([]);
  readonly limits = signal<Shop["limits"] | null>(null);
  readonly line = signal<LineState>("connecting");
  /** The session is over: the desk is only to be read until signed in again. */
  readonly signedOut = signal(false);
  readonly openId = signal<string | null>(null);
  readonly talk: ReadonlySignal<Talk | null>;
  readonly customer = signal<CustomerState | null>(null);
  /** The case of the open contact. */
  readonly case = signal<CaseState | null>(null);
  readonly helping = new Helping(this);
  readonly myId: ReadonlySignal<string>;
  readonly aside: Aside;
  readonly hands: Hands;
  readonly calls: Calls;
  readonly finding: Finding;
  /** The pane on a narrow screen. */
  readonly pane = signal<Pane>("inbox");
  readonly notice = signal<Notice | null>(null);
  /** Where the focus goes as soon as the opened contact is on the screen. */
  readonly arrival = signal<"none" | "heading" | "reply">("none");
  readonly views: SavedViews;
  readonly replies: SavedReplies;
  readonly bulk = new Bulk(this);
  readonly holds: WaitingHolds;
  private readonly talks = new Map<string, Talk>();
  private readonly pending = signal<readonly Pending[]>([]);
  private readonly resolveAfter = new Set<string>();
  private readonly usedReplies = new Map<string, UsedReply>();
  private noticeTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(api: Api, session: Session, announcer: Announcer, places: Places = {}, Socket?: typeof WebSocket) {
    const memory = new Memory(memoryOf(session));
    this.api = api;
    this.session = session;
    this.announcer = announcer;
    this.places = places;
    this.preferences = new Preferences(memory, api);
    effect(() => {
      this.shortcuts.singleKeys = this.preferences.singleKeys.value;
    });
    this.drafts = new Drafts(memory);
    this.finding = new Finding(api, memory);
    this.me = signal({ ...NOBODY, id: session.id, name: session.name, roles: session.roles });
    this.myId = computed(() => this.me.value.id);
    this.inbox = new InboxState(api, this.myId);
    this.aside = new Aside(api, announcer);
    this.replies = new SavedReplies(api);
    this.views = new SavedViews(api, (contacts) => this.inbox.showOnly(contacts));
    effect(() => this.bulk.selection.keep(this.inbox.shown));
    this.holds = new WaitingHolds({ api, memory, onDone: (contact) => this.met(contact), onRefused: (hold, why) => void this.failed(why, hold.contactId) });
    this.offers = new Offers((offer) => this.offered(offer.contact));
    this.outbox = new Outbox({ api, memory, onSaid: (said, one) => this.said(said.contact, said.entry, one), onFailed: (one, why) => this.notSaid(one, why) });
    this.outbox.subscribe(() => (this.pending.value = this.outbox.pending));
    this.pending.value = this.outbox.pending;
    this.talk = computed(() => (this.openId.value ? (this.talks.get(this.openId.value) ?? null) : null));
    this.hands = new Hands(this);
    this.calls = new Calls(this);
    this.live = new Live(
      api,
      {
        inbox: (inbox) => this.tookInbox(inbox),
        aside: (view) => this.aside.take(view as AsideView),
        entries: (part) => this.heard(part.contact, part.entries, part.cursor),
        typing: (id, author) => author.id !== this.me.peek().id && this.talks.get(id)?.someoneTypes(author),
        state: (state) => this.lineChanged(state),
        problem: () => this.endSession(),
      },
      Socket,
    );
  }

  async start(): Promise<void> {
    this.live.watchInbox();
    addEventListener("offline", this.live.dropped);
    this.live.start();
    this.outbox.resume();
    await this.attempt(async () => this.tookInbox(await this.api.get<Inbox>("/desk/inbox")));
    await this.views.load().catch(() => undefined);
    void this.api.get<Shop>("/shop").then(
      (shop) => (this.limits.value = shop.limits),
      () => undefined,
    );
    this.inbox.view.value = this.inbox.counts.value.mine ? "mine" : "waiting";
  }

  get isSupervisor(): boolean {
    return this.me.value.roles.some((role) => role === "supervisor" || role === "operator");
  }

  // ── opening ────────────────────────────────────────────────────────────────────────────────────

  open(id: string, arrival: "none" | "heading" | "reply" = "none"): void {
    const before = this.openId.peek();
    if (before && before !== id) this.live.unwatch(before);
    const talk = this.talks.get(id) ?? new Talk(this.api, id, this.inbox.contact(id)?.peek() ?? null, this.pending);
    this.talks.delete(id);
    this.talks.set(id, talk); // newest last
    for (const old of [...this.talks.keys()].slice(0, -KEPT_TALKS)) this.talks.delete(old);
    batch(() => {
      this.arrival.value = arrival;
      this.openId.value = id;
      this.inbox.row.value = id;
      this.pane.value = "talk";
      if (this.customer.peek()?.contactId !== id) this.customer.value = this.case.value = null;
      this.helping.open(id);
    });
    if (before !== id) void this.follow(talk);
  }

  closeTalk(): void {
    const id = this.openId.peek();
    if (id) this.live.unwatch(id);
    batch(() => {
      this.openId.value = null;
      this.customer.value = this.case.value = null;
      this.helping.close();
      this.pane.value = "inbox";
    });
  }

  private async follow(talk: Talk): Promise<void> {
    await talk.load();
    if (this.openId.peek() !== talk.id) return;
    this.live.watch(talk.id, () => talk.ledger.cursor);
    const contact = talk.contact.peek();
    if (!contact) return;
    this.inbox.update(contact);
    if (contact.owner.id === this.me.peek().id) void talk.markSeen();
    void this.helping.guidance.peek()?.load(contact);
    await this.readCustomer(contact);
  }

  async readCustomer(contact: Contact): Promise<void> {
    const state = new CustomerState(this.api, contact);
    this.customer.value = state;
    this.case.value = contact.case ? new CaseState(this.api, contact.case.number) : null;
    await Promise.all([state.load(), this.case.value?.load()]);
  }

  // ── deeds ──────────────────────────────────────────────────────────────────────────────────────

  async accept(): Promise<void> {
    const offer = this.offers.first.peek();
    if (!offer) return void this.tell(t("No contact is offered to you now."));
    this.offers.drop(offer.contact);
    await this.deed(offer.contact, "accept", {}, () => this.open(offer.contact.id, "heading"));
  }

  async decline(): Promise<void> {
    const offer = this.offers.first.peek();
    if (!offer) return;
    this.offers.drop(offer.contact);
    await this.deed(offer.contact, "decline", {});
  }

  async take(contact: Contact): Promise<void> {
    await this.deed(contact, "take", {}, () => this.open(contact.id, "heading"));
  }

  /** Without a connection it is kept, and done once it is back. */
  async snooze(contact: Contact, until: Date): Promise<void> {
    const next = this.inbox.after(contact.id);
    const seen = this.talks.get(contact.id)?.contact.peek() ?? contact;
    try {
      const waits = await this.holds.hold(contact.id, until, seen.owner.version);
      this.tell(waits ? t("No connection: it is put on hold as soon as there is one.") : t("Put on hold."));
      this.next(contact.id, next);
    } catch (error) {
      await this.failed(error, contact.id);
    }
  }

  async unsnooze(contact: Contact): Promise<void> {
    await this.deed(contact, "unsnooze", {}, () => this.tell(t("Back from hold.")));
  }

  /** Returns why it was refused, or "". */
  async transfer(contact: Contact, to: { queue?: string; agent_id?: string; note: string }): Promise<string> {
    const next = this.inbox.after(contact.id);
    return this.deed(contact, "transfer", to, () => {
      this.tell(t("Transferred."));
      this.next(contact.id, next);
    });
  }

  /** Resolve and open the next one. `anyway`: although the case has open tasks. Returns why it was refused, or "". */
  async resolve(contact: Contact, text = "", anyway = false): Promise<string> {
    const next = this.inbox.after(contact.id);
    await this.allSent(contact.id);
    return this.deed(contact, "resolve", { text, anyway }, () => {
      this.tell(t("Resolved. The customer is asked whether it is solved."));
      this.next(contact.id, next);
    });
  }

  /** How much of one's own in a contact has not reached the server. */
  unsent(contactId: string): number {
    const failed = this.pending.value.filter((one) => one.contactId === contactId && (one.state === "failed" || this.line.value !== "live"));
    return failed.length + (this.holds.of(contactId) ? 1 : 0);
  }

  /** What was said goes out before the deed that follows it; not longer than a person would wait. */
  private async allSent(contactId: string): Promise<void> {
    const sending = (): boolean => this.outbox.pending.some((one) => one.contactId === contactId && one.state === "sending");
    if (!sending()) return;
    await new Promise<void>((done) => {
      const stop = this.outbox.subscribe(() => sending() || (stop(), done()));
      setTimeout(() => (stop(), done()), SENDING_MS);
    });
  }

  private next(doneId: string, next: string | null): void {
    if (this.openId.peek() !== doneId) return;
    if (next && this.inbox.view.peek() === "mine") this.open(next, "heading");
    else {
      this.closeTalk();
      requestAnimationFrame(() => document.getElementById("desk-list")?.focus());
    }
  }

  /** A newer version of a contact, from an answer to a deed. */
  met(contact: Contact): void {
    this.talks.get(contact.id)?.update(contact);
    this.inbox.update(contact);
  }

  /** One change of a contact in the name of the version seen; a conflict shows who has it now. Returns the refusal, or "". */
  private async deed(contact: Contact, verb: string, body: object, done: () => void = () => undefined): Promise<string> {
    const seen = this.talks.get(contact.id)?.contact.peek() ?? this.inbox.contact(contact.id)?.peek() ?? contact;
    try {
      const fresh = await this.api.post<Contact>(`/contacts/${contact.id}/${verb}`, { ...body, owner_version: seen.owner.version });
      this.met(fresh);
      done();
      return "";
    } catch (error) {
      return this.failed(error, contact.id);
    }
  }

  /** Approve what waits, and it is done at once; or do not, and nothing is changed. */
  async decide(view: ProposalView, verb: "approve" | "withdraw"): Promise<void> {
    await this.attempt(async () => {
      const done = await this.api.post<ProposalView>(`/proposals/${view.id}/${verb}`);
      this.tell(done.receipt?.title || (verb === "approve" ? t("Approved.") : t("Not approved. Nothing was changed.")));
    });
    await this.talk.peek()?.load();
  }

  /** `kind`: a status of the house, which stands on `status`. */
  async setStatus(status: Status, kind = ""): Promise<void> {
    await this.attempt(async () => {
      this.me.value = await this.api.put<Agent>("/agents/me/status", { status, kind });
      this.tell(t("You are now: {status}", { status: kind ? this.me.value.status_label : statusLabel(status) }));
    });
  }

  async signOut(): Promise<void> {
    await this.attempt(async () => {
      for (const contactId of new Set(this.outbox.pending.map((one) => one.contactId))) await this.allSent(contactId);
      await this.preferences.save();
      await this.api.delete("/sessions/current");
      forget(memoryOf(this.session));
      location.assign("/desk/sign-in");
    });
  }

  // ── speaking ───────────────────────────────────────────────────────────────────────────────────

  say(talk: Talk, mode: Mode, text: string, attachments: Attachment[], how: How): void {
    const { original, sendAt } = how;
    const pending = this.outbox.say(talk.id, { text, attachments, internal: mode === "note", ownerVersion: talk.version, original, sendAt });
    if (how.thenResolve) this.resolveAfter.add(pending.clientKey);
    if (how.used) this.usedReplies.set(pending.clientKey, how.used);
    this.drafts.set(draftKey(talk.id, mode), "");
  }

  private said(contact: Contact, entry: Entry, one: Pending): void {
    this.talks.get(contact.id)?.ledger.said({ contact, entry });
    this.met(contact);
    this.announcer.say(one.internal ? t("Note added.") : entry.kind === "mail.waits" ? t("The reply waits. It can be taken back until it leaves.") : t("Message sent."));
    void this.afterSaying(contact, one.clientKey);
  }

  private async afterSaying(contact: Contact, key: string): Promise<void> {
    const used = this.usedReplies.get(key);
    this.usedReplies.delete(key);
    if (used) await this.deed(contact, `saved-replies/${used.id}/use`, { deeds: used.deeds }, () => used.deeds && this.tell(t("Sent, and what goes along with it is done.")));
    if (this.resolveAfter.delete(key)) await this.resolve(contact);
  }

  /** Words that the server refused go back to the draft; what only lost its way stays and is sent again. */
  private notSaid(one: Pending, why: Problem): void {
    if (!why.passing) this.usedReplies.delete(one.clientKey);
    this.resolveAfter.delete(one.clientKey);
    if (why.passing) return this.announcer.alert(t("Not sent yet: no connection. It will be sent again."));
    if (why.status !== 409 && why.status !== 403) return this.announcer.alert(t("Not sent: {reason}", { reason: why.message }));
    this.giveBack(one);
    void this.failed(why, one.contactId);
  }

  giveBack(one: Pending): void {
    this.outbox.drop(one.clientKey);
    this.putBack(draftKey(one.contactId, one.internal ? "note" : "reply"), one.text);
  }

  /** A reply by mail that has not left: it never does, and its words go back to the composer. */
  async takeBack(contactId: string, replyId: string, text: string): Promise<void> {
    await this.attempt(async () => {
      await this.api.post(`/replies/${replyId}/take-back`);
      this.putBack(draftKey(contactId, "reply"), text);
      this.announcer.say(t("Taken back. Its words are in the composer again."));
    });
    await this.talk.peek()?.load();
  }

  private putBack(key: string, text: string): void {
    const draft = this.drafts.get(key);
    this.drafts.set(key, draft ? `${text}\n${draft}` : text);
    this.restored.value++;
  }

  /** Counts words given back, so that an open composer reads its draft again. */
  readonly restored = signal(0);

  // ── what comes in ──────────────────────────────────────────────────────────────────────────────

  private tookInbox(inbox: Inbox): void {
    batch(() => {
      this.me.value = inbox.me;
      this.queues.value = inbox.queues;
      this.statuses.value = inbox.statuses ?? [];
      this.inbox.take(inbox);
    });
    this.offers.take(inbox);
    this.views.moved();
  }

  private heard(contact: Contact, entries: readonly Entry[], cursor: number): void {
    const talk = this.talks.get(contact.id);
    if (!talk) return;
    const before = talk.contact.peek();
    const fresh = talk.merge({ contact, entries, cursor });
    this.inbox.update(contact);
    for (const entry of fresh) {
      this.outbox.settle(entry.client_key);
      if (entry.mine || this.openId.peek() !== contact.id) continue;
      if (entry.kind === "message" && entry.author.kind !== "system") this.announcer.say(`${entry.author.name}: ${entry.text}`);
    }
    if (this.openId.peek() !== contact.id) return;
    this.hands.heard(contact, fresh);
    if (fresh.length || before?.topic !== contact.topic) void this.helping.guidance.peek()?.load(contact);
    if (contact.owner.id === this.me.peek().id) void talk.markSeen();
    if (before?.owner.id === this.me.peek().id && before.owner.kind === "agent") this.sayNewOwner(before, contact);
    if (fresh.some((entry) => entry.kind === "contact.identified" || entry.kind === "proposal.done")) void this.refreshCustomer(contact);
  }

  private async refreshCustomer(contact: Contact): Promise<void> {
    const known = this.customer.peek();
    if (known?.contactId === contact.id && contact.customer?.id === known.customer.peek()?.id) await known.refresh(known.order.peek());
    else await this.readCustomer(contact);
  }

  private sayNewOwner(before: Contact, now: Contact): void {
    if (now.owner.version === before.owner.version || now.owner.id === before.owner.id || now.state !== "open") return;
    this.tell(ownerText(now), true);
  }

  private offered(contact: Contact): void {
    const key = spokenChord(this.shortcuts.chordOf("accept") ?? "");
    const isCall = contact.channel === "callback";
    this.announcer.say(
      isCall ? t("New call-back: {customer}, {title}. {key} to accept.", { customer: nameOf(contact), title: contact.title, key }) : t("New contact: {customer}, {title}. {key} to accept.", { customer: nameOf(contact), title: contact.title, key }),
    );
    if (this.preferences.sound.peek()) chime();
  }

  private lineChanged(state: LineState): void {
    const before = this.line.peek();
    this.line.value = state;
    if (state === "lost") this.announcer.alert(t("The connection is lost. What you write is kept and sent later."));
    if (state === "live" && (before === "lost" || before === "polling")) this.announcer.say(t("Connected again."));
    if (state !== "live" && state !== "polling") return;
    this.outbox.resume();
    void this.holds.resume((contactId) => this.allSent(contactId));
    void this.preferences.save().catch(() => undefined);
  }

  private endSession(): void {
    this.signedOut.value = true;
    this.announcer.alert(t("You have been signed out. Your drafts are kept."));
  }

  // ── telling ────────────────────────────────────────────────────────────────────────────────────

  /** Say something in passing, on the screen and aloud. */
  tell(text: string, bad = false): string {
    clearTimeout(this.noticeTimer);
    this.notice.value = { text, bad };
    this.announcer.say(text);
    this.noticeTimer = setTimeout(() => (this.notice.value = null), bad ? 12_000 : 5000);
    return text;
  }

  /** After a refusal: when another has the contact, read it afresh and say who. */
  async failed(error: unknown, contactId?: string): Promise<string> {
    const problem = error instanceof Problem ? error : new Problem({ status: 0 });
    if (problem.status === 401 && problem.code !== "sign_in_needed") return (this.endSession(), problem.message);
    if (problem.status !== 409 || !contactId) return this.tell(problem.message || t("The server cannot be reached. Please try again."), true);
    const fresh = await this.api.get<Contact>(`/contacts/${contactId}`).catch(() => null);
    if (!fresh) return this.tell(problem.message, true);
    this.met(fresh);
    return this.tell(problem.code === "owner_changed" ? ownerText(fresh) : problem.message, true);
  }

  async attempt(run: () => Promise<void>): Promise<boolean> {
    try {
      await run();
      return true;
    } catch (error) {
      await this.failed(error);
      return false;
    }
  }
}

/** Under which name this browser keeps what an agent has not sent yet. */
const memoryOf = (session: Session): string => `desk:${session.id}`;

const NOBODY: Agent = { id: "", name: "", status: "offline", status_label: "", open_contacts: 0, capacity: 0, roles: [], languages: [], queues: [] };
