// One customer's visit to the counter: session, orders, contacts, the conversation on the screen, and where one is.
// No view code; views listen by `subscribe` and call the verbs.

import { type Alternative, Api, clientKey, Problem } from "../core/api.ts";
import { Drafts } from "../core/drafts.ts";
import { t } from "../core/i18n.ts";
import { Ledger } from "../core/ledger.ts";
import { type LineState, Live } from "../core/live.ts";
import { Outbox } from "../core/outbox.ts";
import type { Attachment, Callback, Contact, ContactPage, Entries, Entry, Option, OrderView, ProposalView, Session, Shop, Topic } from "../core/shapes.ts";
import { Memory } from "../core/storage.ts";

export type View =
  | { name: "home" | "orders" | "chat" | "display" }
  | { name: "history"; back?: View }
  | { name: "problems"; order: OrderView; problems: Topic[] }
  | { name: "sign-in"; back: View }
  /** Asking to be called. `contact`: the chat whose place in line it takes over; `callback`: one that is to be moved. */
  | { name: "call"; back: View; contact?: Contact | null; callback?: Callback };

export interface Opening {
  text?: string;
  problem?: string;
  order?: string;
  case?: string;
  person?: boolean;
}

/** What the visit tells a screen reader, a title or a loudspeaker. */
export interface Heard {
  fresh: (entries: readonly Entry[]) => void;
  /** Our own words have arrived, or could not be sent. */
  sent: () => void;
  failed: (reason: string) => void;
  /** A conversation from before is shown again. */
  resumed: () => void;
}

/** Ask again, for another agent, for a senior one, for a deed (levels 1 to 3). */
export type Escalation = "again" | "other" | "senior" | "demand";

const SEEN_AFTER_MS = 800;
const TYPING_MS = 6000;
const GONE = 401;

export class Visit {
  readonly api: Api;
  readonly memory: Memory;
  readonly drafts: Drafts;
  readonly outbox: Outbox;
  readonly live: Live;
  view: View = { name: "home" };
  shop: Shop | null = null;
  session: Session | null = null;
  orders: OrderView[] = [];
  contacts: Contact[] = [];
  ledger: Ledger | null = null;
  line: LineState = "off";
  /** What went wrong with the last deed, for the reader. */
  problem = "";
  /** Where one gets on instead. */
  instead?: Alternative[];
  busy = false;
  typing = "";
  /** The beginning of an answer that is being worded. */
  saying = "";
  /** The entry whose card may take the focus, because the reader's own press brought it. */
  focusSeq = 0;
  /** How often failed words were taken back into the composer. */
  takenBack = 0;
  heard: Partial<Heard> = {};
  private begun: Promise<void> | null = null;
  private opening = "";
  private pressed = false;
  private seen = 0;
  private readonly listeners = new Set<() => void>();
  private readonly timers: Record<string, ReturnType<typeof setTimeout>> = {};
  private readonly shopToken: () => Promise<string>;
  private readonly client: string;

  constructor(server: string, language: string, shopToken: () => Promise<string>, client = "") {
    this.shopToken = shopToken;
    this.client = client;
    this.memory = new Memory(server);
    this.api = new Api({ server, language });
    this.api.renewed = () => this.newerToken();
    this.drafts = new Drafts(this.memory);
    this.outbox = new Outbox({
      api: this.api,
      memory: this.memory,
      onSaid: (said) => {
        if (said.contact.id === this.ledger?.contactId) this.ledger.said(said);
        this.heard.sent?.();
      },
      onFailed: (pending, problem) => {
        if (problem.status === GONE) this.forget();
        this.heard.failed?.(pending.reason || problem.message);
      },
    });
    this.outbox.subscribe(this.changed);
    this.live = new Live(this.api, {
      entries: (part) => this.received(part),
      typing: (contactId, author, text = "") => contactId === this.ledger?.contactId && this.showTyping(author.name, text),
      state: (state) => this.lineIs(state),
      problem: (problem) => {
        if (this.newerToken()) this.live.start();
        else if (problem.status === GONE) this.forget();
      },
    });
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Find out who and where we are; once, and again after a failure. */
  begin(): Promise<void> {
    this.begun ??= this.findOut().catch((error: Error) => {
      this.begun = null;
      this.problem = error.message || t("We could not be reached. Please try again in a moment.");
      this.changed();
    });
    return this.begun;
  }

  /** Run a deed of the reader: one at a time, its refusal shown. */
  async attempt(deed: () => Promise<unknown>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.problem = "";
    this.changed();
    try {
      await deed();
      return true;
    } catch (error) {
      this.problem = this.reason(error);
      this.instead = (error as Problem).alternatives;
      return false;
    } finally {
      this.busy = false;
      this.changed();
    }
  }

  go(view: View): void {
    this.view = view;
    this.problem = "";
    this.memory.set("view", view.name === "chat" ? "chat" : undefined);
    if (view.name === "home") void this.refresh().then(this.changed, () => undefined);
    this.changed();
  }

  back(): void {
    const { view } = this;
    this.go(("back" in view && view.back) || { name: "home" });
  }

  // ── orders and contacts ─────────────────────────────────────────────────────────────────────────

  /** An order was picked: what may be wrong with it, by its state. */
  pick(order: OrderView | string): Promise<boolean> {
    return this.attempt(async () => {
      const number = typeof order === "string" ? order : order.number;
      const [view, possible] = await Promise.all([
        typeof order === "string" ? this.api.get<OrderView>(`/orders/${number}`) : order,
        this.api.get<{ problems: Topic[] }>(`/orders/${number}/possible`),
      ]);
      this.go({ name: "problems", order: view, problems: possible.problems });
    });
  }

  allOrders(): Promise<boolean> {
    return this.attempt(async () => {
      this.orders = (await this.api.get<{ orders: OrderView[] }>("/orders", { limit: 100 })).orders;
      this.go({ name: "orders" });
    });
  }

  open(opening: Opening): Promise<boolean> {
    return this.attempt(async () => {
      await this.beKnown();
      this.opening ||= clientKey(); // the same if the answer gets lost and one presses again
      try {
        const part = await this.api.post<Entries>("/contacts", {
          language: this.api.language,
          text: opening.text ?? "",
          order_number: opening.order ?? "",
          problem: opening.problem ?? "",
          case: opening.case ?? "",
          want_person: opening.person ?? false,
          page: location.origin + location.pathname,
          client_key: this.opening,
        });
        this.opening = "";
        this.pressed = true;
        this.enter(part.contact, part);
        // quick answers come with it: no history, but news
        this.heard.fresh?.(part.entries.filter((entry) => !entry.mine));
      } catch (error) {
        if (error instanceof Problem && !error.passing) this.opening = "";
        throw error;
      }
    });
  }

  show(contactId: string): Promise<boolean> {
    return this.attempt(() => this.load(contactId, true));
  }

  history(): Promise<boolean> {
    return this.attempt(async () => {
      this.contacts = (await this.api.get<ContactPage>("/contacts", { limit: 100 })).contacts;
      this.go({ name: "history", ...(this.view.name === "chat" && { back: this.view }) });
    });
  }

  // ── the conversation ────────────────────────────────────────────────────────────────────────────

  say(text: string, attachments: Attachment[] = []): void {
    if (this.ledger) this.outbox.say(this.ledger.contactId, { text, attachments });
  }

  /** Failed words go back into the composer. */
  takeBack(key: string): void {
    const dropped = this.outbox.drop(key);
    if (!dropped) return;
    this.drafts.set(dropped.contactId, dropped.text);
    this.takenBack += 1;
    this.changed();
  }

  choose(entry: Entry, option: Option): void {
    if (!entry.choices || this.outbox.pending.some((one) => one.choice?.key === entry.choices?.key)) return;
    this.pressed = true;
    const choice = { key: entry.choices.key, value: option.value };
    this.outbox.say(entry.contact_id, { text: "", choice, choiceLabel: option.label });
  }

  async confirm(view: ProposalView): Promise<void> {
    await this.deed(() => this.api.post(`/proposals/${view.id}/confirm`, { key: `confirm:${view.id}` }));
  }

  async withdraw(view: ProposalView): Promise<void> {
    await this.deed(() => this.api.post(`/proposals/${view.id}/withdraw`));
  }

  /** 担当者と話す: from anywhere, always. Says where things stand when a person is already coming. */
  async person(): Promise<string> {
    const contact = this.view.name === "chat" ? this.ledger?.contact : this.contacts.find((one) => one.owner.kind === "queue" || one.owner.kind === "agent");
    if (!contact || contact.state === "ended") {
      await this.open({ person: true, order: this.view.name === "problems" ? this.view.order.number : "" });
      return "";
    }
    if (contact.id !== this.ledger?.contactId || this.view.name !== "chat") await this.show(contact.id);
    if (contact.owner.kind === "agent") return t("{name} is helping you. Please write here.", { name: contact.owner.name });
    if (!contact.can.hand_over) return contact.expectation?.text ?? contact.state_label;
    const { ledger } = this;
    await this.attempt(async () => {
      const { cursor: _later, ...part } = await this.api.post<Entries>(`/contacts/${contact.id}/hand-over`, { client_key: clientKey() });
      ledger?.merge(part); // only its end: what lies before comes by the live line
    });
    return "";
  }

  upload(file: File): Promise<Attachment> {
    return this.deed(() => this.api.upload<Attachment>(`/contacts/${this.ledger?.contactId}/attachments`, file));
  }

  /** The reader has the conversation before them. */
  look(): void {
    const { ledger } = this;
    const last = ledger?.entries.at(-1)?.seq ?? 0;
    if (!ledger || last <= this.seen) return;
    this.later("seen", SEEN_AFTER_MS, () => {
      this.seen = last;
      void this.api.post(`/contacts/${ledger.contactId}/seen`, { seq: last }).catch(() => undefined);
    });
  }

  // ── who is asking ───────────────────────────────────────────────────────────────────────────────

  /** Somebody has proved who they are: back to where they were, with what they may see now. */
  async signedIn(session: Session): Promise<void> {
    this.take(session);
    await this.refresh();
    if (this.ledger) await this.load(this.ledger.contactId, false);
    this.back();
  }

  async signOut(): Promise<void> {
    await this.api.delete("/sessions/current").catch(() => undefined);
    this.leaveNothing();
    this.go({ name: "home" });
  }

  /** Its words are in our language, whatever a cookie of the same server says. */
  async readShop(): Promise<void> {
    this.shop = await this.api.get<Shop>("/shop", { lang: this.api.language, client: this.client });
  }

  private async findOut(): Promise<void> {
    await this.readShop();
    await this.recognise();
    await this.refresh();
    const current = this.memory.get<string>("contact");
    if (current && this.session) {
      const shown = this.memory.get("view") === "chat";
      await this.load(current, shown).then(
        () => shown && this.heard.resumed?.(),
        () => this.memory.set("contact", undefined),
      );
    }
    this.outbox.resume();
    this.changed();
  }

  /** Our own session from before, raised by the shop's token where it gives one. The shop says who is signed in: when it
   *  names somebody else, or nobody any more, what we knew of the one before is dropped. */
  private async recognise(): Promise<void> {
    this.newerToken();
    const token = await this.shopToken().catch(() => "");
    const [named, before] = [subjectOf(token), this.memory.get<string>("customer") ?? ""];
    if (named !== before && before) this.leaveNothing();
    if (this.api.token) {
      this.session = await this.api.get<Session>("/sessions/current").catch((error: Problem) => {
        if (error.passing) throw error;
        this.forget();
        return null;
      });
    }
    if (!token || (named === before && (this.session?.rung ?? 0) >= 2)) return;
    const session = await this.api.post<Session>("/sessions/shop-token", { token }).catch(() => null);
    if (!session) return;
    this.memory.set("customer", named);
    this.take(session);
  }

  /** Another tab may have signed in and so replaced our token. */
  private newerToken(): boolean {
    const kept = this.memory.get<string>("session") ?? "";
    const newer = kept !== "" && kept !== this.api.token;
    if (newer) this.api.token = kept;
    return newer;
  }

  private leaveNothing(): void {
    this.forget();
    for (const key of ["customer", "drafts", "outbox"]) this.memory.set(key, undefined);
    for (const { clientKey: key } of this.outbox.pending) this.outbox.drop(key);
  }

  /** A session of their own also for a visitor, before the first deed. */
  async beKnown(): Promise<void> {
    if (!this.session) this.take(await this.api.post<Session>("/sessions/visitor", { language: this.api.language }));
  }

  private take(session: Session): void {
    this.session = session;
    if (!session.token || session.token === this.api.token) return;
    this.api.token = session.token;
    this.memory.set("session", session.token);
    if (this.line === "off") return;
    this.live.stop();
    this.live.start();
  }

  /** The session has ended: nothing of it stays here but the unsent draft. */
  private forget(): void {
    this.live.stop();
    this.session = null;
    this.api.token = "";
    this.orders = [];
    this.contacts = [];
    this.ledger = null;
    for (const key of ["session", "contact", "view"]) this.memory.set(key, undefined);
    if (this.view.name === "chat") this.view = { name: "home" };
    this.changed();
  }

  private async refresh(): Promise<void> {
    if (!this.session) return;
    const [orders, contacts] = await Promise.all([
      this.session.rung > 0 ? this.api.get<{ orders: OrderView[] }>("/orders", { limit: 4 }) : { orders: [] },
      this.api.get<ContactPage>("/contacts", { limit: 20 }),
    ]);
    this.orders = orders.orders;
    this.contacts = contacts.contacts;
  }

  private async load(contactId: string, show: boolean): Promise<void> {
    let after = 0;
    let part: Entries;
    const entries: Entry[] = [];
    do {
      part = await this.api.get<Entries>(`/contacts/${contactId}/entries`, { after, limit: 500 });
      entries.push(...part.entries);
      after = part.cursor;
    } while (part.more);
    this.enter(part.contact, { ...part, entries }, show);
  }

  private enter(contact: Contact, part: Entries, show = true): void {
    const before = this.ledger;
    if (before && before.contactId !== contact.id) this.live.unwatch(before.contactId);
    const ledger = before?.contactId === contact.id ? before : new Ledger(contact.id);
    ledger.merge(part);
    if (ledger !== before) {
      this.ledger = ledger;
      this.aim(part.entries);
      this.seen = contact.customer_seen_seq;
      this.typing = this.saying = "";
      ledger.subscribe((fresh) => this.grew(fresh));
    }
    for (const entry of part.entries) this.outbox.settle(entry.client_key);
    this.memory.set("contact", contact.state === "ended" ? undefined : contact.id);
    this.live.watch(contact.id, () => ledger.cursor);
    this.live.start();
    if (show) this.go({ name: "chat" });
  }

  private received(part: { contact: Contact; entries: Entry[]; cursor: number }): void {
    if (part.contact.id !== this.ledger?.contactId) return;
    for (const entry of part.entries) this.outbox.settle(entry.client_key);
    this.ledger.merge(part);
  }

  private grew(fresh: readonly Entry[]): void {
    const others = fresh.filter((entry) => !entry.mine);
    this.aim(others);
    if (others.length) {
      this.typing = this.saying = "";
      this.heard.fresh?.(others);
    }
    this.changed();
  }

  /** A card that the reader's own press has brought may take the focus; the first question after it ends the wait. */
  private aim(entries: readonly Entry[]): void {
    const card = entries.find((entry) => entry.card?.kind === "proposal");
    if (card && this.pressed) this.focusSeq = card.seq;
    if (card || entries.some((entry) => entry.choices)) this.pressed = false;
  }

  /** A deed on the contact that is shown; the answer is the contact as it is then. */
  async settle(what: string, body: unknown): Promise<void> {
    const contact = await this.deed(() => this.api.post<Contact>(`/contacts/${this.ledger?.contactId}/${what}`, body));
    this.ledger?.merge({ contact, entries: [] });
  }

  /** A call whose refusal the calling view shows by itself. */
  async deed<T>(call: () => Promise<T>): Promise<T> {
    return call().catch((error: unknown) => {
      throw new Error(this.reason(error));
    });
  }

  private reason(error: unknown): string {
    if (error instanceof Problem && error.status === GONE) {
      this.forget();
      return t("Your session has ended. Please confirm again who you are.");
    }
    return (error as Error).message || t("We could not be reached. Please try again in a moment.");
  }

  private showTyping(name: string, text: string): void {
    this.typing = name;
    this.saying = text;
    this.later("typing", TYPING_MS, () => {
      this.typing = this.saying = "";
      this.changed();
    });
    this.changed();
  }

  private lineIs(state: LineState): void {
    this.line = state;
    if (state === "live" || state === "polling") this.outbox.resume();
    this.changed();
  }

  private later(name: string, ms: number, run: () => void): void {
    clearTimeout(this.timers[name]);
    this.timers[name] = setTimeout(run, ms);
  }

  private changed = (): void => {
    for (const listener of this.listeners) listener();
  };
}

/** Whom the shop's token names, unchecked: only to notice that it is somebody else. The server checks. */
function subjectOf(token: string): string {
  try {
    return String(JSON.parse(atob((token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/"))).sub ?? "");
  } catch {
    return "";
  }
}
