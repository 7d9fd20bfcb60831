"""Promises of cases and how far each case has been read: tables and shapes (SLA-001 to SLA-030)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Column, Index, Integer, String, Table

from madoguchi.counter.cases.promises import Kind
from madoguchi.engine.ownership import OfPerson, Through, belongs
from madoguchi.engine.schema import Moment, metadata

State = Literal["running", "paused", "kept", "broken", "cancelled"]

case_promise = Table(
    "case_promise",
    metadata,
    Column("case_id", String(60), primary_key=True),
    Column("kind", String(20), primary_key=True),
    Column("started_at", Moment, primary_key=True),
    Column("due_at", Moment, nullable=False),  # as it was when the clock stopped, while it is paused
    Column("state", String(12), nullable=False),
    Column("channel", String(20), nullable=False),
    Column("paused_s", Integer, nullable=False),
    Column("paused_at", Moment),
    Column("settled_at", Moment),  # answered, solved or cancelled; also after it was broken
    Column("settled_by", String(12), nullable=False),  # assistant | agent | ""
    Column("noted_at", Moment, nullable=False),
    Column("told_at", Moment),  # the customer has heard that it is late
    Column("told_due_at", Moment),  # and by when it is to be instead
    Index("ix_case_promise_state", "state", "due_at"),
    info=belongs(OfPerson(through=Through("case_id", "case_file"))),
)

case_clock = Table(
    "case_clock",
    metadata,
    Column("case_id", String(60), primary_key=True),
    Column("heard", Integer, nullable=False),  # the last numbers of its contacts, added up
    Column("case_at", Moment, nullable=False),  # the case's own last change that was read
    Column("terms", String(16), nullable=False),  # under which book and hours
    Column("waits_for", String(12), nullable=False),  # us | customer | third_party | "" once it is solved
    Column("last_event_at", Moment, nullable=False),
    Column("stalled_at", Moment),  # flagged for the supervisor
    Index("ix_case_clock_waiting", "waits_for", "last_event_at"),
    info=belongs(OfPerson(through=Through("case_id", "case_file"))),
)


@dataclass(frozen=True)
class CasePromise:
    """Columns as in the table."""

    case_id: str
    kind: Kind
    started_at: datetime
    due_at: datetime
    state: State
    channel: str
    paused_s: int
    paused_at: datetime | None
    settled_at: datetime | None
    settled_by: str
    noted_at: datetime
    told_at: datetime | None
    told_due_at: datetime | None

    @property
    def open(self) -> bool:
        """Somebody still has to do what was promised, in time or late."""
        return self.settled_at is None and self.state != "cancelled"

    @property
    def now_due(self) -> datetime:
        """What the customer was told last."""
        return self.told_due_at or self.due_at

    @property
    def took_s(self) -> float | None:
        """Seconds until it was done, without those in which it was somebody else's turn."""
        if self.settled_at is None or self.state == "cancelled":
            return None
        return max(0.0, (self.settled_at - self.started_at).total_seconds() - self.paused_s)
