"""Agents who follow a contact without owning it: a cursor each, behind which is what they have not been told yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Index, Integer, String, Table, delete, insert, select, update

from madoguchi.counter.actors import Actor
from madoguchi.counter.contacts import events, queries
from madoguchi.counter.contacts.model import contact, ledger_entry
from madoguchi.engine.database import Transaction
from madoguchi.engine.ownership import OfPerson, Through, belongs
from madoguchi.engine.schema import Moment, metadata

# What followers are told of; the rest they see when they look.
TOLD = (
    events.MESSAGE,
    events.NOTE,
    events.HAND_OVER,
    events.TRANSFERRED,
    events.RETURNED_TO_ASSISTANT,
    events.RESOLVED,
    events.RESOLUTION_DENIED,
    events.REOPENED,
    events.ENDED,
)

contact_follower = Table(
    "contact_follower",
    metadata,
    Column("contact_id", String(60), primary_key=True),
    Column("agent_id", String(60), primary_key=True),
    Column("seen_seq", Integer, nullable=False),  # told of everything up to here
    Column("since", Moment, nullable=False),
    Column(
        "mailed_seq", Integer, nullable=False, server_default="0"
    ),  # a mail has told of everything up to here
    Index("ix_contact_follower_agent", "agent_id"),
    info=belongs(OfPerson(through=Through("contact_id", "contact"))),
)


@dataclass(frozen=True)
class News:
    """What has happened last in a followed contact, by somebody else. `count`, `first_at`: of all that is new."""

    contact_id: str
    seq: int
    kind: str
    author_kind: str
    at: datetime
    count: int
    first_at: datetime


def follow(tx: Transaction, contact_id: str, agent: Actor) -> bool:
    """From now on; to follow again is to have read what is new. Whether it was not followed before. Raises NotFound."""
    seen = queries.get_for_update(tx, contact_id).last_seq
    mine = (contact_follower.c.contact_id == contact_id) & (contact_follower.c.agent_id == agent.id)
    again = tx.execute(update(contact_follower).where(mine).values(seen_seq=seen)).rowcount > 0
    if not again:
        row = {"contact_id": contact_id, "agent_id": agent.id, "seen_seq": seen, "since": tx.now}
        tx.execute(insert(contact_follower).values(**row, mailed_seq=seen))
    tx.wake(f"contact:{contact_id}", "inbox")
    return not again


def unfollow(tx: Transaction, contact_id: str, agent: Actor) -> bool:
    """Not to follow is no error. Whether it was followed."""
    gone = tx.execute(
        delete(contact_follower).where(
            contact_follower.c.contact_id == contact_id, contact_follower.c.agent_id == agent.id
        )
    )
    tx.wake(f"contact:{contact_id}", "inbox")
    return gone.rowcount > 0


def mailed(tx: Transaction, agent_id: str, news: Sequence[News]) -> None:
    """A mail has told of these."""
    for each in news:
        mine = (contact_follower.c.contact_id == each.contact_id) & (contact_follower.c.agent_id == agent_id)
        tx.execute(update(contact_follower).where(mine).values(mailed_seq=each.seq))


def followed_by(tx: Transaction, agent_id: str) -> frozenset[str]:
    query = select(contact_follower.c.contact_id).where(contact_follower.c.agent_id == agent_id)
    return frozenset(row.contact_id for row in tx.all(query))


def news(tx: Transaction, agent_id: str, *, unmailed: bool = False, limit: int = 200) -> list[News]:
    """One for each followed contact in which something has happened that this agent did not do, the oldest first.

    `unmailed`: only what no mail has told either.
    """
    query = (
        select(
            ledger_entry.c.contact_id,
            ledger_entry.c.seq,
            ledger_entry.c.kind,
            ledger_entry.c.author_kind,
            ledger_entry.c.at,
        )
        .join(contact_follower, contact_follower.c.contact_id == ledger_entry.c.contact_id)
        .join(contact, contact.c.id == ledger_entry.c.contact_id)
        .where(
            contact_follower.c.agent_id == agent_id,
            contact.c.last_seq > contact_follower.c.seen_seq,
            ledger_entry.c.seq > contact_follower.c.seen_seq,
            ledger_entry.c.kind.in_(TOLD),
            ledger_entry.c.author_id != agent_id,
        )
    )
    if unmailed:
        query = query.where(ledger_entry.c.seq > contact_follower.c.mailed_seq)
    rows = tx.all(query.order_by(ledger_entry.c.at, ledger_entry.c.seq).limit(limit))
    found: dict[str, News] = {}
    for row in rows:
        before = found.get(row.contact_id)
        count = before.count + 1 if before else 1
        first = before.first_at if before else row.at
        found[row.contact_id] = News(row.contact_id, row.seq, row.kind, row.author_kind, row.at, count, first)
    return sorted(found.values(), key=lambda each: each.at)
