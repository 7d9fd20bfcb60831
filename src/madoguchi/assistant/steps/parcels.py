"""Where the parcels of an order are, and in which situation that puts the customer (ORD-003 to ORD-005)."""

from __future__ import annotations

from datetime import date
from typing import Any

from madoguchi.assistant.talk import Talk
from madoguchi.assistant.wording import day_text
from madoguchi.counter.orders import pricing
from madoguchi.counter.orders.model import Order, Parcel

_LATELY_DAYS = 10
_GONE = ("lost", "returned_to_sender", "delivery_failed")


def is_on_the_way(order: Order) -> bool:
    """Neither cancelled nor wholly delivered: what somebody means who asks where it is."""
    return order.state not in ("cancelled", "delivered")


def may_be_missing(order: Order, today: date) -> bool:
    """On the way, or said to have been delivered not long ago (ORD-011)."""
    arrivals = [parcel.delivered_at.date() for parcel in order.parcels if parcel.delivered_at]
    lately = bool(arrivals) and (today - max(arrivals)).days <= _LATELY_DAYS
    return is_on_the_way(order) or (order.state == "delivered" and lately)


def open_parcels(order: Order) -> list[Parcel]:
    """Parcels that have neither arrived nor been sent again."""
    return [
        parcel
        for parcel in order.parcels
        if parcel.state != "delivered" and not pricing.replaced(order, parcel)
    ]


def latest_promise(order: Order) -> date | None:
    promises = [parcel.promised_to for parcel in open_parcels(order) if parcel.promised_to]
    return max(promises) if promises else order.promised_to


def situation(order: Order, today: date) -> str:
    """cancelled, unpaid, not_sent, late_not_sent, delivered, lost, undeliverable, overdue, on_time."""
    if order.state == "cancelled":
        return "cancelled"
    if order.state == "awaiting_payment":
        return "unpaid"
    if order.state == "delivered":
        return "delivered"
    promise = latest_promise(order)
    parcels = [parcel for parcel in open_parcels(order) if parcel.state != "preparing"]
    if not parcels:
        return "late_not_sent" if promise is not None and today > promise else "not_sent"
    if any(parcel.state == "lost" for parcel in parcels):
        return "lost"
    if any(parcel.state in _GONE for parcel in parcels):
        return "undeliverable"
    return "overdue" if promise is not None and today > promise else "on_time"


def tell_parcels(talk: Talk, order: Order, view: dict[str, Any]) -> None:
    """The headline; stage, promised days, carrier and number of each parcel are on the card, said once."""
    talk.tell(view["headline"])
    if all(parcel["state"] == "preparing" for parcel in view["parcels"]):
        talk.say("track.not_sent")
        promise = latest_promise(order)
        if promise is not None:
            talk.say("track.promised", date=day_text(promise, talk.language))
    talk.show({"kind": "tracking", **view})
