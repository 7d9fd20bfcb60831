"""A contact taken by mistake goes back to where it waited, with the place it had; the agent has said nothing yet."""

from __future__ import annotations

from sqlalchemy import delete, update

from madoguchi.counter.actors import Actor
from madoguchi.counter.contacts import events, queries
from madoguchi.counter.contacts import service as contacts
from madoguchi.counter.contacts.model import Contact
from madoguchi.counter.problems import Conflict, NotAllowed
from madoguchi.counter.routing.model import queue_place, wait_sample
from madoguchi.counter.routing.queries import place_for_update
from madoguchi.counter.routing.service import TOPIC
from madoguchi.counter.team import queries as team
from madoguchi.counter.team.policy import may
from madoguchi.engine.database import Transaction


def give_back(tx: Transaction, contact_id: str, by: Actor, owner_version: int) -> Contact:
    """Into the queue again as if it had not been taken: same priority, same time of entering, so the same place.

    Raises NotAllowed("not_owner"), Conflict("owner_changed" | "not_open" | "answered_already").
    """
    place = place_for_update(tx, contact_id)
    seen = queries.get(tx, contact_id)
    holder = seen.owner_id
    if seen.owner_kind != "agent" or (holder != by.id and not may(by, "contacts.reassign")):
        raise NotAllowed("not_owner")
    if place is None or place.state != "taken" or place.taken_by != holder:
        raise Conflict("owner_changed")
    if seen.state != "open":
        raise Conflict("not_open")
    spoken = queries.newest(tx, contact_id, events.MESSAGE)
    if spoken is not None and spoken.author_id == holder and place.taken_at and spoken.at >= place.taken_at:
        raise Conflict("answered_already")
    changed = contacts.set_owner(tx, contact_id, "queue", place.queue_id, owner_version)
    tx.execute(
        update(queue_place)
        .where(queue_place.c.contact_id == contact_id)
        .values(state="waiting", taken_at=None, taken_by="")
    )
    tx.execute(
        delete(wait_sample).where(
            wait_sample.c.contact_id == contact_id,
            wait_sample.c.at == place.taken_at,
            wait_sample.c.handle_s.is_(None),
        )
    )
    contacts.append(
        tx, contact_id, events.LEFT, {"agent_id": holder, "name": team.display_name(tx, holder)}, actor=by
    )
    tx.wake(TOPIC, "inbox", f"contact:{contact_id}", f"agent:{holder}")
    return changed
