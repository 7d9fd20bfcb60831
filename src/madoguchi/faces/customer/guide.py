"""From a problem with an order to what comes next, with a date where there is one (W2). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from madoguchi.counter.orders.model import Order
from madoguchi.counter.orders.rules import Rules
from madoguchi.faces.customer.recipes import recipe_for

# The reason that fits the problem somebody came with; nothing is asked twice (WCAG 3.3.7).
REASON_OF = {
    "return_exchange_cancel.defective_item": "defective",
    "return_exchange_cancel.damaged_item": "damaged",
    "return_exchange_cancel.wrong_item": "wrong_item",
    "return_exchange_cancel.exchange_request": "does_not_fit",
}
_WAITING = frozenset({"processing", "part_shipped", "shipped"})
_NEVER_CAME = frozenset({"reship", "refund_missing"})


def lost_from(order: Order, rules: Rules) -> date | None:
    """The day from which a parcel that has not come counts as lost, so that it is sent again or paid back (ORD-004)."""
    promised = [
        parcel.promised_to for parcel in order.parcels if parcel.promised_to and parcel.state != "delivered"
    ]
    last = max(promised, default=order.promised_to)
    if last is None or order.state not in _WAITING:
        return None
    return last + timedelta(days=rules.missing.after_days)


@dataclass(frozen=True)
class NextStep:
    """What happens next, with a date where there is one. `kind` names the wording in the page."""

    kind: str
    day: date | None = None


def next_step(problem: str, order: Order, rules: Rules, now: datetime) -> NextStep:
    """What a customer can count on when nothing more is done: a clear step with a date."""
    today = now.astimezone(rules.zone).date()
    lost = lost_from(order, rules)
    deeds = recipe_for(problem).deeds
    if any(deed in _NEVER_CAME for deed in deeds) or problem == "order_delivery.track_order":
        if lost is None:
            return NextStep("said_delivered" if order.state == "delivered" else "person")
        return NextStep("lost_by", lost) if today < lost else NextStep("lost_now", lost)
    if problem == "payment_refund.refund_status":
        return NextStep("refund_clock" if order.refunds or order.returns else "no_refund")
    if "return" in deeds and order.state == "delivered":
        return NextStep("return_parcel")
    return NextStep("person")
