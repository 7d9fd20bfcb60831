// An order at one glance: what, when, and where it stands.

import { monthDay } from "../core/formats.ts";
import { t } from "../core/i18n.ts";
import type { OrderView } from "../core/shapes.ts";
import { Icon } from "./icons.tsx";
import { Picture } from "./picture.tsx";
import { Rows } from "./rows.tsx";

/** As a button (`onPick`) it is named by date, first article and state. */
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
          {t("Ordered {date}", { date: order.placed_text || monthDay(order.placed_at) })} · {order.headline || order.state_label}
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
