"""Signs of life of the house's own parts: when one last worked, and since when it fails. Any process writes them.

A part that fails says so again as long as it does; what has been said by nobody for a while is over, so that the word
of a process that is gone does not stand for ever.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Column, String, Table, insert, select, update

from madoguchi.engine.database import Transaction
from madoguchi.engine.ownership import OfHouse, belongs
from madoguchi.engine.schema import Moment, metadata

HOLDS = timedelta(minutes=5)  # so long a failure that nobody repeats is still one

pulse = Table(
    "pulse",
    metadata,
    Column("part", String(60), primary_key=True),
    Column("worked_at", Moment),  # None: not yet
    Column("failing_since", Moment),  # None: it works
    Column("failed_at", Moment),
    Column(
        "error", String(80), nullable=False
    ),  # what kind of error, without its words: they may name people
    info=belongs(OfHouse("When the house's own parts last worked.")),
)


@dataclass(frozen=True)
class Pulse:
    """One part; columns as in the table."""

    part: str
    worked_at: datetime | None
    failing_since: datetime | None
    failed_at: datetime | None
    error: str

    def fails(self, now: datetime) -> bool:
        return self.failing_since is not None and self.failed_at is not None and now - self.failed_at < HOLDS


def worked(tx: Transaction, part: str) -> None:
    """It works now; what failed before is over."""
    _put(tx, part, worked_at=tx.now, failing_since=None, error="")


def failed(tx: Transaction, part: str, error: BaseException) -> None:
    """It has failed just now, for the first time or again."""
    before = find(tx, part)
    lasts = before is not None and before.fails(tx.now)
    since = before.failing_since if before is not None and lasts else tx.now
    _put(tx, part, failing_since=since, failed_at=tx.now, error=type(error).__name__[:80])


def find(tx: Transaction, part: str) -> Pulse | None:
    row = tx.first(select(pulse).where(pulse.c.part == part))
    return Pulse(**row._mapping) if row else None


def failing(tx: Transaction, prefix: str = "") -> Sequence[Pulse]:
    """What fails now, of the parts whose names begin so."""
    rows = tx.all(select(pulse).where(pulse.c.failing_since.is_not(None)).order_by(pulse.c.part))
    return [
        found
        for row in rows
        if (found := Pulse(**row._mapping)).part.startswith(prefix) and found.fails(tx.now)
    ]


def _put(tx: Transaction, part: str, **values: object) -> None:
    tx.lock("pulse", part)
    changed = tx.execute(update(pulse).where(pulse.c.part == part).values(**values))
    if not changed.rowcount:
        fresh = {"worked_at": None, "failing_since": None, "failed_at": None, "error": "", **values}
        tx.execute(insert(pulse).values(part=part, **fresh))
