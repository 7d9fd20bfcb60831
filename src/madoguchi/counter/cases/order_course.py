"""The shop's own part of a timeline: orders placed, paid, sent, delivered, cancelled, returned, refunded (HIS-008). Pure.

The shop alone keeps it; it is read when somebody looks, and laid between what we keep.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from madoguchi.counter.cases.timeline import Happening, place_of
from madoguchi.counter.orders.model import Order

ORDER = "order"


def course_of(order: Order) -> list[Happening]:
    """What the shop tells of one order, each step at its own time."""
    steps = [step for step in _steps(order) if step[0] is not None]
    return [
        Happening(
            at=at,
            source=ORDER,
            of=order.number,
            place=place,
            kind=kind,
            visibility="public",
            channel="",
            actor_kind="shop",
            actor_id="",
            actor_name="",
            body={"order": order.number, "currency": order.currency, **body},
            text="",
        )
        for place, (at, kind, body) in enumerate(steps)
        if at is not None
    ]


def laid_between(
    found: Sequence[Happening], orders: Iterable[Order], before: str, limit: int
) -> list[Happening]:
    """Both as one page, newest first: `found` are our own lines of this page, `before` its cursor."""
    until = place_of(before) if before else None
    theirs = [each for order in orders for each in course_of(order) if until is None or each.order < until]
    return sorted([*found, *theirs], key=lambda each: each.order, reverse=True)[:limit]


def _steps(order: Order) -> Iterator[tuple[datetime | None, str, dict[str, Any]]]:
    yield order.placed_at, "order.placed", {"amount": order.total}
    for payment in order.payments:
        if payment.captured:
            yield payment.at, "order.paid", {"amount": payment.captured, "with": payment.label}
    for parcel in order.parcels:
        sent_by = {"carrier": parcel.carrier, "tracking": parcel.tracking_number}
        yield parcel.shipped_at, "order.shipped", sent_by
        yield parcel.delivered_at, "order.delivered", sent_by
    yield order.cancelled_at, "order.cancelled", {}
    for record in order.returns:
        yield record.at, "return.asked", {}
        yield record.received_at, "return.received", {}
    for refund in order.refunds:
        if refund.state != "failed":
            yield refund.done_at or refund.at, f"refund.{refund.state}", {"amount": refund.amount}
