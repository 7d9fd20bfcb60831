"""What agents are doing: status, heartbeat, and what happens to their contacts when they are gone for good."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import exists, or_, select, update

from madoguchi.counter.actors import SYSTEM, Actor
from madoguchi.counter.contacts import events, participants
from madoguchi.counter.contacts import service as contacts
from madoguchi.counter.contacts.model import Contact, contact, ledger_entry
from madoguchi.counter.problems import Invalid
from madoguchi.counter.routing import after_contact, offers, places, queries, queues, service, spells
from madoguchi.counter.routing.model import Status, agent_status
from madoguchi.counter.routing.policy import Rules
from madoguchi.counter.team import queries as team
from madoguchi.engine.database import Transaction

STATUSES: tuple[Status, ...] = ("available", "busy", "break", "offline")  # what an agent may say
# Where the customer sits and waits. A mail stays with who reads it in the morning: its promise keeps watch over it.
LIVE: frozenset[str] = frozenset({"chat", "phone", "callback"})
_SELDOM = timedelta(seconds=10)


def set_status(
    tx: Transaction, agent_id: str, status: Status, *, kind: str = "", until: datetime | None = None
) -> None:
    """Say what one is doing; it also ends after-contact work. Whoever stops being available gives open offers back.

    `kind`: the house's own status whose base this is; `until`: when one means to end it. Raises Invalid("unknown_status").
    """
    if status not in STATUSES:
        raise Invalid("unknown_status", field="status", statuses=", ".join(STATUSES))
    team.get(tx, agent_id)
    tx.lock("agent", agent_id)
    spells.begin(tx, agent_id, status, kind=kind, until=until, alive=True)
    after_contact.stop(tx, agent_id)
    if status != "available":
        offers.give_back(tx, agent_id)
    tx.wake(places.TOPIC, "inbox", f"agent:{agent_id}")


def heartbeat(tx: Transaction, agent_id: str) -> None:
    """The agent's desk is alive. Written at most every ten seconds; coming back from silence rings for offers."""
    row = tx.first(select(agent_status).where(agent_status.c.agent_id == agent_id))
    if row is None or tx.now - row.last_seen_at < _SELDOM:
        return
    tx.execute(update(agent_status).where(agent_status.c.agent_id == agent_id).values(last_seen_at=tx.now))
    if row.status == "available" and tx.now - row.last_seen_at > 3 * _SELDOM:
        tx.wake(places.TOPIC, "inbox")


def release(
    tx: Transaction, agent_id: str, by: Actor = SYSTEM, channels: Collection[str] | None = None
) -> list[str]:
    """Put every open contact of an agent back into its queue, one class up, at the place of its first entry.

    For agents who are switched off or have gone home with contacts in hand: no customer is left talking to nobody.
    `channels`: only contacts of these. Returns the contacts' ids.
    """
    tx.lock("agent", agent_id)
    gone = team.get(tx, agent_id)
    offers.give_back(tx, agent_id)
    for taking_part in participants.everywhere(tx, agent_id):
        participants.close(tx, taking_part.contact_id, agent_id)
    mine = (contact.c.owner_kind == "agent", contact.c.owner_id == agent_id, contact.c.state == "open")
    held = [Contact(**row._mapping) for row in tx.all(select(contact).where(*mine).order_by(contact.c.id))]
    released = [each for each in held if channels is None or each.channel in channels]
    for each in released:
        place = queries.place_of(tx, each.id)
        body = {"agent_id": gone.id, "name": gone.display_name}
        contacts.append(tx, each.id, events.LEFT, body, actor=by)
        queue_id = place.queue_id if place else queues.desk_for(tx, each.topic)
        priority = places.second_wait(queues.in_use(tx, queue_id))
        since = place.entered_at if place else None
        service.enter(tx, each, queue_id, priority=priority, since=since, reason="agent_left", actor=by)
    return [each.id for each in released]


def silent(tx: Transaction, rules: Rules) -> list[str]:
    """Agents with live contacts in hand who have been silent, or offline, for longer than the house allows.

    Who has taken one or said something in one since then is at work, whatever the status: a supervisor who is offline
    takes over too.
    """
    if not rules.release_after_minutes:
        return []
    long_ago = tx.now - timedelta(minutes=rules.release_after_minutes)
    off = (agent_status.c.status == "offline") & (agent_status.c.since <= long_ago)
    in_hand = (contact.c.owner_kind == "agent", contact.c.state == "open", contact.c.channel.in_(LIVE))
    holding = select(contact.c.owner_id).where(*in_hand)
    at_work = (
        exists()
        .where(*in_hand, contact.c.owner_id == agent_status.c.agent_id)
        .where(ledger_entry.c.contact_id == contact.c.id, ledger_entry.c.author_id == agent_status.c.agent_id)
        .where(ledger_entry.c.at > long_ago)
    )
    rows = tx.all(
        select(agent_status.c.agent_id)
        .where(
            or_(agent_status.c.last_seen_at <= long_ago, off), agent_status.c.agent_id.in_(holding), ~at_work
        )
        .order_by(agent_status.c.agent_id)
    )
    return [row.agent_id for row in rows]


def release_silent(tx: Transaction, agent_id: str, rules: Rules) -> list[str]:
    """Take the live contacts out of the hands of one who is still silent, and offline from now on; returns their ids."""
    tx.lock("agent", agent_id)
    if agent_id not in silent(tx, rules):
        return []
    released = release(tx, agent_id, channels=LIVE)
    spells.begin(tx, agent_id, "offline")
    tx.wake(f"agent:{agent_id}")
    return released
