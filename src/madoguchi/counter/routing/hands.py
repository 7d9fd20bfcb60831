"""Agents' hands: into them a contact is given, with the checks that it fits, and out of them it goes again."""

from __future__ import annotations

from sqlalchemy import update

from madoguchi.counter.actors import SYSTEM, Actor
from madoguchi.counter.contacts import events, participants
from madoguchi.counter.contacts import queries as contact_queries
from madoguchi.counter.contacts import service as contacts
from madoguchi.counter.contacts.model import Contact
from madoguchi.counter.problems import Conflict, Invalid, NotAllowed
from madoguchi.counter.routing import after_contact, places, queries
from madoguchi.counter.routing.model import Place, agent_status
from madoguchi.counter.team import queries as team
from madoguchi.counter.team.model import Agent
from madoguchi.counter.team.policy import may
from madoguchi.counter.team.service import actor_of
from madoguchi.engine.database import Transaction


def locked_agent(tx: Transaction, agent_id: str) -> Agent:
    """The agent, with nobody else changing the agent's load until the end of the transaction.

    Raises Invalid("unknown_agent"), also for one who is switched off.
    """
    tx.lock("agent", agent_id)
    found = team.find(tx, agent_id)
    if found is None or not found.active:
        raise Invalid("unknown_agent", field="agent_id")
    return found


def require_room(tx: Transaction, me: Agent, code: str, seen: Contact) -> None:
    """Raises Conflict(code) when this contact does not fit into the agent's hands; what it takes of them already counts not."""
    mine = queries.hands_of(tx, me, except_contact=seen.id)
    if not mine.has_room(seen.channel):
        raise Conflict(code, capacity=mine.capacity)


def give(
    tx: Transaction,
    contact_id: str,
    place: Place | None,
    me: Agent,
    owner_version: int,
    leaves: str = "",
) -> Contact:
    """The contact is this agent's now; `leaves`: the agent out of whose hands it is taken.

    Raises Conflict("not_open" | "at_capacity" | "owner_changed").
    """
    seen = contact_queries.get(tx, contact_id)
    if seen.state == "ended":
        raise Conflict("not_open")
    require_room(tx, me, "at_capacity", seen)
    changed = contacts.set_owner(tx, contact_id, "agent", me.id, owner_version)
    participants.close(tx, contact_id, me.id)
    if place is not None:
        places.begin_sample(tx, place)
        places.taken(tx, contact_id, me.id)
    if leaves:
        gone = team.get(tx, leaves)
        body = {"agent_id": gone.id, "name": gone.display_name}
        contacts.append(tx, contact_id, events.LEFT, body, actor=SYSTEM)
        let_go(tx, contact_id, leaves)
    joined(tx, contact_id, me)
    places.ring(tx, contact_id, place.offered_to if place else "")
    return changed


def pass_on(
    tx: Transaction, seen: Contact, colleague: Agent, *, actor: Actor, owner_version: int, note: str = ""
) -> Contact:
    """The contact goes from its owner's hands into a colleague's, whose room has been checked.

    Raises Conflict("owner_changed").
    """
    before = queries.place_of(tx, seen.id)
    changed = contacts.set_owner(tx, seen.id, "agent", colleague.id, owner_version)
    participants.close(tx, seen.id, colleague.id)
    write_note(tx, seen.id, note, actor)
    body = {"to_agent": colleague.id, "name": colleague.display_name}
    contacts.append(tx, seen.id, events.TRANSFERRED, body, actor=actor)
    if seen.owner_kind == "agent":
        let_go(tx, seen.id, seen.owner_id)
    if before is not None:
        places.taken(tx, seen.id, colleague.id)
    joined(tx, seen.id, colleague)
    places.ring(tx, seen.id, before.offered_to if before else "")
    return changed


def joined(tx: Transaction, contact_id: str, me: Agent) -> None:
    """The fact that this agent helps from here."""
    body = {"agent_id": me.id, "name": me.display_name}
    contacts.append(tx, contact_id, events.JOINED, body, actor=actor_of(me))
    answered_offer(tx, me.id)


def let_go(tx: Transaction, contact_id: str, agent_id: str) -> None:
    """The contact has left this agent's hands: idle from now on, after the work that its queue allows for."""
    tx.execute(update(agent_status).where(agent_status.c.agent_id == agent_id).values(idle_since=tx.now))
    after_contact.begin(tx, contact_id, agent_id)
    tx.wake(places.TOPIC, f"agent:{agent_id}")


def answered_offer(tx: Transaction, agent_id: str) -> None:
    """The agent is there: offers that ran out before count no longer."""
    tx.execute(
        update(agent_status)
        .where(agent_status.c.agent_id == agent_id, agent_status.c.passed > 0)
        .values(passed=0)
    )


def write_note(tx: Transaction, contact_id: str, note: str, actor: Actor) -> None:
    """What goes with a contact for staff only; nothing for an empty one."""
    if note.strip():
        contacts.append(tx, contact_id, events.NOTE, {"text": note}, actor=actor)


def transferable(tx: Transaction, contact_id: str, actor: Actor) -> Contact:
    """The contact, if the actor may pass it on: its owner, or who may take it out of the owner's hands.

    Raises Conflict("not_open"), NotAllowed("not_owner").
    """
    seen = contact_queries.get(tx, contact_id)
    if seen.state == "ended":
        raise Conflict("not_open")
    mine = seen.owner_kind == "agent" and seen.owner_id == actor.id
    if not mine and not may(actor, "contacts.reassign"):
        raise NotAllowed("not_owner")
    return seen
