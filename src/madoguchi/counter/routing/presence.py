"""What agents are doing: status, heartbeat, and what happens to their contacts when they are gone for good."""

from __future__ import annotations

from datetime import timedelta
from typing import get_args

from sqlalchemy import select, update

from madoguchi.counter.actors import SYSTEM, Actor
from madoguchi.counter.contacts import events
from madoguchi.counter.contacts import service as contacts
from madoguchi.counter.contacts.model import Contact, contact
from madoguchi.counter.problems import Invalid
from madoguchi.counter.routing import queries, queues, service
from madoguchi.counter.routing.model import Status, agent_status, queue_place
from madoguchi.counter.team import queries as team
from madoguchi.engine.database import Transaction
from madoguchi.kit.clock import to_micros

STATUSES: tuple[Status, ...] = get_args(Status)
_SELDOM = timedelta(seconds=10)


def set_status(tx: Transaction, agent_id: str, status: Status) -> None:
    """Say what one is doing. Whoever stops being available gives open offers back. Raises Invalid("unknown_status")."""
    if status not in STATUSES:
        raise Invalid("unknown_status", field="status", statuses=", ".join(STATUSES))
    team.get(tx, agent_id)
    tx.lock("agent", agent_id)
    now = to_micros(tx.now)
    tx.driver(
        "INSERT INTO agent_status (agent_id, status, since, last_seen_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (agent_id) DO UPDATE SET last_seen_at = excluded.last_seen_at,"
        " since = CASE WHEN agent_status.status = excluded.status THEN agent_status.since ELSE excluded.since END,"
        " status = excluded.status",
        (agent_id, status, now, now),
    ).close()
    if status != "available":
        _give_offers_back(tx, agent_id)
    tx.wake(service.TOPIC, "inbox", f"agent:{agent_id}")


def heartbeat(tx: Transaction, agent_id: str) -> None:
    """The agent's desk is alive. Written at most every ten seconds; coming back from silence rings for offers."""
    row = tx.first(select(agent_status).where(agent_status.c.agent_id == agent_id))
    if row is None or tx.now - row.last_seen_at < _SELDOM:
        return
    tx.execute(update(agent_status).where(agent_status.c.agent_id == agent_id).values(last_seen_at=tx.now))
    if row.status == "available" and tx.now - row.last_seen_at > 3 * _SELDOM:
        tx.wake(service.TOPIC, "inbox")


def release(tx: Transaction, agent_id: str, by: Actor = SYSTEM) -> list[str]:
    """Put every open contact of an agent back into its queue, one class up; returns their ids.

    For agents who are switched off or have gone home with contacts in hand: no customer is left talking to nobody.
    """
    tx.lock("agent", agent_id)
    gone = team.get(tx, agent_id)
    _give_offers_back(tx, agent_id)
    rows = tx.all(
        select(contact).where(
            contact.c.owner_kind == "agent", contact.c.owner_id == agent_id, contact.c.state == "open"
        )
    )
    for row in rows:
        held = Contact(**row._mapping)
        place = queries.place_of(tx, held.id)
        body = {"agent_id": gone.id, "name": gone.display_name}
        contacts.append(tx, held.id, events.LEFT, body, actor=by)
        queue_id = place.queue_id if place else queues.queue_for(held.topic)
        priority = service.second_wait(queues.get(tx, queue_id))
        service.enter(tx, held, queue_id, priority=priority, reason="agent_left", actor=by)
    return [row.id for row in rows]


def _give_offers_back(tx: Transaction, agent_id: str) -> None:
    for place in queries.offered_to(tx, agent_id):
        tx.execute(
            update(queue_place)
            .where(
                queue_place.c.contact_id == place.contact_id,
                queue_place.c.state == "offered",
                queue_place.c.offered_to == agent_id,
            )
            .values(state="waiting", offered_to="", offer_deadline=None)
        )
        body = {"agent_id": agent_id, "declined": False}
        contacts.append(tx, place.contact_id, events.OFFER_EXPIRED, body, actor=SYSTEM)
        tx.wake(service.TOPIC, "inbox", f"contact:{place.contact_id}")
