"""Orders unlike their customer's: which pattern of the policy they fit, and what holding and releasing one means. Pure.

A hold moves no money and takes nothing away: nothing is charged, sent or given back because of it, the customer may
cancel as before. What a person has released is never held again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from madoguchi.counter.orders import pricing
from madoguchi.counter.orders.actions import HoldOrder
from madoguchi.counter.orders.model import Address, Order
from madoguchi.counter.orders.policy.draft import Draft
from madoguchi.counter.orders.rules import Pattern, Rules

UNKNOWN_TO_CUSTOMER = "unknown_to_customer"  # no pattern of the policy: the customer says so (ACC-021)


def pattern_of(order: Order, others: Sequence[Order], rules: Rules, now: datetime) -> str:
    """The name of the first pattern that the order fits; empty for an ordinary one, and for one that cannot be held.

    `others`: the orders of the same customer, this one among them or not.
    """
    if _why_not(order) or now - order.placed_at > timedelta(hours=rules.unusual.look_back_hours):
        return ""
    known = [each for each in others if each.number != order.number and each.placed_at <= order.placed_at]
    fits = (name for name, pattern in rules.unusual.patterns.items() if _fits(order, known, pattern))
    return next(fits, "")


def hold(draft: Draft, action: HoldOrder) -> None:
    """Keep the order in the house until a person has looked at it; only the house itself does so (ORD-017)."""
    question = draft.question
    why_not = "hold_by_house" if question.actor.kind != "system" else _why_not(question.order)
    if why_not:
        draft.refuse(why_not)
        return
    if action.pattern != UNKNOWN_TO_CUSTOMER:
        draft.look(f"unusual.patterns.{action.pattern}")
    draft.effect("hold_order")


def release(draft: Draft) -> None:
    """Let a held order go on. The shop's own people decide, whoever the customer has proved to be."""
    question = draft.question
    draft.needs_proof = False
    if not question.actor.is_staff:
        draft.refuse("release_by_staff", person=True)
    elif question.order.held_at is None:
        draft.refuse("not_held")
    else:
        draft.effect("release_order")


def _why_not(order: Order) -> str:
    if order.held_at is not None:
        return "already_held"
    if "release" in order.deeds:
        return "hold_released"
    open_yet = order.state in ("awaiting_payment", "processing") and not pricing.anything_shipped(order)
    return "" if open_yet else "hold_too_late"


def _fits(order: Order, known: Sequence[Order], pattern: Pattern) -> bool:
    """Whether every condition that the pattern names holds."""
    since = order.placed_at - timedelta(hours=pattern.within_hours)
    recent = 1 + sum(each.placed_at >= since for each in known)
    named = {
        "amount_from": order.total >= pattern.amount_from.get(order.currency, order.total + 1),
        "pieces_from": sum(line.active for line in order.lines) >= (pattern.pieces_from or 0),
        "orders_from": recent >= (pattern.orders_from or 0),
        "first_order": not known,
        "new_address": all(not _same(each.address, order.address) for each in known),
        "countries": order.address.country in pattern.countries,
        "classes": any(line.product_class in pattern.classes for line in order.lines if line.active),
    }
    return all(holds for name, holds in named.items() if getattr(pattern, name))


def _same(one: Address, other: Address) -> bool:
    return (one.country, one.postal_code, one.line1) == (other.country, other.postal_code, other.line1)
