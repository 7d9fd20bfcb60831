"""What may come back: returns and exchanges, by product, condition, seller, reason and days (RET-001 to RET-014). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from madoguchi.counter.orders import pricing
from madoguchi.counter.orders.actions import ExchangeLine, ReturnLines, Swap
from madoguchi.counter.orders.model import Condition, Line, ReturnReason
from madoguchi.counter.orders.policy.draft import Draft, Question
from madoguchi.counter.orders.policy.methods import (
    give_back_to_method,
    is_from,
    named_method,
    settle_difference,
)
from madoguchi.counter.orders.rules import Answer


@dataclass(frozen=True)
class Window:
    """How long a line may come back: `base` is day 0, `last` the last day; `rule` set it."""

    days: int
    base: date
    rule: str

    def day(self, today: date) -> int:
        return (today - self.base).days


def return_lines(draft: Draft, action: ReturnLines) -> None:
    """Pieces back for money: to the tenders they were paid with, or as a gift card."""
    chosen = _chosen_lines(draft, action)
    if not draft.refused:
        _check_photo(draft, action.reason, bool(action.photos))
        for line, _ in chosen:
            _check_line(draft, line, action.reason, action.condition)
    if draft.refused:
        return
    _refund_return(draft, action, chosen)


def exchange_line(draft: Draft, action: ExchangeLine) -> None:
    """Pieces back, other variants of the same products out (RET-014). No stock: a refund is offered."""
    swaps = action.swaps
    if len({swap.line_id for swap in swaps}) != len(swaps):
        draft.refuse("line_named_twice")
        return
    needed: dict[str, int] = {}
    for swap in swaps:
        needed[swap.sku] = needed.get(swap.sku, 0) + swap.quantity
        _check_swap(draft, action, swap, needed[swap.sku])
    if not draft.refused:
        _carry_out_exchange(draft, action)


def _check_swap(draft: Draft, action: ExchangeLine, swap: Swap, needed: int) -> None:
    question = draft.question
    line = question.order.line(swap.line_id)
    if line is None:
        draft.refuse("no_such_line", line_id=swap.line_id)
        return
    _check_pieces(draft, line, swap.quantity)
    if draft.refused:
        return
    _check_photo(draft, action.reason, bool(action.photos))
    _check_line(draft, line, action.reason, action.condition)
    draft.look("exchange.same_variant")
    fault = action.reason in question.rules.returns.shop_fault_reasons
    if swap.sku == line.sku and not (fault and question.rules.exchange.same_variant == "for_fault"):
        draft.refuse("same_variant", "exchange.same_variant", line_id=line.id)
    if draft.refused:
        return
    variant = pricing.variant_of(question.products, line.product_id, swap.sku)
    if variant is None:
        draft.refuse("no_such_variant", instead=("return",), person=True, line_id=line.id, sku=swap.sku)
    elif variant.stock < needed:
        draft.refuse(
            "out_of_stock",
            instead=("return",),
            person=True,
            line_id=line.id,
            name=variant.name,
            left=variant.stock,
        )


# ── may it come back ──────────────────────────────────────────────────────────────────────────────


def _chosen_lines(draft: Draft, action: ReturnLines) -> list[tuple[Line, int]]:
    order = draft.question.order
    summed: dict[str, int] = {}
    for choice in action.lines:
        summed[choice.line_id] = summed.get(choice.line_id, 0) + choice.quantity
    chosen = []
    for line_id, count in summed.items():
        line = order.line(line_id)
        if line is None:
            draft.refuse("no_such_line", line_id=line_id)
            continue
        _check_pieces(draft, line, count)
        chosen.append((line, count))
    return chosen


def returnable_pieces(question: Question, line: Line) -> int:
    """Pieces that have arrived and are not on their way back."""
    order = question.order
    gone = pricing.going_back(order, line) + pricing.exchanging(order, line)
    return max(0, min(pricing.delivered(order, line), line.quantity - line.cancelled) - gone)


def _check_pieces(draft: Draft, line: Line, count: int) -> None:
    question = draft.question
    order = question.order
    there = returnable_pieces(question, line)
    if order.state == "cancelled" or line.cancelled >= line.quantity:
        draft.refuse("already_cancelled", line_id=line.id)
    elif count <= there:
        return
    elif pricing.shipped(order, line) == 0:
        draft.refuse("not_shipped_cancel_instead", instead=("cancel",), line_id=line.id)
    elif pricing.delivered(order, line) == 0:
        draft.refuse("not_delivered_yet", instead=("refuse_delivery",), person=True, line_id=line.id)
    elif there == 0:
        draft.refuse("already_returning", person=True, line_id=line.id)
    else:
        draft.refuse("too_many_pieces", line_id=line.id, left=there)


def _check_photo(draft: Draft, reason: ReturnReason, has_photo: bool) -> None:
    draft.look("returns.reasons")
    if reason not in draft.question.rules.returns.reasons:
        draft.refuse("reason_not_offered", "returns.reasons", return_reason=reason)
    draft.look("returns.photo_needed_for")
    if reason in draft.question.rules.returns.photo_needed_for and not has_photo:
        draft.refuse("photo_needed", "returns.photo_needed_for", return_reason=reason)


def _check_line(draft: Draft, line: Line, reason: ReturnReason, condition: Condition) -> None:
    """Product before class before condition before window (C-36)."""
    rules = draft.question.rules.returns
    draft.look("returns.shop_fault_reasons")
    fault = reason in rules.shop_fault_reasons
    _check_product(draft, line, fault)
    if draft.refused:
        return
    if not fault:
        _check_condition(draft, line, condition)
    _check_window(draft, line, fault)


def _check_product(draft: Draft, line: Line, fault: bool) -> None:
    question = draft.question
    rules, product = question.rules.returns, question.products.get(line.product_id)
    if not line.returnable or (product is not None and not product.returnable):
        if fault:
            draft.person_decides("fault_of_not_returnable", line_id=line.id)
        else:
            draft.refuse("not_returnable", person=True, line_id=line.id)
        return
    if product is not None and product.members_only and not fault:
        draft.answer(
            rules.members_only, "members_only", "members_only_person", "returns.members_only", line_id=line.id
        )
    terms = rules.classes.get(line.product_class)
    if terms is None:
        return
    key = f"returns.classes.{line.product_class}.returnable"
    params = {"line_id": line.id, "product_class": line.product_class}
    if fault and terms.returnable == "no":
        draft.look(key)
        draft.person_decides("fault_of_not_returnable", key, **params)
    elif not fault:
        draft.answer(terms.returnable, "class_not_returnable", "class_person", key, **params)


def _check_condition(draft: Draft, line: Line, condition: Condition) -> None:
    if condition == "unopened":
        return
    if condition == "defective":
        # Said to be broken, and sent back for another reason: somebody has to ask.
        draft.person_decides("defective_other_reason", line_id=line.id)
        return
    answer, key = _condition_rule(draft.question, line, condition)
    params = {"line_id": line.id, "product_class": line.product_class}
    if condition == "opened_unused":
        draft.answer(answer, "opened_not_returnable", "opened_person", key, **params)
    else:
        draft.answer(answer, "used_not_returnable", "used_person", key, **params)


def _condition_rule(question: Question, line: Line, condition: Condition) -> tuple[Answer, str]:
    rules = question.rules.returns
    terms = rules.classes.get(line.product_class)
    name = "opened" if condition == "opened_unused" else "used"
    of_class: Answer | None = getattr(terms, name) if terms else None
    if of_class is not None:
        return of_class, f"returns.classes.{line.product_class}.{name}"
    return (rules.opened if name == "opened" else rules.used), f"returns.{name}"


def _check_window(draft: Draft, line: Line, fault: bool) -> None:
    question = draft.question
    window = window_of(question, line)
    draft.look("returns.base")
    draft.look(window.rule)
    day = window.day(question.today)
    params: dict[str, Any] = {"days": window.days, "day": day, "line_id": line.id}
    if day <= window.days:
        draft.note("within_window", window.rule, **params)
        return
    if not fault:
        draft.refuse("window_over", window.rule, person=True, **params)
        return
    draft.look("returns.fault_after_window")
    if question.rules.returns.fault_after_window == "person":
        draft.person_decides("fault_after_window", "returns.fault_after_window", **params)
    else:
        draft.refuse("window_over", "returns.fault_after_window", person=True, **params)


def window_of(question: Question, line: Line) -> Window:
    """The most specific window: agreed with the seller > the seller's own > product class > general."""
    rules, order = question.rules.returns, question.order
    base = question.day(order.placed_at)
    if rules.base == "delivery_date":
        arrivals = [
            parcel.delivered_at
            for parcel in order.parcels
            if parcel.delivered_at and any(piece.line_id == line.id for piece in parcel.lines)
        ]
        base = question.day(max(arrivals)) if arrivals else base
    agreed = rules.sellers.get(line.seller_id)
    if agreed is not None and agreed.window_days is not None:
        return Window(agreed.window_days, base, f"returns.sellers.{line.seller_id}.window_days")
    if not question.sold_by_shop(line):
        seller = question.sellers.get(line.seller_id)
        own = seller.return_days if seller else None
        days = rules.marketplace_window_days if own is None else own
        return Window(
            days, base, "seller.return_days" if own is not None else "returns.marketplace_window_days"
        )
    terms = rules.classes.get(line.product_class)
    if terms is not None and terms.window_days is not None:
        return Window(terms.window_days, base, f"returns.classes.{line.product_class}.window_days")
    return Window(rules.window_days, base, "returns.window_days")


# ── what it costs and brings ──────────────────────────────────────────────────────────────────────


def customer_pays(draft: Draft, line: Line, reason: ReturnReason) -> bool:
    """Who pays the way back (RET-003, RET-006): our fault never costs the customer."""
    question = draft.question
    rules = question.rules.returns
    if reason in rules.shop_fault_reasons:
        return False
    agreed = rules.sellers.get(line.seller_id)
    if agreed is not None and agreed.customer_pays_return is not None:
        draft.look(f"returns.sellers.{line.seller_id}.customer_pays_return")
        return agreed.customer_pays_return
    seller = question.sellers.get(line.seller_id)
    if not question.sold_by_shop(line) and seller is not None and seller.customer_pays_return is not None:
        draft.look("seller.customer_pays_return")
        return seller.customer_pays_return
    return True


def _refund_return(draft: Draft, action: ReturnLines, chosen: list[tuple[Line, int]]) -> None:
    question = draft.question
    order, rules = question.order, question.rules
    worth = sum(pricing.pieces_value(order, line, count) for line, count in chosen)
    fault = action.reason in rules.returns.shop_fault_reasons
    worth += _shipping_fee_back(draft, chosen, fault)
    pays = any(customer_pays(draft, line, action.reason) for line, _ in chosen)
    fee = _return_fee(draft, worth) if pays else 0
    draft.effect(
        "send_back",
        lines=[{"line_id": line.id, "quantity": count} for line, count in chosen],
        customer_pays_shipping=pays,
        return_fee=fee,
    )
    _say_who_pays(draft, pays, fee, fault)
    _say_when(draft, [line for line, _ in chosen])
    to = None
    if action.method_id:
        named = named_method(draft, action.method_id)
        if named is None:
            return
        if not any(is_from(payment, named) for payment in order.payments):
            if named.tender != "gift_card":
                draft.refuse("method_not_offered", tender=named.tender)
                return
            to = give_back_to_method(draft, named)
    to_gift_card = action.refund_to == "gift_card" and to is None
    if to_gift_card and any(payment.tender != "gift_card" for payment in order.payments if payment.captured):
        draft.needs_fresh("identity.refund_to_other_tender", rules.identity.refund_to_other_tender)
    still_owed = pricing.kept_value(order) + order.shipping_fee - worth + fee
    draft.settle(worth - fee, still_owed, to_gift_card=to_gift_card, to=to, after_arrival=True)
    draft.worth = worth


def _shipping_fee_back(draft: Draft, chosen: list[tuple[Line, int]], fault: bool) -> int:
    """The postage of the order: given back for our fault, once nothing of the order is kept."""
    order = draft.question.order
    draft.look("refund.shipping_fee_when_shop_fault")
    if not fault or not draft.question.rules.refund.shipping_fee_when_shop_fault or not order.shipping_fee:
        return 0
    leaving = {line.id: count for line, count in chosen}
    if any(pricing.kept(order, line) > leaving.get(line.id, 0) for line in order.lines):
        return 0
    draft.effect("shipping_fee_back", amount=order.shipping_fee)
    return order.shipping_fee


def _return_fee(draft: Draft, worth: int) -> int:
    currency = draft.question.order.currency
    draft.look(f"returns.customer_fee.{currency}")
    return min(worth, draft.question.rules.returns.customer_fee.get(currency, 0))


def _say_who_pays(draft: Draft, pays: bool, fee: int, fault: bool) -> None:
    if not pays:
        draft.effect("return_label_free")
        draft.note("return_free_fault" if fault else "return_free")
    elif fee:
        draft.effect("return_fee", amount=fee)
        draft.note("return_paid_by_customer", "returns.customer_fee")
    else:
        draft.effect("pay_carrier")
        draft.note("return_paid_by_customer", "returns.customer_fee")


def _say_when(draft: Draft, lines: list[Line]) -> None:
    question = draft.question
    rules = question.rules.refund
    marketplace = not all(question.sold_by_shop(line) for line in lines)
    key = "refund.after_arrival_marketplace" if marketplace else "refund.after_arrival"
    span = rules.after_arrival_marketplace if marketplace else rules.after_arrival
    draft.look(key)
    draft.effect("refund_after_arrival", days=[span.low, span.high], business_days=span.business_days)
    draft.effect("keep_tracking")


def _carry_out_exchange(draft: Draft, action: ExchangeLine) -> None:
    """Every line priced by itself; the differences together are charged or given back once."""
    order = draft.question.order
    swapped = [(swap, line) for swap in action.swaps if (line := order.line(swap.line_id)) is not None]
    pays = any(customer_pays(draft, line, action.reason) for _, line in swapped)
    pieces = [{"line_id": swap.line_id, "quantity": swap.quantity} for swap in action.swaps]
    draft.effect("send_back", lines=pieces, customer_pays_shipping=pays, return_fee=0)
    after = order
    for swap, line in swapped:
        variant = pricing.variant_of(draft.question.products, line.product_id, swap.sku)
        if variant is None:
            continue
        before, after = after, pricing.with_variant(after, line.id, swap.quantity, variant)
        draft.effect(
            "send_new",
            quantity=swap.quantity,
            sku=variant.sku,
            name=variant.name,
            price=variant.price,
            difference=pricing.kept_value(after) - pricing.kept_value(before),
        )
    draft.effect("pay_carrier" if pays else "return_label_free")
    draft.effect("keep_tracking")
    draft.note(
        "return_paid_by_customer" if pays else "return_free_fault", "returns.customer_fee" if pays else ""
    )
    draft.worth = sum(pricing.pieces_value(order, line, swap.quantity) for swap, line in swapped)
    difference = pricing.kept_value(after) - pricing.kept_value(order)
    settle_difference(draft, difference, pricing.kept_value(after) + order.shipping_fee, action.method_id)
