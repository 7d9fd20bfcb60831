"""`decide`: one deed on one order, held against the rules. Pure, never raises."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from madoguchi.counter.actors import Actor
from madoguchi.counter.orders.actions import (
    Action,
    CancelOrder,
    ChangeAddress,
    ChangeLines,
    ChangePayment,
    ExchangeLine,
    HoldOrder,
    PayGuarantee,
    RefundMissing,
    ReleaseOrder,
    ReshipMissing,
    ReturnLines,
)
from madoguchi.counter.orders.model import Decision, Order, Product, Seller, Wallet
from madoguchi.counter.orders.policy import before_shipment, coming_back, guarantee, not_arrived, unusual
from madoguchi.counter.orders.policy.draft import Draft, Question
from madoguchi.counter.orders.rules import Rules


def decide(
    action: Action,
    order: Order,
    rules: Rules,
    actor: Actor,
    *,
    now: datetime,
    sellers: Mapping[str, Seller] | None = None,
    products: Mapping[str, Product] | None = None,
    wallet: Wallet | None = None,
) -> Decision:
    """Whether `action` may be done to `order`, what it would do, and why or why not.

    `sellers` and `products` (with the stock of their variants) are those of the order's lines, as far as known;
    `wallet` is the customer's, where a method of it is named.
    `actor.rung` is what the customer has proved for this very order. Amounts are minor units of `order.currency`.
    A refusal is a Decision with reasons, in the order a person would give them; nothing is raised.
    """
    draft = Draft(Question(order, rules, actor, now, sellers or {}, products or {}, wallet), action.action)
    _fill(draft, action)
    guarantee.keep_paid_apart(draft, action)
    _check_once(draft)
    return draft.decision()


def _check_once(draft: Draft) -> None:
    """Of each group of `limits.once_per_order` an order allows one deed; what else is wrong is told first."""
    question = draft.question
    for group in question.rules.limits.once_per_order:
        draft.look("limits.once_per_order")
        if (
            draft.action in group
            and not draft.refused
            and any(done in group for done in question.order.deeds)
        ):
            draft.person_decides("once_per_order", "limits.once_per_order")


def _fill(draft: Draft, action: Action) -> None:
    if isinstance(action, CancelOrder):
        before_shipment.cancel(draft, action)
    elif isinstance(action, ChangeAddress):
        before_shipment.change_address(draft, action)
    elif isinstance(action, ChangeLines):
        before_shipment.change_lines(draft, action)
    elif isinstance(action, ChangePayment):
        before_shipment.change_payment(draft, action)
    elif isinstance(action, ReturnLines):
        coming_back.return_lines(draft, action)
    elif isinstance(action, ExchangeLine):
        coming_back.exchange_line(draft, action)
    elif isinstance(action, ReshipMissing):
        not_arrived.reship(draft, action)
    elif isinstance(action, RefundMissing):
        not_arrived.refund_missing(draft, action)
    elif isinstance(action, PayGuarantee):
        guarantee.pay(draft, action)
    elif isinstance(action, HoldOrder):
        unusual.hold(draft, action)
    elif isinstance(action, ReleaseOrder):
        unusual.release(draft)
    else:
        not_arrived.refund_duplicate(draft, action)
