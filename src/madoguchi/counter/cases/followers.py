"""Agents who follow a case: told of what others do to it and in all its contacts, those that come later too.

Two cursors each: what was told at the desk, and what a mail has told. Per contact they stand in rows of their own, so
that they stay right when a contact moves from one case to another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Index,
    Integer,
    String,
    Table,
    and_,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from madoguchi.counter.actors import Actor
from madoguchi.counter.cases import events, queries
from madoguchi.counter.cases.events import case_event
from madoguchi.counter.contacts.followers import TOLD, contact_follower
from madoguchi.counter.contacts.model import contact, ledger_entry
from madoguchi.engine.database import Transaction
from madoguchi.engine.ownership import OfPerson, Through, belongs
from madoguchi.engine.schema import Moment, metadata

TOLD_OF_CASE = (
    events.MOVED,
    "case.merged",
    "case.joined",
    "case.split",
    "case.parted",
    "case.unmerged",
    "owner.changed",
    "escalation.reason",
    "follow_up.due",
    "memo.added",
    "order.added",
    "order.removed",
)
_TASKS = "task."

case_follower = Table(
    "case_follower",
    metadata,
    Column("case_id", String(60), primary_key=True),
    Column("agent_id", String(60), primary_key=True),
    Column("seen_event", Integer, nullable=False),  # told of every event of the case up to here
    Column("mailed_event", Integer, nullable=False),
    Column("since", Moment, nullable=False),
    Index("ix_case_follower_agent", "agent_id"),
    info=belongs(OfPerson(through=Through("case_id", "case_file"))),
)

case_follower_contact = Table(
    "case_follower_contact",
    metadata,
    Column("agent_id", String(60), primary_key=True),
    Column("contact_id", String(60), primary_key=True),
    Column("seen_seq", Integer, nullable=False),  # told of everything up to here; without a row of nothing
    Column("mailed_seq", Integer, nullable=False),
    Index("ix_case_follower_contact_contact", "contact_id"),
    info=belongs(OfPerson(through=Through("contact_id", "contact"))),
)


@dataclass(frozen=True)
class CaseNews:
    """What has happened last in a followed case, by somebody else. `count`, `first_at`: of all that is new."""

    case_id: str
    kind: str
    author_kind: str
    at: datetime
    count: int
    first_at: datetime


def follow(tx: Transaction, case_id: str, agent: Actor) -> bool:
    """From now on; to follow again is to have read what is new. Whether it was not followed before. Raises NotFound."""
    queries.get_for_update(tx, case_id)
    mine = (case_follower.c.case_id == case_id) & (case_follower.c.agent_id == agent.id)
    newest = _newest_event(tx, case_id)
    again = tx.execute(update(case_follower).where(mine).values(seen_event=newest)).rowcount > 0
    if not again:
        row = {"case_id": case_id, "agent_id": agent.id, "seen_event": newest, "mailed_event": newest}
        tx.execute(insert(case_follower).values(**row, since=tx.now))
    _set_contacts(tx, case_id, agent.id, seen=True)
    tx.wake("inbox", f"agent:{agent.id}")
    return not again


def unfollow(tx: Transaction, case_id: str, agent: Actor) -> bool:
    """Not to follow is no error. Whether it was followed."""
    mine = (case_follower.c.case_id == case_id) & (case_follower.c.agent_id == agent.id)
    gone = tx.execute(delete(case_follower).where(mine)).rowcount > 0
    own = select(contact.c.id).where(contact.c.case_id == case_id)
    tx.execute(
        delete(case_follower_contact).where(
            case_follower_contact.c.agent_id == agent.id, case_follower_contact.c.contact_id.in_(own)
        )
    )
    tx.wake("inbox", f"agent:{agent.id}")
    return gone


def followed_by(tx: Transaction, agent_id: str) -> frozenset[str]:
    """Ids of the cases."""
    query = select(case_follower.c.case_id).where(case_follower.c.agent_id == agent_id)
    return frozenset(row.case_id for row in tx.all(query))


def pass_on(tx: Transaction, case_id: str, into_id: str) -> None:
    """Who followed a case follows the one in which it goes on."""
    already = select(case_follower.c.agent_id).where(case_follower.c.case_id == into_id)
    theirs = [row.agent_id for row in tx.all(already)]
    newest = _newest_event(tx, into_id)
    tx.execute(
        update(case_follower)
        .where(case_follower.c.case_id == case_id, case_follower.c.agent_id.not_in(theirs))
        .values(case_id=into_id, seen_event=newest, mailed_event=newest)
    )
    tx.execute(delete(case_follower).where(case_follower.c.case_id == case_id))


def news(tx: Transaction, agent_id: str, *, unmailed: bool = False, limit: int = 200) -> list[CaseNews]:
    """One for each followed case in which something has happened that this agent did not do, the oldest first.

    What a contact that is followed for itself tells is not told twice. `unmailed`: only what no mail has told either.
    """
    found: dict[str, CaseNews] = {}
    rows = [*_said(tx, agent_id, unmailed, limit), *_done(tx, agent_id, unmailed, limit)]
    for case_id, kind, author_kind, at in sorted(rows, key=lambda row: row[3]):
        before = found.get(case_id)
        count, first = (before.count + 1, before.first_at) if before else (1, at)
        found[case_id] = CaseNews(case_id, kind, author_kind, at, count, first)
    return sorted(found.values(), key=lambda each: each.at)


def mailed(tx: Transaction, agent_id: str, case_ids: Sequence[str]) -> None:
    """A mail has told of everything in these cases until now."""
    for case_id in case_ids:
        mine = (case_follower.c.case_id == case_id) & (case_follower.c.agent_id == agent_id)
        tx.execute(update(case_follower).where(mine).values(mailed_event=_newest_event(tx, case_id)))
        _set_contacts(tx, case_id, agent_id, seen=False)


def _newest_event(tx: Transaction, case_id: str) -> int:
    return int(tx.scalar(select(func.max(case_event.c.seq)).where(case_event.c.case_id == case_id)) or 0)


def _set_contacts(tx: Transaction, case_id: str, agent_id: str, *, seen: bool) -> None:
    """Move the cursors in each contact of the case to its end; the mail's cursor is never moved back."""
    rows = tx.all(select(contact.c.id, contact.c.last_seq).where(contact.c.case_id == case_id))
    for row in rows:
        mine = (case_follower_contact.c.agent_id == agent_id) & (case_follower_contact.c.contact_id == row.id)
        values = {"mailed_seq": row.last_seq, **({"seen_seq": row.last_seq} if seen else {})}
        if not tx.execute(update(case_follower_contact).where(mine).values(**values)).rowcount:
            new = {"seen_seq": row.last_seq if seen else 0, "mailed_seq": row.last_seq}
            tx.execute(insert(case_follower_contact).values(agent_id=agent_id, contact_id=row.id, **new))


def _said(tx: Transaction, agent_id: str, unmailed: bool, limit: int) -> list[tuple[str, str, str, datetime]]:
    """New facts in the contacts of followed cases: case, kind, author's kind, moment."""
    told = case_follower_contact
    cursor = func.coalesce(told.c.seen_seq, 0)
    mail = func.coalesce(told.c.mailed_seq, 0)
    here = and_(told.c.contact_id == contact.c.id, told.c.agent_id == agent_id)
    itself = exists().where(
        contact_follower.c.contact_id == contact.c.id, contact_follower.c.agent_id == agent_id
    )
    query = (
        select(contact.c.case_id, ledger_entry.c.kind, ledger_entry.c.author_kind, ledger_entry.c.at)
        .join(case_follower, case_follower.c.case_id == contact.c.case_id)
        .join(ledger_entry, ledger_entry.c.contact_id == contact.c.id)
        .outerjoin(told, here)
        .where(
            case_follower.c.agent_id == agent_id,
            contact.c.last_seq > cursor,
            ledger_entry.c.seq > cursor,
            ledger_entry.c.kind.in_(TOLD),
            ledger_entry.c.author_id != agent_id,
            ~itself,
        )
    )
    if unmailed:
        query = query.where(ledger_entry.c.seq > mail)
    rows = tx.all(query.order_by(ledger_entry.c.at, ledger_entry.c.seq).limit(limit))
    return [(row.case_id, row.kind, row.author_kind, row.at) for row in rows]


def _done(tx: Transaction, agent_id: str, unmailed: bool, limit: int) -> list[tuple[str, str, str, datetime]]:
    """New events of followed cases themselves."""
    query = (
        select(case_event.c.case_id, case_event.c.kind, case_event.c.actor_kind, case_event.c.at)
        .join(case_follower, case_follower.c.case_id == case_event.c.case_id)
        .where(
            case_follower.c.agent_id == agent_id,
            case_event.c.seq > case_follower.c.seen_event,
            or_(case_event.c.kind.in_(TOLD_OF_CASE), case_event.c.kind.startswith(_TASKS)),
            case_event.c.actor_id != agent_id,
        )
    )
    if unmailed:
        query = query.where(case_event.c.seq > case_follower.c.mailed_event)
    rows = tx.all(query.order_by(case_event.c.seq).limit(limit))
    return [(row.case_id, row.kind, row.actor_kind, row.at) for row in rows]


def is_followed(agent_id: str, case_id: ColumnElement[Any]) -> ColumnElement[bool]:
    """For a condition: whether the agent follows the case of this column."""
    return exists().where(case_follower.c.case_id == case_id, case_follower.c.agent_id == agent_id)
