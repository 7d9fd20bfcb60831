"""What is told to an agent at the desk: what others have changed about the agent's work, and who did it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Column, Index, String, Table, insert, select, update

from madoguchi.counter.actors import Actor
from madoguchi.counter.problems import NotFound
from madoguchi.engine.database import Transaction
from madoguchi.engine.ownership import OfHouse, belongs
from madoguchi.engine.schema import JsonText, Moment, metadata
from madoguchi.kit.ids import new_id

NoticeKind = Literal["status_set", "contacts_moved", "lent", "reviewed", "mentioned"]

agent_notice = Table(
    "agent_notice",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("agent_id", String(60), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("detail", JsonText, nullable=False),  # codes, numbers and ids; nobody's words
    Column("by_id", String(60), nullable=False),
    Column("by_name", String(120), nullable=False),
    Column("at", Moment, nullable=False),
    Column("seen_at", Moment),
    Column("mailed_at", Moment),  # a mail has told of it, too
    Index("ix_agent_notice_agent", "agent_id", "seen_at"),
    info=belongs(OfHouse("What agents are told about their own work.")),
)


@dataclass(frozen=True)
class Notice:
    """Columns as in the table."""

    id: str
    agent_id: str
    kind: NoticeKind
    detail: dict[str, Any]
    by_id: str
    by_name: str
    at: datetime
    seen_at: datetime | None
    mailed_at: datetime | None = None


def tell(tx: Transaction, agent_id: str, kind: NoticeKind, by: Actor, **detail: Any) -> None:
    """Tell the agent; nobody is told of what they did themselves."""
    if agent_id == by.id:
        return
    row: Mapping[str, Any] = {
        "id": new_id("ntc"),
        "agent_id": agent_id,
        "kind": kind,
        "detail": detail,
        "by_id": by.id,
        "by_name": by.name,
        "at": tx.now,
    }
    tx.execute(insert(agent_notice).values(**row))
    tx.wake(f"agent:{agent_id}", "inbox")


def unseen(tx: Transaction, agent_id: str, *, limit: int = 20) -> list[Notice]:
    """What the agent has not confirmed yet, the oldest first."""
    rows = tx.all(
        select(agent_notice)
        .where(agent_notice.c.agent_id == agent_id, agent_notice.c.seen_at.is_(None))
        .order_by(agent_notice.c.at)
        .limit(limit)
    )
    return [Notice(**row._mapping) for row in rows]


def unmailed(tx: Transaction, agent_id: str, kind: NoticeKind, since: datetime) -> list[Notice]:
    """What was told since then, is not confirmed, and no mail has told; the oldest first."""
    here = (
        agent_notice.c.agent_id == agent_id,
        agent_notice.c.seen_at.is_(None),
        agent_notice.c.mailed_at.is_(None),
        agent_notice.c.kind == kind,
        agent_notice.c.at >= since,
    )
    return [
        Notice(**row._mapping)
        for row in tx.all(select(agent_notice).where(*here).order_by(agent_notice.c.at))
    ]


def mailed(tx: Transaction, notice_ids: Sequence[str]) -> None:
    tx.execute(update(agent_notice).where(agent_notice.c.id.in_(list(notice_ids))).values(mailed_at=tx.now))


def still_unseen(tx: Transaction, notice_ids: Sequence[str]) -> frozenset[str]:
    here = (agent_notice.c.id.in_(list(notice_ids)), agent_notice.c.seen_at.is_(None))
    return frozenset(row.id for row in tx.all(select(agent_notice.c.id).where(*here)))


def seen(tx: Transaction, notice_id: str, agent: Actor) -> None:
    """The agent has read it; reading twice is reading once. Raises NotFound for anybody else's."""
    found = tx.scalar(
        select(agent_notice.c.id).where(agent_notice.c.id == notice_id, agent_notice.c.agent_id == agent.id)
    )
    if found is None:
        raise NotFound("not_found")
    tx.execute(
        update(agent_notice)
        .where(agent_notice.c.id == notice_id, agent_notice.c.seen_at.is_(None))
        .values(seen_at=tx.now)
    )
