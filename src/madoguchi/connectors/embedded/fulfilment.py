"""What the warehouse, the carrier and the bank do: paid, shipped, on its way, delivered, received, refunded.

`fulfil` brings one event onto a stored order. It takes the same lock and raises the same version as `perform`, so
that a cancel and a shipment of one order cannot both happen (RET-016).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, assert_never

from madoguchi.connectors.embedded.effects import balance_changes
from madoguchi.connectors.embedded.refunding import pay_back
from madoguchi.connectors.embedded.shop import change_order, move_balances, move_stock, read_order
from madoguchi.connectors.embedded.stages import state_of, unshipped_pieces
from madoguchi.counter.orders.model import (
    Decision,
    Order,
    Parcel,
    ParcelLine,
    ParcelState,
    Payment,
    ReturnRecord,
    TrackingEvent,
)
from madoguchi.counter.orders.ports import ShopRefused
from madoguchi.counter.orders.pricing import split_refund
from madoguchi.engine.database import Database, Transaction

ReturnStep = Literal["label", "in_transit", "received", "refunded", "refused"]
_RETURN_STEPS: tuple[str, ...] = ("requested", "label", "in_transit", "received", "refunded")
_UNSOLD = ("unopened",)
_ACCEPTED = {
    "ja": "荷物をお預かりしました",
    "en": "Parcel accepted",
    "zh-Hans": "包裹已揽收",
    "zh-Hant": "已收取包裹",
    "ko": "상품을 접수했습니다",
}


@dataclass(frozen=True)
class Paid:
    """The open part of the price has come in, by `payment_id` or the last payment that holds nothing yet."""

    payment_id: str = ""


@dataclass(frozen=True)
class Shipped:
    """Pieces leave the house: those of `parcel_id` in preparation, of `lines`, or everything not yet shipped."""

    carrier: str = ""
    tracking_number: str = ""
    tracking_url: str = ""
    parcel_id: str = ""
    lines: tuple[ParcelLine, ...] = ()
    promised_from: date | None = None
    promised_to: date | None = None


@dataclass(frozen=True)
class Moved:
    """The carrier reports a state of a parcel (empty: of the last one that has left)."""

    state: ParcelState
    parcel_id: str = ""
    place: dict[str, str] = field(default_factory=dict)
    text: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ReturnMoved:
    """A return goes a step on; `received` starts the refund clock, `refunded` pays what was decided (PAY-011)."""

    return_id: str
    state: ReturnStep
    tracking_number: str = ""


@dataclass(frozen=True)
class RefundMoved:
    """The bank or the gift card reports on a refund."""

    refund_id: str
    state: Literal["sent", "done", "failed"]


Event = Paid | Shipped | Moved | ReturnMoved | RefundMoved


def fulfil(database: Database, number: str, event: Event, *, version: int | None = None) -> Order:
    """Bring the event onto the order and return it, one version on. `version`: refuse if the order has moved on.

    Raises ShopRefused: `unknown_order`, `order_changed`, `nothing_to_ship`, `nothing_to_pay`, `unknown_parcel`,
    `unknown_return`, `unknown_refund`, `wrong_step`.
    """
    return database.write(fulfil_in, number, event, version=version)


def fulfil_in(tx: Transaction, number: str, event: Event, *, version: int | None = None) -> Order:
    """`fulfil` inside a transaction of the caller."""
    tx.lock("order", number)
    before = read_order(tx, number)
    after = change_order(tx, number, lambda order: advance(order, event, tx.now), version=version)
    if isinstance(event, ReturnMoved) and before is not None:
        move_balances(tx, after.customer_ref, balance_changes(before, after))
    if isinstance(event, ReturnMoved) and event.state == "received":
        move_stock(tx, _back_in_stock(after, event.return_id))
    return after


def advance(order: Order, event: Event, now: datetime) -> Order:
    """The order after the event. Pure; the version stays."""
    match event:
        case Paid():
            after = _paid(order, event, now)
        case Shipped():
            after = _shipped(order, event, now)
        case Moved():
            after = _moved(order, event, now)
        case ReturnMoved():
            after = _return_moved(order, event, now)
        case RefundMoved():
            return _refund_moved(order, event, now)
        case _:
            assert_never(event)
    return after if after.state == "cancelled" else after.model_copy(update={"state": state_of(after)})


def _paid(order: Order, event: Paid, now: datetime) -> Order:
    if order.state == "cancelled":
        raise ShopRefused("nothing_to_pay", number=order.number)
    open_part = order.total - sum(max(payment.authorised, payment.captured) for payment in order.payments)
    waiting = [payment for payment in order.payments if not payment.captured and not payment.authorised]
    payment = next((p for p in reversed(waiting) if event.payment_id in ("", p.id)), None)
    if payment is None or open_part <= 0:
        raise ShopRefused("nothing_to_pay", number=order.number)
    paid = payment.model_copy(update={"authorised": open_part, "captured": open_part, "at": now})
    return order.model_copy(
        update={
            "payments": [paid if each.id == payment.id else each for each in order.payments],
            "state": "processing" if order.state == "awaiting_payment" else order.state,
        }
    )


def _shipped(order: Order, event: Shipped, now: datetime) -> Order:
    if order.state in ("cancelled", "awaiting_payment"):
        raise ShopRefused("nothing_to_ship", number=order.number)
    if order.held_at is not None:
        raise ShopRefused("order_held", number=order.number)
    ready = [p for p in order.parcels if p.state == "preparing" and event.parcel_id in ("", p.id)]
    if event.parcel_id and not ready:
        raise ShopRefused("nothing_to_ship", number=order.number)
    parcel = ready[0] if ready and not event.lines else _packed(order, event)
    gone = parcel.model_copy(
        update={
            "carrier": event.carrier or parcel.carrier,
            "tracking_number": event.tracking_number or parcel.tracking_number,
            "tracking_url": event.tracking_url or parcel.tracking_url,
            "state": "shipped",
            "shipped_at": now,
            "promised_from": event.promised_from or parcel.promised_from or order.promised_from,
            "promised_to": event.promised_to or parcel.promised_to or order.promised_to,
            "events": [
                *parcel.events,
                TrackingEvent(at=now, state="shipped", text=_ACCEPTED),
            ],
        }
    )
    others = [p for p in order.parcels if p.id != gone.id]
    if event.lines:
        others = _without(others, event.lines)
    after = order.model_copy(update={"parcels": [*others, gone]})
    # Cards are charged when goods leave the house; with several parcels, at the first.
    captured = [
        payment.model_copy(update={"captured": max(payment.captured, payment.authorised)})
        for payment in after.payments
    ]
    return after.model_copy(update={"payments": captured})


def _packed(order: Order, event: Shipped) -> Parcel:
    items = list(event.lines) or [
        ParcelLine(line_id=line.id, quantity=left)
        for line in order.lines
        if (left := unshipped_pieces(order, line))
    ]
    for item in items:
        line = order.line(item.line_id)
        if line is None or item.quantity > unshipped_pieces(order, line):
            raise ShopRefused("nothing_to_ship", number=order.number, line_id=item.line_id)
    if not items:
        raise ShopRefused("nothing_to_ship", number=order.number)
    number = len(order.parcels) + 1
    return Parcel(id=f"{order.number}-S{number}", lines=items)


def _without(parcels: list[Parcel], packed: Iterable[ParcelLine]) -> list[Parcel]:
    """Parcels in preparation without the pieces that went into another one."""
    left = {item.line_id: item.quantity for item in packed}
    kept = []
    for parcel in parcels:
        if parcel.state != "preparing" or parcel.replaces:
            kept.append(parcel)
            continue
        items = []
        for item in parcel.lines:
            taken = min(item.quantity, left.get(item.line_id, 0))
            left[item.line_id] = left.get(item.line_id, 0) - taken
            if item.quantity > taken:
                items.append(item.model_copy(update={"quantity": item.quantity - taken}))
        if items:
            kept.append(parcel.model_copy(update={"lines": items}))
    return kept


def _moved(order: Order, event: Moved, now: datetime) -> Order:
    gone = [p for p in order.parcels if p.state != "preparing" and event.parcel_id in ("", p.id)]
    if not gone:
        raise ShopRefused("unknown_parcel", parcel_id=event.parcel_id)
    parcel = gone[-1]
    moved = parcel.model_copy(
        update={
            "state": event.state,
            "delivered_at": now if event.state == "delivered" else parcel.delivered_at,
            "events": [
                *parcel.events,
                TrackingEvent(at=now, state=event.state, place=event.place, text=event.text),
            ],
        }
    )
    return order.model_copy(update={"parcels": [moved if p.id == parcel.id else p for p in order.parcels]})


def _return_moved(order: Order, event: ReturnMoved, now: datetime) -> Order:
    record = next((each for each in order.returns if each.id == event.return_id), None)
    if record is None:
        raise ShopRefused("unknown_return", return_id=event.return_id)
    if record.state in ("refunded", "refused") or not _is_ahead(record, event.state):
        raise ShopRefused("wrong_step", return_id=record.id, state=record.state)
    update: dict[str, object] = {"state": event.state}
    if event.tracking_number:
        update["tracking_number"] = event.tracking_number
    if event.state == "received":
        update["received_at"] = now
    if event.state == "refused":
        order = _handed_back(order, record)
    if event.state == "refunded":
        order, update["refund_id"] = _pay_return(order, record, now)
    newer = record.model_copy(update=update)
    return order.model_copy(
        update={"returns": [newer if each.id == record.id else each for each in order.returns]}
    )


def _is_ahead(record: ReturnRecord, state: str) -> bool:
    if state == "refused":
        return True
    if state == "refunded":
        return record.state == "received"
    return _RETURN_STEPS.index(state) > _RETURN_STEPS.index(record.state)


def _handed_back(order: Order, record: ReturnRecord) -> Order:
    pieces = {item.line_id: item.quantity for item in record.lines}
    lines = [
        line.model_copy(update={"returned": max(0, line.returned - pieces.get(line.id, 0))})
        for line in order.lines
    ]
    return order.model_copy(update={"lines": lines})


def _pay_return(order: Order, record: ReturnRecord, now: datetime) -> tuple[Order, str | None]:
    if record.refund_amount == 0:
        return order, None
    # This return's own promise must not be held back from it.
    others = order.model_copy(update={"returns": [each for each in order.returns if each.id != record.id]})
    parts = split_refund(
        others, record.refund_amount, "money_first", to_gift_card=record.refund_to == "gift_card"
    )
    decision = Decision(
        verdict="allowed",
        refund=record.refund_amount,
        refund_parts=[
            {
                "payment_id": p.payment_id,
                "tender": p.tender,
                "label": p.label,
                "amount": p.amount,
                "method_id": record.method_id,
            }
            for p in parts
        ],
    )
    line_ids = [item.line_id for item in record.lines]
    after = pay_back(order, decision, now, reason="return", line_ids=line_ids)
    return after, after.refunds[len(order.refunds)].id


def _back_in_stock(order: Order, return_id: str) -> dict[str, int]:
    """Unopened goods can be sold again."""
    changes: dict[str, int] = {}
    for record in order.returns:
        if record.id != return_id or record.condition not in _UNSOLD:
            continue
        for item in record.lines:
            line = order.line(item.line_id)
            if line is not None:
                changes[line.sku] = changes.get(line.sku, 0) + item.quantity
    return changes


def _refund_moved(order: Order, event: RefundMoved, now: datetime) -> Order:
    refund = next((each for each in order.refunds if each.id == event.refund_id), None)
    if refund is None:
        raise ShopRefused("unknown_refund", refund_id=event.refund_id)
    if refund.state in ("done", "failed"):
        raise ShopRefused("wrong_step", refund_id=refund.id, state=refund.state)
    newer = refund.model_copy(
        update={"state": event.state, "done_at": now if event.state == "done" else refund.done_at}
    )
    payments: list[Payment] = list(order.payments)
    if event.state == "failed":
        payments = [
            p.model_copy(update={"refunded": p.refunded - refund.amount}) if p.id == refund.payment_id else p
            for p in payments
        ]
    refunds = [newer if each.id == refund.id else each for each in order.refunds]
    return order.model_copy(update={"refunds": refunds, "payments": payments})
