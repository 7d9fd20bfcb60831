"""Spells: what agents say they are doing, since when, and what they were doing before. Rows only."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from madoguchi.counter.routing.model import Status, agent_spell, agent_status
from madoguchi.engine.database import Transaction

UNANSWERED = "unanswered"  # the kind of break that routing sets when offers run out (offers.expire)


def begin(
    tx: Transaction,
    agent_id: str,
    status: Status,
    *,
    kind: str = "",
    until: datetime | None = None,
    alive: bool = False,
) -> bool:
    """From now on the agent is doing this; False when it is what the agent was doing already. The agent is locked.

    `kind`: the house's own status, "" for none; `until`: when the agent means to end it; `alive`: the desk has said so.
    """
    before = tx.first(select(agent_status).where(agent_status.c.agent_id == agent_id))
    values: dict[str, Any] = {"until": until}
    if before is None or alive:
        values["last_seen_at"] = tx.now
    same = before is not None and (before.status, before.kind) == (status, kind)
    if not same:
        values |= {"status": status, "kind": kind, "since": tx.now, "passed": 0}
        _write_history(tx, agent_id, status, kind)
    if before is None:
        tx.execute(insert(agent_status).values(agent_id=agent_id, **values))
    else:
        tx.execute(update(agent_status).where(agent_status.c.agent_id == agent_id).values(**values))
    return not same


def _write_history(tx: Transaction, agent_id: str, status: Status, kind: str) -> None:
    tx.execute(
        update(agent_spell)
        .where(agent_spell.c.agent_id == agent_id, agent_spell.c.ended_at.is_(None))
        .values(ended_at=tx.now)
    )
    tx.execute(insert(agent_spell).values(agent_id=agent_id, status=status, kind=kind, started_at=tx.now))
