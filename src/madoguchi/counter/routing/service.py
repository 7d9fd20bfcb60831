"""The verbs of routing: enter, offer, accept, decline, expire, take, transfer, leave. None commits.

Exactly one agent gets a contact (R-19, I6): owner and version are compared and set in one statement, and an agent's
load is counted under that agent's lock. Locks are taken in one order: routing, agent, place, contact.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, update

from madoguchi.counter.actors import SYSTEM, Actor
from madoguchi.counter.contacts import events
from madoguchi.counter.contacts import queries as contact_queries
from madoguchi.counter.contacts import service as contacts
from madoguchi.counter.contacts.model import Contact
from madoguchi.counter.problems import Conflict, Invalid, NotAllowed
from madoguchi.counter.routing import queries, queues
from madoguchi.counter.routing.model import Place, agent_status, queue_place, wait_sample
from madoguchi.counter.routing.policy import Rules, choose
from madoguchi.counter.routing.standing import standing
from madoguchi.counter.team import queries as team
from madoguchi.counter.team.model import Agent
from madoguchi.counter.team.policy import may
from madoguchi.counter.team.service import actor_of
from madoguchi.engine import outbox
from madoguchi.engine.database import Transaction
from madoguchi.kit.clock import to_micros

OFFER_EXPIRED = "routing.offer_expired"  # errand: {"contact_id", "agent_id", "deadline"}
TOPIC = "routing"  # wake-up: an offer may be possible now
_SECOND_ROUND = timedelta(seconds=30)
_NOTHING_SHOWN = -1


@dataclass(frozen=True)
class Offer:
    """A contact offered to an agent until the deadline."""

    contact_id: str
    agent_id: str
    deadline: datetime


def enter(
    tx: Transaction,
    contact: Contact,
    queue_id: str,
    *,
    priority: int | None = None,
    reason: str = "",
    summary: Mapping[str, Any] | None = None,
    preferred: str = "",
    actor: Actor = SYSTEM,
) -> Place:
    """Hand the contact over to a queue: owner, fact `hand_over.requested`, place. Entering the same queue again is nothing.

    `contact` as the caller has seen it: its owner version is compared. `priority` None: the queue's own. The queue may
    be another one: the customer's standing and language count too (standing.py). `preferred`: the agent who looks
    after the customer, offered it first. Raises Invalid("unknown_queue"), Conflict("owner_changed" | "not_open").
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
    body = {"queue": queue.id, "reason": reason, "summary": dict(summary or {}), "promise_at": None}
    if found.way != "speaks":
        body["language_by"] = found.way
    if preferred:
        body["agent_id"] = preferred
    contacts.append(tx, contact.id, events.HAND_OVER, body, actor=actor)
    return _wait(tx, contact, queue, found.priority, before)


def leave(tx: Transaction, contact_id: str) -> None:
    """Give the place up: the contact has ended, or goes back to the assistant."""
    place = queries.place_for_update(tx, contact_id)
    if place is None or place.state not in ("waiting", "offered"):
        return
    _set_place(tx, contact_id, state="left", left_at=tx.now, offered_to="")
    _ring(tx, contact_id, place.offered_to)


def return_to_assistant(tx: Transaction, contact: Contact, actor: Actor) -> Contact:
    """The customer goes on with the assistant instead of waiting. Raises Conflict("owner_changed")."""
    leave(tx, contact.id)
    changed = contacts.set_owner(tx, contact.id, "assistant", "assistant", contact.owner_version)
    contacts.append(tx, contact.id, events.RETURNED_TO_ASSISTANT, {}, actor=actor)
    return changed


def offer_next(tx: Transaction, rules: Rules) -> Offer | None:
    """Offer the next contact that somebody can take; None when there is no such pair. Call until None."""
    tx.lock("routing")
    _expire_overdue(tx)
    places = [place for place in queries.waiting_list(tx) if place.state == "waiting"]
    if not places:
        return None
    crew = queries.crew(tx, rules)
    if not any(member.takes_offers and member.free for member in crew):
        return None
    for place in places:
        rested = _rested(place, tx.now)
        if choose(rested, crew) is None:
            continue
        member = choose(rested, crew, _preferred(tx, place.contact_id))
        assert member is not None
        offer = _offer(tx, rested, member.agent_id, member.capacity, rules)
        if offer is not None:
            return offer
    return None


def accept(tx: Transaction, contact_id: str, agent: Actor, owner_version: int) -> Contact:
    """The agent takes what was offered. Raises Conflict("offer_gone" | "owner_changed" | "at_capacity")."""
    me = _locked_agent(tx, agent.id)
    place = queries.place_for_update(tx, contact_id)
    if place is None or place.state != "offered" or place.offered_to != me.id:
        raise Conflict("offer_gone")
    return _give(tx, contact_id, place, me, owner_version)


def decline(tx: Transaction, contact_id: str, agent: Actor) -> None:
    """The agent lets the offer pass; the next agent gets it. Declining what is gone is nothing."""
    place = queries.place_for_update(tx, contact_id)
    if place is not None and place.state == "offered" and place.offered_to == agent.id:
        _let_pass(tx, place, declined=True)


def expire(tx: Transaction, contact_id: str, agent_id: str, deadline: datetime) -> bool:
    """Nobody has answered this offer in time; False when it was answered or is not due. The errand's deed."""
    place = queries.place_for_update(tx, contact_id)
    if place is None or place.state != "offered" or place.offered_to != agent_id:
        return False
    if place.offer_deadline != deadline or tx.now < deadline:
        return False
    _let_pass(tx, place, declined=False)
    return True


def take(tx: Transaction, contact_id: str, agent: Actor, owner_version: int) -> Contact:
    """Pull a contact out of a queue, from the assistant, or (supervisors) from a colleague.

    Raises Conflict("owner_changed" | "at_capacity" | "not_open"), NotAllowed("owned_by_colleague").
    """
    me = _locked_agent(tx, agent.id)
    place = queries.place_for_update(tx, contact_id)
    seen = contact_queries.get(tx, contact_id)
    if seen.owner_kind == "agent":
        if seen.owner_id == me.id:
            return seen
        if not may(agent, "contacts.reassign"):
            raise NotAllowed("owned_by_colleague")
        return _give(tx, contact_id, None, me, owner_version, leaves=seen.owner_id)
    waits = place is not None and place.state in ("waiting", "offered")
    return _give(tx, contact_id, place if waits else None, me, owner_version)


def transfer_to_queue(
    tx: Transaction, contact_id: str, queue_id: str, *, actor: Actor, owner_version: int, note: str = ""
) -> Contact:
    """Pass the contact on to a queue, one class more urgent: the customer has waited once already."""
    queue = queues.get(tx, queue_id)
    before = queries.place_for_update(tx, contact_id)
    seen = _transferable(tx, contact_id, actor)
    changed = contacts.set_owner(tx, contact_id, "queue", queue_id, owner_version)
    _note(tx, contact_id, note, actor)
    body = {"to_queue": queue_id, "name": queue.label(seen.language)}
    contacts.append(tx, contact_id, events.TRANSFERRED, body, actor=actor)
    _finish_sample(tx, contact_id)
    _wait(tx, changed, queue, second_wait(queue), before)
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
    """Pass the contact on to a colleague who is there and has room. Raises Conflict("agent_not_free")."""
    colleague = _locked_agent(tx, agent_id)
    there = queries.presence(tx, agent_id, rules)
    if not there.present or there.status != "available":
        raise Conflict("agent_not_free")
    before = queries.place_for_update(tx, contact_id)
    _transferable(tx, contact_id, actor)
    _require_room(tx, colleague, "agent_not_free")
    changed = contacts.set_owner(tx, contact_id, "agent", agent_id, owner_version)
    _note(tx, contact_id, note, actor)
    body = {"to_agent": agent_id, "name": colleague.display_name}
    contacts.append(tx, contact_id, events.TRANSFERRED, body, actor=actor)
    if before is not None:
        _set_place(tx, contact_id, state="taken", taken_by=agent_id, taken_at=tx.now, offered_to="")
    _joined(tx, contact_id, colleague)
    _ring(tx, contact_id, before.offered_to if before else "")
    return changed


def finished(tx: Transaction, contact_id: str) -> None:
    """The contact is resolved or ended: its place is given up, and how long it kept the agent is remembered."""
    leave(tx, contact_id)
    _finish_sample(tx, contact_id)
    tx.wake(TOPIC)


def second_wait(queue: queues.Queue) -> int:
    """The priority of a customer who has waited once already: one class up, below the emergencies."""
    return max(min(2, queue.priority), queue.priority - 1)


# ── inside ────────────────────────────────────────────────────────────────────────────────────────


def _wait(
    tx: Transaction, contact: Contact, queue: queues.Queue, priority: int, before: Place | None
) -> Place:
    values: dict[str, Any] = {
        "queue_id": queue.id,
        "state": "waiting",
        "priority": priority,
        "language": contact.language,
        "entered_at": tx.now,
        "offered_to": "",
        "offer_deadline": None,
        "declined_by": [],
        "shown_ahead": _NOTHING_SHOWN,
        "shown_low_s": _NOTHING_SHOWN,
        "shown_high_s": _NOTHING_SHOWN,
        "taken_at": None,
        "taken_by": "",
        "left_at": None,
    }
    if before is None:
        tx.execute(insert(queue_place).values(contact_id=contact.id, **values))
    else:
        _set_place(tx, contact.id, **values)
    _ring(tx, contact.id, before.offered_to if before else "")
    return Place(contact_id=contact.id, **values)


def _offer(tx: Transaction, place: Place, agent_id: str, capacity: int, rules: Rules) -> Offer | None:
    tx.lock("agent", agent_id)
    if queries.held_by(tx, agent_id) >= capacity:
        return None  # somebody else gave the agent a contact in between
    held = queries.place_for_update(tx, place.contact_id)
    seen = contact_queries.get(tx, place.contact_id)
    if held is None or held.state != "waiting":
        return None
    if seen.owner_kind != "queue" or seen.state == "ended":
        leave(tx, place.contact_id)  # it has gone elsewhere without saying so
        return None
    deadline = tx.now + timedelta(seconds=rules.offer_seconds)
    _set_place(
        tx,
        place.contact_id,
        state="offered",
        offered_to=agent_id,
        offer_deadline=deadline,
        declined_by=place.declined_by,
    )
    body = {"agent_id": agent_id, "deadline": deadline.isoformat()}
    contacts.append(tx, place.contact_id, events.OFFERED, body, actor=SYSTEM)
    outbox.put(
        tx,
        OFFER_EXPIRED,
        {"contact_id": place.contact_id, **body},
        due_at=deadline,
        key=f"offer/{place.contact_id}/{to_micros(deadline)}",
    )
    tx.wake(f"agent:{agent_id}", f"contact:{place.contact_id}", "inbox")
    return Offer(place.contact_id, agent_id, deadline)


def _let_pass(tx: Transaction, place: Place, *, declined: bool) -> None:
    _set_place(
        tx,
        place.contact_id,
        state="waiting",
        offered_to="",
        declined_by=sorted({*place.declined_by, place.offered_to}),
    )
    body = {"agent_id": place.offered_to, "declined": declined}
    contacts.append(tx, place.contact_id, events.OFFER_EXPIRED, body, actor=SYSTEM)
    _ring(tx, place.contact_id, place.offered_to)


def _expire_overdue(tx: Transaction) -> None:
    """Offers must not hang when the courier is late or dead."""
    for place in queries.waiting_list(tx):
        if place.state == "offered" and place.offer_deadline and place.offer_deadline <= tx.now:
            expire(tx, place.contact_id, place.offered_to, place.offer_deadline)


def _rested(place: Place, now: datetime) -> Place:
    """Half a minute after the last offer has ended, those who let it pass may be asked again."""
    if place.declined_by and place.offer_deadline and now >= place.offer_deadline + _SECOND_ROUND:
        return Place(**{**vars(place), "declined_by": []})
    return place


def _preferred(tx: Transaction, contact_id: str) -> str:
    """Who looks after the customer (BIZ-006), else who helped before: in this contact (HND-014) or its case (BOT-016)."""
    handed = contact_queries.newest(tx, contact_id, events.HAND_OVER)
    if handed and handed.body.get("agent_id"):
        return str(handed.body["agent_id"])
    joined = contact_queries.newest(tx, contact_id, events.JOINED)
    return (
        joined.body["agent_id"]
        if joined
        else queries.helped_last(tx, contact_queries.get(tx, contact_id).case_id)
    )


def _give(
    tx: Transaction,
    contact_id: str,
    place: Place | None,
    me: Agent,
    owner_version: int,
    leaves: str = "",
) -> Contact:
    seen = contact_queries.get(tx, contact_id)
    if seen.state == "ended":
        raise Conflict("not_open")
    _require_room(tx, me, "at_capacity", contact_id)
    changed = contacts.set_owner(tx, contact_id, "agent", me.id, owner_version)
    if place is not None:
        _sample(tx, place)
        _set_place(tx, contact_id, state="taken", taken_at=tx.now, taken_by=me.id, offered_to="")
    if leaves:
        gone = team.get(tx, leaves)
        body = {"agent_id": gone.id, "name": gone.display_name}
        contacts.append(tx, contact_id, events.LEFT, body, actor=SYSTEM)
        tx.wake(f"agent:{leaves}")
    _joined(tx, contact_id, me)
    _ring(tx, contact_id, place.offered_to if place else "")
    return changed


def _joined(tx: Transaction, contact_id: str, me: Agent) -> None:
    body = {"agent_id": me.id, "name": me.display_name}
    contacts.append(tx, contact_id, events.JOINED, body, actor=actor_of(me))


def _sample(tx: Transaction, place: Place) -> None:
    promised = place.shown_low_s >= 0
    available = tx.all(select(agent_status.c.agent_id).where(agent_status.c.status == "available"))
    tx.execute(
        insert(wait_sample).values(
            queue_id=place.queue_id,
            contact_id=place.contact_id,
            at=tx.now,
            wait_s=int((tx.now - place.entered_at).total_seconds()),
            handle_s=None,
            agents=len(available),
            promised_low_s=place.shown_low_s if promised else None,
            promised_high_s=place.shown_high_s if promised else None,
        )
    )


def _finish_sample(tx: Transaction, contact_id: str) -> None:
    sample = tx.first(
        select(wait_sample)
        .where(wait_sample.c.contact_id == contact_id)
        .order_by(wait_sample.c.id.desc())
        .limit(1)
    )
    if sample is not None and sample.handle_s is None:
        handled = int((tx.now - sample.at).total_seconds())
        tx.execute(update(wait_sample).where(wait_sample.c.id == sample.id).values(handle_s=handled))


def _transferable(tx: Transaction, contact_id: str, actor: Actor) -> Contact:
    seen = contact_queries.get(tx, contact_id)
    if seen.state == "ended":
        raise Conflict("not_open")
    mine = seen.owner_kind == "agent" and seen.owner_id == actor.id
    if not mine and not may(actor, "contacts.reassign"):
        raise NotAllowed("not_owner")
    return seen


def _note(tx: Transaction, contact_id: str, note: str, actor: Actor) -> None:
    if note.strip():
        contacts.append(tx, contact_id, events.NOTE, {"text": note}, actor=actor)


def _locked_agent(tx: Transaction, agent_id: str) -> Agent:
    """The agent, with nobody else changing the agent's load until the end of the transaction."""
    tx.lock("agent", agent_id)
    found = team.find(tx, agent_id)
    if found is None or not found.active:
        raise Invalid("unknown_agent", field="agent_id")
    return found


def _require_room(tx: Transaction, me: Agent, code: str, contact_id: str = "") -> None:
    if queries.held_by(tx, me.id, except_offer_of=contact_id) >= me.capacity:
        raise Conflict(code, capacity=me.capacity)


def _set_place(tx: Transaction, contact_id: str, **values: Any) -> None:
    tx.execute(update(queue_place).where(queue_place.c.contact_id == contact_id).values(**values))


def _ring(tx: Transaction, contact_id: str, agent_id: str = "") -> None:
    tx.wake(TOPIC, "inbox", f"contact:{contact_id}")
    if agent_id:
        tx.wake(f"agent:{agent_id}")
