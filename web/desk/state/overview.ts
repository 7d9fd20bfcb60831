// A customer as a whole, as the server tells it in one answer. null: the reader's role does not open it, or the shop is silent.

import type { CaseView, Contact, Customer, OrderView } from "../../core/shapes.ts";

/** A note of staff on the person; `mine`: the reader may change it. */
export interface CustomerNote {
  id: string;
  text: string;
  by: string;
  written_at: string;
  changed_at?: string | null;
  mine: boolean;
}

export interface PersonSignal {
  kind: string;
  text: string;
  /** The rule by which it is shown. */
  why: string;
  last_at: string;
  /** Orders and cases where it can be read. */
  sources: string[];
}

export interface Profile {
  country: string;
  notes: readonly CustomerNote[];
  signals: readonly PersonSignal[];
  open_cases: readonly CaseView[];
}

export interface Reach {
  no_calls: boolean;
  relay: boolean;
  note: string;
  may_change: boolean;
}

export interface Held {
  id: string;
  name: string;
  state: string;
  state_label: string;
  detail: string;
  next_charge?: string | null;
  until?: string | null;
  order_number: string;
}

export interface Holdings {
  membership?: { plan: string; active: boolean; since: string; renews?: string | null; ends_on?: string | null } | null;
  balances: { label: string; text: string; expires_on?: string | null }[];
  subscriptions: Held[];
  devices: Held[];
  services: Held[];
}

export interface RefundSum {
  step: string;
  label: string;
  currency: string;
  amount_text: string;
  count: number;
  first: string;
  last: string;
  orders: string[];
}

export interface CallbackLine {
  id: string;
  coming: boolean;
  state_text: string;
  when_text: string;
  topic_text: string;
  outcome_text: string;
  contact_id: string;
  promised_at: string;
  finished_at?: string | null;
}

export interface Satisfaction {
  case_number: string;
  score: number;
  at?: string | null;
  comment: string;
}

export interface PrivacyState {
  choices: { name: string; label: string; wanted: boolean }[];
  requests?: { label: string; state_label: string; asked_at: string; due_at?: string | null }[] | null;
  held?: boolean | null;
}

export interface Overview extends Profile {
  customer: Customer;
  /** Minutes ahead of UTC, in the west and in the east of the country. */
  utc_offsets?: [number, number] | null;
  reach: Reach;
  shop: "answers" | "silent" | "closed";
  holdings?: Holdings | null;
  orders?: OrderView[] | null;
  refunds?: RefundSum[] | null;
  callbacks?: CallbackLine[] | null;
  contacts?: Contact[] | null;
  cases?: CaseView[] | null;
  satisfaction?: Satisfaction[] | null;
  privacy: PrivacyState;
}
