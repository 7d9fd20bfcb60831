"""When money comes back: business days with the public holidays of Japan, and the clock of each tender. Pure.

Two clocks run one after the other (C-05): from the arrival of the goods until the refund is sent (PAY-011), and
from sending until the customer has it (PAY-009); a card adds the day by which the statement shows it (PAY-010).
Holidays follow the Act on National Holidays (Act No. 178 of 1948) as it stands since 2022; the equinoxes follow the
approximation that holds from 1980 to 2099.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from madoguchi.counter.orders.model import Tender
from madoguchi.counter.orders.rules import CalendarRules, Rules, Span

_DAY = timedelta(days=1)
_MONDAY = 0
_SUNDAY = 6
_FIXED = ((1, 1), (2, 11), (2, 23), (4, 29), (5, 3), (5, 4), (5, 5), (8, 11), (11, 3), (11, 23))
_HAPPY_MONDAYS = ((1, 2), (7, 3), (9, 3), (10, 2))  # month, which Monday of it


@dataclass(frozen=True)
class RefundExpectation:
    """The customer has the money between `earliest` and `latest`; a statement shows it by `statement_by`."""

    earliest: date
    latest: date
    statement_by: date | None = None


def expected(tender: Tender, start: datetime, rules: Rules) -> RefundExpectation:
    """From the moment at which a refund is sent until the customer has it, by tender (PAY-009, PAY-010)."""
    clock = rules.refund.tenders[tender]
    day = start.astimezone(rules.zone).date()
    earliest, latest = span_after(day, clock, rules.calendar)
    if clock.statement_days is None:
        return RefundExpectation(earliest, latest)
    return RefundExpectation(earliest, latest, max(latest, day + timedelta(days=clock.statement_days)))


def sent_after_arrival(arrival: datetime, rules: Rules, *, marketplace: bool) -> tuple[date, date]:
    """The days between which the refund of goods that arrived at `arrival` is sent (PAY-011)."""
    span = rules.refund.after_arrival_marketplace if marketplace else rules.refund.after_arrival
    return span_after(arrival.astimezone(rules.zone).date(), span, rules.calendar)


def expected_after_arrival(
    tender: Tender, arrival: datetime, rules: Rules, *, marketplace: bool
) -> RefundExpectation:
    """Both clocks one after the other: from the warehouse's scan until the customer has the money."""
    first, last = sent_after_arrival(arrival, rules, marketplace=marketplace)
    clock = rules.refund.tenders[tender]
    earliest, _ = span_after(first, clock, rules.calendar)
    _, latest = span_after(last, clock, rules.calendar)
    if clock.statement_days is None:
        return RefundExpectation(earliest, latest)
    return RefundExpectation(earliest, latest, max(latest, last + timedelta(days=clock.statement_days)))


def span_after(day: date, span: Span, calendar: CalendarRules) -> tuple[date, date]:
    if span.business_days:
        return add_business_days(day, span.low, calendar), add_business_days(day, span.high, calendar)
    return day + timedelta(days=span.low), day + timedelta(days=span.high)


def add_business_days(day: date, count: int, calendar: CalendarRules) -> date:
    """The `count`-th business day after `day`; with 0 the day itself, or the next business day."""
    while count > 0:
        day += _DAY
        if is_business_day(day, calendar):
            count -= 1
    while not is_business_day(day, calendar):
        day += _DAY
    return day


def is_business_day(day: date, calendar: CalendarRules) -> bool:
    if day in calendar.opened:
        return True
    if day in calendar.closed or day.isoweekday() in calendar.weekend:
        return False
    return calendar.holidays != "japan" or day not in japanese_holidays(day.year)


@lru_cache(maxsize=32)
def japanese_holidays(year: int) -> frozenset[date]:
    """The public holidays of a year, substitute and in-between holidays included."""
    days = {date(year, month, day) for month, day in _FIXED}
    days |= {_nth_monday(year, month, which) for month, which in _HAPPY_MONDAYS}
    days |= {vernal_equinox(year), autumnal_equinox(year)}
    between = {day + _DAY for day in days if _is_between_two_holidays(day + _DAY, days)}
    return frozenset(days | between | _substitutes(days))


def vernal_equinox(year: int) -> date:
    return date(year, 3, int(20.8431 + 0.242194 * (year - 1980) - (year - 1980) // 4))


def autumnal_equinox(year: int) -> date:
    return date(year, 9, int(23.2488 + 0.242194 * (year - 1980) - (year - 1980) // 4))


def _nth_monday(year: int, month: int, which: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(_MONDAY - first.weekday()) % 7 + 7 * (which - 1))


def _is_between_two_holidays(day: date, days: set[date]) -> bool:
    """Article 3 (3): a day with a holiday before and after it is free, unless it is a holiday itself."""
    return day not in days and day - _DAY in days and day + _DAY in days and day.weekday() != _SUNDAY


def _substitutes(days: set[date]) -> set[date]:
    """Article 3 (2): a holiday on a Sunday frees the next day that is not a holiday."""
    found: set[date] = set()
    for day in days:
        if day.weekday() != _SUNDAY:
            continue
        while day in days:
            day += _DAY
        found.add(day)
    return found
