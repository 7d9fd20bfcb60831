"""Working time: a working duration added to a moment, and measured between two moments. Pure.

Time passes only while the desk is open; a moment at which a spell ends still belongs to it, so that nothing is ever
due outside the hours. Durations are real time: a spell across a change of the clocks is as long as it really is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from madoguchi.counter.hours import Hours, HoursError, always_open

_DAY = timedelta(days=1)
_LONGEST_GAP_DAYS = 400


class NeverOpen(HoursError):
    """No working time is to come: the desk does not open again within a year."""


@dataclass(frozen=True)
class WorkingTime:
    """The working time of these hours."""

    hours: Hours

    def after(self, start: datetime, working: timedelta) -> datetime:
        """The first moment from `start` on at which so much working time has passed. Raises NeverOpen."""
        if working <= timedelta(0):
            return start
        left = working
        for begins, ends in self._spells(start):
            if ends - begins >= left:
                return begins + left
            left -= ends - begins
        raise NeverOpen("the desk never opens again")

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Working time that passes from `start` to `end`; none where that is not later."""
        passed = timedelta(0)
        if end <= start:
            return passed
        for begins, ends in self._spells(start, end):
            passed += ends - begins
        return passed

    def days_after(self, start: datetime, days: int) -> datetime:
        """The end of work on the n-th business day after the day of `start`. Raises NeverOpen."""
        day = start.astimezone(self.hours.timezone).date()
        for _ in range(_LONGEST_GAP_DAYS + 10 * days):
            day += _DAY
            spells = self.hours.spells(day)
            if not spells:
                continue
            days -= 1
            if days <= 0:
                return spells[-1][1]
        raise NeverOpen("the desk never opens again")

    def business_days(self, start: datetime, end: datetime) -> int:
        """On how many business days after that of `start` it went on until `end`: 0 on the same day."""
        first, last = (each.astimezone(self.hours.timezone).date() for each in (start, end))
        return sum(bool(self.hours.spells(day)) for day in _days(first + _DAY, last))

    def _spells(self, start: datetime, end: datetime | None = None) -> Iterator[tuple[datetime, datetime]]:
        """The spells from `start` to `end`, cut to it; of two that overlap (a night and the next morning), each minute once."""
        reached, gap = start, 0
        day = start.astimezone(self.hours.timezone).date() - _DAY
        while gap < _LONGEST_GAP_DAYS:
            gap += 1
            for begins, ends in self.hours.spells(day):
                begins, ends = max(begins, reached), ends if end is None else min(ends, end)
                if begins < ends:
                    yield begins, ends
                    reached, gap = ends, 0
            day += _DAY
            if end is not None and day > end.astimezone(self.hours.timezone).date():
                return


def calendar_time() -> WorkingTime:
    """Every moment counts."""
    return WorkingTime(always_open())


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += _DAY
