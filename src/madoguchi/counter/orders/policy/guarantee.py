"""Paying a claim under the guarantee for a marketplace seller's goods: once per seller, never what is back already. Pure."""

from __future__ import annotations

from madoguchi.counter.orders import pricing
from madoguchi.counter.orders.actions import (
    Action,
    CancelOrder,
    ExchangeLine,
    PayGuarantee,
    RefundMissing,
    ReshipMissing,
    ReturnLines,
)
from madoguchi.counter.orders.model import Order
from madoguchi.counter.orders.policy.draft import Draft
from madoguchi.counter.orders.rules import Rules

REASON = "guarantee"  # of the refunds that it made


def most(order: Order, seller_id: str, rules: Rules) -> int:
    """The highest amount that the guarantee may pay for this seller's goods now, in minor units."""
    worth = sum(
        pricing.pieces_value(order, line, pricing.kept(order, line))
        for line in order.lines
        if line.seller_id == seller_id
    )
    left = 0 if paid_for(order, seller_id) else min(worth, pricing.taken(order))
    return min(left, rules.guarantee.limit.get(order.currency, 0))


def paid_for(order: Order, seller_id: str) -> bool:
    """Whether the guarantee has paid for this seller's goods."""
    paid = _paid_lines(order)
    return any(line.id in paid for line in order.lines if line.seller_id == seller_id)


def pay(draft: Draft, action: PayGuarantee) -> None:
    """Only the house itself pays, after a person has granted the claim (SEL-006)."""
    question = draft.question
    order, limit = question.order, f"guarantee.limit.{question.order.currency}"
    if question.actor.kind != "system":
        draft.refuse("guarantee_needs_claim", person=True)
    elif paid_for(order, action.seller_id):
        draft.refuse("guarantee_paid")
    elif action.amount > most(order, action.seller_id, question.rules):
        draft.refuse("guarantee_too_much", limit, amount=action.amount)
    else:
        draft.look(limit)
        draft.worth = action.amount
        draft.note("guarantee_granted", limit, amount=action.amount)
        draft.give_back(action.amount)


def keep_paid_apart(draft: Draft, action: Action) -> None:
    """What the guarantee has paid for brings no second refund and no second parcel."""
    paid = _paid_lines(draft.question.order)
    if paid and not draft.refused and paid & _touched(draft.question.order, action):
        draft.refuse("guarantee_paid", person=True)


def _paid_lines(order: Order) -> set[str]:
    return {
        line_id
        for refund in order.refunds
        if refund.reason == REASON and refund.state != "failed"
        for line_id in refund.line_ids
    }


def _touched(order: Order, action: Action) -> set[str]:
    if isinstance(action, CancelOrder | ReturnLines):
        named = {choice.line_id for choice in action.lines}
        return named or {line.id for line in order.lines}
    if isinstance(action, ExchangeLine):
        return {swap.line_id for swap in action.swaps}
    if isinstance(action, RefundMissing | ReshipMissing):
        return {
            item.line_id
            for parcel in order.parcels
            if action.parcel_id in ("", parcel.id)
            for item in parcel.lines
        }
    return set()
