"""The call-backs behind a report's contacts, one row each: what was promised, whether it was kept, how the calls went.

A call-back is in the report in which its contact is, so that every filter holds for it and a figure leads to its contacts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, select

from madoguchi.counter.callbacks.model import FINAL, callback, callback_call
from madoguchi.counter.reports.model import measured_contact
from madoguchi.engine.database import Transaction


@dataclass(frozen=True)
class CallRow:
    """`end`: how it ended, an outcome or the state of what was called off; "" while it lasts. `due`: its promise has been
    kept or broken; `broken`: promises that were missed. `wait_s`: from asking, or the beginning of the slot, until the
    first call; `talk_s`: of all its calls; None without any.
    """

    day: date
    kind: str
    end: str
    due: bool
    kept: bool
    broken: int
    calls: int
    reached: bool
    wait_s: int | None
    talk_s: int | None

    @property
    def late(self) -> bool:
        return self.due and not self.kept


def call_rows(tx: Transaction, here: Sequence[ColumnElement[bool]]) -> list[CallRow]:
    """Of the measured contacts that these conditions name, in the order of their days."""
    seen = callback.c
    joined = seen.contact_id == measured_contact.c.contact_id
    rows = tx.all(
        select(
            measured_contact.c.day, seen.id, seen.kind, seen.state, seen.outcome, seen.broken, seen.calls,
            seen.slot_at, seen.promised_at, seen.started_at, seen.connected_at, seen.created_at,
        )
        .select_from(callback.join(measured_contact, joined))
        .where(*here)
        .order_by(measured_contact.c.day, seen.id)
    )  # fmt: skip
    talks = _talks(tx, here)
    return [
        CallRow(
            day=date.fromisoformat(row.day),
            kind=row.kind,
            end=_end(row.state, row.outcome),
            due=row.started_at is not None or row.broken > 0,
            kept=row.started_at is not None and row.started_at <= row.promised_at and not row.broken,
            broken=row.broken,
            calls=row.calls,
            reached=row.connected_at is not None,
            wait_s=None
            if row.started_at is None
            else max(0, _seconds(row.slot_at or row.created_at, row.started_at)),
            talk_s=talks.get(row.id),
        )
        for row in rows
    ]


def _talks(tx: Transaction, here: Sequence[ColumnElement[bool]]) -> dict[str, int]:
    """Call-back → seconds of talking, of calls that were answered and are over."""
    call = callback_call.c
    rows = tx.all(
        select(call.callback_id, call.answered_at, call.ended_at)
        .select_from(
            callback_call.join(callback, callback.c.id == call.callback_id).join(
                measured_contact, callback.c.contact_id == measured_contact.c.contact_id
            )
        )
        .where(call.answered_at.is_not(None), call.ended_at.is_not(None), *here)
    )
    found: Counter[str] = Counter()
    for row in rows:
        found[row.callback_id] += _seconds(row.answered_at, row.ended_at)
    return dict(found)


def _end(state: str, outcome: str) -> str:
    if state not in FINAL:
        return ""
    return outcome if state in ("done", "missed") else state


def _seconds(start: datetime, end: datetime) -> int:
    return int((end - start).total_seconds())
