"""All refunds of one customer in sums: what is asked for, what is granted, what has left, what has come. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from madoguchi.counter.orders.model import Order, Proposal

RefundStep = Literal["asked", "awaiting_goods", "checking", "requested", "sent", "done", "failed"]
STEPS: tuple[RefundStep, ...] = get_args(RefundStep)
"""In the order of a refund's life: waits for approval, for the goods, for their check; granted, sent, paid; not paid."""


@dataclass(frozen=True)
class RefundSum:
    """All refunds at one step in one currency. `amount` in minor units; `first`, `last`: when they came to it."""

    step: RefundStep
    currency: str
    amount: int
    count: int
    first: datetime
    last: datetime
    orders: tuple[str, ...]


@dataclass(frozen=True)
class _One:
    step: RefundStep
    currency: str
    amount: int
    at: datetime
    order: str


def refund_overview(orders: Sequence[Order], awaiting: Iterable[Proposal]) -> list[RefundSum]:
    """Each refund in exactly one sum. `awaiting`: proposals that wait for an approver; those without money are left out.

    A return whose refund has begun counts as that refund; an exchange, and a return that was refused, is none.
    """
    currencies = {order.number: order.currency for order in orders}
    found = [each for order in orders for each in (*_returns(order), *_refunds(order))]
    for each in awaiting:
        if each.decision.refund > 0 and each.order_number in currencies:
            money = each.decision.refund
            found.append(
                _One("asked", currencies[each.order_number], money, each.created_at, each.order_number)
            )
    groups: dict[tuple[RefundStep, str], list[_One]] = {}
    for one in found:
        groups.setdefault((one.step, one.currency), []).append(one)
    return [_sum(groups[key]) for key in sorted(groups, key=lambda key: (STEPS.index(key[0]), key[1]))]


def _returns(order: Order) -> list[_One]:
    return [
        _One(
            "checking" if each.received_at else "awaiting_goods",
            order.currency,
            each.refund_amount,
            each.received_at or each.at,
            order.number,
        )
        for each in order.returns
        if each.wish == "refund" and each.refund_id is None and each.state not in ("refunded", "refused")
    ]


def _refunds(order: Order) -> list[_One]:
    return [
        _One(each.state, order.currency, each.amount, each.done_at or each.at, order.number)
        for each in order.refunds
    ]


def _sum(found: Sequence[_One]) -> RefundSum:
    times = [each.at for each in found]
    return RefundSum(
        step=found[0].step,
        currency=found[0].currency,
        amount=sum(each.amount for each in found),
        count=len(found),
        first=min(times),
        last=max(times),
        orders=tuple(dict.fromkeys(each.order for each in found)),
    )
