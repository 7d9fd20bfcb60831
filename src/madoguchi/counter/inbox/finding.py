"""The contacts that meet a view's criteria, in its order, and how many they are."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select

from madoguchi.counter.cases.followers import is_followed
from madoguchi.counter.cases.promise_model import case_promise
from madoguchi.counter.contacts import events
from madoguchi.counter.contacts.followers import contact_follower
from madoguchi.counter.contacts.model import Contact, contact, ledger_entry
from madoguchi.counter.customers.model import customer
from madoguchi.counter.inbox.model import Criteria, Sort, State, contact_label
from madoguchi.counter.routing.model import queue_place
from madoguchi.engine.database import Transaction

MOST = 300


def found(
    tx: Transaction, agent_id: str, wanted: Criteria, sort: Sort = "newest", *, limit: int = MOST
) -> list[Contact]:
    """The first of them, for this agent (`me`)."""
    query = select(contact).where(*_conditions(tx, agent_id, wanted)).order_by(*_order(sort), contact.c.id)
    return [Contact(**row._mapping) for row in tx.all(query.limit(limit))]


def count(tx: Transaction, agent_id: str, wanted: Criteria, *, most: int = 1000) -> int:
    """How many they are; counting stops at `most`."""
    some = select(contact.c.id).where(*_conditions(tx, agent_id, wanted)).limit(most).subquery()
    return int(tx.scalar(select(func.count()).select_from(some)))


def _conditions(tx: Transaction, agent_id: str, wanted: Criteria) -> list[ColumnElement[bool]]:
    found = [or_(*(_in_state(tx, state) for state in wanted.states or ("open", "held")))]
    if wanted.owners:
        found.append(or_(*(_owned_by(owner, agent_id) for owner in wanted.owners)))
    if wanted.queues:
        found.append(_place_in(wanted.queues))
    if wanted.channels:
        found.append(contact.c.channel.in_(wanted.channels))
    if wanted.languages:
        found.append(contact.c.language.in_(wanted.languages))
    if wanted.kinds:
        found.append(or_(*(_of_kind(kind) for kind in wanted.kinds)))
    if wanted.segments:
        found.append(_of_segment(wanted.segments))
    if wanted.labels:
        found.append(_labelled(wanted.labels))
    if wanted.waiting_minutes is not None:
        found.append(_waits_since(tx, timedelta(minutes=wanted.waiting_minutes)))
    if wanted.due_minutes is not None:
        found.append(_due_within(tx, timedelta(minutes=wanted.due_minutes)))
    if wanted.followed:
        found.append(_followed(agent_id))
    return found


def _followed(agent_id: str) -> ColumnElement[bool]:
    """For itself, or through its case."""
    itself = exists().where(
        contact_follower.c.contact_id == contact.c.id, contact_follower.c.agent_id == agent_id
    )
    return or_(itself, is_followed(agent_id, contact.c.case_id))


def _in_state(tx: Transaction, state: State) -> ColumnElement[bool]:
    held = contact.c.snoozed_until > tx.now
    awake = or_(contact.c.snoozed_until.is_(None), contact.c.snoozed_until <= tx.now)
    if state == "open":
        return and_(contact.c.state == "open", awake)
    if state == "held":
        return and_(contact.c.state == "open", held)
    return contact.c.state == state


def _owned_by(owner: str, agent_id: str) -> ColumnElement[bool]:
    if owner in ("assistant", "queue"):
        return contact.c.owner_kind == owner
    return and_(contact.c.owner_kind == "agent", contact.c.owner_id == (agent_id if owner == "me" else owner))


def _place_in(queues: list[str]) -> ColumnElement[bool]:
    """It waits there, or was taken from there."""
    return exists().where(queue_place.c.contact_id == contact.c.id, queue_place.c.queue_id.in_(queues))


def _of_kind(kind: str) -> ColumnElement[bool]:
    if "." in kind:
        return contact.c.topic == kind
    return or_(contact.c.topic == kind, contact.c.topic.startswith(f"{kind}.", autoescape=True))


def _of_segment(segments: list[str]) -> ColumnElement[bool]:
    """Segments stand in the customer's row as a JSON list of plain words."""
    text = func.lower(customer.c.segments)
    named = [text.contains(f'"{segment}"', autoescape=True) for segment in segments]
    return exists().where(customer.c.id == contact.c.customer_id, or_(*named))


def _labelled(labels: list[str]) -> ColumnElement[bool]:
    return exists().where(contact_label.c.contact_id == contact.c.id, contact_label.c.label.in_(labels))


def _waits_since(tx: Transaction, least: timedelta) -> ColumnElement[bool]:
    """In a queue since then; or with an agent, and the customer has had the last word since then."""
    since = tx.now - least
    queued = and_(
        contact.c.owner_kind == "queue", func.coalesce(contact.c.handed_over_at, contact.c.opened_at) <= since
    )
    asked, answered = ledger_entry.alias("asked"), ledger_entry.alias("answered")
    last_word = exists().where(
        asked.c.contact_id == contact.c.id,
        asked.c.seq == contact.c.last_customer_seq,
        asked.c.at <= since,
    )
    reply = exists().where(
        answered.c.contact_id == contact.c.id,
        answered.c.seq > contact.c.last_customer_seq,
        answered.c.kind == events.MESSAGE,
    )
    return or_(queued, and_(contact.c.owner_kind == "agent", last_word, ~reply))


def _due_within(tx: Transaction, span: timedelta) -> ColumnElement[bool]:
    return exists().where(*_running(), _told_due() <= tx.now + span)


def _running() -> tuple[ColumnElement[bool], ...]:
    """A promise of the contact's case that somebody still has to keep, and whose clock runs."""
    return (
        case_promise.c.case_id == contact.c.case_id,
        case_promise.c.settled_at.is_(None),
        case_promise.c.state.in_(("running", "broken")),
    )


def _told_due() -> ColumnElement[Any]:
    return func.coalesce(case_promise.c.told_due_at, case_promise.c.due_at)


def _order(sort: Sort) -> list[ColumnElement[Any]]:
    if sort == "waiting":
        return [func.coalesce(contact.c.handed_over_at, contact.c.opened_at).asc()]
    if sort == "due":
        due: Select[Any] = select(func.min(_told_due())).where(*_running())
        first = due.correlate(contact).scalar_subquery()
        return [first.is_(None), first]
    return [contact.c.updated_at.asc() if sort == "oldest" else contact.c.updated_at.desc()]
