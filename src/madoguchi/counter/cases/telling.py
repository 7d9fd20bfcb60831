"""What customers are told of their case unasked: it moved, it will be late, we are still at it, it has stood still.

Each telling is a public fact in the newest contact of the case and an errand for a mail, under a key that makes it
exactly one (CASE-007, CASE-012, CASE-016). Nothing that anybody typed is in either.
"""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from typing import Any, Literal

from sqlalchemy import select, update

from madoguchi.counter.actors import SYSTEM, Actor
from madoguchi.counter.cases import events, queries
from madoguchi.counter.cases.model import Case, CaseState, case_file
from madoguchi.counter.cases.policy import LIVE
from madoguchi.counter.cases.promise_model import CasePromise, case_clock, case_promise
from madoguchi.counter.contacts import events as facts
from madoguchi.counter.contacts import queries as contacts
from madoguchi.counter.contacts import service as ledger
from madoguchi.counter.contacts.model import Contact
from madoguchi.engine import outbox
from madoguchi.engine.database import Transaction
from madoguchi.kit.clock import to_micros

MAIL = "mail.case"
STALLED = "case.stalled"
LATE = "promise.late"
_FLAGGED_ONLY_AFTER = timedelta(
    days=14
)  # older silence is shown to supervisors, and nobody is startled by a mail
_LONG_ENOUGH = 4
_TALKED_OVER = ("chat", "phone")  # an answer that is late here is told here; a mail would come after it

What = Literal["moved", "late", "investigating", "stalled"]


def moved(tx: Transaction, case: Case, state: CaseState, by: Actor) -> None:
    """The case is in another state, and not by the customer's own deed or in their talk with the assistant (CASE-007)."""
    if by.kind in ("customer", "assistant"):
        return
    newest = _newest(tx, case.id)
    told_there = newest is not None and (
        (state == "resolved" and newest.state != "open")
        or (state == "closed" and newest.state in ("resolved", "ended"))
    )
    _tell(tx, case, "moved", f"{state}/{to_micros(tx.now)}", {"state": state}, fact=not told_there)


def due_to_be_told(tx: Transaction, before: timedelta, *, limit: int = 100) -> list[CasePromise]:
    """Promises that are late, or will be within `before`, of which the customer has not heard.

    One that was late already when it was first noted has never been a promise to anybody.
    """
    rows = tx.all(
        select(case_promise)
        .where(
            case_promise.c.told_at.is_(None),
            case_promise.c.settled_at.is_(None),
            case_promise.c.state.in_(("running", "broken")),
            case_promise.c.due_at < tx.now + before,
            case_promise.c.noted_at < case_promise.c.due_at,
        )
        .order_by(case_promise.c.due_at)
        .limit(limit)
    )
    found = [CasePromise(**row._mapping) for row in rows]
    return [
        each
        for each in found
        if each.due_at < tx.now or each.due_at - each.started_at >= _LONG_ENOUGH * before
    ]


def late(tx: Transaction, promise: CasePromise, again: datetime, zone: tzinfo) -> bool:
    """Tell that this promise is not kept, and by when it will be, in the shop's time. Once; False if that has been done."""
    case = queries.get_for_update(tx, promise.case_id)
    here = (
        case_promise.c.case_id == promise.case_id,
        case_promise.c.kind == promise.kind,
        case_promise.c.started_at == promise.started_at,
        case_promise.c.told_at.is_(None),
        case_promise.c.settled_at.is_(None),
    )
    told = {"told_at": tx.now, "told_due_at": again}
    if not tx.execute(update(case_promise).where(*here).values(told)).rowcount:
        return False
    due, again = promise.due_at.astimezone(zone), again.astimezone(zone)
    body = {"kind": promise.kind, "due": due.isoformat(), "again": again.isoformat()}
    events.note(tx, case.id, LATE, body, SYSTEM, public=True)
    mailed = promise.kind == "solution" or promise.channel not in _TALKED_OVER
    _tell(tx, case, "late", f"{promise.kind}/{to_micros(promise.started_at)}", body, mail=mailed)
    return True


def investigated(tx: Transaction, every: timedelta, *, limit: int = 200) -> int:
    """A word to everybody whose case is being investigated, each time so long has passed (CASE-016). Returns how many."""
    rows = tx.all(
        select(case_file.c.id)
        .where(case_file.c.state == "investigating")
        .order_by(case_file.c.id)
        .limit(limit)
    )
    return sum(_still_at_it(tx, queries.get_for_update(tx, row.id), every) for row in rows)


def _still_at_it(tx: Transaction, case: Case, every: timedelta) -> bool:
    began = [e.at for e in events.of_case(tx, case.id, kinds=[events.MOVED]) if e.body["to"] == case.state]
    if case.state != "investigating" or not began:
        return False
    times = (tx.now - began[-1]) // every
    return times > 0 and _tell(tx, case, "investigating", f"{to_micros(began[-1])}/{times}", {})


def stalled(tx: Transaction, after: timedelta, *, limit: int = 100) -> list[Case]:
    """Flag cases in which nothing has happened for so long though it is not the customer's turn (CASE-012)."""
    rows = tx.all(
        select(case_clock.c.case_id, case_clock.c.last_event_at)
        .join(case_file, case_file.c.id == case_clock.c.case_id)
        .where(
            case_clock.c.waits_for.in_(("us", "third_party")),
            case_clock.c.last_event_at <= tx.now - after,
            case_clock.c.stalled_at.is_(None),
            case_file.c.state.in_(LIVE),
            case_file.c.merged_into == "",
            (case_file.c.follow_up_at.is_(None)) | (case_file.c.follow_up_at < tx.now),
        )
        .order_by(case_clock.c.last_event_at)
        .limit(limit)
    )
    return [_flag(tx, row.case_id, row.last_event_at, after) for row in rows]


def _flag(tx: Transaction, case_id: str, since: datetime, after: timedelta) -> Case:
    case = queries.get_for_update(tx, case_id)
    tx.execute(update(case_clock).where(case_clock.c.case_id == case_id).values(stalled_at=tx.now))
    events.note(tx, case_id, STALLED, {"since": since.isoformat()}, SYSTEM)
    if since > tx.now - after - _FLAGGED_ONLY_AFTER:
        _tell(tx, case, "stalled", str(to_micros(since)), {"since": since.isoformat()})
    return case


def _tell(
    tx: Transaction,
    case: Case,
    what: What,
    about: str,
    body: dict[str, Any],
    *,
    fact: bool = True,
    mail: bool = True,
) -> bool:
    """Fact and errand, both once for what it is `about`; False where it has been told."""
    newest = _newest(tx, case.id)
    key = f"{what}/{case.id}/{about}"
    told = {"what": what, **body}
    if newest is not None and contacts.by_client_key(tx, newest.id, SYSTEM.id, key) is not None:
        return False
    if mail and not outbox.put(
        tx, MAIL, {"case_id": case.id, **told}, key=f"{MAIL}/{key}", lane=f"{MAIL}/{case.id}"
    ):
        return False
    if fact and newest is not None:
        ledger.append(tx, newest.id, facts.CASE_TOLD, told, actor=SYSTEM, client_key=key)
    return True


def _newest(tx: Transaction, case_id: str) -> Contact | None:
    return max(contacts.of_case(tx, case_id), key=lambda each: each.opened_at, default=None)
