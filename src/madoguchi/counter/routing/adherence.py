"""How far agents kept to their schedules: what was planned against what they said they were doing."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, select

from madoguchi.counter.routing import schedules
from madoguchi.counter.routing.model import agent_spell
from madoguchi.counter.routing.plans import Adherence, Spell, adherence, cut
from madoguchi.engine.database import Transaction

SERVING = ("available", "busy", "after_contact")


def of_agent(tx: Transaction, agent_id: str, start: datetime, end: datetime) -> Adherence:
    """From `start` to `end`, or to now where that comes first. Breaks are no time of serving, planned or not."""
    until = min(end, tx.now)
    planned = schedules.plan_of(tx, agent_id).work(start, until) if start < until else []
    return adherence(planned, served(tx, agent_id, start, until))


def served(tx: Transaction, agent_id: str, start: datetime, end: datetime) -> list[Spell]:
    """When the agent said to be serving; a status that goes on lasts until `end`."""
    rows = tx.all(
        select(agent_spell.c.started_at, agent_spell.c.ended_at).where(
            agent_spell.c.agent_id == agent_id,
            agent_spell.c.status.in_(SERVING),
            agent_spell.c.started_at < end,
            or_(agent_spell.c.ended_at.is_(None), agent_spell.c.ended_at > start),
        )
    )
    return cut([(row.started_at, row.ended_at or end) for row in rows], start, end)
