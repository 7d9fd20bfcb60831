// What the server says of an order beyond the card that customers see in a chat (counter/orders/cards.py).

import type { OrderLine, OrderView, Row } from "../../core/shapes.ts";

export interface FactLine extends OrderLine {
  active: number;
  cancelled?: number;
  returned?: number;
  unit_price_text?: string;
  sku?: string;
}

export interface PaymentFact {
  id: string;
  tender: string;
  label: string;
  kind: "charged" | "held" | "open";
  kind_label: string;
  amount_text: string;
}

export interface RefundFact {
  id: string;
  stage_label: string;
  amount_text: string;
  label: string;
  expected_text: string;
  late: boolean;
}

export interface ReturnFact {
  id: string;
  state_label: string;
  reason_label: string;
  refund_text: string;
  lines: { label: string; quantity: number }[];
}

export interface VariantFact {
  sku: string;
  label: string;
  detail?: string;
  available: boolean;
}

export interface AddressFact {
  name: string;
  kana: string;
  postal_code: string;
  region: string;
  city: string;
  line1: string;
  line2: string;
  country: string;
  phone: string;
}

export interface OrderFacts {
  number: string;
  placed_text?: string;
  state: string;
  state_label: string;
  headline?: string;
  lines: FactLine[];
  parcels: NonNullable<OrderView["parcels"]>;
  payments: PaymentFact[];
  refunds: RefundFact[];
  returns: ReturnFact[];
  sums?: Row[];
  total_text?: string;
  address_text?: string;
}

/** What the forms need beside the card: read when a form opens, for staff only. */
export interface OrderDetails {
  address: AddressFact | null;
  /** Line id → what it could be changed into. */
  variants: Record<string, VariantFact[]>;
}

export const NO_DETAILS: OrderDetails = { address: null, variants: {} };
