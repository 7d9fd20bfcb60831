"""When it is busy and when it is quiet, by hour and weekday: from the shop's own traffic of eight weeks (QUE-005, ADV-013).

Before there are four weeks of it, what is usual at most desks stands in: busy from 9 to 11 and from 18 to 21, all weekend, and
after sales and holidays; quiet early in the morning and late at night.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from madoguchi.engine.database import Transaction
from madoguchi.engine.texts import tr
from madoguchi.kit.clock import to_micros

Level = Literal["quiet", "usual", "busy"]
Slot = tuple[int, int]  # weekday (0: Monday) and hour
LOOKED_AT = timedelta(weeks=8)
ENOUGH = timedelta(weeks=4)
FEWEST = 100
DEFAULT_BUSY = frozenset((9, 10, 18, 19, 20))
_DEFAULT_WEEKEND_BUSY = frozenset(range(9, 21))
_DEFAULT_QUIET = frozenset((0, 1, 2, 3, 4, 5, 6, 7, 22, 23))
_SATURDAY = 5
_BUSY, _QUIET = 1.25, 0.75  # of the mean of the open hours
_HOUR = 3_600_000_000  # microseconds


@dataclass(frozen=True)
class Traffic:
    """Contacts opened by hour of the local day; `by_slot`: the mean for an hour of each weekday, without holidays.

    `own`: there is enough of it to go by. `after_holidays`: contacts of a day after a holiday, for one of an ordinary
    day of the same weekday; None where there was none.
    """

    by_hour: Mapping[int, int]
    own: bool
    by_slot: Mapping[Slot, float] = field(default_factory=dict)
    after_holidays: float | None = None


def traffic(tx: Transaction, zone: ZoneInfo, holidays: Collection[date] = frozenset()) -> Traffic:
    since = to_micros(tx.now - LOOKED_AT)
    cursor = tx.driver(
        f"SELECT opened_at / {_HOUR} AS bucket, COUNT(*) FROM contact WHERE opened_at >= ? GROUP BY opened_at / {_HOUR}",
        (since,),
    )
    rows = [
        (datetime.fromtimestamp(int(bucket) * 3600, zone), int(number))
        for bucket, number in cursor.fetchall()
    ]
    cursor.close()
    counted: Counter[int] = Counter()
    by_day: Counter[date] = Counter()
    slots: Counter[Slot] = Counter()
    for at, number in rows:
        counted[at.hour] += number
        by_day[at.date()] += number
        if at.date() not in holidays:
            slots[at.weekday(), at.hour] += number
    oldest = min((at for at, _ in rows), default=None)
    long_enough = oldest is not None and tx.now - oldest >= ENOUGH
    days = _days(oldest.date(), tx.now.astimezone(zone).date()) if oldest else []
    plain = Counter(day.weekday() for day in days if day not in holidays)
    return Traffic(
        counted,
        own=long_enough and counted.total() >= FEWEST,
        by_slot={slot: number / max(1, plain[slot[0]]) for slot, number in slots.items()},
        after_holidays=_after_holidays(by_day, days, holidays),
    )


def levels(found: Traffic, open_slots: Collection[Slot]) -> dict[Slot, Level]:
    """How busy each open hour of the week usually is."""
    if not found.own:
        return {slot: _usual_level(slot) for slot in open_slots}
    mean = sum(found.by_slot.get(slot, 0.0) for slot in open_slots) / max(1, len(open_slots))
    return {slot: _level(found.by_slot.get(slot, 0.0), mean) for slot in open_slots}


def _level(number: float, mean: float) -> Level:
    return "busy" if number > _BUSY * mean else "quiet" if number < _QUIET * mean else "usual"


def _usual_level(slot: Slot) -> Level:
    weekday, hour = slot
    if hour in (_DEFAULT_WEEKEND_BUSY if weekday >= _SATURDAY else DEFAULT_BUSY):
        return "busy"
    return "quiet" if hour in _DEFAULT_QUIET else "usual"


def _days(first: date, last: date) -> list[date]:
    """Whole days: the last one has not ended."""
    return [first + timedelta(days=each) for each in range((last - first).days)]


def _after_holidays(
    by_day: Mapping[date, int], days: Collection[date], holidays: Collection[date]
) -> float | None:
    before = timedelta(days=1)
    after = [day for day in days if day not in holidays and day - before in holidays]
    plain = [day for day in days if day not in holidays and day - before not in holidays]
    ratios = []
    for day in after:
        same = [by_day.get(each, 0) for each in plain if each.weekday() == day.weekday()]
        if same and sum(same):
            ratios.append(by_day.get(day, 0) * len(same) / sum(same))
    return sum(ratios) / len(ratios) if ratios else None


def after_holidays_text(found: Traffic, language: str) -> str:
    """That days after holidays and sales are busier, where they are, or are thought to be; "" where they are not."""
    busier = not found.own or (found.after_holidays is not None and found.after_holidays > _BUSY)
    return (
        tr(language, "It is busier on the days after holidays and during and after sales.") if busier else ""
    )


def busy_and_quiet(found: Traffic, open_hours: Collection[int]) -> tuple[list[int], list[int]]:
    """Hours of the desk's day, each in order."""
    hours = sorted(open_hours)
    if not found.own:
        busy = [hour for hour in hours if hour in DEFAULT_BUSY]
        return busy, [hour for hour in hours if hour not in DEFAULT_BUSY] if busy else []
    mean = sum(found.by_hour.get(hour, 0) for hour in hours) / max(1, len(hours))
    return (
        [hour for hour in hours if found.by_hour.get(hour, 0) > _BUSY * mean],
        [hour for hour in hours if found.by_hour.get(hour, 0) < _QUIET * mean],
    )


def text(found: Traffic, open_hours: Collection[int], language: str) -> str:
    """Both in a line; empty where all hours are alike."""
    busy, quiet = busy_and_quiet(found, open_hours)
    if not busy or not quiet:
        return ""
    return tr(
        language,
        "Usually busy: {busy}. Usually quieter: {quiet}.",
        busy=_spans(busy, language),
        quiet=_spans(quiet, language),
    )


def _spans(hours: Iterable[int], language: str) -> str:
    """9:00–11:00, 18:00–21:00"""
    spans: list[list[int]] = []
    for hour in hours:
        if spans and spans[-1][1] == hour:
            spans[-1][1] = hour + 1
        else:
            spans.append([hour, hour + 1])
    between = ", " if language in ("en", "ko") else "、"
    return between.join(f"{first}:00–{last}:00" for first, last in spans)
