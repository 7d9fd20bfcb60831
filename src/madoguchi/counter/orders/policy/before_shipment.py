"""What can still be changed while the goods are in the house: cancel, address, lines, payment. Pure."""

from __future__ import annotations

from datetime import timedelta

from madoguchi.counter.orders import pricing
from madoguchi.counter.orders.actions import (
    CancelOrder,
    ChangeAddress,
    ChangeLines,
    ChangePayment,
    LineChange,
    LineChoice,
)
from madoguchi.counter.orders.model import Line, Order
from madoguchi.counter.orders.policy.draft import Draft
from madoguchi.counter.orders.policy.methods import (
    charge_method,
    named_method,
    paid_by,
    settle_difference,
)


def cancel(draft: Draft, action: CancelOrder) -> None:
    """Before shipment, whole or single pieces (RET-016, RET-017)."""
    order = draft.question.order
    if order.state == "cancelled":
        draft.refuse("already_cancelled")
        return
    if not any(pricing.kept(order, line) for line in order.lines):
        sent_back = any(pricing.going_back(order, line) for line in order.lines)
        draft.refuse("already_returning" if sent_back else "already_cancelled", person=sent_back)
        return
    chosen = _chosen_lines(draft, action)
    if draft.refused:
        return
    _check_cancel_limits(draft, [line for line, _ in chosen], action.reason)
    if draft.refused:
        return
    draft.note("before_shipment")
    everything = all(
        pricing.kept(order, line) == sum(count for other, count in chosen if other.id == line.id)
        for line in order.lines
    )
    if everything:
        draft.effect("cancel_order")
    else:
        pieces = [{"line_id": line.id, "quantity": count} for line, count in chosen]
        draft.effect("cancel_lines", lines=pieces)
    _give_back_cancelled(draft, chosen, everything)


def _chosen_lines(draft: Draft, action: CancelOrder) -> list[tuple[Line, int]]:
    """The pieces to cancel; refuses when one of them has left or does not exist."""
    order = draft.question.order
    if not action.lines:
        wanted = [(line, pricing.kept(order, line)) for line in order.lines if pricing.kept(order, line)]
        if any(pricing.unshipped(order, line) < count for line, count in wanted):
            _refuse_shipped(draft, some_left=any(pricing.unshipped(order, line) for line, _ in wanted))
        return wanted
    wanted = []
    for line_id, count in _summed(action.lines).items():
        line = order.line(line_id)
        if line is None:
            draft.refuse("no_such_line", line_id=line_id)
        elif count > pricing.kept(order, line):
            draft.refuse("too_many_pieces", line_id=line_id, left=pricing.kept(order, line))
        elif count > pricing.unshipped(order, line):
            _refuse_shipped(draft, some_left=pricing.unshipped(order, line) > 0)
        else:
            wanted.append((line, count))
    return wanted


def _summed(choices: list[LineChoice]) -> dict[str, int]:
    """One line named twice means both numbers together."""
    summed: dict[str, int] = {}
    for choice in choices:
        summed[choice.line_id] = summed.get(choice.line_id, 0) + choice.quantity
    return summed


def _refuse_shipped(draft: Draft, *, some_left: bool) -> None:
    order = draft.question.order
    if some_left:
        draft.refuse("part_shipped", instead=("cancel", "return"), person=True)
        return
    delivered = all(pricing.delivered(order, line) >= pricing.kept(order, line) for line in order.lines)
    if delivered:
        draft.refuse("already_delivered", instead=("return",), person=True)
    else:
        draft.refuse("already_shipped", instead=("refuse_delivery", "return"), person=True)


def _check_cancel_limits(draft: Draft, lines: list[Line], reason: str) -> None:
    question = draft.question
    rules = question.rules.cancel
    draft.look("cancel.reasons")
    if rules.reasons and reason not in rules.reasons:
        draft.refuse("reason_not_offered", "cancel.reasons")
    draft.look("cancel.within_hours")
    if rules.within_hours and question.now > question.order.placed_at + timedelta(hours=rules.within_hours):
        draft.refuse("cancel_too_late", "cancel.within_hours", person=True, hours=rules.within_hours)
    draft.look("cancel.not_for_classes")
    for line in lines:
        if line.product_class in rules.not_for_classes:
            draft.refuse(
                "class_not_cancellable",
                "cancel.not_for_classes",
                person=True,
                line_id=line.id,
                product_class=line.product_class,
            )


def _give_back_cancelled(draft: Draft, chosen: list[tuple[Line, int]], everything: bool) -> None:
    order, rules = draft.question.order, draft.question.rules
    worth = sum(pricing.pieces_value(order, line, count) for line, count in chosen)
    owed = pricing.kept_value(order) + order.shipping_fee - worth
    nothing_was_sent = not pricing.anything_shipped(order) and not order.returns
    draft.look("refund.shipping_fee_when_all_cancelled")
    if (
        everything
        and nothing_was_sent
        and rules.refund.shipping_fee_when_all_cancelled
        and order.shipping_fee
    ):
        worth += order.shipping_fee
        owed -= order.shipping_fee
        draft.effect("shipping_fee_back", amount=order.shipping_fee)
    draft.settle(worth, owed)
    draft.worth = worth


# ── address ───────────────────────────────────────────────────────────────────────────────────────


def change_address(draft: Draft, action: ChangeAddress) -> None:
    """To another address, as long as nothing has left (ORD-008)."""
    question = draft.question
    order, address = question.order, action.address
    if not _still_in_the_house(draft):
        return
    blank = [
        name
        for name in ("name", "postal_code", "region", "city", "line1")
        if not getattr(address, name).strip()
    ]
    if blank:
        draft.refuse("address_incomplete", fields=blank)
        return
    if address == order.address:
        draft.refuse("same_address")
        return
    draft.look("address.same_country")
    if question.rules.address.same_country and address.country != order.address.country:
        draft.person_decides("other_country", "address.same_country", country=address.country)
    if draft.refused:
        return
    draft.note("before_shipment")
    draft.effect("deliver_to", address=address.model_dump())


def _still_in_the_house(draft: Draft) -> bool:
    """Refuses, with the ways that are left, when the order is cancelled or anything of it has been sent."""
    order = draft.question.order
    if order.state == "cancelled":
        draft.refuse("already_cancelled")
        return False
    if not pricing.anything_shipped(order):
        return True
    if order.state == "delivered":
        draft.refuse("already_delivered", instead=("return", "exchange"), person=True)
    elif draft.action == "change_address":
        draft.refuse("shipped_ask_carrier", instead=("contact_carrier",), person=True)
    else:
        draft.refuse("already_shipped", instead=("refuse_delivery", "return"), person=True)
    return False


# ── lines ─────────────────────────────────────────────────────────────────────────────────────────


def change_lines(draft: Draft, action: ChangeLines) -> None:
    """Other quantities or variants (ORD-013); a lower price is given back, a higher one charged where that is possible."""
    if not _still_in_the_house(draft):
        return
    if len({change.line_id for change in action.changes}) != len(action.changes):
        draft.refuse("line_named_twice")
        return
    before = draft.question.order
    after = before
    for change in action.changes:
        after = _with_change(draft, after, change)
    if draft.refused:
        return
    if not draft.effects:
        draft.refuse("nothing_to_change")
        return
    draft.note("before_shipment")
    difference = pricing.kept_value(after) - pricing.kept_value(before)
    draft.worth = abs(difference)
    settle_difference(draft, difference, pricing.kept_value(after) + before.shipping_fee, action.method_id)


def _with_change(draft: Draft, order: Order, change: LineChange) -> Order:
    """The order after one change; refuses on the way when the change is not possible."""
    rules, line = draft.question.rules, order.line(change.line_id)
    if line is None:
        draft.refuse("no_such_line", line_id=change.line_id)
        return order
    have = pricing.kept(order, line)
    wanted = have if change.quantity is None else change.quantity
    if have == 0:
        draft.refuse("already_cancelled", line_id=line.id)
        return order
    draft.look("change.max_quantity")
    if wanted > rules.change.max_quantity:
        draft.refuse(
            "too_many_pieces", "change.max_quantity", line_id=line.id, left=rules.change.max_quantity
        )
        return order
    swaps = change.sku is not None and change.sku != line.sku
    if not _in_stock(draft, line, change.sku or line.sku, wanted if swaps else wanted - have):
        return order
    if wanted != have:
        order = pricing.with_quantity(order, line.id, wanted)
        draft.effect("set_quantity", line_id=line.id, before=have, after=wanted)
    if not swaps:
        return order
    variant = pricing.variant_of(draft.question.products, line.product_id, change.sku or "")
    if variant is None:
        return order
    draft.effect(
        "set_variant",
        line_id=line.id,
        quantity=wanted,
        sku=variant.sku,
        name=variant.name,
        price=variant.price,
    )
    return pricing.with_variant(order, line.id, wanted, variant)


def _in_stock(draft: Draft, line: Line, sku: str, needed: int) -> bool:
    if needed <= 0:
        return True
    variant = pricing.variant_of(draft.question.products, line.product_id, sku)
    if variant is None:
        draft.refuse("no_such_variant", person=True, line_id=line.id, sku=sku)
        return False
    if variant.stock < needed:
        draft.refuse(
            "out_of_stock",
            instead=("cancel",),
            person=True,
            line_id=line.id,
            name=variant.name,
            left=variant.stock,
        )
        return False
    return True


# ── payment ───────────────────────────────────────────────────────────────────────────────────────


def change_payment(draft: Draft, action: ChangePayment) -> None:
    """Another tender for what is still to be paid. Card data is entered at the shop only (PAY-013)."""
    order, rules = draft.question.order, draft.question.rules.payment
    if not _still_in_the_house(draft):
        return
    if action.method_id:
        _pay_by_method(draft, action)
        return
    open_amount = max(0, pricing.kept_value(order) + order.shipping_fee - pricing.taken(order))
    if open_amount == 0:
        draft.refuse("already_paid", person=True)
        return
    draft.look("payment.change_to")
    if action.tender not in rules.change_to:
        draft.refuse("tender_not_offered", "payment.change_to", tender=action.tender)
        return
    if _pays_open_part_by(order, action.tender):
        draft.refuse("same_tender", tender=action.tender)
        return
    most = rules.most.get(action.tender, {}).get(order.currency)
    draft.look(f"payment.most.{action.tender}")
    if most is not None and open_amount > most:
        draft.refuse("tender_too_small", f"payment.most.{action.tender}", tender=action.tender, limit=most)
        return
    draft.note("before_shipment")
    held = pricing.held(order)
    if held:
        draft.effect("release_hold", amount=held)
    draft.effect("pay_by", tender=action.tender, amount=open_amount)
    if action.tender == "card":
        draft.effect("card_at_the_shop")


def _pay_by_method(draft: Draft, action: ChangePayment) -> None:
    """By a method of the customer's own; what was paid otherwise goes back, where the policy moves paid orders."""
    order, rules = draft.question.order, draft.question.rules
    owed = pricing.kept_value(order) + order.shipping_fee
    paid = pricing.taken(order)
    draft.look("payment.paid_orders")
    if paid >= owed and rules.payment.paid_orders == "no":
        draft.refuse("already_paid", "payment.paid_orders", person=True)
        return
    back = paid if rules.payment.paid_orders == "yes" else 0
    method = named_method(draft, action.method_id, charge=owed - paid + back)
    if method is None:
        return
    if method.tender != action.tender:
        draft.refuse("method_differs", tender=action.tender)
        return
    if paid_by(order, method):
        draft.refuse("same_method")
        return
    draft.note("before_shipment")
    held = pricing.held(order)
    if held:
        draft.effect("release_hold", amount=held)
    draft.give_back(back)
    charge_method(draft, method, owed - paid + back)


def _pays_open_part_by(order: Order, tender: str) -> bool:
    open_payments = [payment for payment in order.payments if payment.captured == 0]
    return (
        bool(open_payments)
        and all(payment.tender == tender for payment in open_payments)
        and tender != "card"
    )
