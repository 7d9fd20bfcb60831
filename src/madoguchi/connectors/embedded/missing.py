"""What did not arrive: sent again, or refunded, once per parcel (ORD-004). Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from madoguchi.connectors.embedded.refunding import pay_back, release_holds
from madoguchi.connectors.embedded.stages import (
    is_missing,
    is_settled,
    missing_refund_id,
    shop_day,
)
from madoguchi.counter.orders.actions import RefundMissing, ReshipMissing
from madoguchi.counter.orders.model import Decision, Order, Parcel, ParcelLine, TrackingEvent
from madoguchi.counter.orders.ports import ShopRefused

_RESHIP_DAYS = (1, 3)


def missing_parcels(order: Order, parcel_id: str, now: datetime) -> list[Parcel]:
    """The named parcel, or every one that is overdue or lost and not yet settled.

    Raises ShopRefused `nothing_missing` or `already_settled`.
    """
    if parcel_id:
        named = [parcel for parcel in order.parcels if parcel.id == parcel_id and parcel.state != "preparing"]
        if named and is_settled(order, named[0]):
            raise ShopRefused("already_settled", parcel_id=parcel_id)
    else:
        today = shop_day(now)
        missing = [parcel for parcel in order.parcels if is_missing(parcel, order.promised_to, today)]
        named = [parcel for parcel in missing if not is_settled(order, parcel)]
        if missing and not named:
            raise ShopRefused("already_settled", parcel_id=missing[0].id)
    if not named:
        raise ShopRefused("nothing_missing", parcel_id=parcel_id)
    return named


def reship(order: Order, action: ReshipMissing, now: datetime) -> Order:
    parcels = list(order.parcels)
    today = shop_day(now)
    for parcel in missing_parcels(order, action.parcel_id, now):
        parcels[parcels.index(parcel)] = _given_up(parcel, now)
        parcels.append(
            Parcel(
                id=f"{parcel.id}-R",
                lines=_owed(order, parcel),
                promised_from=today + timedelta(days=_RESHIP_DAYS[0]),
                promised_to=today + timedelta(days=_RESHIP_DAYS[1]),
                replaces=parcel.id,
            )
        )
    return order.model_copy(update={"parcels": parcels})


def refund_missing(order: Order, action: RefundMissing, decision: Decision, now: datetime) -> Order:
    missing = missing_parcels(order, action.parcel_id, now)
    lines = {line.id: line for line in order.lines}
    parcels = list(order.parcels)
    for parcel in missing:
        for item in _owed(order.model_copy(update={"lines": list(lines.values())}), parcel):
            line = lines[item.line_id]
            lines[line.id] = line.model_copy(update={"cancelled": line.cancelled + item.quantity})
        parcels[parcels.index(parcel)] = _given_up(parcel, now)
    touched = [line.id for line in order.lines if lines[line.id] != line]
    after = order.model_copy(update={"lines": list(lines.values()), "parcels": parcels})
    after = pay_back(
        after,
        decision,
        now,
        reason="not_received",
        line_ids=touched,
        refund_id=lambda index: missing_refund_id(order, missing, index),
    )
    if all(line.active == 0 for line in after.lines) and not any(line.returned for line in after.lines):
        return release_holds(after).model_copy(update={"state": "cancelled", "cancelled_at": now})
    return after


def _owed(order: Order, parcel: Parcel) -> list[ParcelLine]:
    owed = []
    for item in parcel.lines:
        line = order.line(item.line_id)
        pieces = min(item.quantity, line.active) if line else 0
        if pieces:
            owed.append(item.model_copy(update={"quantity": pieces}))
    if not owed:
        raise ShopRefused("already_settled", parcel_id=parcel.id)
    return owed


def _given_up(parcel: Parcel, now: datetime) -> Parcel:
    if parcel.state in ("lost", "returned_to_sender", "delivered"):
        return parcel
    event = TrackingEvent(
        at=now,
        state="lost",
        text={"ja": "配送調査に切り替えました", "en": "Handed over to the carrier's investigation"},
    )
    return parcel.model_copy(update={"state": "lost", "events": [*parcel.events, event]})
