"""A contact's place in a queue: taken, given up, measured. Rows only; who gets what is decided elsewhere."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from madoguchi.counter.contacts import events
from madoguchi.counter.contacts import queries as contact_queries
from madoguchi.counter.contacts.model import Contact
from madoguchi.counter.routing import queries, queues
from madoguchi.counter.routing.model import Place, agent_status, queue_place, wait_sample
from madoguchi.engine.database import Transaction

TOPIC = "routing"  # wake-up: an offer may be possible now
_NOTHING_SHOWN = -1


def wait(
    tx: Transaction,
    contact: Contact,
    queue: queues.Queue,
    priority: int,
    before: Place | None,
    *,
    since: datetime | None = None,
    preferred: str = "",
) -> Place:
    """The contact waits in this queue from now on, or as one that has waited `since` then.

    `preferred`: who is offered it first; "": whoever helped before.
    """
    values: dict[str, Any] = {
        "queue_id": queue.id,
        "state": "waiting",
        "priority": priority,
        "language": contact.language,
        "entered_at": since or tx.now,
        "offered_to": "",
        "offer_deadline": None,
        "declined_by": [],
        "shown_ahead": _NOTHING_SHOWN,
        "shown_low_s": _NOTHING_SHOWN,
        "shown_high_s": _NOTHING_SHOWN,
        "taken_at": None,
        "taken_by": "",
        "left_at": None,
        "channel": contact.channel,
        "told_at": None,
        "promised_low_s": None,
        "promised_high_s": None,
        "preferred": preferred or preferred_of(tx, contact),
    }
    not_to = before.not_to if before else []
    if values["preferred"] in not_to:
        values["preferred"] = ""
    if before is None:
        tx.execute(insert(queue_place).values(contact_id=contact.id, **values))
    else:
        change(tx, contact.id, **values)
    ring(tx, contact.id, before.offered_to if before else "")
    return Place(contact_id=contact.id, **values, not_to=not_to)


def leave(tx: Transaction, contact_id: str) -> None:
    """Give the place up: the contact has ended, or goes back to the assistant."""
    place = queries.place_for_update(tx, contact_id)
    if place is None or place.state not in ("waiting", "offered"):
        return
    change(tx, contact_id, state="left", left_at=tx.now, offered_to="")
    ring(tx, contact_id, place.offered_to)


def taken(tx: Transaction, contact_id: str, agent_id: str) -> None:
    change(tx, contact_id, state="taken", taken_at=tx.now, taken_by=agent_id, offered_to="")


def change(tx: Transaction, contact_id: str, **values: Any) -> None:
    tx.execute(update(queue_place).where(queue_place.c.contact_id == contact_id).values(**values))


def ring(tx: Transaction, contact_id: str, agent_id: str = "") -> None:
    """Something about this place has changed: for routing, for the screens, and for one agent."""
    tx.wake(TOPIC, "inbox", f"contact:{contact_id}")
    if agent_id:
        tx.wake(f"agent:{agent_id}")


def second_wait(queue: queues.Queue) -> int:
    """The priority of a customer who has waited once already: one class up, below the emergencies."""
    return max(min(2, queue.priority), queue.priority - 1)


def preferred_of(tx: Transaction, seen: Contact) -> str:
    """Who looks after the customer (BIZ-006), else who helped before: in this contact (HND-014) or its case (BOT-016)."""
    handed = contact_queries.newest(tx, seen.id, events.HAND_OVER)
    if handed and handed.body.get("agent_id"):
        return str(handed.body["agent_id"])
    joined = contact_queries.newest(tx, seen.id, events.JOINED)
    return str(joined.body["agent_id"]) if joined else queries.helped_last(tx, seen.case_id)


def begin_sample(tx: Transaction, place: Place) -> None:
    """Note how long this place has waited, now that an agent takes it."""
    available = tx.all(select(agent_status.c.agent_id).where(agent_status.c.status == "available"))
    tx.execute(
        insert(wait_sample).values(
            queue_id=place.queue_id,
            contact_id=place.contact_id,
            at=tx.now,
            wait_s=int((tx.now - place.entered_at).total_seconds()),
            handle_s=None,
            agents=len(available),
            promised_low_s=place.promised_low_s,
            promised_high_s=place.promised_high_s,
            channel=place.channel,
        )
    )


def finish_sample(tx: Transaction, contact_id: str) -> None:
    """Note how long the contact has kept its agent."""
    sample = tx.first(
        select(wait_sample)
        .where(wait_sample.c.contact_id == contact_id)
        .order_by(wait_sample.c.id.desc())
        .limit(1)
    )
    if sample is not None and sample.handle_s is None:
        handled = int((tx.now - sample.at).total_seconds())
        tx.execute(update(wait_sample).where(wait_sample.c.id == sample.id).values(handle_s=handled))
