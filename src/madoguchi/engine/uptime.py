"""When the house was at work: every process notes that it lives, and the gaps are the times at which none did (QLT-009).

A spell is one process's time between start and last sign of life. What is noted is written to the database itself, so
a house that cannot write is down, whatever its processes think.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Column, Index, String, Table, insert, select, update

from madoguchi.engine.database import Transaction
from madoguchi.engine.ownership import OfHouse, belongs
from madoguchi.engine.schema import Moment, metadata

BEAT_S = 15.0
GRACE = timedelta(seconds=60)  # a beat that comes later than this was a gap

running_spell = Table(
    "running_spell",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("began_at", Moment, nullable=False),
    Column("last_at", Moment, nullable=False),
    Index("ix_running_spell_last_at", "last_at"),
    info=belongs(OfHouse("When the house was at work.")),
)


@dataclass(frozen=True)
class Gap:
    """A time in which no process was at work."""

    begin: datetime
    end: datetime

    @property
    def seconds(self) -> int:
        return int((self.end - self.begin).total_seconds())


@dataclass(frozen=True)
class Uptime:
    """Over a period that begins with the first sign of life in it; `share` 0 to 1, None without any."""

    begin: datetime
    end: datetime
    gaps: Sequence[Gap]

    @property
    def share(self) -> float | None:
        whole = (self.end - self.begin).total_seconds()
        return 1 - sum(gap.seconds for gap in self.gaps) / whole if whole > 0 else None


def beat(tx: Transaction, spell_id: str) -> str:
    """A process lives. Returns the spell to name at the next beat: a new one after a silence."""
    changed = tx.execute(
        update(running_spell)
        .where(running_spell.c.id == spell_id, running_spell.c.last_at >= tx.now - GRACE)
        .values(last_at=tx.now)
    )
    if changed.rowcount:
        return spell_id
    fresh = f"{spell_id.split('/')[0]}/{int(tx.now.timestamp())}"
    tx.execute(insert(running_spell).values(id=fresh, began_at=tx.now, last_at=tx.now))
    return fresh


def uptime(tx: Transaction, begin: datetime, end: datetime) -> Uptime:
    """How long somebody was at work between these moments."""
    rows = tx.all(
        select(running_spell)
        .where(running_spell.c.last_at >= begin, running_spell.c.began_at <= end)
        .order_by(running_spell.c.began_at)
    )
    return reckon([(row.began_at, row.last_at) for row in rows], begin, end, before=_worked_before(tx, begin))


def reckon(
    spells: Sequence[tuple[datetime, datetime]], begin: datetime, end: datetime, *, before: bool = True
) -> Uptime:
    """Pure. `spells`: begin and last sign of life, sorted by begin. `before`: the house was at work earlier, so that the
    period counts from its own begin."""
    if not spells:
        return Uptime(begin, end, [Gap(begin, end)]) if before else Uptime(end, end, [])
    first = begin if before else max(begin, spells[0][0])
    gaps, alive = [], first
    for began_at, last_at in spells:
        if began_at - alive > GRACE:
            gaps.append(Gap(alive, began_at))
        alive = max(alive, min(last_at, end))
    if end - alive > GRACE:
        gaps.append(Gap(alive, end))
    return Uptime(first, end, gaps)


def _worked_before(tx: Transaction, begin: datetime) -> bool:
    found = tx.scalar(select(running_spell.c.id).where(running_spell.c.began_at < begin).limit(1))
    return found is not None
