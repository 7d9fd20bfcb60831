"""What could be done with an order now: for buttons, and for the reasons where there is none (RET-008). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from madoguchi.counter.actors import Actor
from madoguchi.counter.orders import pricing
from madoguchi.counter.orders.actions import (
    OFFERED_NAMES,
    Action,
    CancelOrder,
    ChangeAddress,
    ChangeLines,
    ChangePayment,
    ExchangeLine,
    LineChange,
    LineChoice,
    RefundDuplicate,
    RefundMissing,
    ReshipMissing,
    ReturnLines,
)
from madoguchi.counter.orders.model import Decision, Line, Order, Product, Seller
from madoguchi.counter.orders.policy.draft import Question
from madoguchi.counter.orders.policy.not_arrived import duplicates
from madoguchi.counter.orders.policy.verdict import decide
from madoguchi.counter.orders.rules import Rules

_RANK = {"allowed": 0, "needs_approval": 1, "refused": 2}
# The customer has not chosen yet: what an example would bring is not what they will get.
_EXAMPLES = frozenset({"change_address", "change_lines", "change_payment", "return", "exchange"})


def possible(
    order: Order,
    rules: Rules,
    actor: Actor,
    *,
    now: datetime,
    sellers: Mapping[str, Seller] | None = None,
    products: Mapping[str, Product] | None = None,
) -> dict[str, Decision]:
    """For each of the nine actions the best that could be decided now; refused ones carry the reason.

    For address, lines, payment, return and exchange an example stands for what the customer has yet to choose:
    their decisions name no effects and no amounts.
    """
    question = Question(order, rules, actor, now, sellers or {}, products or {})
    return {name: _best(question, name, _examples(question, name)) for name in OFFERED_NAMES}


def possible_by_line(
    order: Order,
    rules: Rules,
    actor: Actor,
    *,
    now: datetime,
    sellers: Mapping[str, Seller] | None = None,
    products: Mapping[str, Product] | None = None,
) -> dict[str, dict[str, Decision]]:
    """Per line: cancel, return and exchange of one piece of it."""
    question = Question(order, rules, actor, now, sellers or {}, products or {})
    return {
        line.id: {
            "cancel": _best(
                question, "cancel", [CancelOrder(lines=[LineChoice(line_id=line.id, quantity=1)])]
            ),
            "return": _best(question, "return", _returns(question, line)),
            "exchange": _best(question, "exchange", _exchanges(question, line)),
        }
        for line in order.lines
    }


def _best(question: Question, name: str, examples: Iterable[Action]) -> Decision:
    best: Decision | None = None
    for action in examples:
        found = decide(
            action,
            question.order,
            question.rules,
            question.actor,
            now=question.now,
            sellers=question.sellers,
            products=question.products,
        )
        if best is None or _RANK[found.verdict] < _RANK[best.verdict]:
            best = found
        if best.verdict == "allowed":
            break
    if best is None:
        best = decide(
            RefundDuplicate(payment_id=""), question.order, question.rules, question.actor, now=question.now
        )
    if name not in _EXAMPLES:
        return best
    return best.model_copy(update={"effects": [], "refund": 0, "charge": 0, "refund_parts": []})


def _examples(question: Question, name: str) -> Iterable[Action]:
    order = question.order
    if name == "cancel":
        yield CancelOrder()
        rest = [
            LineChoice(line_id=line.id, quantity=count)
            for line in order.lines
            if (count := pricing.unshipped(order, line))
        ]
        if rest:
            yield CancelOrder(lines=rest)
    elif name == "change_address":
        yield ChangeAddress(address=order.address.model_copy(update={"line2": order.address.line2 + "*"}))
    elif name == "change_lines":
        for line in order.lines:
            yield from _changes(question, line)
    elif name == "change_payment":
        for tender in ("card", "convenience_store", "bank_transfer", "cash_on_delivery", "pay_later"):
            yield ChangePayment.model_validate({"tender": tender})
    elif name == "return":
        for line in order.lines:
            yield from _returns(question, line)
    elif name == "exchange":
        for line in order.lines:
            yield from _exchanges(question, line)
    elif name == "reship":
        yield ReshipMissing()
    elif name == "refund_missing":
        yield RefundMissing()
    else:
        found = duplicates(question) or order.payments[-1:]
        yield from (RefundDuplicate(payment_id=payment.id) for payment in found)


def _changes(question: Question, line: Line) -> Iterable[Action]:
    have = pricing.kept(question.order, line)
    product = question.products.get(line.product_id)
    others = [variant.sku for variant in product.variants if variant.sku != line.sku] if product else []
    if have > 1:
        yield ChangeLines(changes=[LineChange(line_id=line.id, quantity=1)])
    for sku in others:
        yield ChangeLines(changes=[LineChange(line_id=line.id, sku=sku)])
    yield ChangeLines(changes=[LineChange(line_id=line.id, quantity=min(999, have + 1))])


def _returns(question: Question, line: Line) -> Iterable[Action]:
    rules = question.rules.returns
    own = [reason for reason in rules.reasons if reason not in rules.shop_fault_reasons]
    ours = [reason for reason in rules.reasons if reason in rules.shop_fault_reasons]
    for reason in own[:1] + ours[:1]:
        yield ReturnLines(lines=[LineChoice(line_id=line.id, quantity=1)], reason=reason, photos=["example"])


def _exchanges(question: Question, line: Line) -> Iterable[Action]:
    rules, product = question.rules.returns, question.products.get(line.product_id)
    own = [reason for reason in rules.reasons if reason not in rules.shop_fault_reasons]
    ours = [reason for reason in rules.reasons if reason in rules.shop_fault_reasons]
    others = [variant.sku for variant in product.variants if variant.sku != line.sku] if product else []
    for sku in others:
        yield ExchangeLine(line_id=line.id, sku=sku, reason=(own or ours)[0], photos=["example"])
    # The same again is possible for a fault, and only then.
    yield ExchangeLine(line_id=line.id, sku=line.sku, reason=(ours or own)[0], photos=["example"])
