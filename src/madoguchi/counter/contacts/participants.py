"""Who takes part in a contact beside its owner: the table and reading it. The verbs are routing's (routing.participants).

Whoever joins or leaves does so under the contact's lock, under which words are said too: so it is certain at each word
who may speak (decision 26).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Column, Index, String, Table, func, select, update

from madoguchi.counter.contacts.model import contact
from madoguchi.counter.problems import NotFound
from madoguchi.engine.database import Transaction
from madoguchi.engine.ownership import OfPerson, Through, belongs
from madoguchi.engine.schema import Moment, metadata

Role = Literal["interpreter", "second", "consult", "listening", "whispering"]
SPEAKING: frozenset[Role] = frozenset({"interpreter", "second"})  # to the customer, who sees them
COACHING: frozenset[Role] = frozenset({"listening", "whispering"})  # seen by staff only

participant = Table(
    "participant",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("contact_id", String(60), nullable=False),
    Column("agent_id", String(60), nullable=False),  # "" while a whole queue is asked
    Column("queue_id", String(40), nullable=False),  # "" where one agent was asked
    Column("role", String(12), nullable=False),
    Column("invited_by", String(60), nullable=False),
    Column("invited_at", Moment, nullable=False),
    Column("joined_at", Moment),
    Column("left_at", Moment),  # or the invitation was withdrawn
    Index("ix_participant_contact", "contact_id"),
    Index("ix_participant_agent", "agent_id", "left_at"),
    info=belongs(OfPerson(through=Through("contact_id", "contact"))),
)


@dataclass(frozen=True)
class Participant:
    """One who takes part, or is asked to. Columns as in the table."""

    id: str
    contact_id: str
    agent_id: str
    queue_id: str
    role: Role
    invited_by: str
    invited_at: datetime
    joined_at: datetime | None
    left_at: datetime | None

    @property
    def takes_part(self) -> bool:
        return self.joined_at is not None and self.left_at is None

    @property
    def is_asked(self) -> bool:
        return self.joined_at is None and self.left_at is None


def get(tx: Transaction, contact_id: str, participant_id: str) -> Participant:
    """Raises NotFound("participant_not_found"), also for one of another contact."""
    row = tx.first(
        select(participant).where(participant.c.id == participant_id, participant.c.contact_id == contact_id)
    )
    if row is None:
        raise NotFound("participant_not_found", id=participant_id)
    return Participant(**row._mapping)


def of_contact(tx: Transaction, contact_id: str) -> list[Participant]:
    """Who takes part or is asked to, longest first; without those who have left."""
    rows = tx.all(
        select(participant)
        .where(participant.c.contact_id == contact_id, participant.c.left_at.is_(None))
        .order_by(participant.c.invited_at, participant.c.id)
    )
    return [Participant(**row._mapping) for row in rows]


def of_agent(tx: Transaction, contact_id: str, agent_id: str) -> Participant | None:
    """As what this agent takes part in the contact, or is asked to."""
    mine = [each for each in of_contact(tx, contact_id) if each.agent_id == agent_id]
    return mine[0] if mine else None


def everywhere(tx: Transaction, agent_id: str) -> list[Participant]:
    """Everything in which this agent takes part or is asked to by name, newest first."""
    rows = tx.all(
        select(participant)
        .where(participant.c.agent_id == agent_id, participant.c.left_at.is_(None))
        .order_by(participant.c.invited_at.desc())
    )
    return [Participant(**row._mapping) for row in rows]


def asked_of_queues(tx: Transaction) -> list[Participant]:
    """Invitations to whole queues that nobody has taken yet, longest first."""
    rows = tx.all(
        select(participant)
        .where(
            participant.c.agent_id == "",
            participant.c.joined_at.is_(None),
            participant.c.left_at.is_(None),
        )
        .order_by(participant.c.invited_at)
    )
    return [Participant(**row._mapping) for row in rows]


def speaks(tx: Transaction, contact_id: str, agent_id: str) -> bool:
    """Whether this agent may speak to the customer beside the owner. Certain while the contact is held."""
    mine = of_agent(tx, contact_id, agent_id)
    return mine is not None and mine.takes_part and mine.role in SPEAKING


def speaks_in(tx: Transaction, agent_id: str) -> frozenset[str]:
    """The contacts in which this agent may speak to the customer beside the owner."""
    found = everywhere(tx, agent_id)
    return frozenset(each.contact_id for each in found if each.takes_part and each.role in SPEAKING)


def close(tx: Transaction, contact_id: str, agent_id: str = "") -> None:
    """Nobody takes part any longer, or this agent does not: the contact has ended, or is the agent's own now."""
    rows = update(participant).where(participant.c.contact_id == contact_id, participant.c.left_at.is_(None))
    if agent_id:
        rows = rows.where(participant.c.agent_id == agent_id)
    tx.execute(rows.values(left_at=tx.now))


def load_by_channel(tx: Transaction, agent_id: str = "", except_contact: str = "") -> dict[str, Counter[str]]:
    """Agent → channel → contacts in which one speaks beside the owner; of one agent or of all."""
    query = (
        select(participant.c.agent_id, contact.c.channel, func.count().label("held"))
        .join(contact, contact.c.id == participant.c.contact_id)
        .where(
            participant.c.joined_at.is_not(None),
            participant.c.left_at.is_(None),
            participant.c.role.in_(SPEAKING),
            contact.c.state == "open",
            contact.c.id != except_contact,
        )
        .group_by(participant.c.agent_id, contact.c.channel)
    )
    if agent_id:
        query = query.where(participant.c.agent_id == agent_id)
    loads: dict[str, Counter[str]] = defaultdict(Counter)
    for row in tx.all(query):
        loads[row.agent_id][row.channel] += row.held
    return loads
