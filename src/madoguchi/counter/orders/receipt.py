"""What a receipt (領収書) says: who issues it, and tax by rate (PAY-014).

Amounts are what the shop has kept: taken minus given back. Tax is reckoned once per rate, rounded down, as the
qualified invoice demands (Consumption Tax Act, Order for Enforcement, art. 70-10).
"""

from __future__ import annotations

from dataclasses import dataclass

from madoguchi.counter.orders import pricing
from madoguchi.counter.orders.model import Order
from madoguchi.counter.orders.rules import Rules


@dataclass(frozen=True)
class Issuer:
    """The shop on the receipt. `invoice_number`: T and 13 digits; empty: not registered."""

    name: str
    invoice_number: str = ""
    address: str = ""
    phone: str = ""


@dataclass(frozen=True)
class TaxRow:
    """`gross` includes `tax`; minor units."""

    rate: int
    gross: int
    tax: int


def amounts_by_rate(order: Order, rules: Rules) -> list[TaxRow]:
    """What was kept, by tax rate, highest rate first. The rows sum to what was taken minus what was given back."""
    received = max(0, order.captured - order.refunded)
    reduced = sum(
        pricing.pieces_value(order, line, pricing.kept(order, line))
        for line in order.lines
        if line.product_class in rules.tax.reduced_classes
    )
    reduced = min(received, reduced)
    rows = [(rules.tax.standard, received - reduced), (rules.tax.reduced, reduced)]
    return [TaxRow(rate, gross, gross * rate // (100 + rate)) for rate, gross in rows if gross]
