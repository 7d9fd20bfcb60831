"""What was charged and why: every line, postage, discount, points and tax, and the charges one by one (PAY-004)."""

from __future__ import annotations

from madoguchi.assistant.talk import Talk
from madoguchi.assistant.wording import day_text, money_text
from madoguchi.counter.orders import pricing
from madoguchi.counter.orders.model import Order, Payment
from madoguchi.counter.orders.wording import tender_label


def breakdown(order: Order, language: str) -> list[tuple[str, int]]:
    """Label and amount; the amounts sum exactly to `order.total`. Labels of sums are keys of the wording."""
    rows = [
        (f"{line.label(language)} × {line.quantity}", line.unit_price * line.quantity) for line in order.lines
    ]
    discount = order.discount + sum(line.discount for line in order.lines)
    rows += [
        (key, amount)
        for key, amount in (("bill.discount", -discount), ("bill.shipping", order.shipping_fee))
        if amount
    ]
    other = order.total - sum(amount for _, amount in rows)
    return [*rows, ("bill.other", other)] if other else rows


def tell_breakdown(talk: Talk, order: Order) -> None:
    """One sentence per part, the total, the tax in it, and what was taken by which tender."""
    for label, amount in breakdown(order, talk.language):
        name = talk.words(label) if label.startswith("bill.") else label
        talk.say("bill.row", label=name, amount=_money(talk, order, amount))
    talk.say("bill.total", total=_money(talk, order, order.total))
    tax = sum(line.tax for line in order.lines)
    if tax:
        talk.say("bill.tax", amount=_money(talk, order, tax))
    for payment in order.payments:
        tell_payment(talk, order, payment)
    if len([payment for payment in order.payments if payment.captured and payment.tender == "card"]) > 1:
        talk.say("bill.split")
    talk.has_tried("payments_shown")


def tell_payment(talk: Talk, order: Order, payment: Payment) -> None:
    """Held and taken are different sentences (PAY-002)."""
    label = payment.label or tender_label(payment.tender, talk.language)
    if payment.captured:
        talk.say("charge.captured", label=label, amount=_money(talk, order, payment.captured))
    if payment.authorised > payment.captured:
        held = payment.authorised - payment.captured
        talk.say("charge.authorised", label=label, amount=_money(talk, order, held))


def unexplained(order: Order) -> int:
    """What was taken or held beyond the order's price; 0 where the price explains it."""
    asked = sum(max(payment.authorised, payment.captured) for payment in order.payments)
    given_back = sum(pricing.given_back(order, payment) for payment in order.payments)
    return max(0, asked - given_back - order.total)


def charges(orders: list[Order]) -> list[tuple[Order, Payment]]:
    """Everything that was taken or is held, newest first."""
    found = [(order, p) for order in orders for p in order.payments if p.captured or p.authorised]
    return sorted(found, key=lambda each: (each[1].at, each[1].id), reverse=True)


def charge_text(talk: Talk, order: Order, payment: Payment) -> str:
    """11月12日(木) 5,980円 クレジットカード"""
    day = day_text(payment.at.astimezone(talk.scene.zone).date(), talk.language)
    amount = _money(talk, order, max(payment.captured, payment.authorised))
    return f"{day} {amount} {payment.label or tender_label(payment.tender, talk.language)}"


def _money(talk: Talk, order: Order, amount: int) -> str:
    return money_text(amount, order.currency, talk.language)
