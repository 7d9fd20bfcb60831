// What the third pane knows about the customer of the open contact: facts, orders with what can be done, earlier contacts.

import { batch, type Signal, signal } from "@preact/signals";
import { type Api, Problem } from "../../core/api.ts";
import { t } from "../../core/i18n.ts";
import type { Contact, Customer, OrderView, Possible } from "../../core/shapes.ts";
import type { Overview, Profile, Reach } from "./overview.ts";

export class CustomerState {
  readonly contactId: string;
  readonly customer: Signal<Customer | null>;
  readonly orders = signal<readonly OrderView[]>([]);
  readonly earlier = signal<readonly Contact[]>([]);
  readonly overview = signal<Overview | null>(null);
  /** The order whose actions are shown. */
  readonly order = signal<string>("");
  readonly possible = signal<Record<string, readonly Possible[]>>({});
  readonly loading = signal(true);
  readonly problem = signal<Problem | null>(null);
  private readonly api: Api;

  constructor(api: Api, contact: Contact) {
    this.api = api;
    this.contactId = contact.id;
    this.customer = signal(contact.customer ?? null);
    this.order.value = contact.order_number || contact.case?.order_number || "";
  }

  get actions(): readonly Possible[] {
    return this.possible.value[this.order.value] ?? [];
  }

  /** What may be pressed, in the order of the keys O 1, O 2, … */
  get pressable(): readonly Possible[] {
    return this.actions.filter((one) => one.verdict !== "refused");
  }

  async load(): Promise<void> {
    this.loading.value = true;
    this.problem.value = null;
    const id = this.customer.peek()?.id;
    try {
      const overview = id ? await this.api.get<Overview>(`/customers/${id}/overview`) : null;
      const orders = await this.withNamed(overview?.orders ?? []);
      batch(() => {
        if (overview) this.customer.value = overview.customer;
        this.overview.value = overview;
        this.orders.value = orders;
        this.earlier.value = overview?.contacts?.filter((one) => one.id !== this.contactId) ?? [];
        if (overview?.shop === "silent") this.problem.value = new Problem({ status: 503, detail: t("The shop does not answer now; its orders are not shown.") });
        if (!orders.some((one) => one.number === this.order.peek())) this.order.value = orders[0]?.number ?? "";
      });
      await this.readPossible(this.order.peek());
    } catch (error) {
      this.problem.value = error instanceof Problem ? error : new Problem({ status: 0 });
    } finally {
      this.loading.value = false;
    }
  }

  /** A new note, or with `id` other words for one's own; without words it is removed. */
  async writeNote(text: string, id = ""): Promise<void> {
    const path = `/customers/${this.customer.peek()?.id}/notes`;
    if (!id) await this.api.post(path, { text });
    else await this.api.put(`${path}/${id}`, { text });
    const fresh = await this.api.get<Profile>(`/customers/${this.customer.peek()?.id}/profile`);
    const before = this.overview.peek();
    if (before) this.overview.value = { ...before, ...fresh };
  }

  /** Nobody calls them from now on, or we may call again. */
  async reach(noCalls: boolean): Promise<void> {
    const reach = await this.api.put<Reach>(`/customers/${this.customer.peek()?.id}/reach`, { no_calls: noCalls });
    const before = this.overview.peek();
    if (before) this.overview.value = { ...before, reach };
  }

  async choose(number: string): Promise<void> {
    this.order.value = number;
    if (number && !this.possible.peek()[number]) await this.readPossible(number).catch(() => undefined);
  }

  /** After something was done to an order: it, and what can be done now, are read again. */
  async refresh(number: string): Promise<void> {
    const fresh = await this.api.get<OrderView>(`/orders/${number}`).catch(() => null);
    if (fresh) this.orders.value = this.orders.peek().map((one) => (one.number === number ? fresh : one));
    await this.readPossible(number).catch(() => undefined);
  }

  /** With the order that the contact is about, where it is not among the customer's. */
  private async withNamed(listed: readonly OrderView[]): Promise<readonly OrderView[]> {
    const number = this.order.peek();
    if (!number || listed.some((one) => one.number === number)) return listed;
    const named = await this.api.get<OrderView>(`/orders/${number}`).catch(() => null);
    return named ? [named, ...listed] : listed;
  }

  private async readPossible(number: string): Promise<void> {
    if (!number) return;
    const { actions } = await this.api.get<{ actions: Possible[] }>(`/orders/${number}/possible`, { contact_id: this.contactId });
    this.possible.value = { ...this.possible.peek(), [number]: actions };
  }
}
