"""What an organisation has bought, as CSV for spreadsheets. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import date, tzinfo

from madoguchi.counter.orders import pricing
from madoguchi.counter.orders.model import Order

COLUMNS = (
    "ordered_on",
    "order_number",
    "buyer",
    "state",
    "item",
    "quantity",
    "unit_price",
    "amount",
    "currency",
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def within(
    orders: Iterable[tuple[str, Order]], first: date, last: date, zone: tzinfo
) -> list[tuple[str, Order]]:
    """Orders placed from `first` to `last`, newest first; with the buyer's name."""
    found = [pair for pair in orders if first <= pair[1].placed_at.astimezone(zone).date() <= last]
    return sorted(found, key=lambda pair: pair[1].placed_at, reverse=True)


def as_csv(orders: Iterable[tuple[str, Order]], zone: tzinfo, language: str) -> bytes:
    """One row per line of an order; UTF-8 with a mark, so that spreadsheets read it. Cells never become formulas."""
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(COLUMNS)
    for buyer, order in orders:
        for line in order.lines:
            pieces = pricing.kept(order, line)
            cells = (
                f"{order.placed_at.astimezone(zone):%Y-%m-%d}",
                order.number,
                buyer,
                order.state,
                line.label(language),
                pieces,
                line.unit_price,
                pricing.pieces_value(order, line, pieces),
                order.currency,
            )
            rows.writerow([_cell(cell) for cell in cells])
    return out.getvalue().encode("utf-8-sig")


def _cell(value: object) -> str:
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(_FORMULA) else text
