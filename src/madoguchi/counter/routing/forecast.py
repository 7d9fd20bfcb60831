"""How many contacts each hour of the next days will bring, from those of the past weeks. Pure.

A day is expected to bring what the same weekday brought (the median of eight, the mean where there are few), times how the last two weeks lay above or
below theirs, times what holidays and the days after them usually do. Its hours share it as they did on that weekday.
Compared with the plain rule "as in the same hour a week ago" by `error`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

Hour = tuple[date, int]
Counts = Mapping[Hour, float]
WEEKS = 8
_DAY = timedelta(days=1)
_FEW = 10.0  # contacts a day: below, the median of many empty days would be nothing
_LEVEL_DAYS = 14
_LEVEL_BOUNDS = (0.5, 2.0)
_FACTOR_BOUNDS = (0.1, 3.0)
_EVEN_HOURS = 20.0  # contacts with which the week's pattern speaks beside that of one weekday


@dataclass(frozen=True)
class Past:
    """Contacts by day and hour from `first` to `last` (both whole days); hours without any may be left out."""

    counts: Counts
    first: date
    last: date
    holidays: Collection[date] = frozenset()

    def total(self, day: date) -> float:
        return sum(self.counts.get((day, hour), 0.0) for hour in range(24))

    def is_plain(self, day: date) -> bool:
        """Neither a holiday nor the day after one."""
        return day not in self.holidays and day - _DAY not in self.holidays

    def days(self, before: date, number: int) -> list[date]:
        """The last plain days of the same weekday as `before`, the newest first."""
        found: list[date] = []
        day = before - 7 * _DAY
        while day >= self.first and len(found) < number:
            if day <= self.last and self.is_plain(day):
                found.append(day)
            day -= 7 * _DAY
        return found


def forecast(past: Past, days: Sequence[date]) -> dict[Hour, float]:
    """Contacts of every hour of these days; nothing at all where there is no past."""
    level = _level(past)
    holiday = _factor(past, lambda day: day in past.holidays)
    after = _factor(past, lambda day: day not in past.holidays and day - _DAY in past.holidays)
    found: dict[Hour, float] = {}
    for day in days:
        factor = holiday if day in past.holidays else after if day - _DAY in past.holidays else 1.0
        total = _usual(past, day) * level * factor
        for hour, share in enumerate(_shares(past, day)):
            found[day, hour] = total * share
    return found


def as_a_week_ago(past: Past, days: Sequence[date]) -> dict[Hour, float]:
    """The rule to be better than: the same hour of the newest week of the past."""
    found = {}
    for day in days:
        before = day - 7 * _DAY
        while before > past.last:
            before -= 7 * _DAY
        found.update({(day, hour): past.counts.get((before, hour), 0.0) for hour in range(24)})
    return found


def error(expected: Counts, real: Counts, days: Sequence[date]) -> float | None:
    """The sum of all differences for each contact that came; None where none came."""
    hours = [(day, hour) for day in days for hour in range(24)]
    came = sum(real.get(each, 0.0) for each in hours)
    if not came:
        return None
    return sum(abs(expected.get(each, 0.0) - real.get(each, 0.0)) for each in hours) / came


def _usual(past: Past, day: date) -> float:
    totals = [past.total(each) for each in past.days(day, WEEKS)]
    if not totals:
        return _mean_day(past)
    mean = sum(totals) / len(totals)
    return median(totals) if mean >= _FEW else mean


def _mean_day(past: Past) -> float:
    days = (past.last - past.first).days + 1
    return sum(past.counts.values()) / days if days > 0 else 0.0


def _level(past: Past) -> float:
    """How the last two weeks lay beside what their weekdays usually bring."""
    days = [past.last - each * _DAY for each in range(_LEVEL_DAYS)]
    plain = [day for day in days if day >= past.first and past.is_plain(day) and past.days(day, WEEKS)]
    usual = sum(_usual(past, day) for day in plain)
    return _within(sum(past.total(day) for day in plain) / usual, _LEVEL_BOUNDS) if usual else 1.0


def _factor(past: Past, applies: Callable[[date], bool]) -> float:
    """What days of a particular sort bring, for one that an ordinary day would; 1 where none is known."""
    days = [past.first + each * _DAY for each in range((past.last - past.first).days + 1)]
    seen = [
        past.total(day) / usual
        for day in days
        if applies(day) and past.days(day, WEEKS) and (usual := _usual(past, day))
    ]
    return _within(median(seen), _FACTOR_BOUNDS) if seen else 1.0


def _shares(past: Past, day: date) -> list[float]:
    """Of the day's contacts, by hour: as on this weekday, smoothed by the pattern of the whole week."""
    same = past.days(day, WEEKS)
    mine = [sum(past.counts.get((each, hour), 0.0) for each in same) for hour in range(24)]
    whole = [0.0] * 24
    for (_, hour), number in past.counts.items():
        whole[hour] += number
    every = sum(whole)
    if not every:
        return [1 / 24] * 24
    return [
        (own + _EVEN_HOURS * all_ / every) / (sum(mine) + _EVEN_HOURS)
        for own, all_ in zip(mine, whole, strict=True)
    ]


def _within(value: float, bounds: tuple[float, float]) -> float:
    return max(bounds[0], min(bounds[1], value))
