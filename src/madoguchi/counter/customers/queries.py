"""Reading customers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, func, or_, select

from madoguchi.counter.customers.model import Customer, customer
from madoguchi.counter.problems import NotFound
from madoguchi.engine.database import Transaction
from madoguchi.kit.text import fold

_HIRAGANA_TO_KATAKANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}


def find(tx: Transaction, customer_id: str) -> Customer | None:
    row = tx.first(select(customer).where(customer.c.id == customer_id))
    return None if row is None else _customer(row)


def get(tx: Transaction, customer_id: str) -> Customer:
    """Raises NotFound("customer_not_found")."""
    found = find(tx, customer_id)
    if found is None:
        raise NotFound("customer_not_found", id=customer_id)
    return found


def by_ids(tx: Transaction, customer_ids: Sequence[str]) -> dict[str, Customer]:
    """Customers by id, in one statement."""
    if not customer_ids:
        return {}
    rows = tx.all(select(customer).where(customer.c.id.in_(customer_ids)))
    return {row.id: _customer(row) for row in rows}


def by_shop_ref(tx: Transaction, shop_ref: str) -> Customer | None:
    """By the shop's own customer number."""
    row = tx.first(select(customer).where(customer.c.shop_ref == shop_ref))
    return None if row is None else _customer(row)


def by_email(tx: Transaction, email: str) -> Customer | None:
    """By mail address, without regard to case and width; of several the one who came first."""
    folded = fold(email)
    if not folded:
        return None
    row = tx.first(
        select(customer)
        .where(customer.c.email_folded == folded)
        .order_by(customer.c.created_at, customer.c.id)
        .limit(1)
    )
    return None if row is None else _customer(row)


def first(tx: Transaction, *, limit: int = 12) -> list[Customer]:
    """The customers who came first; for the demonstration's list of people."""
    rows = tx.all(select(customer).order_by(customer.c.created_at, customer.c.id).limit(limit))
    return [_customer(row) for row in rows]


def search(tx: Transaction, text: str, *, limit: int = 20) -> list[Customer]:
    """Customers by name, reading, company, mail, telephone or shop number, for staff.

    `ﾔﾏﾀﾞ`, `やまだ` and `ヤマダ` find the same reading; spaces and hyphens do not matter.
    """
    wanted = fold(text).replace(" ", "")
    if not wanted:
        return []
    spellings = {wanted, wanted.translate(_HIRAGANA_TO_KATAKANA)}
    conditions: list[ColumnElement[bool]] = [customer.c.shop_ref == text.strip()]
    for spelling in spellings:
        for column in (customer.c.name, customer.c.kana, customer.c.company):
            conditions.append(func.replace(func.lower(column), " ", "").contains(spelling, autoescape=True))
    conditions.append(customer.c.email_folded.contains(wanted, autoescape=True))
    digits = re.sub(r"\D", "", wanted)
    if len(digits) >= 4 and re.fullmatch(r"[\d+()ー\-.]+", wanted):
        conditions += [_digits(customer.c.phone).contains(tail) for tail in _telephone_tails(digits)]
    query = select(customer).where(or_(*conditions)).order_by(customer.c.kana, customer.c.name, customer.c.id)
    return [_customer(row) for row in tx.all(query.limit(limit))]


def _telephone_tails(digits: str) -> set[str]:
    """090…, 81 90… and +81 90… are one number: compared without the trunk or country prefix."""
    if digits.startswith("81"):
        return {digits, digits[2:]}
    return {digits[1:]} if digits.startswith("0") else {digits}


def _digits(column: Any) -> Any:
    for sign in (" ", "-", "(", ")", "+"):
        column = func.replace(column, sign, "")
    return column


def _customer(row: Row[Any]) -> Customer:
    return Customer.model_validate(dict(row._mapping))
