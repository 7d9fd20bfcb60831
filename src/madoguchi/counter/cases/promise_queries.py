"""Reading promises: of a case, of many, what is overdue, what stands still (SLA-030, CASE-012)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from madoguchi.counter.cases.model import Case, case_file
from madoguchi.counter.cases.policy import LIVE
from madoguchi.counter.cases.promise_model import CasePromise, case_clock, case_promise
from madoguchi.engine.database import Transaction


@dataclass(frozen=True)
class Overdue:
    """A promise that is late, and its case."""

    case: Case
    promise: CasePromise


@dataclass(frozen=True)
class Stalled:
    """A case in which nothing has happened since."""

    case: Case
    since: datetime


def promises_of(tx: Transaction, case_id: str) -> list[CasePromise]:
    """Every promise of a case, oldest first."""
    return promises_of_many(tx, [case_id]).get(case_id, [])


def promises_of_many(tx: Transaction, case_ids: Collection[str]) -> dict[str, list[CasePromise]]:
    """Case → its promises, oldest first; in one statement."""
    found: dict[str, list[CasePromise]] = {}
    if not case_ids:
        return found
    rows = tx.all(
        select(case_promise)
        .where(case_promise.c.case_id.in_(case_ids))
        .order_by(case_promise.c.started_at, case_promise.c.kind)
    )
    for row in rows:
        found.setdefault(row.case_id, []).append(CasePromise(**row._mapping))
    return found


def overdue(tx: Transaction, *, limit: int = 100) -> list[Overdue]:
    """Everything that is late and not done, longest first; a case with two late promises stands here twice."""
    rows = tx.all(
        select(case_promise)
        .join(case_file, case_file.c.id == case_promise.c.case_id)
        .where(
            case_promise.c.state.in_(("broken", "running")),
            case_promise.c.settled_at.is_(None),
            case_promise.c.due_at < tx.now,
            case_file.c.state.in_(LIVE),
        )
        .order_by(case_promise.c.due_at)
        .limit(limit)
    )
    found = [CasePromise(**row._mapping) for row in rows]
    known = _cases(tx, {each.case_id for each in found})
    return [Overdue(known[each.case_id], each) for each in found]


def stalled(tx: Transaction, *, limit: int = 100) -> list[Stalled]:
    """Cases that are flagged for supervisors because nothing happens in them, longest first (CASE-012)."""
    rows = tx.all(
        select(case_clock.c.case_id, case_clock.c.last_event_at)
        .join(case_file, case_file.c.id == case_clock.c.case_id)
        .where(case_clock.c.stalled_at.is_not(None), case_file.c.state.in_(LIVE))
        .order_by(case_clock.c.last_event_at)
        .limit(limit)
    )
    known = _cases(tx, {row.case_id for row in rows})
    return [Stalled(known[row.case_id], row.last_event_at) for row in rows]


def _cases(tx: Transaction, ids: Collection[str]) -> dict[str, Case]:
    if not ids:
        return {}
    return {row.id: Case(**row._mapping) for row in tx.all(select(case_file).where(case_file.c.id.in_(ids)))}
