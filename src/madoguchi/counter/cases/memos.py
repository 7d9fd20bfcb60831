"""What happened when, in order: notes with their own date and time, by the customer or by staff (CASE-015, ADV-004)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Column, Index, String, Table, func, insert, select, update

from madoguchi.counter.actors import Actor
from madoguchi.counter.cases import events, rows
from madoguchi.counter.contacts.redaction import redact
from madoguchi.counter.problems import Invalid
from madoguchi.engine.database import Transaction
from madoguchi.engine.ownership import OfPerson, Through, belongs
from madoguchi.engine.schema import Moment, metadata
from madoguchi.kit.ids import new_id

LONGEST = 1000
MOST = 200
_AHEAD = timedelta(minutes=5)  # clocks differ

case_memo = Table(
    "case_memo",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("case_id", String(60), nullable=False),
    Column("happened_at", Moment, nullable=False),
    Column("text", String(1000), nullable=False),
    Column("author_kind", String(12), nullable=False),
    Column("author_id", String(60), nullable=False),
    Column("author_name", String(120), nullable=False),
    Column("written_at", Moment, nullable=False),
    Index("ix_case_memo_case", "case_id", "happened_at"),
    info=belongs(OfPerson(through=Through("case_id", "case_file"))),
)


@dataclass(frozen=True)
class Memo:
    """`happened_at` is when it happened, as told; `written_at` when it was written down."""

    id: str
    case_id: str
    happened_at: datetime
    text: str
    author_kind: str
    author_id: str
    author_name: str
    written_at: datetime


def add(tx: Transaction, case_id: str, happened_at: datetime, text: str, by: Actor) -> Memo:
    """Write down what happened when; both sides read it. Raises Invalid("memo_text" | "in_the_future" | "too_many_memos")."""
    rows.hold(tx, case_id)
    words = redact(text.strip())
    if not words or len(words) > LONGEST:
        raise Invalid("memo_text", field="text", longest=LONGEST)
    if happened_at > tx.now + _AHEAD:
        raise Invalid("in_the_future", field="happened_at")
    if int(tx.scalar(select(func.count()).where(case_memo.c.case_id == case_id))) >= MOST:
        raise Invalid("too_many_memos", field="text", most=MOST)
    memo = Memo(new_id("mem"), case_id, happened_at, words, by.kind, by.id, by.name[:120], tx.now)
    tx.execute(insert(case_memo).values(**vars(memo)))
    events.note(tx, case_id, "memo.added", {"memo": memo.id}, by)
    return memo


def of_case(tx: Transaction, case_id: str) -> list[Memo]:
    """In the order in which it happened."""
    query = select(case_memo).where(case_memo.c.case_id == case_id)
    ordered = query.order_by(case_memo.c.happened_at, case_memo.c.written_at, case_memo.c.id)
    return [Memo(**row._mapping) for row in tx.all(ordered)]


def move_all(tx: Transaction, from_id: str, to_id: str) -> list[str]:
    """The notes of one case become another's; returns which."""
    moved = [each.id for each in of_case(tx, from_id)]
    move(tx, moved, from_id, to_id)
    return moved


def move(tx: Transaction, ids: Iterable[str], from_id: str, to_id: str) -> None:
    """Of these, what the one case still has becomes the other's."""
    wanted = list(ids)
    where = (case_memo.c.case_id == from_id) & case_memo.c.id.in_(wanted)
    if wanted:
        tx.execute(update(case_memo).where(where).values(case_id=to_id))
