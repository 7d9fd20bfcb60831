"""Reading promises: of a case, of many, what is overdue, what stands still (SLA-030, CASE-012)."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from madoguchi.counter.cases.promise_model import CasePromise, case_promise
from madoguchi.engine.database import Transaction


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
