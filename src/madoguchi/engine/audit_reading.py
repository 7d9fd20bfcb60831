"""Reading the audit log: by who did it, what was done, to which object, and when (QLT-009)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from madoguchi.engine.audit import audit
from madoguchi.engine.database import Transaction


@dataclass(frozen=True)
class Line:
    """One line of the log; columns as in the table."""

    seq: int
    at: datetime
    actor_kind: str
    actor_id: str
    action: str
    object_kind: str
    object_id: str
    detail: dict[str, Any]


@dataclass(frozen=True)
class Wish:
    """Which lines are wanted; "" and None: all. `action`, `subject`: how it begins; `before`: older than this number."""

    actor: str = ""
    action: str = ""
    subject: str = ""
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None


def lines(tx: Transaction, wish: Wish, *, limit: int) -> list[Line]:
    """The newest first. `subject` is an object's id or the beginning of its kind."""
    rows = tx.all(_filtered(wish).order_by(audit.c.seq.desc()).limit(limit))
    return [Line(**row._mapping) for row in rows]


def actions(tx: Transaction) -> list[str]:
    """Everything that has ever been noted, by name."""
    return [row.action for row in tx.all(select(audit.c.action).distinct().order_by(audit.c.action))]


def _filtered(wish: Wish) -> Select[Any]:
    query = select(audit)
    if wish.actor:
        query = query.where(audit.c.actor_id == wish.actor)
    if wish.action:
        query = query.where(audit.c.action.startswith(wish.action, autoescape=True))
    if wish.subject:
        of_kind = audit.c.object_kind.startswith(wish.subject, autoescape=True)
        query = query.where((audit.c.object_id == wish.subject) | of_kind)
    if wish.since:
        query = query.where(audit.c.at >= wish.since)
    if wish.until:
        query = query.where(audit.c.at < wish.until)
    if wish.before:
        query = query.where(audit.c.seq < wish.before)
    return query
