"""What a deed changes on an order: `apply`, a pure function from one version of the order to the next.

The shop decides nothing here: amounts come from the Decision. It only refuses what can no longer be, whatever was
decided (pieces already shipped, money already given back), so that a mistake above cannot become a wrong order.
Pieces are counted as returned from the moment the return is accepted, so that nothing comes back twice (CASE-006).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import assert_never

from madoguchi.connectors.embedded.exchanging import change_lines, exchange
from madoguchi.connectors.embedded.missing import refund_missing, reship
from madoguchi.connectors.embedded.refunding import charged, pay_back, refundable, release_holds
from madoguchi.connectors.embedded.returning import return_lines
from madoguchi.connectors.embedded.stages import state_of, unshipped_pieces
from madoguchi.counter.orders.actions import (
    Action,
    CancelOrder,
    ChangeAddress,
    ChangeLines,
    ChangePayment,
    ExchangeLine,
    HoldOrder,
    PayGuarantee,
    RefundDuplicate,
    RefundMissing,
    ReleaseOrder,
    ReshipMissing,
    ReturnLines,
)
from madoguchi.counter.orders.model import Decision, Order, Parcel, Payment, Product
from madoguchi.counter.orders.ports import ShopRefused
from madoguchi.counter.orders.pricing import kept_value

Products = Mapping[str, Product]


def apply(
    order: Order, action: Action, decision: Decision, now: datetime, products: Products | None = None
) -> Order:
    """The order after the deed, same version. `products` (by id) are needed for other variants only.

    Raises ShopRefused: `already_shipped`, `not_enough_pieces`, `unknown_line`, `unknown_variant`, `unknown_payment`,
    `over_refund`, `amounts_differ`, `nothing_missing`, `already_settled`, `already_paid`, `nothing_to_cancel`,
    `not_shipped_yet`.
    """
    after = _apply(order, action, decision, now, products or {})
    after = after.model_copy(update={"deeds": [*order.deeds, action.action]})
    return after.model_copy(update={"state": state_of(after)}) if after.state != "cancelled" else after


def _apply(order: Order, action: Action, decision: Decision, now: datetime, products: Products) -> Order:
    match action:
        case CancelOrder():
            return _cancel(order, action, decision, now)
        case ChangeAddress():
            return _change_address(order, action)
        case ChangeLines():
            return change_lines(order, action, decision, now, products)
        case ChangePayment():
            return _change_payment(order, action, decision, now)
        case ReturnLines():
            return return_lines(order, action, decision, now)
        case ExchangeLine():
            return exchange(order, action, decision, now, products)
        case ReshipMissing():
            return reship(order, action, decision, now)
        case RefundMissing():
            return refund_missing(order, action, decision, now)
        case RefundDuplicate():
            return _refund_duplicate(order, action, decision, now)
        case PayGuarantee():
            return _pay_guarantee(order, action, decision, now)
        case HoldOrder():
            return _hold(order, now)
        case ReleaseOrder():
            return order.model_copy(update={"held_at": None})
    assert_never(action)


def stock_changes(before: Order, after: Order, action: Action) -> dict[str, int]:
    """Pieces that go back to (+) or leave (-) the stock by the deed.

    Returned goods come back when they are received, lost ones never.
    """
    if isinstance(action, RefundMissing):
        return {}

    def reserved(order: Order) -> Counter[str]:
        pieces: Counter[str] = Counter()
        lines = {line.id: line for line in order.lines}
        for line in order.lines:
            pieces[line.sku] += line.quantity - line.cancelled
        for parcel in order.parcels:
            for item in parcel.lines if parcel.replaces else []:
                pieces[lines[item.line_id].sku] += item.quantity
        return pieces

    old, new = reserved(before), reserved(after)
    changes = {sku: old[sku] - new[sku] for sku in old.keys() | new.keys()}
    return {sku: change for sku, change in changes.items() if change}


def balance_changes(before: Order, after: Order) -> dict[str, int]:
    """What refunds and charges between two versions of an order move on methods of the customer's wallet.

    A refund goes to the method that it names, else back to the one that its payment came from.
    """
    known = {refund.id for refund in before.refunds}
    paid = {payment.id: payment for payment in before.payments}
    came_from = {payment.id: payment.method_id for payment in after.payments}
    changes: Counter[str] = Counter()
    for refund in after.refunds:
        if refund.id not in known and refund.state != "failed":
            method = refund.method_id or came_from.get(refund.payment_id or "", "")
            changes[method] += refund.amount
    for payment in after.payments:
        earlier = paid[payment.id].captured if payment.id in paid else 0
        changes[payment.method_id] -= payment.captured - earlier
    return {method: change for method, change in changes.items() if method and change}


def _cancel(order: Order, action: CancelOrder, decision: Decision, now: datetime) -> Order:
    wanted = {choice.line_id: choice.quantity for choice in action.lines}
    if not wanted:
        if any(parcel.state != "preparing" for parcel in order.parcels):
            raise ShopRefused("already_shipped", number=order.number)
        wanted = {line.id: line.active for line in order.lines if line.active}
    if not wanted or order.state == "cancelled":
        raise ShopRefused("nothing_to_cancel", number=order.number)
    lines = []
    for line in order.lines:
        pieces = wanted.pop(line.id, 0)
        if pieces > line.active:
            raise ShopRefused("not_enough_pieces", line_id=line.id, left=line.active)
        if pieces > unshipped_pieces(order, line):
            raise ShopRefused("already_shipped", line_id=line.id)
        lines.append(line.model_copy(update={"cancelled": line.cancelled + pieces}) if pieces else line)
    if wanted:
        raise ShopRefused("unknown_line", line_id=next(iter(wanted)))
    after = order.model_copy(update={"lines": lines})
    after = after.model_copy(update={"parcels": _trim_preparing(after)})
    changed = [new.id for old, new in zip(order.lines, lines, strict=True) if old.cancelled != new.cancelled]
    after = pay_back(after, decision, now, reason=action.action, line_ids=changed)
    whole = all(line.active == 0 for line in lines)
    held = None if whole else max(0, kept_value(order) - kept_value(after) - decision.refund)
    after = release_holds(after, held)
    if not whole or any(line.returned for line in lines):
        return after
    return after.model_copy(update={"state": "cancelled", "cancelled_at": now})


def _trim_preparing(order: Order) -> list[Parcel]:
    """Parcels with cancelled pieces taken out; a parcel in preparation with nothing in it disappears."""
    parcels = []
    left = {line.id: unshipped_pieces(order, line) for line in order.lines}
    for parcel in order.parcels:
        if parcel.state != "preparing" or parcel.replaces:
            parcels.append(parcel)
            continue
        items = []
        for item in parcel.lines:
            pieces = min(item.quantity, left[item.line_id])
            left[item.line_id] -= pieces
            if pieces:
                items.append(item.model_copy(update={"quantity": pieces}))
        if items:
            parcels.append(parcel.model_copy(update={"lines": items}))
    return parcels


def _change_address(order: Order, action: ChangeAddress) -> Order:
    if order.state not in ("awaiting_payment", "processing"):
        raise ShopRefused("already_shipped", number=order.number)
    return order.model_copy(update={"address": action.address})


def _change_payment(order: Order, action: ChangePayment, decision: Decision, now: datetime) -> Order:
    """Holds are let go and the open part is asked for by the new tender; a card is entered at the shop (PAY-013)."""
    if order.state not in ("awaiting_payment", "processing"):
        raise ShopRefused("already_shipped", number=order.number)
    after = release_holds(pay_back(order, decision, now, reason=action.action))
    if action.method_id:
        by = next(effect.params for effect in decision.effects if effect.code == "charge")
        return charged(after, by, decision.charge, now).model_copy(update={"state": "processing"})
    if after.captured - after.refunded >= after.total:
        raise ShopRefused("already_paid", number=order.number)
    kept = [payment for payment in after.payments if payment.captured]
    payment = Payment(id=f"{order.number}-P{len(order.payments) + 1}", tender=action.tender, at=now)
    later = action.tender in ("cash_on_delivery", "pay_later")
    return after.model_copy(
        update={"payments": [*kept, payment], "state": "processing" if later else "awaiting_payment"}
    )


def _refund_duplicate(order: Order, action: RefundDuplicate, decision: Decision, now: datetime) -> Order:
    payment = next((payment for payment in order.payments if payment.id == action.payment_id), None)
    if payment is None:
        raise ShopRefused("unknown_payment", payment_id=action.payment_id)
    # Of two charges either may go back, but what is left must pay for the goods: never both.
    left = order.captured - order.refunded - decision.refund
    if refundable(payment) <= 0 or left < kept_value(order):
        raise ShopRefused("already_settled", payment_id=payment.id)
    part = {
        "payment_id": payment.id,
        "tender": payment.tender,
        "label": payment.label,
        "amount": decision.refund,
    }
    exact = decision.model_copy(update={"refund_parts": [part]})
    return pay_back(order, exact, now, reason=action.action)


def _pay_guarantee(order: Order, action: PayGuarantee, decision: Decision, now: datetime) -> Order:
    """The seller's lines stand on the refund, so that nothing is paid for them a second time."""
    lines = [line.id for line in order.lines if line.seller_id == action.seller_id and line.active]
    paid = {
        line_id for refund in order.refunds if refund.reason == action.action for line_id in refund.line_ids
    }
    if not lines or paid & set(lines):
        raise ShopRefused("already_settled")
    return pay_back(order, decision, now, reason=action.action, line_ids=lines)


def _hold(order: Order, now: datetime) -> Order:
    if order.state not in ("awaiting_payment", "processing"):
        raise ShopRefused("already_shipped", number=order.number)
    return order.model_copy(update={"held_at": order.held_at or now})
