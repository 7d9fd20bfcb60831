"""Keeping promises' records: reads a case's course, reckons, and writes down what changed. The one place that does.

`Keeper.to_read` finds the cases in which something has happened, or the time of something has come; `read` reckons one
of them. Reading a case twice writes nothing the second time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, insert, or_, select, update

from madoguchi.counter.actors import Actor
from madoguchi.counter.calendars import loading as calendars
from madoguchi.counter.cases import clocks, course, promises, queries, service, telling
from madoguchi.counter.cases import events as case_events
from madoguchi.counter.cases.clocks import Clock, Fact, Reckoning, Terms
from madoguchi.counter.cases.model import Case, case_file
from madoguchi.counter.cases.policy import LIVE, SOLVED
from madoguchi.counter.cases.promise_model import CasePromise, case_clock, case_promise
from madoguchi.counter.cases.promise_queries import promises_of
from madoguchi.counter.cases.promises import KINDS
from madoguchi.counter.conditions.queries import percent_at
from madoguchi.counter.contacts.model import contact, ledger_entry
from madoguchi.counter.customers import queries as customers
from madoguchi.counter.hours import Hours, always_open, desk_hours, phone_hours
from madoguchi.counter.working_time import WorkingTime
from madoguchi.engine.database import Transaction
from madoguchi.engine.settings import Settings

_LATELY = timedelta(days=7)
_PEOPLE = ("customer", "assistant", "agent")


@dataclass(frozen=True)
class Keeper:
    """`desk`, `phone`: the hours of a house that has no calendars of its own. `mark`: the book and these hours."""

    desk: Hours
    phone: Hours
    mark: str

    @classmethod
    def of(cls, settings: Settings) -> Keeper:
        desk = desk_hours(settings)
        told = (
            promises.book().model_dump_json(),
            desk.timezone.key,
            str(desk.week),
            str(sorted(desk.holidays)),
        )
        mark = hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]
        return cls(desk, phone_hours(settings), mark)

    def hours(self, tx: Transaction) -> WorkingTime:
        """The working time of the desk."""
        return _working(calendars.beside(tx, self.desk, self.phone).hours_for())

    def terms_mark(self, tx: Transaction) -> str:
        """Under which book and hours a case is read now; one read under others is read anew."""
        token = calendars.token_of(tx)
        return hashlib.sha256(f"{self.mark}/{token}".encode()).hexdigest()[:16] if token else self.mark

    def to_read(self, tx: Transaction, limit: int = 200) -> list[str]:
        """Cases whose promises may stand differently now."""
        due = select(case_promise.c.case_id).where(
            case_promise.c.state == "running", case_promise.c.due_at < tx.now
        )
        found = [row.case_id for row in tx.all(due.distinct().limit(limit))]
        for condition in (self._live_and_changed(self.terms_mark(tx)), self._solved_lately(tx.now)):
            query = (
                select(case_file.c.id)
                .outerjoin(case_clock, case_clock.c.case_id == case_file.c.id)
                .where(condition)
                .limit(limit)
            )
            found += [row.id for row in tx.all(query)]
        return list(dict.fromkeys(found))[:limit]

    def _live_and_changed(self, mark: str) -> ColumnElement[bool]:
        heard = select(func.coalesce(func.sum(contact.c.last_seq), 0)).where(
            contact.c.case_id == case_file.c.id
        )
        return case_file.c.state.in_(LIVE) & or_(
            case_clock.c.case_id.is_(None),
            case_file.c.updated_at != case_clock.c.case_at,
            case_clock.c.terms != mark,
            heard.scalar_subquery() != case_clock.c.heard,
        )

    def _solved_lately(self, now: datetime) -> ColumnElement[bool]:
        """What is solved is read once more; nothing that is said afterwards changes its promises."""
        return and_(
            case_file.c.state.in_(SOLVED),
            case_file.c.updated_at > now - _LATELY,
            or_(case_clock.c.case_id.is_(None), case_file.c.updated_at != case_clock.c.case_at),
        )

    def read(self, tx: Transaction, case_id: str) -> list[CasePromise]:
        """Reckon one case and write down what changed. Returns its promises; of one that was erased nothing is left."""
        if queries.find(tx, case_id) is None:
            _forget(tx, case_id)
            return []
        case = queries.get_for_update(tx, case_id)
        facts = course.facts_of(tx, case)
        if case.state == "waiting_for_customer" and _customer_has_answered(tx, case, facts):
            case = service.wait_for_us(tx, case_id, Actor(kind="customer", id=case.visitor_id))
            facts = course.facts_of(tx, case)
        channel = case.channel or _channel(tx, case_id)
        found = clocks.reckon(case.opened_at, facts, self.terms(tx, case, channel), tx.now)
        _keep(tx, case, channel, found)
        _keep_due(tx, case, found)
        self._keep_clock(tx, case, found)
        return promises_of(tx, case_id)

    def read_all(self, tx: Transaction, case_ids: Sequence[str]) -> None:
        """Several in one transaction, always in the same order."""
        for case_id in sorted(case_ids):
            self.read(tx, case_id)

    def terms(self, tx: Transaction, case: Case, channel: str) -> Terms:
        """What is promised in this case, as it is known now."""
        known = customers.find(tx, case.customer_id) if case.customer_id else None
        segments = list(known.segments) if known else []
        ours = promises.book()
        percent = percent_at(tx, case.opened_at)
        within = {
            kind: tuple(
                span.stretched(percent) for span in ours.within(kind, case.category, channel, segments)
            )
            for kind in KINDS
        }
        found = calendars.beside(tx, self.desk, self.phone)
        queue, language = _asked_in(tx, case)
        hours = found.hours_for(queue, channel, language, segments)
        return Terms(within, _working(hours), ours.pauses)

    def tell_late(self, tx: Transaction, promise: CasePromise) -> bool:
        """To the customer, with the new time: the same span once more, from when it was due or from now if that is later."""
        if not self.read(tx, promise.case_id):  # an answer given a moment ago counts
            return False
        case = queries.get(tx, promise.case_id)
        again = self.terms(tx, case, promise.channel).due(promise.kind, max(tx.now, promise.due_at))
        return again is not None and telling.late(tx, promise, again[0], self.desk.timezone)

    def _keep_clock(self, tx: Transaction, case: Case, found: Reckoning) -> None:
        last = _last_event(tx, case.id, found.last_at)
        values = {
            "heard": tx.scalar(
                select(func.coalesce(func.sum(contact.c.last_seq), 0)).where(contact.c.case_id == case.id)
            ),
            "case_at": case.updated_at,
            "terms": self.terms_mark(tx),
            "waits_for": found.waits_for,
            "last_event_at": last,
        }
        here = case_clock.c.case_id == case.id
        before = tx.first(select(case_clock.c.last_event_at).where(here))
        if before is None:
            tx.execute(insert(case_clock).values(case_id=case.id, **values))
            return
        goes_on = last > before.last_event_at or found.waits_for in ("customer", "")
        tx.execute(update(case_clock).where(here).values(values | ({"stalled_at": None} if goes_on else {})))


def _asked_in(tx: Transaction, case: Case) -> tuple[str, str]:
    """The desk that has the case, else the queue in which it waits, and the language of its newest contact."""
    newest = tx.first(
        select(contact.c.owner_kind, contact.c.owner_id, contact.c.language)
        .where(contact.c.case_id == case.id)
        .order_by(contact.c.opened_at.desc(), contact.c.id.desc())
        .limit(1)
    )
    if newest is None:
        return case.queue, ""
    return case.queue or (newest.owner_id if newest.owner_kind == "queue" else ""), newest.language


def _working(hours: Hours) -> WorkingTime:
    """A desk that never opens would promise nothing at all: then every moment counts."""
    return WorkingTime(always_open(hours.timezone.key) if hours.never else hours)


def _forget(tx: Transaction, case_id: str) -> None:
    """Of a case that was erased while it was being read."""
    for table in (case_promise, case_clock):
        tx.execute(delete(table).where(table.c.case_id == case_id))


def _customer_has_answered(tx: Transaction, case: Case, facts: Sequence[Fact]) -> bool:
    since = course.last_move(tx, case.id, "waiting_for_customer")
    return since is not None and any(fact.happened == "asked" and fact.at > since for fact in facts)


def _channel(tx: Transaction, case_id: str) -> str:
    found = tx.scalar(
        select(contact.c.channel).where(contact.c.case_id == case_id).order_by(contact.c.opened_at).limit(1)
    )
    return str(found or "")


def _keep(tx: Transaction, case: Case, channel: str, found: Reckoning) -> None:
    """What is settled stays as it is; what the course no longer holds is cancelled."""
    before = {(each.kind, each.started_at): each for each in promises_of(tx, case.id)}
    for clock in found.clocks:
        old = before.pop((clock.kind, clock.started_at), None)
        values = _values(clock)
        if old is None:
            key = {"case_id": case.id, "kind": clock.kind, "started_at": clock.started_at}
            tx.execute(insert(case_promise).values(**key, **values, channel=channel, noted_at=tx.now))
        elif old.open and any(getattr(old, name) != value for name, value in values.items()):
            _update(tx, old, values)
    for old in before.values():
        if old.open:
            _update(tx, old, {"state": "cancelled", "settled_at": tx.now, "paused_at": None})


def _values(clock: Clock) -> dict[str, Any]:
    return {
        "due_at": clock.due_at,
        "state": clock.state,
        "paused_s": round(clock.paused.total_seconds()),
        "paused_at": clock.paused_at,
        "settled_at": clock.settled_at,
        "settled_by": clock.settled_by,
    }


def _update(tx: Transaction, old: CasePromise, values: Mapping[str, Any]) -> None:
    tx.execute(
        update(case_promise)
        .where(
            case_promise.c.case_id == old.case_id,
            case_promise.c.kind == old.kind,
            case_promise.c.started_at == old.started_at,
        )
        .values(values)
    )


def _keep_due(tx: Transaction, case: Case, found: Reckoning) -> None:
    """The case's own due time is that of its newest solution; none while that stands still."""
    solutions = [clock for clock in found.clocks if clock.kind == "solution"]
    due = solutions[-1].due_at if solutions and solutions[-1].state != "paused" else None
    if due != case.promised_at:
        tx.execute(update(case_file).where(case_file.c.id == case.id).values(promised_at=due))
        tx.wake("inbox", f"case:{case.id}")


def _last_event(tx: Transaction, case_id: str, spoken: datetime) -> datetime:
    """When anybody last did something in it; what we do by ourselves moves nothing."""
    written = tx.scalar(
        select(func.max(ledger_entry.c.at))
        .join(contact, contact.c.id == ledger_entry.c.contact_id)
        .where(contact.c.case_id == case_id, ledger_entry.c.author_kind.in_(_PEOPLE))
    )
    done = tx.scalar(
        select(func.max(case_events.case_event.c.at)).where(
            case_events.case_event.c.case_id == case_id, case_events.case_event.c.actor_kind.in_(_PEOPLE)
        )
    )
    return max(each for each in (spoken, written, done) if each is not None)
