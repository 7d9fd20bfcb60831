"""Which orders a case is about, and which of their lines: one is in the case itself, here stand all (CASE-003)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Index, String, Table, delete, insert, select, update

from madoguchi.counter.actors import Actor
from madoguchi.counter.cases import events, rows
from madoguchi.counter.cases.model import Case, case_file
from madoguchi.counter.problems import Invalid, NotFound
from madoguchi.engine.database import Transaction
from madoguchi.engine.ownership import OfPerson, Through, belongs
from madoguchi.engine.schema import JsonText, Moment, metadata

case_order = Table(
    "case_order",
    metadata,
    Column("case_id", String(60), primary_key=True),
    Column("order_number", String(60), primary_key=True),
    Column("lines", JsonText, nullable=False),  # ids of order lines; [] is the whole order
    Column("added_at", Moment, nullable=False),
    Index("ix_case_order_number", "order_number"),
    info=belongs(OfPerson(through=Through("case_id", "case_file"))),
)
_MOST = 50


@dataclass(frozen=True)
class OrderOfCase:
    """`lines` empty: the whole order."""

    order_number: str
    lines: tuple[str, ...]
    added_at: datetime


def of_case(tx: Transaction, case: Case) -> list[OrderOfCase]:
    """All orders of a case, the one that it was opened for first."""
    query = select(case_order).where(case_order.c.case_id == case.id).order_by(case_order.c.added_at)
    found = [OrderOfCase(row.order_number, tuple(row.lines), row.added_at) for row in tx.all(query)]
    if case.order_number and case.order_number not in {each.order_number for each in found}:
        found.insert(0, OrderOfCase(case.order_number, (), case.opened_at))
    return sorted(found, key=lambda each: each.order_number != case.order_number)


def add(tx: Transaction, case_id: str, order_number: str, lines: Sequence[str], by: Actor) -> Case:
    """The case is about this order too; named again, with the lines named now. Whose order it is, is for the caller."""
    seen = rows.hold(tx, case_id)
    if not order_number:
        raise Invalid("invalid", field="order_number")
    if len(of_case(tx, seen)) >= _MOST:
        raise Invalid("too_many_orders", field="order_number", most=_MOST)
    put(tx, case_id, order_number, lines)
    body = {"order_number": order_number, "lines": list(lines)}
    events.note(tx, case_id, "order.added", body, by, public=True)
    rows.record(tx, by, "case.order_added", case_id, **body)
    return rows.change(tx, case_id, order_number=seen.order_number or order_number)


def remove(tx: Transaction, case_id: str, order_number: str, by: Actor) -> Case:
    """The case is not about this order. Raises NotFound."""
    seen = rows.hold(tx, case_id)
    left = [each.order_number for each in of_case(tx, seen) if each.order_number != order_number]
    if len(left) == len(of_case(tx, seen)):
        raise NotFound("order_not_found")
    take(tx, case_id, [order_number])
    events.note(tx, case_id, "order.removed", {"order_number": order_number}, by)
    rows.record(tx, by, "case.order_removed", case_id, order_number=order_number)
    return rows.change(
        tx, case_id, order_number=seen.order_number if seen.order_number in left else next(iter(left), "")
    )


def cases_of_order(tx: Transaction, order_number: str) -> list[str]:
    """Ids of the cases that are about an order."""
    named = select(case_order.c.case_id).where(case_order.c.order_number == order_number)
    own = select(case_file.c.id).where(case_file.c.order_number == order_number)
    return [row[0] for row in tx.all(named.union(own))]


def put(tx: Transaction, case_id: str, order_number: str, lines: Sequence[str]) -> bool:
    """Write an order down; True when it is new to the case."""
    where = (case_order.c.case_id == case_id) & (case_order.c.order_number == order_number)
    result = tx.execute(update(case_order).where(where).values(lines=list(lines)))
    if result.rowcount:
        return False
    tx.execute(
        insert(case_order).values(
            case_id=case_id, order_number=order_number, lines=list(lines), added_at=tx.now
        )
    )
    return True


def take(tx: Transaction, case_id: str, order_numbers: Iterable[str]) -> None:
    tx.execute(
        delete(case_order).where(
            case_order.c.case_id == case_id, case_order.c.order_number.in_(list(order_numbers))
        )
    )
