"""Declaring an outage or a peak season, ending it, and noting what was noticed. None commits; each is in the audit log."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import Table, insert, select, update

from madoguchi.counter.actors import Actor
from madoguchi.counter.conditions.model import (
    PARTS,
    Incident,
    PeakSeason,
    Signal,
    incident,
    peak_season,
    signal,
)
from madoguchi.counter.problems import Invalid, NotAllowed, NotFound
from madoguchi.counter.team.policy import may
from madoguchi.engine import audit
from madoguchi.engine.database import Transaction
from madoguchi.kit.ids import new_id

LONGEST = 500
LOWEST_PERCENT, HIGHEST_PERCENT = 100, 1000
LONGEST_SEASON = timedelta(days=92)


def declare_incident(
    tx: Transaction,
    by: Actor,
    *,
    part: str,
    cause: Mapping[str, str],
    instead: Mapping[str, str],
    begins_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> Incident:
    """A part does not work, from `begins_at` (now) until about `ends_at` (unknown).

    `cause`, `instead`: language → words. Raises NotAllowed, Invalid("unknown_part" | "cause_missing" | "text_too_long" |
    "period").
    """
    _need(by)
    if part not in PARTS:
        raise Invalid("unknown_part", field="part")
    begins = begins_at or tx.now
    if ends_at is not None and ends_at <= begins:
        raise Invalid("period", field="ends_at")
    said = _words(cause, "cause")
    if not said:
        raise Invalid("cause_missing", field="cause")
    made = Incident(
        id=new_id("inc"),
        part=part,
        cause=said,
        instead=_words(instead, "instead"),
        begins_at=begins,
        ends_at=ends_at,
        declared_by=by.id,
        declared_at=tx.now,
        over_at=None,
        over_by="",
    )
    tx.execute(insert(incident).values(**vars(made)))
    _record(tx, by, "incident.declared", made.id)
    return made


def end_incident(tx: Transaction, by: Actor, incident_id: str) -> None:
    """It works again. Ending twice is ending once. Raises NotAllowed, NotFound("declaration_not_found")."""
    _end(tx, by, incident, incident_id, "incident.over")


def declare_peak(
    tx: Transaction,
    by: Actor,
    *,
    begins_at: datetime,
    ends_at: datetime,
    percent: int,
    notice: Mapping[str, str],
) -> PeakSeason:
    """A peak season; `percent`: promised times become so much of the usual. `notice`: own words, none for ours.

    Raises NotAllowed, Invalid("period" | "percent_out_of_range" | "text_too_long").
    """
    _need(by)
    if not begins_at < ends_at <= begins_at + LONGEST_SEASON or ends_at <= tx.now:
        raise Invalid("period", field="ends_at")
    if not LOWEST_PERCENT <= percent <= HIGHEST_PERCENT:
        raise Invalid("percent_out_of_range", field="percent", lowest=LOWEST_PERCENT, highest=HIGHEST_PERCENT)
    made = PeakSeason(
        id=new_id("peak"),
        notice=_words(notice, "notice"),
        percent=percent,
        begins_at=begins_at,
        ends_at=ends_at,
        declared_by=by.id,
        declared_at=tx.now,
        over_at=None,
        over_by="",
    )
    tx.execute(insert(peak_season).values(**vars(made)))
    _record(tx, by, "peak.declared", made.id)
    return made


def end_peak(tx: Transaction, by: Actor, peak_id: str) -> None:
    """Back to the usual, also before it has begun. Raises NotAllowed, NotFound("declaration_not_found")."""
    _end(tx, by, peak_season, peak_id, "peak.over")


def note(tx: Transaction, name: Signal, raised: bool) -> None:
    """What was noticed just now; `since` changes only where it is another answer than the last time."""
    before = tx.first(select(signal).where(signal.c.name == name))
    if before is None:
        tx.execute(insert(signal).values(name=name, raised=raised, since=tx.now, checked_at=tx.now))
        return
    since = before.since if before.raised == raised else tx.now
    tx.execute(
        update(signal).where(signal.c.name == name).values(raised=raised, since=since, checked_at=tx.now)
    )


def _end(tx: Transaction, by: Actor, declared: Table, declaration_id: str, deed: str) -> None:
    _need(by)
    if tx.first(select(declared.c.id).where(declared.c.id == declaration_id)) is None:
        raise NotFound("declaration_not_found")
    over = update(declared).where(declared.c.id == declaration_id, declared.c.over_at.is_(None))
    if tx.execute(over.values(over_at=tx.now, over_by=by.id)).rowcount:
        _record(tx, by, deed, declaration_id)


def _need(by: Actor) -> None:
    if not may(by, "conditions.declare"):
        raise NotAllowed("role_missing")


def _words(given: Mapping[str, str], field: str) -> dict[str, str]:
    """What was written, by language; empty words are left out."""
    said = {language: text.strip() for language, text in given.items() if text.strip()}
    if any(len(text) > LONGEST for text in said.values()):
        raise Invalid("text_too_long", field=field, longest=LONGEST)
    return said


def _record(tx: Transaction, by: Actor, action: str, object_id: str) -> None:
    audit.record(
        tx, actor_kind=by.kind, actor_id=by.id, action=action, object_kind="conditions", object_id=object_id
    )
