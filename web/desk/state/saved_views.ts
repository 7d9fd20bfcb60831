// Views of the inbox by criteria: saved under a name, shared by a supervisor, or just tried. The server finds and counts.

import { batch, type Signal, signal } from "@preact/signals";
import type { Api } from "../../core/api.ts";
import type { Contact } from "../../core/shapes.ts";

export type Sort = "newest" | "oldest" | "waiting" | "due";
export const LISTS = ["owners", "states", "queues", "channels", "languages", "kinds", "segments", "labels"] as const;
export type List = (typeof LISTS)[number];
export type Criteria = Partial<Record<List, string[]>> & { waiting_minutes?: number | null; due_minutes?: number | null; followed?: boolean };

export interface SavedView {
  id: string;
  name: string;
  shared: boolean;
  mine: boolean;
  by: string;
  criteria: Criteria;
  sort: Sort;
  count: number;
  can_change: boolean;
}

export interface Option {
  value: string;
  label: string;
  group: string;
}

export type Filters = Record<Exclude<List, "states">, Option[]> & { can_share: boolean };

export interface OpenView {
  /** null: criteria without a name. */
  view: SavedView | null;
  criteria: Criteria;
  sort: Sort;
}

const REST_MS = 2000;
const FIND = 300;

export class SavedViews {
  readonly list: Signal<readonly SavedView[]> = signal([]);
  readonly open: Signal<OpenView | null> = signal(null);
  /** How many the open one holds, also beyond those that are shown. */
  readonly count = signal(0);
  readonly filters: Signal<Filters | null> = signal(null);
  private readonly api: Api;
  private readonly show: (contacts: readonly Contact[] | null) => void;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readAt = 0;
  private asked = 0;

  /** `show`: puts these contacts into the inbox; null: its own views again. */
  constructor(api: Api, show: (contacts: readonly Contact[] | null) => void) {
    this.api = api;
    this.show = show;
  }

  async load(): Promise<void> {
    this.readAt = Date.now();
    const list = await this.api.get<SavedView[]>("/desk/views");
    this.list.value = list;
  }

  async loadFilters(): Promise<void> {
    this.filters.value = await this.api.get<Filters>("/desk/filters");
  }

  async choose(view: SavedView): Promise<void> {
    await this.look({ view, criteria: view.criteria, sort: view.sort });
  }

  async look(open: OpenView): Promise<void> {
    this.open.value = open;
    await this.find();
  }

  leave(): void {
    this.asked++;
    this.open.value = null;
    this.show(null);
  }

  /** Save what is open: under a new name, or as the view that it came from. */
  async save(name: string, shared: boolean, over: SavedView | null): Promise<SavedView> {
    const open = this.open.peek();
    const body = { name, shared, criteria: open?.criteria ?? {}, sort: open?.sort ?? "newest" };
    const saved = over ? await this.api.put<SavedView>(`/desk/views/${over.id}`, body) : await this.api.post<SavedView>("/desk/views", body);
    await this.load();
    this.open.value = { view: saved, criteria: saved.criteria, sort: saved.sort };
    return saved;
  }

  async remove(view: SavedView): Promise<void> {
    await this.api.delete(`/desk/views/${view.id}`);
    if (this.open.peek()?.view?.id === view.id) this.leave();
    await this.load();
  }

  /** Something in the inbox has changed: read again, not more often than every two seconds. */
  moved(): void {
    if (this.timer || (!this.list.peek().length && !this.open.peek())) return;
    this.timer = setTimeout(() => void this.refresh(), Math.max(0, this.readAt + REST_MS - Date.now()));
  }

  private async refresh(): Promise<void> {
    this.timer = undefined;
    if (document.hidden) return;
    await Promise.all([this.load(), this.find()]).catch(() => undefined);
  }

  private async find(): Promise<void> {
    const open = this.open.peek();
    if (!open) return;
    const asked = ++this.asked;
    const found = await this.api.post<{ contacts: Contact[]; count: number }>("/desk/find", { criteria: open.criteria, sort: open.sort, limit: FIND });
    if (asked !== this.asked) return;
    batch(() => {
      this.count.value = found.count;
      this.show(found.contacts);
    });
  }
}

/** How many parts of the criteria are set. */
export function partsOf(criteria: Criteria): number {
  const lists = LISTS.filter((name) => criteria[name]?.length).length;
  return lists + (criteria.followed ? 1 : 0) + [criteria.waiting_minutes, criteria.due_minutes].filter((minutes) => typeof minutes === "number").length;
}
