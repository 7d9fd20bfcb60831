"""Where the pieces of an order are, and which state that makes the order. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from madoguchi.counter.orders.model import Line, Order, OrderState, Parcel

SHOP_ZONE = ZoneInfo("Asia/Tokyo")
MISSING_REFUND = "missing"
_EXCHANGE_LINE = re.compile(r"(.+)x\d+$")


def shop_day(moment: datetime) -> date:
    """The calendar day in the shop's zone."""
    return moment.astimezone(SHOP_ZONE).date()


def line_value(line: Line) -> int:
    """What the whole line costs, its own discount taken off."""
    return line.unit_price * line.quantity - line.discount


def goods_total(order: Order) -> int:
    """The total that the lines, the shipping fee and the order's discount make."""
    return sum(line_value(line) for line in order.lines) + order.shipping_fee - order.discount


def shipped_pieces(order: Order, line_id: str) -> int:
    """Pieces of a line that have left the house; re-shipped ones count once, refunded ones no longer."""
    return sum(
        item.quantity
        for parcel in order.parcels
        if parcel.state != "preparing" and parcel.replaces is None and not is_refunded(order, parcel)
        for item in parcel.lines
        if item.line_id == line_id
    )


def unshipped_pieces(order: Order, line: Line) -> int:
    """Pieces of a line that are still to be sent."""
    return max(0, line.quantity - line.cancelled - shipped_pieces(order, line.id))


def exchange_lines(order: Order) -> set[str]:
    """Ids of lines that replace returned pieces (`<line>x<n>`); they do not change the state of the order."""
    wanted = {record.exchange_sku for record in order.returns if record.wish == "exchange"}
    ids = {line.id for line in order.lines}
    return {
        line.id
        for line in order.lines
        if line.sku in wanted and (match := _EXCHANGE_LINE.match(line.id)) and match[1] in ids
    }


def is_replaced(order: Order, parcel: Parcel) -> bool:
    return any(other.replaces == parcel.id for other in order.parcels)


def missing_refund_id(order: Order, parcels: Sequence[Parcel], index: int) -> str:
    """Id of a refund for parcels that did not arrive; it names them, so that each is paid once (CASE-006)."""
    return f"{order.number}-{MISSING_REFUND}-{'+'.join(parcel.id for parcel in parcels)}-{index}"


def is_refunded(order: Order, parcel: Parcel) -> bool:
    """Whether this parcel was already refunded as missing; a transfer that failed is owed, not undone."""
    start = f"{order.number}-{MISSING_REFUND}-"
    return any(
        refund.id.startswith(start) and parcel.id in refund.id[len(start) :].rsplit("-", 1)[0].split("+")
        for refund in order.refunds
    )


def is_settled(order: Order, parcel: Parcel) -> bool:
    """Whether a missing parcel was already sent again or refunded."""
    return is_replaced(order, parcel) or is_refunded(order, parcel)


def is_missing(parcel: Parcel, promised_to: date | None, today: date) -> bool:
    """Lost, sent back, not deliverable, or on its way after the promised day (ORD-004, ORD-005)."""
    if parcel.state in ("lost", "returned_to_sender", "delivery_failed"):
        return True
    if parcel.state in ("preparing", "delivered"):
        return False
    promised = parcel.promised_to or promised_to
    return promised is not None and promised < today


def state_of(order: Order) -> OrderState:
    """The state that lines and parcels make; before the first shipment the present one stays."""
    if all(line.cancelled >= line.quantity for line in order.lines):
        return "cancelled"
    added = exchange_lines(order)
    own = [line for line in order.lines if line.id not in added]
    left = sum(unshipped_pieces(order, line) for line in own)
    gone = sum(shipped_pieces(order, line.id) for line in own)
    if gone == 0:
        return order.state if order.state == "awaiting_payment" else "processing"
    if left:
        return "part_shipped"
    counting = [
        parcel
        for parcel in order.parcels
        if not is_settled(order, parcel) and not all(item.line_id in added for item in parcel.lines)
    ]
    return "delivered" if counting and all(parcel.state == "delivered" for parcel in counting) else "shipped"
