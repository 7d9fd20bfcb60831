"""The audit log: who did what to which object, written in the transaction of the deed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Index, Integer, String, Table, insert

from madoguchi.engine.database import Transaction
from madoguchi.engine.ownership import OfPerson, belongs
from madoguchi.engine.schema import JsonText, Moment, metadata

audit = Table(
    "audit",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("at", Moment, nullable=False),
    Column("actor_kind", String(20), nullable=False),
    Column("actor_id", String(60), nullable=False),
    Column("action", String(80), nullable=False),
    Column("object_kind", String(40), nullable=False),
    Column("object_id", String(80), nullable=False),
    Column("detail", JsonText, nullable=False),
    Index("ix_audit_object", "object_kind", "object_id"),
    info=belongs(
        OfPerson(
            customer="object_id",
            visitor="actor_id",
            erase="keep",
            why="Evidence of who did what to which object, removed after `privacy.audit_days`.",
            stays={"detail": "Codes, numbers and amounts; no words of people."},
        )
    ),
)


def record(
    tx: Transaction,
    *,
    actor_kind: str,
    actor_id: str,
    action: str,
    object_kind: str,
    object_id: str,
    **detail: Any,
) -> None:
    """Append one line. `action` is dotted past tense, e.g. `refund.confirmed`; `detail` holds no secrets."""
    tx.execute(
        insert(audit).values(
            at=tx.now,
            actor_kind=actor_kind,
            actor_id=actor_id,
            action=action,
            object_kind=object_kind,
            object_id=object_id,
            detail=detail,
        )
    )
