"""Server-side sessions: the bearer holds a random token, we hold its fingerprint; ending one ends it at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, Index, String, Table, delete, insert, select, update

from madoguchi.engine.database import Transaction
from madoguchi.engine.ownership import OfPerson, belongs
from madoguchi.engine.schema import JsonText, Moment, metadata
from madoguchi.kit.ids import fingerprint, new_secret

session = Table(
    "session",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("kind", String(12), nullable=False),
    Column("subject_id", String(60), nullable=False),
    Column("data", JsonText, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("last_seen_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Index("ix_session_subject", "kind", "subject_id"),
    info=belongs(OfPerson(visitor="subject_id", mentioned="data", account=True, withheld=("token_hash",))),
)


@dataclass(frozen=True)
class Session:
    """`kind`: customer or staff; `subject_id`: customer, visitor or agent id; `data`: JSON, read by the owner."""

    token_hash: str
    kind: str
    subject_id: str
    data: dict[str, Any]
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime


def begin(tx: Transaction, kind: str, subject_id: str, data: dict[str, Any], lasts: timedelta) -> str:
    """Open a session; returns the token, which is not stored."""
    token = new_secret()
    tx.execute(
        insert(session).values(
            token_hash=fingerprint(token),
            kind=kind,
            subject_id=subject_id,
            data=data,
            created_at=tx.now,
            last_seen_at=tx.now,
            expires_at=tx.now + lasts,
        )
    )
    return token


def find(tx: Transaction, token: str) -> Session | None:
    """The live session of a token, or None."""
    row = tx.first(
        select(session).where(session.c.token_hash == fingerprint(token), session.c.expires_at > tx.now)
    )
    return None if row is None else Session(**row._mapping)


def of_subject(tx: Transaction, kind: str, subject_id: str) -> list[Session]:
    """The live sessions of a subject, newest first."""
    rows = tx.all(
        select(session)
        .where(session.c.kind == kind, session.c.subject_id == subject_id, session.c.expires_at > tx.now)
        .order_by(session.c.created_at.desc())
    )
    return [Session(**row._mapping) for row in rows]


def change(tx: Transaction, token_hash: str, *, subject_id: str | None = None, **data: Any) -> None:
    """Merge `data` into the session, or hand it to another subject."""
    row = tx.first(select(session).where(session.c.token_hash == token_hash).with_for_update())
    if row is None:
        return
    values: dict[str, Any] = {"data": {**row.data, **data}}
    if subject_id is not None:
        values["subject_id"] = subject_id
    tx.execute(update(session).where(session.c.token_hash == token_hash).values(**values))


def touch(tx: Transaction, token_hash: str) -> None:
    tx.execute(update(session).where(session.c.token_hash == token_hash).values(last_seen_at=tx.now))


def end(tx: Transaction, token_hash: str) -> None:
    tx.execute(delete(session).where(session.c.token_hash == token_hash))


def end_all(tx: Transaction, kind: str, subject_id: str) -> None:
    """Sign this subject out everywhere."""
    tx.execute(delete(session).where(session.c.kind == kind, session.c.subject_id == subject_id))
