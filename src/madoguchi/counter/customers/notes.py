"""What staff note about a person, beside any one contact: dated, changed by its author only, erased with the person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Index, String, Table, delete, func, insert, select, update

from madoguchi.counter.actors import Actor
from madoguchi.counter.problems import Conflict, Invalid, NotAllowed, NotFound
from madoguchi.engine.database import Transaction
from madoguchi.engine.ownership import OfPerson, belongs
from madoguchi.engine.schema import Moment, metadata
from madoguchi.kit.ids import new_id
from madoguchi.kit.text import clean

LONGEST = 2000
MOST = 50

customer_note = Table(
    "customer_note",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("customer_id", String(60), nullable=False),
    Column("text", String(2000), nullable=False),
    Column("author_id", String(60), nullable=False),
    Column("author_name", String(120), nullable=False),
    Column("written_at", Moment, nullable=False),
    Column("changed_at", Moment),
    Index("ix_customer_note_customer", "customer_id", "written_at"),
    info=belongs(OfPerson(customer="customer_id")),
)


@dataclass(frozen=True)
class CustomerNote:
    """Columns as in the table."""

    id: str
    customer_id: str
    text: str
    author_id: str
    author_name: str
    written_at: datetime
    changed_at: datetime | None


def add(tx: Transaction, customer_id: str, text: str, by: Actor) -> CustomerNote:
    """Raises Invalid("note_text"), Conflict("too_many_notes")."""
    words = _usable(text)
    held = select(func.count()).where(customer_note.c.customer_id == customer_id)
    if int(tx.scalar(held)) >= MOST:
        raise Conflict("too_many_notes", most=MOST)
    note = CustomerNote(new_id("cnt"), customer_id, words, by.id, by.name[:120], tx.now, None)
    tx.execute(insert(customer_note).values(**vars(note)))
    return note


def change(tx: Transaction, customer_id: str, note_id: str, text: str, by: Actor) -> None:
    """Raises Invalid("note_text"), NotFound, NotAllowed for another's."""
    _own(tx, customer_id, note_id, by)
    values = {"text": _usable(text), "changed_at": tx.now}
    tx.execute(update(customer_note).where(customer_note.c.id == note_id).values(**values))


def remove(tx: Transaction, customer_id: str, note_id: str, by: Actor) -> None:
    """Raises NotFound, NotAllowed for another's."""
    _own(tx, customer_id, note_id, by)
    tx.execute(delete(customer_note).where(customer_note.c.id == note_id))


def of_customer(tx: Transaction, customer_id: str) -> list[CustomerNote]:
    """Newest first."""
    query = select(customer_note).where(customer_note.c.customer_id == customer_id)
    ordered = query.order_by(customer_note.c.written_at.desc(), customer_note.c.id)
    return [CustomerNote(**row._mapping) for row in tx.all(ordered)]


def _own(tx: Transaction, customer_id: str, note_id: str, by: Actor) -> None:
    row = tx.first(
        select(customer_note.c.author_id).where(
            customer_note.c.id == note_id, customer_note.c.customer_id == customer_id
        )
    )
    if row is None:
        raise NotFound("note_not_found")
    if row.author_id != by.id:
        raise NotAllowed("not_author")


def _usable(text: str) -> str:
    words = clean(text).strip()
    if not words or len(words) > LONGEST:
        raise Invalid("note_text", field="text", longest=LONGEST)
    return words
