"""After-contact work: what an agent does for a contact after it, for as long as its queue allows. No offers meanwhile.

The end stands in the row from the beginning, so it comes by itself; the agent's word makes it earlier.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, insert, select, update

from madoguchi.counter.contacts import events
from madoguchi.counter.contacts import queries as contacts
from madoguchi.counter.routing import queries, queues
from madoguchi.counter.routing.model import after_contact_work
from madoguchi.engine.database import Transaction


def begin(tx: Transaction, contact_id: str, agent_id: str) -> None:
    """Nothing for a queue without it, and once for each time that the agent had the contact."""
    place = queries.place_of(tx, contact_id)
    queue = queues.find(tx, place.queue_id) if place else None
    if queue is None or queue.after_contact_s <= 0 or _had_already(tx, contact_id, agent_id):
        return
    tx.execute(
        insert(after_contact_work).values(
            contact_id=contact_id,
            agent_id=agent_id,
            queue_id=queue.id,
            started_at=tx.now,
            ended_at=tx.now + timedelta(seconds=queue.after_contact_s),
        )
    )


def stop(tx: Transaction, agent_id: str) -> None:
    """The agent is through with it before its time."""
    tx.execute(
        update(after_contact_work)
        .where(after_contact_work.c.agent_id == agent_id, after_contact_work.c.ended_at > tx.now)
        .values(ended_at=tx.now)
    )


def _had_already(tx: Transaction, contact_id: str, agent_id: str) -> bool:
    work = after_contact_work.c
    before = tx.scalar(
        select(func.max(work.started_at)).where(work.contact_id == contact_id, work.agent_id == agent_id)
    )
    joined = contacts.newest(tx, contact_id, events.JOINED)
    return before is not None and (joined is None or before >= joined.at)
