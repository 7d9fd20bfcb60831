// The inbox: every contact this screen knows as one signal per row, sorted into views. The whole inbox comes first, then
// the rows that changed; only those are drawn again.

import { batch, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { Api } from "../../core/api.ts";
import type { Contact, ContactPage, Customer, Inbox } from "../../core/shapes.ts";
import { inOrder, sameRow, type View, VIEWS, viewOf } from "./views.ts";

const PAGE = 100;
/** Customers whose contacts are read for one search. */
const CUSTOMERS = 6;

export class InboxState {
  readonly view = signal<View>("mine");
  readonly counts = signal<Inbox["counts"]>({ mine: 0, waiting: 0, snoozed: 0, assistant: 0, longest_wait_s: 0 });
  /** When the counts were taken, by this machine's clock. */
  readonly countedAt = signal(Date.now());
  /** The row on which the keys stand. */
  readonly row = signal<string | null>(null);
  readonly loaded = signal(false);
  readonly more = signal<string | null>(null);
  readonly search = signal("");
  readonly found = signal<readonly string[] | null>(null);
  /** What a view by criteria holds, while it stands in the place of the own views. */
  readonly only = signal<readonly string[] | null>(null);
  private readonly api: Api;
  private readonly me: ReadonlySignal<string>;
  private readonly rows = new Map<string, Signal<Contact>>();
  private readonly lists = Object.fromEntries(VIEWS.map((view) => [view, signal<readonly string[]>([])])) as Record<View, Signal<readonly string[]>>;
  private live = new Set<string>();
  private readonly paged = new Set<string>();
  private searching = 0;

  constructor(api: Api, me: ReadonlySignal<string>) {
    this.api = api;
    this.me = me;
  }

  /** Ids to show now: the search's findings, what meets the criteria, or the view's contacts. */
  get shown(): readonly string[] {
    return this.found.value ?? this.only.value ?? this.lists[this.view.value].value;
  }

  list(view: View): readonly string[] {
    return this.lists[view].value;
  }

  contact(id: string): Signal<Contact> | undefined {
    return this.rows.get(id);
  }

  all(): Contact[] {
    return [...this.rows.values()].map((row) => row.peek());
  }

  /** The server's newest inbox, or the part of it that is new. */
  take(inbox: Inbox): void {
    batch(() => {
      const before = this.live;
      const gone = new Set(inbox.gone);
      const stay = inbox.part ? [...before].filter((id) => !gone.has(id)) : [];
      this.live = new Set([...stay, ...inbox.contacts.map((contact) => contact.id)]);
      for (const contact of inbox.contacts) this.put(contact);
      for (const id of before) if (!this.live.has(id)) this.paged.delete(id);
      this.counts.value = inbox.counts;
      this.countedAt.value = Date.now();
      this.loaded.value = true;
      this.sort();
    });
  }

  /** A newer version of one contact, from the conversation or from an answer to a deed. */
  update(contact: Contact): void {
    batch(() => {
      this.put(contact);
      this.sort();
    });
  }

  /** Show these, in this order; null: the own views again. */
  showOnly(contacts: readonly Contact[] | null): void {
    batch(() => {
      for (const contact of contacts ?? []) this.put(contact);
      const ids = contacts?.map((contact) => contact.id) ?? null;
      if (!ids || !this.only.peek() || !sameIds(ids, this.only.peek()!)) this.only.value = ids;
    });
  }

  async open(view: View): Promise<void> {
    this.clearSearch();
    this.view.value = view;
    this.more.value = null;
    await this.page(view);
  }

  async loadMore(): Promise<void> {
    if (this.more.value) await this.page(this.view.value, this.more.value);
  }

  /** Look for contacts of any owner: among those on the screen, then by the customer's name, kana, mail or number. */
  async look(text: string): Promise<void> {
    const wanted = text.trim().toLowerCase();
    this.search.value = text;
    const mine = ++this.searching;
    if (!wanted) return this.clearSearch();
    const here = this.all().filter((contact) => wordsOf(contact).includes(wanted));
    this.found.value = here.map((contact) => contact.id);
    if (wanted.length < 2) return;
    const customers = await this.api.get<Customer[]>("/customers", { search: text.trim() });
    const pages = await Promise.all(
      customers.slice(0, CUSTOMERS).map((one) => this.api.get<ContactPage>(`/customers/${one.id}/contacts`, { limit: 20 })),
    );
    if (mine !== this.searching) return;
    batch(() => {
      const contacts = pages.flatMap((page) => page.contacts);
      for (const contact of contacts) this.put(contact);
      this.found.value = [...new Set([...here, ...contacts].map((contact) => contact.id))];
    });
  }

  clearSearch(): void {
    this.searching++;
    this.search.value = "";
    this.found.value = null;
  }

  /** The neighbour of `id` in what is shown; `step` +1 or -1, stays at the ends. */
  neighbour(id: string | null, step: number): string | null {
    const shown = this.shown;
    if (!shown.length) return null;
    const at = id === null ? -1 : shown.indexOf(id);
    if (at < 0) return (step > 0 ? shown[0] : shown.at(-1)) ?? null;
    return shown[Math.min(Math.max(at + step, 0), shown.length - 1)] ?? null;
  }

  /** What to open after `id` is done: the one below, else above, else nothing. */
  after(id: string): string | null {
    const shown = this.shown;
    const at = shown.indexOf(id);
    return shown[at + 1] ?? shown[at - 1] ?? null;
  }

  private async page(view: View, after?: string): Promise<void> {
    const page = await this.api.get<ContactPage>("/contacts", { view, limit: PAGE, after });
    batch(() => {
      for (const contact of page.contacts) {
        this.put(contact);
        this.paged.add(contact.id);
      }
      if (view === this.view.peek()) this.more.value = page.next ?? null;
      this.sort();
    });
  }

  private put(contact: Contact): void {
    const row = this.rows.get(contact.id);
    if (!row) return void this.rows.set(contact.id, signal(contact));
    const before = row.peek();
    const now = { ...contact, viewers: contact.viewers ?? before.viewers }; // only the live line knows them
    if (contact.last_seq >= before.last_seq && !sameRow(before, now)) row.value = now;
  }

  private sort(): void {
    const groups: Record<View, Contact[]> = { mine: [], waiting: [], snoozed: [], assistant: [], ended: [] };
    for (const [id, row] of this.rows) {
      if (!this.live.has(id) && !this.paged.has(id)) continue;
      const view = viewOf(row.peek(), this.me.peek());
      if (view) groups[view].push(row.peek());
    }
    for (const view of VIEWS) {
      const ids = inOrder(view, groups[view]).map((contact) => contact.id);
      if (!sameIds(ids, this.lists[view].peek())) this.lists[view].value = ids;
    }
  }
}

function sameIds(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((id, index) => id === b[index]);
}

function wordsOf(contact: Contact): string {
  const { customer } = contact;
  return [contact.title, customer?.name, customer?.kana, customer?.email, contact.order_number, contact.case?.number].join(" ").toLowerCase();
}
