"""Numbers of cases: one after the other, also for enquiries whose case begins only later (CASE-001, CH-041)."""

from __future__ import annotations

from sqlalchemy import Column, Integer, Table, func, insert, select, update

from madoguchi.counter.cases.model import Case, case_file
from madoguchi.engine.database import Transaction
from madoguchi.engine.ownership import OfHouse, belongs
from madoguchi.engine.schema import metadata

FIRST = 10001
_ROW = 1

# The highest number that was given to somebody before their case began.
case_number = Table(
    "case_number",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("reserved", Integer, nullable=False),
    info=belongs(OfHouse("A counter; the numbers themselves stand with what they were given to.")),
)


def next_number(tx: Transaction) -> int:
    """The number of a case that begins now. Numbers are given one at a time."""
    tx.lock("case_number")  # SQLite's single writer does the same
    highest = tx.scalar(select(func.max(case_file.c.number))) or FIRST - 1
    reserved = tx.scalar(select(case_number.c.reserved).where(case_number.c.id == _ROW)) or 0
    return int(max(highest, reserved)) + 1


def reserve(tx: Transaction) -> int:
    """A number that nobody else will get, for somebody whose case begins when they confirm who they are."""
    number = next_number(tx)
    changed = tx.execute(update(case_number).where(case_number.c.id == _ROW).values(reserved=number))
    if not changed.rowcount:
        tx.execute(insert(case_number).values(id=_ROW, reserved=number))
    return number


def lead_to(tx: Transaction, opened: Case, other: Case) -> None:
    """What has been given this number goes on in another case: whoever quotes the number finds that one."""
    tx.execute(
        update(case_file)
        .where(case_file.c.id == opened.id)
        .values(merged_into=other.id, state="closed", closed_at=tx.now, updated_at=tx.now)
    )
