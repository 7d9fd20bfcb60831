// The API's shapes as the server sends them (src/madoguchi/faces/api/schemas.py). The server decides and words; we show.

export type Kind = "customer" | "assistant" | "agent" | "system";

export interface Session {
  token?: string | null;
  kind: "customer" | "staff" | "key";
  id: string;
  name: string;
  masked_email: string;
  language: string;
  /** 0 visitor, 1 order, 2 signed in, 3 fresh */
  rung: number;
  order_numbers: string[];
  roles: string[];
  expires_at?: string | null;
  csrf: string;
}

export interface Person {
  kind: Kind;
  id: string;
  name: string;
}

export interface Attachment {
  id: string;
  name: string;
  media_type: string;
  size: number;
  width?: number | null;
  height?: number | null;
  url: string;
}

export interface Option {
  value: string;
  label: string;
  detail?: string;
  image?: string;
}

export interface ChoicesView {
  key: string;
  kind: "buttons" | "orders" | "lines" | "variants";
  options: Option[];
  chosen?: string | null;
  open: boolean;
}

export interface Row {
  label: string;
  value: string;
}

export interface ReceiptView {
  title: string;
  reference?: string;
  rows?: Row[];
  text?: string;
}

export interface ProposalView {
  id: string;
  state: string;
  action: string;
  title: string;
  rows: Row[];
  effects: string[];
  reasons: string[];
  confirm_label: string;
  expires_at?: string | null;
  amount?: unknown;
  receipt?: ReceiptView | null;
  needs_approval?: boolean;
  offers_person?: boolean;
  /** The message that carries the card asks whether to do it; its choices are the card's buttons. */
  asked?: boolean;
}

export interface OrderLine {
  id: string;
  label: string;
  quantity: number;
  active?: number;
  unit_price?: string;
  total_text?: string;
  image?: string;
  seller?: string;
}

export interface ParcelEvent {
  at: string;
  at_text?: string;
  text: string;
  place?: string;
}

export interface Parcel {
  id: string;
  state: string;
  state_label: string;
  carrier?: string;
  tracking_number?: string;
  tracking_url?: string;
  promised_text?: string;
  delivered_at?: string | null;
  events?: ParcelEvent[];
}

export interface OrderView {
  number: string;
  placed_at: string;
  placed_text?: string;
  state: string;
  state_label: string;
  lines: OrderLine[];
  parcels?: Parcel[];
  payments?: { id: string; label: string; kind_label: string; amount_text: string }[];
  refunds?: { id: string; label: string; stage_label: string; amount_text: string; expected_text: string }[];
  returns?: { id: string; state_label: string; reason_label: string; refund_text: string }[];
  total_text?: string;
  address_text?: string;
  headline?: string;
}

/** `kind`: proposal, receipt, order, tracking, refunds, link, article, summary; the rest is that kind's view. */
export type Card = { kind: string } & Record<string, unknown>;

export interface Entry {
  contact_id: string;
  seq: number;
  kind: string;
  visibility: "public" | "internal";
  author: Person;
  text: string;
  lang: string;
  at: string;
  mine: boolean;
  client_key?: string | null;
  choices?: ChoicesView | null;
  card?: Card | null;
  attachments: Attachment[];
  data: Record<string, unknown>;
}

export interface Owner {
  kind: "assistant" | "queue" | "agent" | "none";
  id: string;
  name: string;
  version: number;
}

export interface Expectation {
  ahead: number;
  low_s?: number | null;
  high_s?: number | null;
  open: boolean;
  opens_at?: string | null;
  text: string;
}

/** Beside the place in the queue. */
export interface WaitingView {
  promise_at?: string | null;
  text: string;
  ways: { way: "callback" | "mail"; label: string; url: string }[];
  ways_text: string;
  answer_by_mail: boolean;
  mail_text: string;
}

/** A call that was asked for, as its customer sees it; staff see more. */
export interface Callback {
  id: string;
  state: "unconfirmed" | "booked" | "due" | "offered" | "agent_ready" | "dialling" | "connected" | "retrying" | "done" | "missed" | "cancelled" | "replaced";
  state_text: string;
  live: boolean;
  kind: "now" | "slot";
  contact_id: string;
  case_number: string;
  topic: string;
  topic_text: string;
  order_number: string;
  language: string;
  phone: string;
  kana: string;
  note: string;
  next_at?: string | null;
  when_text: string;
  wait_text: string;
  caller_id: string;
  ringtone_text: string;
  attempts: number;
  outcome: string;
  outcome_text: string;
  late: boolean;
  place_kept: boolean;
  needs_code: boolean;
  may_change: boolean;
  may_cancel: boolean;
  calendar_url: string;
}

export interface CallSlot {
  at: string;
  day: string;
  text: string;
  state: "free" | "few" | "full";
  state_text: string;
}

/** What can be booked, and what is known already. */
export interface CallOffer {
  on: boolean;
  ringtone_text: string;
  hours_text: string;
  now_open: boolean;
  now_text: string;
  target_text: string;
  earliest?: CallSlot | null;
  days: { day: string; text: string }[];
  phone: string;
  kana: string;
  needs_code: boolean;
  preference: { no_calls: boolean; relay: boolean; note: string };
  live_id: string;
}

/** What is still to be done in a case. `due_at` is null while it stands still. */
export interface PromiseView {
  kind: "first_answer" | "next_answer" | "solution";
  label: string;
  state: "running" | "paused" | "late";
  due_at?: string | null;
  text: string;
}

export interface CaseView {
  id: string;
  number: string;
  state: string;
  state_label: string;
  category: string;
  category_label: string;
  order_number: string;
  opened_at: string;
  promised_at?: string | null;
  promises?: PromiseView[];
  usual_time?: string;
  resolved_at?: string | null;
  score?: number | null;
  solved?: boolean | null;
  questions?: { id: string; text: string }[];
}

export interface Customer {
  id: string;
  name: string;
  kana: string;
  email: string;
  phone: string;
  language: string;
  segments: string[];
  segment_labels: string[];
  company: string;
  company_notes: string;
  created_at?: string | null;
}

export interface HandOverSummary {
  problem?: string;
  order?: string;
  facts?: Row[];
  tried?: string[];
  wish?: string;
  question?: string;
  reason?: string;
  correction?: string;
  /** Line → what stood there before the customer put it right. */
  before?: Record<string, string>;
}

/** One line of it; the keys are the server's. */
export interface SummaryLine extends Row {
  key: string;
}

export interface Contact {
  id: string;
  case?: CaseView | null;
  channel: string;
  language: string;
  topic: string;
  title: string;
  order_number: string;
  owner: Owner;
  state: "open" | "resolved" | "ended";
  state_label: string;
  opened_at: string;
  updated_at: string;
  handed_over_at?: string | null;
  ended_at?: string | null;
  queue_id: string;
  expectation?: Expectation | null;
  waiting?: WaitingView | null;
  snoozed_until?: string | null;
  last_seq: number;
  customer_seen_seq: number;
  agent_seen_seq: number;
  unread: number;
  last_message?: { author_kind: string; text: string; at: string } | null;
  customer?: Customer | null;
  /** Staff: how a mail or form names its sender, with the word that nothing proves it. */
  sender?: string;
  /** Staff: the customer's words are too strong. */
  strain?: "" | "upset" | "abusive";
  rung: number;
  customer_present?: boolean | null;
  /** Staff: when the customer was last at a screen. */
  customer_seen_at?: string | null;
  /** Staff: held out to the reader, with the seconds left when it was sent. */
  offer?: { deadline: string; left_s: number } | null;
  /** Staff: other agents who have it open; only on the live line, null elsewhere. */
  viewers?: { id: string; name: string; typing?: boolean }[] | null;
  /** Staff. */
  labels?: string[];
  /** Agents: the reader follows it. */
  following?: boolean;
  summary?: HandOverSummary | null;
  can: Record<string, boolean>;
}

export interface ContactPage {
  contacts: Contact[];
  next?: string | null;
}

export interface Entries {
  contact: Contact;
  entries: Entry[];
  cursor: number;
  more: boolean;
}

export interface Said {
  contact: Contact;
  entry: Entry;
}

export interface Possible {
  action: string;
  label: string;
  verdict: "allowed" | "needs_approval" | "refused";
  reasons: string[];
}

export interface Topic {
  value: string;
  label: string;
}

export interface Agent {
  id: string;
  name: string;
  status: string;
  status_label: string;
  /** The house's own status, "" for none; and when a word reminds that it still is so. */
  kind?: string;
  remind_at?: string | null;
  since?: string | null;
  open_contacts: number;
  capacity: number;
  roles: string[];
  languages: string[];
  queues: string[];
}

export interface Queue {
  id: string;
  name: string;
  waiting: number;
  longest_s: number;
  available_agents: number;
  open: boolean;
}

export interface Inbox {
  contacts: Contact[];
  /** These are only the rows that changed since the last frame, and `gone` the ids of those that went. */
  part?: boolean;
  gone?: string[];
  counts: { mine: number; waiting: number; snoozed: number; assistant: number; longest_wait_s: number; follow_ups?: number };
  me: Agent;
  queues: Queue[];
  statuses?: StatusKind[];
}

/** A status that the house has made; `base` is one of the four that everybody has. */
export interface StatusKind {
  id: string;
  label: string;
  base: string;
}

/** One of the ways to reach the shop, in words. */
export interface Way {
  way: string;
  name: string;
  answer_text: string;
  why_text: string;
  usable_now: boolean;
  offered: boolean;
  number: string;
  address: string;
}

export interface Shop {
  name: string;
  languages: string[];
  default_language: string;
  hours_text: string;
  open_now: boolean;
  opens_at?: string | null;
  chat_wait_text: string;
  phone?: { number: string; hours_text: string; cost: string } | null;
  ways: Way[];
  recommended?: { way: string; reason: string } | null;
  notice?: string;
  /** Outages and peak seasons, in words. */
  status?: { lines: string[]; chat_open: boolean };
  panel?: string;
  demo: boolean;
  account_url?: string;
  limits: { message_chars: number; attachment_mb: number; media_types: string[] };
  faq: { title: string; url: string }[];
  topics: Topic[];
  identity: { shop_token: boolean; mail_code: boolean };
}

// ── search ────────────────────────────────────────────────────────────────────────────────────────

/** Some of a text as it was written; plain text. */
export interface Piece {
  text: string;
  marked: boolean;
}

export interface Hit {
  seq: number;
  internal: boolean;
  author?: Person | null;
  at?: string | null;
  pieces: Piece[];
}

export interface Found {
  contact: Contact;
  hits: Hit[];
  more: number;
}

export interface SearchPage {
  found: Found[];
  next?: string | null;
}
