"""The same problem brought twice is one case; other problems of the same customer stay apart (CASE-003, CASE-006).

Same customer, same order, same topic: joined. Same topic without an order could be two problems: linked, and staff see it.
"""

from __future__ import annotations

from sqlalchemy import select

from madoguchi.counter.actors import Actor
from madoguchi.counter.cases import joining, links, queries
from madoguchi.counter.cases.model import Case, case_file
from madoguchi.counter.cases.policy import is_live
from madoguchi.counter.contacts import queries as contact_queries
from madoguchi.engine.database import Transaction

_TALK_ABOUT_US = "support_service."  # asking for a person twice is no problem brought twice


def already_open(
    tx: Transaction, *, customer_id: str | None, visitor_id: str, category: str, order_number: str
) -> Case | None:
    """The live case of the same person about the same order and topic, to go on with."""
    if not order_number or not category or category.startswith(_TALK_ABOUT_US):
        return None
    return queries.live_like(
        tx, customer_id=customer_id, visitor_id=visitor_id, category=category, order_number=order_number
    )


def settle(tx: Transaction, case_id: str, by: Actor) -> Case:
    """Once it is known what a new case is about: it goes on in the older one of the same problem, or is linked with it.

    Only a case with one contact is joined by itself: what has grown is for people to merge. Returns the case that goes on.
    """
    seen = queries.going_on(tx, queries.get(tx, case_id))
    if not is_live(seen.state) or not seen.category or seen.category.startswith(_TALK_ABOUT_US):
        return seen
    older = _older(tx, seen)
    if older is None:
        return seen
    if seen.order_number and len(contact_queries.of_case(tx, seen.id)) == 1:
        return joining.merge(tx, seen.id, older.id, by)
    if older.id not in {each.case.id for each in links.linked(tx, seen.id)}:
        links.link(tx, seen.id, older.id, "duplicate" if seen.order_number else "related", by)
    return seen


def _older(tx: Transaction, seen: Case) -> Case | None:
    """The oldest live case of the same person with the same order and topic."""
    person = case_file.c.customer_id == seen.customer_id
    if seen.customer_id is None:
        person = (case_file.c.visitor_id == seen.visitor_id) & case_file.c.customer_id.is_(None)
    row = tx.first(
        select(case_file)
        .where(
            person,
            case_file.c.number < seen.number,
            case_file.c.category == seen.category,
            case_file.c.order_number == seen.order_number,
            case_file.c.state.not_in(("resolved", "closed")),
        )
        .order_by(case_file.c.number)
    )
    return None if row is None else Case(**row._mapping)
