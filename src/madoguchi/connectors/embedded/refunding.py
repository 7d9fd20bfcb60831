"""Giving money back: which payment it comes from, never more than was taken (invariant I5). Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from madoguchi.counter.orders.model import Decision, Order, Payment, Refund, Tender
from madoguchi.counter.orders.ports import ShopRefused

_AT_ONCE: frozenset[Tender] = frozenset({"gift_card", "points"})
_NEEDS_ROUTE: frozenset[Tender] = frozenset({"convenience_store", "bank_transfer", "cash_on_delivery"})


def refundable(payment: Payment) -> int:
    return payment.captured - payment.refunded


def pay_back(
    order: Order,
    decision: Decision,
    now: datetime,
    *,
    reason: str,
    line_ids: Sequence[str] = (),
    refund_id: Callable[[int], str] | None = None,
) -> Order:
    """The order with the decided refund booked on payments and refunds.

    Raises ShopRefused `over_refund` if a part exceeds what its payment still holds, `amounts_differ` if the parts
    do not make the refund.
    """
    if decision.refund == 0:
        return order
    parts = decision.refund_parts or [{"amount": decision.refund}]
    if sum(int(part["amount"]) for part in parts) != decision.refund:
        raise ShopRefused("amounts_differ", refund=decision.refund)
    payments = {payment.id: payment for payment in order.payments}
    refunds = list(order.refunds)
    for part in parts:
        for payment_id, amount in _sources(payments, part):
            payment = payments[payment_id]
            payments[payment_id] = payment.model_copy(update={"refunded": payment.refunded + amount})
            number = len(refunds) + 1
            refunds.append(
                _refund(part, payment, amount, now).model_copy(
                    update={
                        "id": refund_id(number) if refund_id else f"{order.number}-F{number}",
                        "reason": reason,
                        "line_ids": list(line_ids),
                    }
                )
            )
    after = order.model_copy(update={"payments": list(payments.values()), "refunds": refunds})
    if after.refunded > after.captured:
        raise ShopRefused("over_refund", captured=order.captured, refunded=order.refunded)
    return after


def charged(order: Order, by: Mapping[str, Any], amount: int, now: datetime) -> Order:
    """The order with `amount` paid by a method of the wallet: taken at once where it holds money, else held."""
    at_once = by["tender"] in _AT_ONCE
    payment = Payment(
        id=f"{order.number}-P{len(order.payments) + 1}",
        tender=by["tender"],
        label=by["label"],
        method_id=by["method_id"],
        authorised=amount,
        captured=amount if at_once else 0,
        at=now,
    )
    return order.model_copy(update={"payments": [*order.payments, payment]})


def release_holds(order: Order, amount: int | None = None) -> Order:
    """Let go of money that is held and not taken: `amount` of it, the newest hold first, or all."""
    left = sum(max(0, p.authorised - p.captured) for p in order.payments) if amount is None else amount
    payments = []
    for payment in reversed(order.payments):
        freed = min(left, max(0, payment.authorised - payment.captured))
        left -= freed
        payments.append(payment.model_copy(update={"authorised": payment.authorised - freed}))
    return order.model_copy(update={"payments": payments[::-1]})


def refund_state(tender: Tender) -> Literal["requested", "sent", "done"]:
    """Gift cards and points are credited at once; cash needs a payout route first (PAY-019); cards are handed on."""
    if tender in _AT_ONCE:
        return "done"
    return "requested" if tender in _NEEDS_ROUTE else "sent"


def _refund(part: dict[str, Any], payment: Payment, amount: int, now: datetime) -> Refund:
    tender: Tender = part.get("tender") or payment.tender
    state = refund_state(tender)
    return Refund(
        id="",
        at=now,
        amount=amount,
        tender=tender,
        label=part.get("label") or (payment.label if tender == payment.tender else ""),
        payment_id=payment.id,
        state=state,
        done_at=now if state == "done" else None,
        method_id=part.get("method_id") or "",
    )


def _sources(payments: dict[str, Payment], part: dict[str, Any]) -> list[tuple[str, int]]:
    """From which payments a part is taken; a part without a payment is taken from whatever is left, in order."""
    amount = int(part["amount"])
    payment_id = part.get("payment_id")
    if amount <= 0:
        raise ShopRefused("amounts_differ", refund=amount)
    if payment_id is not None:
        payment = payments.get(payment_id)
        if payment is None:
            raise ShopRefused("unknown_payment", payment_id=payment_id)
        if amount > refundable(payment):
            raise ShopRefused("over_refund", captured=payment.captured, refunded=payment.refunded)
        return [(payment_id, amount)]
    found = []
    for payment in payments.values():
        taken = min(amount, max(0, refundable(payment)))
        if taken:
            found.append((payment.id, taken))
            amount -= taken
    if amount:
        raise ShopRefused("over_refund", missing=amount)
    return found
