"""What somebody is planned to work, and how far the day kept to it. Pure.

A plan is a week of shifts with breaks, in the agent's own time zone, and dates with other shifts or none. Shifts and
breaks are hours as a calendar has them, so they follow the clocks when these change.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from madoguchi.counter.hours import Hours, SpecialDay, parse_spans

Spell = tuple[datetime, datetime]  # from, until (not in it)
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class ShiftDay:
    """Other shifts from one date to another, both in it; `spans` "closed": away. `note`: why, for staff."""

    id: str
    agent_id: str
    first: str
    last: str
    spans: str
    breaks: str
    note: str = ""

    def dates(self) -> list[date]:
        first, last = date.fromisoformat(self.first), date.fromisoformat(self.last)
        return [first + day * _DAY for day in range((last - first).days + 1)]


@dataclass(frozen=True)
class Plan:
    """`week` and `breaks`: seven texts, Monday first, as in calendars; `version` 0: nothing has been planned."""

    agent_id: str
    timezone: str
    week: list[str]
    breaks: list[str]
    version: int
    days: list[ShiftDay] = field(default_factory=list)

    @cached_property
    def _shifts(self) -> Hours:
        return self._hours(self.week, {day.id: day.spans for day in self.days})

    @cached_property
    def _pauses(self) -> Hours:
        return self._hours(self.breaks, {day.id: day.breaks for day in self.days})

    def _hours(self, week: Sequence[str], special: dict[str, str]) -> Hours:
        dates = {
            each: SpecialDay(parse_spans(special[day.id]), {}) for day in self.days for each in day.dates()
        }
        return Hours(ZoneInfo(self.timezone), tuple(parse_spans(text) for text in week), special=dates)

    def shifts(self, start: datetime, end: datetime) -> list[Spell]:
        """When the agent is planned to be here, breaks included, cut to the given time."""
        return joined(cut(self._spells(self._shifts, start, end), start, end))

    def work(self, start: datetime, end: datetime) -> list[Spell]:
        """When the agent is planned to serve: shifts without breaks."""
        return without(self.shifts(start, end), self._spells(self._pauses, start, end))

    def pauses(self, start: datetime, end: datetime) -> list[Spell]:
        """Breaks inside of shifts."""
        return without(self.shifts(start, end), self.work(start, end))

    def covers(self, start: datetime, end: datetime) -> bool:
        """Whether the agent is planned to serve all of this time."""
        return self.work(start, end) == [(start, end)]

    def _spells(self, hours: Hours, start: datetime, end: datetime) -> list[Spell]:
        first = start.astimezone(hours.timezone).date() - _DAY
        last = end.astimezone(hours.timezone).date()
        days = [first + offset * _DAY for offset in range((last - first).days + 1)]
        return [spell for day in days for spell in hours.spells(day)]


@dataclass(frozen=True)
class Adherence:
    """Seconds: planned to serve, of these really there, and there without being planned."""

    planned_s: int
    kept_s: int
    unplanned_s: int

    @property
    def share(self) -> float | None:
        """Of the planned time that was kept, 0 to 1; None where nothing was planned."""
        return self.kept_s / self.planned_s if self.planned_s else None


def adherence(planned: Sequence[Spell], real: Sequence[Spell]) -> Adherence:
    """How far what happened (`real`: spells of being there) kept to what was planned."""
    plan, there = joined(planned), joined(real)
    missed, extra = without(plan, there), without(there, plan)
    return Adherence(_seconds(plan), _seconds(plan) - _seconds(missed), _seconds(extra))


def joined(spells: Iterable[Spell]) -> list[Spell]:
    """The same time in order, without overlaps; spells that touch become one."""
    found: list[Spell] = []
    for start, end in sorted(spells):
        if end <= start:
            continue
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def cut(spells: Iterable[Spell], start: datetime, end: datetime) -> list[Spell]:
    """What of them lies between."""
    return [(max(a, start), min(b, end)) for a, b in spells if max(a, start) < min(b, end)]


def without(spells: Iterable[Spell], taken: Iterable[Spell]) -> list[Spell]:
    """What is left of `spells` when the time of `taken` is taken away."""
    holes = joined(taken)
    left: list[Spell] = []
    for start, end in joined(spells):
        for begins, ends in holes:
            if ends <= start or begins >= end:
                continue
            if begins > start:
                left.append((start, begins))
            start = max(start, ends)
        if start < end:
            left.append((start, end))
    return left


def _seconds(spells: Sequence[Spell]) -> int:
    return int(sum((end - start).total_seconds() for start, end in spells))
