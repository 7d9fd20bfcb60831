// One order: closed a line, open everything about it, with the actions that policy allows now and why not the others.

import { t } from "../../core/i18n.ts";
import type { OrderView, Possible } from "../../core/shapes.ts";
import { TrackingCard } from "../../ui/cards.tsx";
import { Picture } from "../../ui/picture.tsx";
import { Rows } from "../../ui/rows.tsx";
import type { OrderFacts } from "../forms/order_facts.ts";
import { ask } from "../state/ask.ts";
import type { CustomerState } from "../state/customer.ts";
import { useDesk } from "./context.ts";
import { DeskIcon } from "./icons.tsx";

interface OrderSectionProps {
  state: CustomerState;
  order: OrderView;
  mayAct: boolean;
}

export function OrderSection({ state, order, mayAct }: OrderSectionProps) {
  const open = state.order.value === order.number;
  const first = order.lines[0];
  const bodyId = `desk-order-${order.number}`;
  return (
    <article class={open ? "order-section open" : "order-section"}>
      <h4>
        <button type="button" class="order-head" aria-expanded={open} aria-controls={bodyId} onClick={() => void state.choose(open ? "" : order.number)}>
          <Picture src={first?.image} />
          <span class="labels">
            <span class="order-what">
              {first?.label}
              {order.lines.length > 1 && <small> {t("and {n} more", { n: order.lines.length - 1 })}</small>}
            </span>
            <small>
              {order.number} · {order.headline || order.state_label}
            </small>
          </span>
          <DeskIcon name="expand" />
        </button>
      </h4>
      <div id={bodyId} hidden={!open}>
        {open && <Body state={state} order={order as unknown as OrderFacts} mayAct={mayAct} />}
      </div>
    </article>
  );
}

function Body({ state, order, mayAct }: { state: CustomerState; order: OrderFacts; mayAct: boolean }) {
  const actions = state.possible.value[order.number] ?? [];
  return (
    <>
      {mayAct && <Actions order={order} actions={actions} />}
      <Rows
        rows={[
          { label: t("State"), value: order.state_label },
          { label: t("Ordered"), value: order.placed_text ?? "" },
          { label: t("Total"), value: order.total_text ?? "" },
          { label: t("Deliver to"), value: order.address_text ?? "" },
        ].filter((row) => row.value)}
      />
      <ul class="order-lines">
        {order.lines.map((line) => (
          <li key={line.id}>
            <span>
              {line.label}
              {lineState(line) && <small> {lineState(line)}</small>}
            </span>
            <span class="amount">
              × {line.quantity} {line.total_text}
            </span>
          </li>
        ))}
      </ul>
      {order.parcels.length > 0 && <TrackingCard parcels={order.parcels.map((parcel) => ({ ...parcel, events: parcel.events?.slice(0, 3) }))} />}
      <Money order={order} />
    </>
  );
}

function lineState(line: OrderFacts["lines"][number]): string {
  return [line.cancelled ? t("{n} cancelled", { n: line.cancelled }) : "", line.returned ? t("{n} returned", { n: line.returned }) : ""].filter(Boolean).join(" ");
}

function Money({ order }: { order: OrderFacts }) {
  return (
    <dl class="money">
      {order.payments.map((payment) => (
        <div key={`${payment.id}${payment.kind}`}>
          <dt>{payment.label}</dt>
          <dd>
            {payment.kind_label} <strong>{payment.amount_text}</strong>
          </dd>
        </div>
      ))}
      {order.refunds.map((refund) => (
        <div key={refund.id} class={refund.late ? "late" : ""}>
          <dt>
            {t("Refund to")} {refund.label}
          </dt>
          <dd>
            {refund.stage_label} <strong>{refund.amount_text}</strong>
            <small>{refund.expected_text}</small>
          </dd>
        </div>
      ))}
      {order.returns.map((one) => (
        <div key={one.id}>
          <dt>
            {t("Return")} {one.id}
          </dt>
          <dd>
            {one.state_label} <small>{one.lines.map((line) => `${line.label} × ${line.quantity}`).join(", ")}</small>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Actions({ order, actions }: { order: OrderFacts; actions: readonly Possible[] }) {
  const desk = useDesk();
  const digits = desk.helping.counting.of.value === "orders";
  const pressable = actions.filter((one) => one.verdict !== "refused");
  const refused = actions.filter((one) => one.verdict === "refused");
  return (
    <div class="order-actions">
      {pressable.length > 0 && (
        <div class={digits ? "action-buttons counted" : "action-buttons"} role="group" aria-label={t("What can be done with this order")}>
          {pressable.map((one, index) => (
            <button key={one.action} type="button" onClick={() => ask({ kind: "order", number: order.number, action: one.action, label: one.label })}>
              <kbd aria-hidden="true">{index + 1}</kbd>
              <span>
                {one.label}
                {one.verdict === "needs_approval" && <small>{t("needs approval")}</small>}
              </span>
            </button>
          ))}
        </div>
      )}
      {refused.length > 0 && (
        <details class="refused">
          <summary>{t("Not possible now ({n})", { n: refused.length })}</summary>
          <dl>
            {refused.map((one) => (
              <div key={one.action}>
                <dt>{one.label}</dt>
                <dd>{one.reasons.join(" ")}</dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </div>
  );
}
