"""Cases as lists: whose, of which desk, in which state, with which wish; what is due first stands first (CASE-014)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select

from madoguchi.counter.cases import queries
from madoguchi.counter.cases.followers import is_followed
from madoguchi.counter.cases.model import Case, case_file
from madoguchi.counter.cases.orders_of import case_order
from madoguchi.engine.database import Transaction
from madoguchi.kit.text import ascii_hyphens, normalise


@dataclass(frozen=True)
class Filters:
    """Empty: not asked for. `owner_id`: an agent's, or `none`. `due`: follow_up (its date has come) or overdue.

    `followed_by`: the agent who follows it.
    """

    states: Sequence[str] = ()
    wish: str = ""
    owner_id: str = ""
    queue: str = ""
    category: str = ""
    order_number: str = ""
    customer_id: str = ""
    due: str = ""
    number: str = ""
    followed_by: str = ""


def cases(tx: Transaction, wanted: Filters, *, limit: int = 100) -> list[Case]:
    """For staff. A number finds the case that goes on, also where it was merged; merged ones are in no list."""
    if wanted.number:
        found = queries.by_number(tx, wanted.number)
        return [found] if found else []
    query = _filtered(tx, wanted).order_by(
        case_file.c.follow_up_at.is_(None) | (case_file.c.follow_up_at > tx.now),
        case_file.c.priority,
        case_file.c.promised_at.is_(None),
        case_file.c.promised_at,
        case_file.c.number,
    )
    return [Case(**row._mapping) for row in tx.all(query.limit(limit))]


def own(tx: Transaction, customer_id: str | None, visitor_id: str, *, limit: int = 50) -> list[Case]:
    """A customer's, or a session's, newest first."""
    found = queries.of_customer(tx, customer_id, limit=limit) if customer_id else []
    found += queries.of_visitor(tx, visitor_id, limit=limit)
    return sorted(
        (each for each in found if not each.merged_into), key=lambda each: each.number, reverse=True
    )[:limit]


def _filtered(tx: Transaction, wanted: Filters) -> Select[Any]:
    query = select(case_file).where(case_file.c.merged_into == "")
    if wanted.states:
        query = query.where(case_file.c.state.in_(wanted.states))
    for column, value in (
        (case_file.c.wish, wanted.wish),
        (case_file.c.queue, wanted.queue),
        (case_file.c.customer_id, wanted.customer_id),
    ):
        if value:
            query = query.where(column == value)
    if wanted.owner_id:
        query = query.where(case_file.c.owner_id == ("" if wanted.owner_id == "none" else wanted.owner_id))
    if wanted.followed_by:
        query = query.where(is_followed(wanted.followed_by, case_file.c.id))
    if wanted.category:
        query = query.where(
            or_(
                case_file.c.category == wanted.category,
                case_file.c.category.startswith(f"{wanted.category}."),
            )
        )
    if wanted.order_number:
        number = ascii_hyphens(normalise(wanted.order_number))
        named = select(case_order.c.case_id).where(case_order.c.order_number == number)
        query = query.where(or_(case_file.c.order_number == number, case_file.c.id.in_(named)))
    if wanted.due == "follow_up":
        query = query.where(case_file.c.follow_up_at <= tx.now, _is_live())
    if wanted.due == "overdue":
        query = query.where(case_file.c.promised_at < tx.now, _is_live())
    return query


def _is_live() -> ColumnElement[bool]:
    return case_file.c.state.not_in(("resolved", "closed"))
