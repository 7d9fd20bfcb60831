"""What happened to a case itself, beside what was said in its contacts: one line each, never changed (CASE-001, HIS-008)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, Integer, String, Table, insert, select

from madoguchi.counter.actors import Actor
from madoguchi.engine.database import Transaction
from madoguchi.engine.ownership import OfPerson, Through, belongs
from madoguchi.engine.schema import JsonText, Moment, metadata

MOVED = "state.changed"  # public; from, to, deed

case_event = Table(
    "case_event",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("case_id", String(60), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("visibility", String(10), nullable=False),  # public | internal
    Column("actor_kind", String(12), nullable=False),
    Column("actor_id", String(60), nullable=False),
    Column("actor_name", String(120), nullable=False),
    Column("body", JsonText, nullable=False),
    Column("at", Moment, nullable=False),
    Index("ix_case_event_case", "case_id", "seq"),
    info=belongs(OfPerson(through=Through("case_id", "case_file"))),
)


@dataclass(frozen=True)
class CaseEvent:
    """`kind` is dotted past tense (`state.changed`, `promise.broken`, `task.done`); only `public` ones reach customers."""

    seq: int
    case_id: str
    kind: str
    visibility: str
    actor_kind: str
    actor_id: str
    actor_name: str
    body: dict[str, Any]
    at: datetime


def note(
    tx: Transaction, case_id: str, kind: str, body: dict[str, Any], by: Actor, *, public: bool = False
) -> None:
    """Append one line to the case's course and wake whoever looks at it."""
    tx.execute(
        insert(case_event).values(
            case_id=case_id,
            kind=kind,
            visibility="public" if public else "internal",
            actor_kind=by.kind,
            actor_id=by.id,
            actor_name=by.name,
            body=body,
            at=tx.now,
        )
    )
    tx.wake(f"case:{case_id}")


def of_case(tx: Transaction, case_id: str, *, kinds: Sequence[str] = ()) -> list[CaseEvent]:
    """Oldest first."""
    query = select(case_event).where(case_event.c.case_id == case_id).order_by(case_event.c.seq)
    if kinds:
        query = query.where(case_event.c.kind.in_(kinds))
    return [CaseEvent(**row._mapping) for row in tx.all(query)]
