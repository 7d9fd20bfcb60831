"""What people of an organisation may do, registration numbers, prices and tax of documents. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from madoguchi.counter.business.model import Item, Member, MemberRole
from madoguchi.counter.orders import pricing
from madoguchi.counter.orders.model import Order, Product, Variant
from madoguchi.counter.orders.receipt import TaxRow
from madoguchi.counter.orders.rules import Rules
from madoguchi.kit.text import normalise

Deed = Literal["see", "history", "documents", "people"]
_MAY: dict[MemberRole, frozenset[Deed]] = {
    "owner": frozenset({"see", "history", "documents", "people"}),
    "approver": frozenset({"see", "history", "documents"}),
    "buyer": frozenset({"see", "history", "documents"}),
    "viewer": frozenset({"see", "history"}),
}
ROLES: tuple[MemberRole, ...] = ("owner", "approver", "buyer", "viewer")
_REGISTRATION = re.compile(r"T?(\d)(\d{12})")


def may(role: MemberRole, deed: Deed) -> bool:
    """Whether this role may do this in its organisation (BIZ-003)."""
    return deed in _MAY[role]


def registration_number(text: str) -> str:
    """`T` and 13 digits in their one form, or empty: the first digit must check the other twelve.

    9 minus the remainder by 9 of the digits' sum, each second one from the right doubled (Order on corporate numbers,
    art. 2).
    """
    found = _REGISTRATION.fullmatch(re.sub(r"[\s-]", "", normalise(text)).upper())
    if found is None:
        return ""
    weighted = sum(int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(found[2])))
    return f"T{found[1]}{found[2]}" if int(found[1]) == 9 - weighted % 9 else ""


def keeps_an_owner(members: Sequence[Member], customer_id: str, role: MemberRole | None) -> bool:
    """Whether somebody still leads the organisation once this person has the role, or has left (None)."""
    return role == "owner" or any(
        member.role == "owner" and member.customer_id != customer_id for member in members
    )


def rate_of(product_class: str, rules: Rules) -> int:
    return rules.tax.reduced if product_class in rules.tax.reduced_classes else rules.tax.standard


def quoted(product: Product, variant: Variant, quantity: int, rules: Rules, language: str) -> Item:
    """A row of a quotation, at the price that so many pieces have."""
    price = variant.price_for(quantity)
    kind = variant.name.get(language) or variant.name.get("en") or ""
    label = f"{product.label(language)} {kind}".strip()
    return Item(label, quantity, price, price * quantity, rate_of(product.product_class, rules))


def billed(order: Order, rules: Rules, language: str, shipping: str) -> list[Item]:
    """The rows of an invoice: what the customer keeps of an order, and its shipping."""
    rows = []
    for line in order.lines:
        pieces = pricing.kept(order, line)
        if pieces:
            amount = pricing.pieces_value(order, line, pieces)
            rate = rate_of(line.product_class, rules)
            rows.append(Item(line.label(language), pieces, line.unit_price, amount, rate))
    if order.shipping_fee and rows:
        rows.append(Item(shipping, 1, order.shipping_fee, order.shipping_fee, rules.tax.standard))
    return rows


def tax_rows(items: Sequence[Item]) -> list[TaxRow]:
    """Tax included in a document, highest rate first: rounded down once per rate, never per row."""
    rates = sorted({item.rate for item in items}, reverse=True)
    sums = [(rate, sum(item.amount for item in items if item.rate == rate)) for rate in rates]
    return [TaxRow(rate, gross, gross * rate // (100 + rate)) for rate, gross in sums]


def total(items: Sequence[Item]) -> int:
    return sum(item.amount for item in items)


def needs_consultant(amount: int, currency: str, rules: Rules) -> bool:
    """Above the limit, a person makes the quotation (BIZ-006)."""
    return amount > rules.business.quote_limit.get(currency, 0)
