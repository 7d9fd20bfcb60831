"""What may be wrong with an order, by its state: the list that a customer chooses from (W2)."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from madoguchi.counter.cases.wording import category_label
from madoguchi.counter.orders.model import Order

_JAPAN = timezone(timedelta(hours=9))
_BY_STATE: dict[str, tuple[str, ...]] = {
    "awaiting_payment": (
        "order_delivery.order_status",
        "return_exchange_cancel.cancel_order",
        "order_delivery.change_order",
        "order_delivery.change_delivery_address",
        "payment_refund.payment_method_update",
    ),
    "processing": (
        "order_delivery.track_order",
        "return_exchange_cancel.cancel_order",
        "order_delivery.change_delivery_address",
        "order_delivery.change_order",
        "payment_refund.payment_method_update",
    ),
    "part_shipped": (
        "order_delivery.track_order",
        "order_delivery.item_not_received",
        "return_exchange_cancel.cancel_order",
        "return_exchange_cancel.return_request",
    ),
    "shipped": (
        "order_delivery.track_order",
        "order_delivery.item_not_received",
        "order_delivery.change_delivery_address",
        "return_exchange_cancel.cancel_order",
    ),
    "delivered": (
        "order_delivery.item_not_received",
        "return_exchange_cancel.return_request",
        "return_exchange_cancel.exchange_request",
        "return_exchange_cancel.defective_item",
        "return_exchange_cancel.damaged_item",
        "return_exchange_cancel.wrong_item",
        "payment_refund.receipt",
    ),
    "cancelled": ("payment_refund.refund_status", "order_delivery.order_status"),
}
_ALWAYS = ("payment_refund.duplicate_charge", "account_security.unrecognized_order")


def problems_of(order: Order, language: str, now: datetime) -> list[dict[str, str]]:
    """Taxonomy ids with labels, the likeliest first; a late order starts with the delay, a refund with its state."""
    kinds = list(_BY_STATE[order.state])
    late = order.promised_to is not None and order.promised_to < now.astimezone(_JAPAN).date()
    if late and order.state in ("processing", "part_shipped", "shipped"):
        kinds.insert(0, "order_delivery.delivery_delay")
    if (order.refunds or order.returns) and "payment_refund.refund_status" not in kinds:
        kinds.insert(0, "payment_refund.refund_status")
    return [{"value": kind, "label": category_label(kind, language)} for kind in (*kinds, *_ALWAYS)]
