"""What staff did in a period: time in statuses, after-contact work, and how far the schedule was kept (QUE-015).

Reckoned from routing's own rows, week by week, so that long periods cost no more than their weeks.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import or_, select

from madoguchi.counter.reports.definitions import StaffTime
from madoguchi.counter.routing import schedules
from madoguchi.counter.routing.adherence import SERVING
from madoguchi.counter.routing.model import after_contact_work, agent_spell
from madoguchi.counter.routing.plans import Adherence, Plan, Spell, adherence, cut
from madoguchi.engine.database import Transaction

LONGEST_DAYS = 100  # of periods in which the time of staff is told
_WEEK = timedelta(days=7)


class _Stretch(NamedTuple):
    status: str
    kind: str
    start: datetime
    end: datetime


def staff_time(tx: Transaction, since: datetime, until: datetime, agent: str = "") -> dict[str, StaffTime]:
    """Agent id → what they did until now at the latest; `agent`: only this one. Who did nothing is not there."""
    end = min(until, tx.now)
    stretches, after = _stretches(tx, since, end, agent), _after_contact(tx, since, end, agent)
    plans = {name: plan for name, plan in schedules.plans(tx).items() if agent in ("", name)}
    found: dict[str, StaffTime] = {}
    for name in sorted({*stretches, *after, *plans}):
        mine, pieces = stretches.get(name, []), after.get(name, [])
        time = StaffTime(_statuses(mine), len(pieces), sum(pieces), _kept(plans.get(name), mine, since, end))
        if time != StaffTime():
            found[name] = time
    return found


def _stretches(tx: Transaction, since: datetime, until: datetime, agent: str) -> dict[str, list[_Stretch]]:
    """Agent id → what they said to be doing, cut to the period; being away is no doing."""
    spell = agent_spell.c
    rows = tx.all(
        select(spell.agent_id, spell.status, spell.kind, spell.started_at, spell.ended_at).where(
            spell.status != "offline",
            spell.started_at < until,
            or_(spell.ended_at.is_(None), spell.ended_at > since),
            *([spell.agent_id == agent] if agent else []),
        )
    )
    found: dict[str, list[_Stretch]] = defaultdict(list)
    for row in rows:
        for start, end in cut([(row.started_at, row.ended_at or until)], since, until):
            found[row.agent_id].append(_Stretch(row.status, row.kind, start, end))
    return found


def _after_contact(tx: Transaction, since: datetime, until: datetime, agent: str) -> dict[str, list[int]]:
    """Agent id → seconds of each piece of after-contact work that began in the period."""
    work = after_contact_work.c
    rows = tx.all(
        select(work.agent_id, work.started_at, work.ended_at).where(
            work.started_at >= since,
            work.started_at < until,
            *([work.agent_id == agent] if agent else []),
        )
    )
    found: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        found[row.agent_id].append(round((min(row.ended_at, until) - row.started_at).total_seconds()))
    return found


def _statuses(stretches: Sequence[_Stretch]) -> Counter[tuple[str, str]]:
    found: Counter[tuple[str, str]] = Counter()
    for each in stretches:
        found[each.status, each.kind] += round((each.end - each.start).total_seconds())
    return found


def _kept(plan: Plan | None, stretches: Sequence[_Stretch], since: datetime, until: datetime) -> Adherence:
    """Of somebody without a plan nothing was planned, and nothing is said."""
    if plan is None:
        return Adherence(0, 0, 0)
    served = [(each.start, each.end) for each in stretches if each.status in SERVING]
    weeks = [adherence(plan.work(start, end), cut(served, start, end)) for start, end in _weeks(since, until)]
    return Adherence(
        sum(each.planned_s for each in weeks),
        sum(each.kept_s for each in weeks),
        sum(each.unplanned_s for each in weeks),
    )


def _weeks(since: datetime, until: datetime) -> Iterator[Spell]:
    while since < until:
        yield since, min(since + _WEEK, until)
        since += _WEEK
