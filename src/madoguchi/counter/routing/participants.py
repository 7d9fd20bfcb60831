"""Who takes part in a contact beside its owner: asked, joined, left, promoted to owner (LNG-004). None commits.

An interpreter and a second agent speak to the customer and take room in their hands; one who is consulted writes notes
only; a supervisor listens or whispers unseen. The owner stays the owner until `promote`, so the customer is never
without one (decision 26). Locks: agent, then contact.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import insert, update

from madoguchi.counter.actors import Actor
from madoguchi.counter.contacts import events
from madoguchi.counter.contacts import participants as rows
from madoguchi.counter.contacts import queries as contact_queries
from madoguchi.counter.contacts import service as contacts
from madoguchi.counter.contacts.model import Contact, Entry
from madoguchi.counter.contacts.participants import COACHING, SPEAKING, Participant, Role, participant
from madoguchi.counter.problems import Conflict, Invalid, NotAllowed
from madoguchi.counter.routing import hands, queries, queues
from madoguchi.counter.team import queries as team
from madoguchi.counter.team.model import Agent
from madoguchi.counter.team.policy import may
from madoguchi.counter.team.service import actor_of
from madoguchi.engine.database import Transaction
from madoguchi.kit.ids import new_id

INVITED: frozenset[Role] = frozenset({"interpreter", "second", "consult"})


def invite(
    tx: Transaction,
    contact_id: str,
    role: Role,
    *,
    actor: Actor,
    agent_id: str = "",
    queue_id: str = "",
    note: str = "",
) -> Participant:
    """The owner (or who may reassign) asks one colleague, or whoever of a queue comes first, to take part.

    `note` goes with it, for staff only. Raises NotAllowed("not_owner"), Conflict("not_open" | "already_takes_part"),
    Invalid("unknown_role" | "unknown_agent" | "unknown_queue" | "invalid").
    """
    if role not in INVITED:
        raise Invalid("unknown_role", field="role", roles=", ".join(sorted(INVITED)))
    if bool(agent_id) == bool(queue_id):
        raise Invalid("invalid", field="agent_id")
    seen = _held(tx, contact_id)
    _require_lead(seen, actor)
    body: dict[str, Any] = {"role": role}
    if agent_id:
        asked = team.find(tx, agent_id)
        if asked is None or not asked.active or not may(actor_of(asked), "contacts.work"):
            raise Invalid("unknown_agent", field="agent_id")
        _require_new(tx, seen, agent_id)
        body |= {"agent_id": agent_id, "name": asked.display_name}
    else:
        body["queue"] = queues.get(tx, queue_id).id
    made = _write(tx, contact_id, role, actor.id, agent_id=agent_id, queue_id=queue_id)
    hands.write_note(tx, contact_id, note, actor)
    body["participant_id"] = made.id
    contacts.append(tx, contact_id, events.PARTICIPANT_INVITED, body, actor=actor)
    tx.wake("inbox", *([f"agent:{agent_id}"] if agent_id else []))
    return made


def join(tx: Transaction, contact_id: str, participant_id: str, agent: Actor) -> Participant:
    """Whoever was asked comes in; coming twice is coming once.

    Raises Conflict("invitation_gone" | "at_capacity" | "not_open"), NotAllowed("not_invited").
    """
    me = hands.locked_agent(tx, agent.id)
    seen = _held(tx, contact_id)
    asked = rows.get(tx, contact_id, participant_id)
    if asked.takes_part and asked.agent_id == me.id:
        return asked
    if not asked.is_asked:
        raise Conflict("invitation_gone")
    if not _is_meant(tx, asked, me):
        raise NotAllowed("not_invited")
    if not asked.agent_id:
        _require_new(tx, seen, me.id)
    if asked.role in SPEAKING:
        hands.require_room(tx, me, "at_capacity", seen)
    _change(tx, participant_id, agent_id=me.id, joined_at=tx.now)
    come = replace(asked, agent_id=me.id, joined_at=tx.now)
    _tell(tx, events.PARTICIPANT_JOINED, come, me, agent)
    return come


def observe(tx: Transaction, contact_id: str, role: Role, agent: Actor) -> Participant:
    """A supervisor listens or whispers, unseen by the customer; doing the one ends the other.

    Raises NotAllowed("role_missing"), Conflict("not_open" | "already_takes_part"), Invalid("unknown_role").
    """
    if role not in COACHING:
        raise Invalid("unknown_role", field="role", roles=", ".join(sorted(COACHING)))
    if not may(agent, "contacts.coach"):
        raise NotAllowed("role_missing")
    me = hands.locked_agent(tx, agent.id)
    seen = _held(tx, contact_id)
    before = rows.of_agent(tx, contact_id, me.id)
    if before and before.role == role:
        return before
    if before and before.role in COACHING:
        _change(tx, before.id, role=role)
        come = replace(before, role=role)
    else:
        _require_new(tx, seen, me.id)
        come = _write(tx, contact_id, role, me.id, agent_id=me.id, joined=True)
    _tell(tx, events.PARTICIPANT_JOINED, come, me, agent)
    return come


def leave(tx: Transaction, contact_id: str, participant_id: str, actor: Actor) -> None:
    """One goes, or is thanked by the owner; an invitation is refused or withdrawn. Going twice is going once.

    Raises NotAllowed("not_owner").
    """
    seen = contact_queries.get_for_update(tx, contact_id)
    going = rows.get(tx, contact_id, participant_id)
    if going.agent_id != actor.id:
        _require_lead(seen, actor)
    if going.left_at is not None:
        return
    _change(tx, participant_id, left_at=tx.now)
    gone = team.find(tx, going.agent_id) if going.agent_id else None
    _tell(tx, events.PARTICIPANT_LEFT, going, gone, actor)


def promote(
    tx: Transaction, contact_id: str, participant_id: str, *, actor: Actor, owner_version: int, note: str = ""
) -> Contact:
    """Who takes part becomes the owner: the end of a warm transfer, or a supervisor's taking over.

    The owner hands over, or who may reassign takes. Raises NotAllowed("not_owner"), Conflict("invitation_gone" |
    "at_capacity" | "owner_changed" | "not_open").
    """
    chosen = rows.get(tx, contact_id, participant_id)
    if not chosen.takes_part:
        raise Conflict("invitation_gone")
    colleague = hands.locked_agent(tx, chosen.agent_id)
    seen = _held(tx, contact_id)
    if not rows.get(tx, contact_id, participant_id).takes_part:
        raise Conflict("invitation_gone")
    _require_lead(seen, actor)
    hands.require_room(tx, colleague, "at_capacity", seen)
    return hands.pass_on(tx, seen, colleague, actor=actor, owner_version=owner_version, note=note)


def whisper(tx: Transaction, contact_id: str, agent: Actor, text: str, client_key: str) -> Entry:
    """A word to the owner that the customer never sees. Raises NotAllowed("not_whispering"), Invalid("empty_message")."""
    if not text.strip():
        raise Invalid("empty_message", field="text")
    seen = contact_queries.get_for_update(tx, contact_id)
    mine = rows.of_agent(tx, contact_id, agent.id)
    if mine is None or mine.role != "whispering":
        raise NotAllowed("not_whispering")
    body = {"text": text, "whisper_to": seen.owner_id}
    return contacts.append(tx, contact_id, events.NOTE, body, actor=agent, client_key=client_key)


def invitations(tx: Transaction, agent_id: str) -> list[Participant]:
    """What this agent is asked to join, by name or through a queue, longest first."""
    me = team.get(tx, agent_id)
    by_name = [each for each in rows.everywhere(tx, agent_id) if each.is_asked]
    by_queue = [each for each in rows.asked_of_queues(tx) if _is_meant(tx, each, me)]
    found = [each for each in (*by_name, *by_queue) if not _owns(tx, each.contact_id, agent_id)]
    return sorted(found, key=lambda each: (each.invited_at, each.id))


def _held(tx: Transaction, contact_id: str) -> Contact:
    """The contact, held, while an agent owns it. Raises Conflict("not_open")."""
    seen = contact_queries.get_for_update(tx, contact_id)
    if seen.state == "ended" or seen.owner_kind != "agent":
        raise Conflict("not_open")
    return seen


def _require_lead(seen: Contact, actor: Actor) -> None:
    owns = seen.owner_kind == "agent" and seen.owner_id == actor.id
    if not owns and not may(actor, "contacts.reassign"):
        raise NotAllowed("not_owner")


def _require_new(tx: Transaction, seen: Contact, agent_id: str) -> None:
    if seen.owner_id == agent_id or rows.of_agent(tx, seen.id, agent_id) is not None:
        raise Conflict("already_takes_part")


def _is_meant(tx: Transaction, asked: Participant, me: Agent) -> bool:
    if asked.agent_id:
        return asked.agent_id == me.id
    return queries.hands_of(tx, me).has_queue(asked.queue_id)


def _owns(tx: Transaction, contact_id: str, agent_id: str) -> bool:
    seen = contact_queries.get(tx, contact_id)
    return seen.owner_kind == "agent" and seen.owner_id == agent_id


def _write(
    tx: Transaction,
    contact_id: str,
    role: Role,
    invited_by: str,
    *,
    agent_id: str = "",
    queue_id: str = "",
    joined: bool = False,
) -> Participant:
    made = Participant(
        id=new_id("par"),
        contact_id=contact_id,
        agent_id=agent_id,
        queue_id=queue_id,
        role=role,
        invited_by=invited_by,
        invited_at=tx.now,
        joined_at=tx.now if joined else None,
        left_at=None,
    )
    tx.execute(insert(participant).values(**vars(made)))
    return made


def _change(tx: Transaction, participant_id: str, **values: Any) -> None:
    tx.execute(update(participant).where(participant.c.id == participant_id).values(**values))


def _tell(tx: Transaction, kind: str, who: Participant, named: Agent | None, actor: Actor) -> None:
    """The customer sees who may speak come and go; the rest is for staff."""
    name = named.display_name if named else ""
    body = {"participant_id": who.id, "role": who.role, "agent_id": who.agent_id, "name": name}
    seen_by_all = who.role in SPEAKING and who.joined_at is not None
    contacts.append(
        tx, who.contact_id, kind, body, actor=actor, visibility="public" if seen_by_all else "internal"
    )
    tx.wake("inbox", *([f"agent:{who.agent_id}"] if who.agent_id else []))
