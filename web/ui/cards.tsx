// Cards in a conversation: what the server shows beside words. Unknown kinds show nothing; the words carry the meaning.

import { t } from "../core/i18n.ts";
import { dayAndTime, monthDay } from "../core/formats.ts";
import type { Card, HandOverSummary, OrderView, Parcel, ReceiptView } from "../core/shapes.ts";
import { Icon } from "./icons.tsx";
import { Picture } from "./picture.tsx";
import { Rows } from "./rows.tsx";
import { SummaryCard } from "./summary_card.tsx";

export function CardView({ card }: { card: Card }) {
  const view: unknown = card;
  switch (card.kind) {
    case "order":
      return <OrderCard order={view as OrderView} />;
    case "tracking":
      return <TrackingCard parcels={"parcels" in card ? (card.parcels as Parcel[]) : [view as Parcel]} />;
    case "refunds":
    case "refund":
      return <RefundsCard card={card} />;
    case "receipt":
      return <ReceiptCard receipt={(card.receipt ?? view) as ReceiptView} />;
    case "link":
      return <LinkCard href={String(card.url ?? "")} label={String(card.label ?? card.title ?? card.url ?? "")} />;
    case "summary":
      return <SummaryCard summary={view as HandOverSummary} />;
    default:
      return null;
  }
}

/** An order at one glance. As a button (`onPick`) it is named by date, first article and state. */
export function OrderCard({ order, onPick }: { order: OrderView; onPick?: (order: OrderView) => void }) {
  const first = order.lines[0];
  const others = order.lines.length - 1;
  const content = (
    <>
      <Picture src={first?.image} />
      <span class="labels">
        <strong>
          {first?.label}
          {others > 0 && <span class="more"> {t("and {n} more", { n: others })}</span>}
        </strong>
        <small>
          {t("Ordered {date}", { date: monthDay(order.placed_at) })} · {order.headline || order.state_label}
        </small>
      </span>
      {onPick && <Icon name="forward" />}
    </>
  );
  if (onPick) {
    return (
      <button type="button" class="card order pick" onClick={() => onPick(order)}>
        {content}
      </button>
    );
  }
  return (
    <div class="card order">
      {content}
      <Rows
        rows={[
          { label: t("Order number"), value: order.number },
          ...(order.total_text ? [{ label: t("Total"), value: order.total_text }] : []),
        ]}
      />
    </div>
  );
}

export function TrackingCard({ parcels }: { parcels: Parcel[] }) {
  return (
    <>
      {parcels.map((parcel) => (
        <section key={parcel.id} class="card tracking" aria-label={parcel.state_label}>
          <p class="headline">
            <Icon name="parcel" />
            <strong>{parcel.state_label}</strong>
            {parcel.promised_text && <span>{parcel.promised_text}</span>}
          </p>
          {!!parcel.events?.length && (
            <ol class="events">
              {parcel.events.map((event) => (
                <li key={event.at + event.text}>
                  <time dateTime={event.at}>{dayAndTime(event.at)}</time>
                  <span>
                    {event.text}
                    {event.place && <small> {event.place}</small>}
                  </span>
                </li>
              ))}
            </ol>
          )}
          {parcel.tracking_number && (
            <p class="foot">
              {parcel.carrier} {parcel.tracking_number}{" "}
              {parcel.tracking_url && (
                <a href={parcel.tracking_url} target="_blank" rel="noopener noreferrer">
                  {t("Carrier's page")}
                </a>
              )}
            </p>
          )}
        </section>
      ))}
    </>
  );
}

export function ReceiptCard({ receipt }: { receipt: ReceiptView }) {
  return (
    <section class="card receipt" aria-label={receipt.title}>
      <p class="headline">
        <Icon name="check" />
        <strong>{receipt.title}</strong>
      </p>
      {receipt.reference && <Rows rows={[{ label: t("Reference"), value: receipt.reference }]} />}
      <Rows rows={receipt.rows} />
      {receipt.text && <p>{receipt.text}</p>}
    </section>
  );
}

type RefundRow = { text?: string; expected_text?: string; amount_text?: string; state_label?: string; label?: string };

function RefundsCard({ card }: { card: Card }) {
  const refunds = (Array.isArray(card.refunds) ? card.refunds : [card]) as RefundRow[];
  return (
    <ul class="card lines">
      {refunds.map((refund, index) => (
        <li key={index}>
          <strong>{refund.text ?? [refund.amount_text, refund.label, refund.state_label].filter(Boolean).join(" ")}</strong>
          {refund.expected_text && <small> {refund.expected_text}</small>}
        </li>
      ))}
    </ul>
  );
}

function LinkCard({ href, label }: { href: string; label: string }) {
  if (!/^(https?:\/\/|\/)/.test(href)) return null;
  return (
    <a class="card pick" href={href} target="_blank" rel="noopener noreferrer">
      <span class="labels">{label}</span>
      <Icon name="forward" />
    </a>
  );
}
