// Cards in a conversation: what the server shows beside words. Unknown kinds show nothing; the words carry the meaning.

import { t } from "../core/i18n.ts";
import { dayAndTime } from "../core/formats.ts";
import type { Card, HandOverSummary, OrderView, Parcel, ReceiptView } from "../core/shapes.ts";
import { useDeeds } from "./deeds.ts";
import { Icon } from "./icons.tsx";
import { OrderCard } from "./order_card.tsx";
import { Lines, Rows } from "./rows.tsx";
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
    case "article":
      return <LinkCard href={String(card.url ?? "")} label={String(card.label ?? card.title ?? card.url ?? "")} />;
    case "sign_in":
      return <SignInCard />;
    case "summary":
      return <SummaryCard summary={view as HandOverSummary} />;
    default:
      return null;
  }
}

export function TrackingCard({ parcels }: { parcels: Parcel[] }) {
  return (
    <>
      {parcels.map((parcel) => (
        <div key={parcel.id} class="card tracking" role="group" aria-label={parcel.state_label}>
          <p class="headline">
            <Icon name="parcel" />
            <strong>{parcel.state_label}</strong>
            {parcel.promised_text && <span>{parcel.promised_text}</span>}
          </p>
          {!!parcel.events?.length && (
            <ol class="events">
              {parcel.events.map((event) => (
                <li key={event.at + event.text}>
                  <time dateTime={event.at}>{event.at_text || dayAndTime(event.at)}</time>
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
        </div>
      ))}
    </>
  );
}

export function ReceiptCard({ receipt }: { receipt: ReceiptView }) {
  const named = receipt.rows?.some((row) => row.value === receipt.reference);
  return (
    <div class="card receipt" role="group" aria-label={receipt.title}>
      <p class="headline">
        <Icon name="check" />
        <strong>{receipt.title}</strong>
      </p>
      {receipt.reference && !named && <Rows rows={[{ label: t("Reference"), value: receipt.reference }]} />}
      <Rows rows={receipt.rows} />
      <Lines lines={receipt.text?.split("\n")} />
    </div>
  );
}

type RefundRow = { expected_text?: string; amount_text?: string; stage_label?: string; label?: string };

function RefundsCard({ card }: { card: Card }) {
  const refunds = (Array.isArray(card.refunds) ? card.refunds : [card]) as RefundRow[];
  return (
    <ul class="card lines">
      {refunds.map((refund, index) => (
        <li key={index}>
          <strong>{[refund.amount_text, refund.label, refund.stage_label].filter(Boolean).join(" · ")}</strong>
          {refund.expected_text && <small> {refund.expected_text}</small>}
        </li>
      ))}
    </ul>
  );
}

/** Only where the reader can sign in here. */
function SignInCard() {
  const { signIn } = useDeeds();
  if (!signIn) return null;
  return (
    <button type="button" class="primary" onClick={signIn}>
      {t("Confirm who you are")}
    </button>
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
