"""From a problem with an order to what helps: which facts to show first, which deeds to offer, what comes next (W2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from madoguchi.counter.orders.model import Order
from madoguchi.counter.orders.rules import Rules

OTHER = "general.out_of_scope"


@dataclass(frozen=True)
class Help:
    """What a problem's page shows. `facts`: parcels | refunds | payments | lines; `deeds`: names of actions."""

    facts: tuple[str, ...] = ("parcels",)
    deeds: tuple[str, ...] = ()
    receipt: bool = False
    emergency: bool = False


_LATE = Help(("parcels",), ("reship", "refund_missing", "cancel"))
_BACK = Help(("lines", "refunds"), ("return", "exchange"))
_SWAP = Help(("lines", "refunds"), ("exchange", "return"))
_HELP: dict[str, Help] = {
    "order_delivery.order_status": Help(("lines", "parcels", "payments")),
    "order_delivery.track_order": Help(("parcels",)),
    "order_delivery.delivery_estimate": Help(("parcels",)),
    "order_delivery.delivery_delay": _LATE,
    "order_delivery.item_not_received": _LATE,
    "order_delivery.delivery_failed": _LATE,
    "order_delivery.misdelivery": _LATE,
    "order_delivery.change_order": Help(("lines",), ("change_lines", "cancel")),
    "order_delivery.change_delivery_address": Help(("parcels",), ("change_address",)),
    "return_exchange_cancel.cancel_order": Help(("lines", "parcels"), ("cancel", "return")),
    "return_exchange_cancel.return_request": _BACK,
    "return_exchange_cancel.exchange_request": _SWAP,
    "return_exchange_cancel.defective_item": _SWAP,
    "return_exchange_cancel.damaged_item": _SWAP,
    "return_exchange_cancel.wrong_item": _SWAP,
    "payment_refund.payment_method_update": Help(("payments",), ("change_payment",)),
    "payment_refund.duplicate_charge": Help(("payments",), ("refund_duplicate",)),
    "payment_refund.refund_status": Help(("refunds", "payments")),
    "payment_refund.receipt": Help(("payments",), receipt=True),
    "account_security.unrecognized_order": Help(("lines", "payments"), emergency=True),
}
GUIDED = frozenset(_HELP)
# The reason that fits the problem somebody came with; nothing is asked twice (WCAG 3.3.7).
REASON_OF = {
    "return_exchange_cancel.defective_item": "defective",
    "return_exchange_cancel.damaged_item": "damaged",
    "return_exchange_cancel.wrong_item": "wrong_item",
    "return_exchange_cancel.exchange_request": "does_not_fit",
}
_WAITING = frozenset({"processing", "part_shipped", "shipped"})
_NEVER_CAME = _LATE.deeds[:2]


def help_for(problem: str) -> Help:
    """What helps; for a problem without a recipe the order's facts and a person."""
    return _HELP.get(problem, Help(("lines", "parcels")))


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
    if (
        any(deed in _NEVER_CAME for deed in help_for(problem).deeds)
        or problem == "order_delivery.track_order"
    ):
        if lost is None:
            return NextStep("said_delivered" if order.state == "delivered" else "person")
        return NextStep("lost_by", lost) if today < lost else NextStep("lost_now", lost)
    if problem == "payment_refund.refund_status":
        return NextStep("refund_clock" if order.refunds or order.returns else "no_refund")
    if "return" in help_for(problem).deeds and order.state == "delivered":
        return NextStep("return_parcel")
    return NextStep("person")
