"""Merge two cases into one, take that back, split one into two: nothing is lost, and every number leads on (CASE-006).

A merged case is closed and points to the one that goes on; its contacts, tasks and notes move there. What moved is
written down, so that it can be taken back. Never across customers.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, String, Table, delete, insert, select, update

from madoguchi.counter.actors import Actor
from madoguchi.counter.cases import (
    events,
    follow_ups,
    followers,
    links,
    memos,
    orders_of,
    queries,
    rows,
    service,
    tasks,
)
from madoguchi.counter.cases.model import Case
from madoguchi.counter.cases.policy import is_live
from madoguchi.counter.cases.promise_model import case_clock, case_promise
from madoguchi.counter.contacts import queries as contact_queries
from madoguchi.counter.contacts import service as contacts
from madoguchi.counter.problems import Conflict, Invalid
from madoguchi.engine.database import Transaction
from madoguchi.engine.ownership import OfPerson, Through, belongs
from madoguchi.engine.schema import JsonText, Moment, metadata
from madoguchi.kit.ids import new_id

case_joining = Table(
    "case_joining",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("case_id", String(60), nullable=False),  # the one that went on in the other
    Column("into_id", String(60), nullable=False),
    Column(
        "moved", JsonText, nullable=False
    ),  # {"contacts": [id], "tasks": [id], "memos": [id], "orders": [number]}
    Column("before", JsonText, nullable=False),  # of both cases: what the merge has changed
    Column("by_kind", String(12), nullable=False),
    Column("by_id", String(60), nullable=False),
    Column("at", Moment, nullable=False),
    Column("undone_at", Moment),
    Index("ix_case_joining_case", "case_id", "at"),
    info=belongs(OfPerson(through=Through("case_id", "case_file"))),
)
_TAKEN_OVER = ("priority", "promised_at", "wish", "owner_id", "queue", "follow_up_at", "order_number")
_OF_ITSELF = ("state", "closed_at", "follow_up_at")


def merge(tx: Transaction, case_id: str, into_id: str, by: Actor) -> Case:
    """One case goes on in the other, which is returned: with everything of both, the sooner promise, the higher priority.

    Raises Conflict("case_of_other_customer" | "same_case" | "case_state" | "case_merged").
    """
    if case_id == into_id:
        raise Conflict("same_case")
    ended, live = rows.hold_both(tx, case_id, into_id)
    if not queries.same_person(ended, live):
        raise Conflict("case_of_other_customer")
    if not is_live(live.state):
        raise Conflict("case_state", state=live.state, deed="merge")
    moved = {
        "contacts": [each.id for each in contact_queries.of_case(tx, ended.id)],
        "tasks": tasks.move_all(tx, ended.id, live.id),
        "memos": memos.move_all(tx, ended.id, live.id),
        "orders": _join_orders(tx, ended, live),
    }
    for contact_id in moved["contacts"]:
        contacts.link_case(tx, contact_id, live.id)
    goes_on = rows.change(tx, live.id, **_sum_of(ended, live))
    before = {"ended": _values(ended, _OF_ITSELF), "live": _values(live, _TAKEN_OVER)}
    before["after"] = _values(goes_on, _TAKEN_OVER)
    follow_ups.schedule(tx, goes_on)
    followers.pass_on(tx, ended.id, live.id)
    rows.change(tx, ended.id, state="closed", closed_at=tx.now, merged_into=live.id, follow_up_at=None)
    tx.execute(
        insert(case_joining).values(
            id=new_id("jng"),
            case_id=ended.id,
            into_id=live.id,
            moved=moved,
            before=before,
            by_kind=by.kind,
            by_id=by.id,
            at=tx.now,
        )
    )
    events.note(tx, ended.id, "case.merged", {"into": live.label}, by, public=True)
    events.note(tx, live.id, "case.joined", {"from": ended.label}, by, public=True)
    rows.record(tx, by, "case.merged", ended.id, into=live.id, contacts=len(moved["contacts"]))
    return goes_on


def undo(tx: Transaction, case_id: str, by: Actor) -> Case:
    """Take a merge back: the case has again what it brought, except for what was split off or taken back since.

    Raises Conflict("not_merged").
    """
    seen = queries.get_for_update(tx, case_id)
    if not seen.merged_into:
        raise Conflict("not_merged")
    live = queries.get_for_update(tx, queries.going_on(tx, seen).id)
    row = tx.first(
        select(case_joining)
        .where(case_joining.c.case_id == case_id, case_joining.c.undone_at.is_(None))
        .order_by(case_joining.c.at.desc())
    )
    if (
        row is None
    ):  # a form's number that leads to the case in which it was joined: it has never been a case of its own
        raise Conflict("not_merged")
    for contact_id in row.moved["contacts"]:
        found = contact_queries.find(tx, contact_id)
        if found is not None and found.case_id == live.id:
            contacts.link_case(tx, contact_id, case_id)
    tasks.move(tx, row.moved["tasks"], live.id, case_id)
    memos.move(tx, row.moved["memos"], live.id, case_id)
    orders_of.take(tx, live.id, row.moved["orders"])
    if live.id == row.into_id:
        rows.change(tx, live.id, **_given_back(live, row.before))
    back = rows.change(tx, case_id, merged_into="", **_read(row.before["ended"]))
    _promise_again(tx, case_id, row.at)
    follow_ups.schedule(tx, back)
    tx.execute(update(case_joining).where(case_joining.c.id == row.id).values(undone_at=tx.now))
    events.note(tx, case_id, "case.parted", {"from": live.label}, by, public=True)
    events.note(tx, live.id, "case.parted", {"from": seen.label}, by, public=True)
    rows.record(tx, by, "case.unmerged", case_id, out_of=live.id)
    return back


def split(
    tx: Transaction, case_id: str, contact_ids: Sequence[str], by: Actor, *, category: str = ""
) -> Case:
    """Some contacts become a case of their own, linked with this one; whoever waits is promised nothing later.

    Raises Invalid("split_needs_some") unless some, and not all, of the case's contacts are named.
    """
    seen = rows.hold(tx, case_id)
    all_of_it = {each.id: each for each in contact_queries.of_case(tx, case_id)}
    wanted = set(contact_ids)
    if not wanted or not wanted < set(all_of_it):
        raise Invalid("split_needs_some", field="contacts")
    first = next(each for each in all_of_it.values() if each.id in wanted)
    own = service.open_case(
        tx,
        seen.customer_id,
        seen.visitor_id,
        category or first.topic or seen.category,
        first.order_number,
    )
    own = rows.change(
        tx,
        own.id,
        channel=first.channel,
        queue=seen.queue,
        owner_id=seen.owner_id,
        promised_at=_earlier(own.promised_at, seen.promised_at),
    )
    for contact_id in sorted(wanted):
        contacts.link_case(tx, contact_id, own.id)
    events.note(tx, seen.id, "case.split", {"to": own.label, "contacts": sorted(wanted)}, by, public=True)
    rows.record(tx, by, "case.split", seen.id, into=own.id, contacts=sorted(wanted))
    links.link(tx, own.id, seen.id, "related", by)
    return own


def _promise_again(tx: Transaction, case_id: str, since: datetime) -> None:
    """What ended only because the case was merged is promised as before, from when it was first asked for."""
    tx.execute(
        delete(case_promise).where(
            case_promise.c.case_id == case_id,
            case_promise.c.state == "cancelled",
            case_promise.c.settled_at >= since,
        )
    )
    tx.execute(delete(case_clock).where(case_clock.c.case_id == case_id))


def joined_into(tx: Transaction, case_id: str) -> list[Case]:
    """The cases that were merged straight into this one, oldest number first."""
    own = [queries.get(tx, each) for each in queries.family(tx, case_id)]
    return sorted((each for each in own if each.merged_into == case_id), key=lambda each: each.number)


def _join_orders(tx: Transaction, ended: Case, live: Case) -> list[str]:
    """The orders that are new to the case which goes on."""
    known = {each.order_number for each in orders_of.of_case(tx, live)}
    new = [each for each in orders_of.of_case(tx, ended) if each.order_number not in known]
    for each in new:
        orders_of.put(tx, live.id, each.order_number, each.lines)
    return [each.order_number for each in new]


def _sum_of(ended: Case, live: Case) -> dict[str, Any]:
    return {
        "priority": min(ended.priority, live.priority) if is_live(ended.state) else live.priority,
        "promised_at": _earlier(live.promised_at, ended.promised_at)
        if is_live(ended.state)
        else live.promised_at,
        "wish": live.wish or ended.wish,
        "owner_id": live.owner_id or ended.owner_id,
        "queue": live.queue or ended.queue,
        "follow_up_at": _earlier(live.follow_up_at, ended.follow_up_at),
        "order_number": live.order_number or ended.order_number,
    }


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    return min(filter(None, (one, other)), default=None)


def _values(case: Case, names: Sequence[str]) -> dict[str, Any]:
    """As JSON: moments in ISO."""
    return {
        name: value.isoformat() if isinstance(value := getattr(case, name), datetime) else value
        for name in names
    }


def _read(values: dict[str, Any]) -> dict[str, Any]:
    """What `_values` wrote."""
    return {
        name: datetime.fromisoformat(value) if value and name.endswith("_at") else value
        for name, value in values.items()
    }


def _given_back(live: Case, before: dict[str, Any]) -> dict[str, Any]:
    """What the merge changed and nobody has changed since."""
    now = _values(live, _TAKEN_OVER)
    untouched = {name: before["live"][name] for name in _TAKEN_OVER if now[name] == before["after"][name]}
    return _read(untouched)
