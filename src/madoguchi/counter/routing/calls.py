"""Agents on a call: from taking it until it is told how it went. Rows only; whoever knows of calls says when.

What the agent has said before stays said, and holds again when the call is over.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, func, insert, select

from madoguchi.counter.routing.model import agent_call
from madoguchi.engine.database import Transaction

_TOPIC = "routing"  # as places.TOPIC


def begin(tx: Transaction, contact_id: str, agent_id: str) -> None:
    """This agent has the call; taken over from a colleague, it is the colleague's no more."""
    end(tx, contact_id)
    tx.execute(insert(agent_call).values(contact_id=contact_id, agent_id=agent_id, since=tx.now))
    _ring(tx, agent_id)


def end(tx: Transaction, contact_id: str) -> str:
    """Nobody is on this call any more. Returns whose it was, "" for nobody's."""
    here = agent_call.c.contact_id == contact_id
    found = tx.first(select(agent_call.c.agent_id).where(here))
    if found is None:
        return ""
    tx.execute(delete(agent_call).where(here))
    _ring(tx, found.agent_id)
    return str(found.agent_id)


def under_way(tx: Transaction) -> dict[str, datetime]:
    """Agent → since when on a call, of everybody who is."""
    called = agent_call.c
    rows = tx.all(select(called.agent_id, func.min(called.since).label("since")).group_by(called.agent_id))
    return {row.agent_id: row.since for row in rows}


def _ring(tx: Transaction, agent_id: str) -> None:
    tx.wake(_TOPIC, "inbox", f"agent:{agent_id}")
