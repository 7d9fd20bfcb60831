"""The verbs of routing: enter, take, transfer, leave; offers stand in offers.py. None commits.

Exactly one agent gets a contact (R-19, I6): owner and version are compared and set in one statement, and an agent's
load is counted under that agent's lock. Locks are taken in one order: routing, agents (by id), place, contact.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from madoguchi.counter.actors import SYSTEM, Actor
from madoguchi.counter.contacts import events, participants
from madoguchi.counter.contacts import queries as contact_queries
from madoguchi.counter.contacts import service as contacts
from madoguchi.counter.contacts.model import Contact
from madoguchi.counter.problems import Conflict, NotAllowed
from madoguchi.counter.routing import hands, patience, places, queries, queues
from madoguchi.counter.routing.model import Place
from madoguchi.counter.routing.offers import AT_ONCE as AT_ONCE
from madoguchi.counter.routing.offers import OFFER_EXPIRED as OFFER_EXPIRED
from madoguchi.counter.routing.offers import Offer as Offer
from madoguchi.counter.routing.offers import accept as accept
from madoguchi.counter.routing.offers import decline as decline
from madoguchi.counter.routing.offers import expire as expire
from madoguchi.counter.routing.offers import expire_overdue as expire_overdue
from madoguchi.counter.routing.offers import find_pairs as find_pairs
from madoguchi.counter.routing.offers import meet_wish as meet_wish
from madoguchi.counter.routing.offers import offer_next as offer_next
from madoguchi.counter.routing.offers import offer_pairs as offer_pairs
from madoguchi.counter.routing.offers import offer_round as offer_round
from madoguchi.counter.routing.places import TOPIC as TOPIC
from madoguchi.counter.routing.places import leave as leave
from madoguchi.counter.routing.places import second_wait as second_wait
from madoguchi.counter.routing.policy import Rules
from madoguchi.counter.routing.standing import standing
from madoguchi.counter.team.policy import may
from madoguchi.engine.database import Transaction


def enter(
    tx: Transaction,
    contact: Contact,
    queue_id: str,
    *,
    priority: int | None = None,
    reason: str = "",
    summary: Mapping[str, Any] | None = None,
    preferred: str = "",
    promise_at: datetime | None = None,
    since: datetime | None = None,
    actor: Actor = SYSTEM,
    rules: Rules | None = None,
) -> Place:
    """Hand the contact over to a queue: owner, fact `hand_over.requested`, place. Entering the same queue again is nothing.

    `contact` as the caller has seen it: its owner version is compared. `priority` None: the queue's own. The queue may
    be another one: the customer's standing and language count too (standing.py). `preferred`: the agent who looks
    after the customer, offered it first. `promise_at`: when somebody will be there, as the customer was told. `since`:
    the place counts from then, for one who has waited before. With `rules` a moment is promised here, and the customer
    told if it is not kept (patience.py). Raises Invalid("unknown_queue"), Conflict("owner_changed" | "not_open").
    """
    found = standing(tx, contact, queue_id, priority)
    queue = found.queue
    before = queries.place_for_update(tx, contact.id)
    if before and before.state in ("waiting", "offered") and before.queue_id == queue.id:
        return before
    if contact.state == "ended":
        raise Conflict("not_open")
    contacts.set_owner(tx, contact.id, "queue", queue.id, contact.owner_version)
    contacts.handed_over(tx, contact.id)
    place = places.wait(tx, contact, queue, found.priority, before, since=since, preferred=preferred)
    if rules is not None and promise_at is None:
        promise_at = patience.promise(tx, place, queue, rules)
    body: dict[str, Any] = {
        "queue": queue.id,
        "reason": reason,
        "summary": dict(summary or {}),
        "promise_at": promise_at.isoformat() if promise_at else None,
    }
    if found.way != "speaks":
        body["language_by"] = found.way
    if preferred:
        body["agent_id"] = preferred
    handed = contacts.append(tx, contact.id, events.HAND_OVER, body, actor=actor)
    if rules is not None:
        patience.watch_over(tx, handed, promise_at, rules.other_ways_seconds)
    return place


def return_to_assistant(tx: Transaction, contact: Contact, actor: Actor) -> Contact:
    """The customer goes on with the assistant instead of waiting. Raises Conflict("owner_changed")."""
    leave(tx, contact.id)
    participants.close(tx, contact.id)
    changed = contacts.set_owner(tx, contact.id, "assistant", "assistant", contact.owner_version)
    contacts.append(tx, contact.id, events.RETURNED_TO_ASSISTANT, {}, actor=actor)
    return changed


def take(
    tx: Transaction, contact_id: str, agent: Actor, owner_version: int, rules: Rules | None = None
) -> Contact:
    """Pull a contact out of a queue, from the assistant, or (supervisors) from a colleague.

    With `rules` the customer's wish for somebody else holds here too. Raises Conflict("owner_changed" | "at_capacity" |
    "not_open" | "another_agent_wished"), NotAllowed("owned_by_colleague").
    """
    me = hands.locked_agent(tx, agent.id)
    place = queries.place_for_update(tx, contact_id)
    seen = contact_queries.get(tx, contact_id)
    if seen.owner_kind == "agent":
        if seen.owner_id == me.id:
            return seen
        if not may(agent, "contacts.reassign"):
            raise NotAllowed("owned_by_colleague")
    if rules is not None:
        meet_wish(tx, place, me.id, rules)
    if seen.owner_kind == "agent":
        return hands.give(tx, contact_id, None, me, owner_version, leaves=seen.owner_id)
    waits = place is not None and place.state in ("waiting", "offered")
    return hands.give(tx, contact_id, place if waits else None, me, owner_version)


def transfer_to_queue(
    tx: Transaction, contact_id: str, queue_id: str, *, actor: Actor, owner_version: int, note: str = ""
) -> Contact:
    """Pass the contact on to a queue, one class more urgent: the customer has waited once already."""
    queue = queues.get(tx, queue_id)
    before = queries.place_for_update(tx, contact_id)
    seen = hands.transferable(tx, contact_id, actor)
    changed = contacts.set_owner(tx, contact_id, "queue", queue_id, owner_version)
    hands.write_note(tx, contact_id, note, actor)
    body = {"to_queue": queue_id, "name": queue.label(seen.language)}
    contacts.append(tx, contact_id, events.TRANSFERRED, body, actor=actor)
    places.finish_sample(tx, contact_id)
    if seen.owner_kind == "agent":
        hands.let_go(tx, contact_id, seen.owner_id)
    places.wait(tx, changed, queue, second_wait(queue), before)
    return changed


def transfer_to_agent(
    tx: Transaction,
    contact_id: str,
    agent_id: str,
    rules: Rules,
    *,
    actor: Actor,
    owner_version: int,
    note: str = "",
) -> Contact:
    """Pass the contact on to a colleague who is there and has room. Raises Conflict("agent_not_free" | "another_agent_wished")."""
    colleague = hands.locked_agent(tx, agent_id)
    there = queries.presence(tx, agent_id, rules)
    if not there.present or there.status != "available":
        raise Conflict("agent_not_free")
    place = queries.place_for_update(tx, contact_id)
    seen = hands.transferable(tx, contact_id, actor)
    meet_wish(tx, place, agent_id, rules)
    hands.require_room(tx, colleague, "agent_not_free", seen)
    return hands.pass_on(tx, seen, colleague, actor=actor, owner_version=owner_version, note=note)


def finished(tx: Transaction, contact_id: str) -> None:
    """The contact is resolved or ended: its place is given up, nobody takes part in it any longer, and how long it
    kept the agent is remembered."""
    leave(tx, contact_id)
    participants.close(tx, contact_id)
    places.finish_sample(tx, contact_id)
    seen = contact_queries.find(tx, contact_id)
    if seen is not None and seen.owner_kind == "agent":
        hands.let_go(tx, contact_id, seen.owner_id)
    tx.wake(TOPIC)
