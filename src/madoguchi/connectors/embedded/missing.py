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
_INVESTIGATED = {
    "ja": "配送調査に切り替えました",
    "en": "Handed over to the carrier's investigation",
    "zh-Hans": "已转为配送调查",
    "zh-Hant": "已轉為配送調查",
    "ko": "택배사의 배송 조사로 전환했습니다",
}


def missing_parcels(order: Order, decision: Decision, parcel_id: str, now: datetime) -> list[Parcel]:
    """The parcels that the decision names, with the pieces it names; a decision that names none means the parcel
    asked for, or every one that is overdue or lost and not yet settled.

    Raises ShopRefused `nothing_missing` or `already_settled`.
    """
    decided = {
        str(effect.params["parcel_id"]): [
            ParcelLine(line_id=item["line_id"], quantity=item["quantity"]) for item in effect.params["lines"]
        ]
        for effect in decision.effects
        if effect.code in ("send_again", "give_up_parcel")
    }
    if not decided and parcel_id:
        decided = {parcel.id: parcel.lines for parcel in order.parcels if parcel.id == parcel_id}
    if not decided:
        today = shop_day(now)
        decided = {
            parcel.id: parcel.lines
            for parcel in order.parcels
            if is_missing(parcel, order.promised_to, today) and not is_settled(order, parcel)
        }
    named = [
        parcel.model_copy(update={"lines": decided[parcel.id]})
        for parcel in order.parcels
        if parcel.id in decided and parcel.state != "preparing"
    ]
    if not named:
        raise ShopRefused("nothing_missing", parcel_id=parcel_id)
    for parcel in named:
        if is_settled(order, parcel):
            raise ShopRefused("already_settled", parcel_id=parcel.id)
    return named


def reship(order: Order, action: ReshipMissing, decision: Decision, now: datetime) -> Order:
    """The same pieces in a new parcel that replaces the missing one."""
    today = shop_day(now)
    missing = missing_parcels(order, decision, action.parcel_id, now)
    fresh = [
        Parcel(
            id=f"{parcel.id}-R",
            lines=_owed(order, parcel),
            promised_from=today + timedelta(days=_RESHIP_DAYS[0]),
            promised_to=today + timedelta(days=_RESHIP_DAYS[1]),
            replaces=parcel.id,
        )
        for parcel in missing
    ]
    return order.model_copy(update={"parcels": [*_given_up(order, missing, now), *fresh]})


def refund_missing(order: Order, action: RefundMissing, decision: Decision, now: datetime) -> Order:
    """The missing pieces count as cancelled, and the decided amount is given back."""
    missing = missing_parcels(order, decision, action.parcel_id, now)
    after = order
    for parcel in missing:
        gone = {item.line_id: item.quantity for item in _owed(after, parcel)}
        lines = [
            line.model_copy(update={"cancelled": line.cancelled + gone.get(line.id, 0)})
            for line in after.lines
        ]
        after = after.model_copy(update={"lines": lines})
    touched = [new.id for old, new in zip(order.lines, after.lines, strict=True) if old != new]
    after = pay_back(
        after.model_copy(update={"parcels": _given_up(order, missing, now)}),
        decision,
        now,
        reason=action.action,
        line_ids=touched,
        refund_id=lambda index: missing_refund_id(order, missing, index),
    )
    if all(line.active == 0 for line in after.lines) and not any(line.returned for line in after.lines):
        return release_holds(after).model_copy(update={"state": "cancelled", "cancelled_at": now})
    return after


def _owed(order: Order, parcel: Parcel) -> list[ParcelLine]:
    """The parcel's pieces that the customer still waits for."""
    owed = []
    for item in parcel.lines:
        line = order.line(item.line_id)
        pieces = min(item.quantity, line.active) if line else 0
        if pieces:
            owed.append(item.model_copy(update={"quantity": pieces}))
    if not owed:
        raise ShopRefused("already_settled", parcel_id=parcel.id)
    return owed


def _given_up(order: Order, missing: list[Parcel], now: datetime) -> list[Parcel]:
    """All parcels; the missing ones that were still on their way are lost now."""
    ids = {parcel.id for parcel in missing if parcel.state not in ("lost", "returned_to_sender", "delivered")}
    event = TrackingEvent(at=now, state="lost", text=_INVESTIGATED)
    return [
        parcel.model_copy(update={"state": "lost", "events": [*parcel.events, event]})
        if parcel.id in ids
        else parcel
        for parcel in order.parcels
    ]
