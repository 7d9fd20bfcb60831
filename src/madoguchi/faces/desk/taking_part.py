"""Who takes part in a contact, as the desk shows it; and handing over to one of them, with the contact's case."""

from __future__ import annotations

from madoguchi.counter.actors import Actor
from madoguchi.counter.cases import holding
from madoguchi.counter.contacts import participants as rows
from madoguchi.counter.contacts import queries
from madoguchi.counter.contacts.model import Contact
from madoguchi.counter.contacts.participants import SPEAKING, Participant
from madoguchi.counter.routing import participants
from madoguchi.counter.routing import queries as routing_queries
from madoguchi.counter.routing.queues import queue_name
from madoguchi.counter.routing.wording import participant_label
from madoguchi.counter.team import queries as team
from madoguchi.engine.database import Transaction
from madoguchi.faces.api.participant_schemas import ParticipantOut


def promote(
    tx: Transaction, actor: Actor, contact_id: str, participant_id: str, owner_version: int, note: str
) -> Contact:
    """The participant owns the contact from here, and its case."""
    seen = queries.get(tx, contact_id)
    chosen = rows.get(tx, contact_id, participant_id)
    handed = participants.promote(
        tx, contact_id, participant_id, actor=actor, owner_version=owner_version, note=note
    )
    if seen.case_id:
        holding.pass_on(tx, seen.case_id, actor, owner_id=chosen.agent_id, queue="")
    return handed


def participant_out(tx: Transaction, each: Participant, reader: Actor) -> ParticipantOut:
    me = team.find(tx, reader.id)
    by_queue = bool(each.queue_id and not each.agent_id and me)
    meant = by_queue and me is not None and routing_queries.hands_of(tx, me).has_queue(each.queue_id)
    speaks = each.role in SPEAKING
    return ParticipantOut(
        id=each.id,
        contact_id=each.contact_id,
        role=each.role,
        role_label=participant_label(each.role, reader.language),
        agent_id=each.agent_id,
        name=team.display_name(tx, each.agent_id) if each.agent_id else "",
        queue=each.queue_id,
        queue_name=queue_name(tx, each.queue_id, reader.language) if each.queue_id else "",
        invited_by=team.display_name(tx, each.invited_by),
        invited_at=each.invited_at,
        joined_at=each.joined_at,
        mine=each.agent_id == reader.id or meant,
        speaks=speaks and each.takes_part,
        seen_by_customer=speaks and each.takes_part,
    )
