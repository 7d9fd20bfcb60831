"""A report's address: period, comparison, filters. The address is the report; a saved one is its address with a name.

Periods like "the last 30 days" move with the calendar, so that a saved or mailed report is always of now. Days are those
of the shop's zone; today, which is not over, is in no moving period.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from urllib.parse import urlencode

from madoguchi.counter.reports.cells import Span, month_after
from madoguchi.counter.reports.gathering import Asked
from madoguchi.counter.reports.model import DIMENSIONS, Dimension

PERIODS = {
    "yesterday": "Yesterday",
    "7": "Last 7 days",
    "30": "Last 30 days",
    "90": "Last 90 days",
    "365": "Last 365 days",
    "last_week": "Last week, from Monday",
    "last_month": "Last month",
    "own": "Own dates",
}
AGAINST = {
    "": "Nothing",
    "before": "The same time before",
    "year": "A year earlier",
    "own": "Own dates for comparison",
}
USUAL = "30"
_LONGEST_DAYS = 1100
NAMES = ("period", "first", "last", "against", "first2", "last2", *DIMENSIONS, "agent", "by")


@dataclass(frozen=True)
class Question:
    """What a reader asks. `wrong`: message ids about dates that cannot be used; then the usual period stands in."""

    asked: Asked
    against: Asked | None
    period: str
    compare: str
    by: Dimension
    typed: Mapping[str, str] = field(default_factory=dict)
    wrong: tuple[str, ...] = ()

    def address(self, **changed: str) -> str:
        """The query of this report, with some values changed; without values that say nothing."""
        return address_of({**self.typed, **changed})


def address_of(values: Mapping[str, str]) -> str:
    return urlencode({name: values[name] for name in NAMES if values.get(name)})


def question(query: Mapping[str, str], today: date) -> Question:
    """Read an address; what is not known in it is left out."""
    typed = {name: query[name].strip()[:100] for name in NAMES if query.get(name)}
    wrong: list[str] = []
    period = typed.get("period", USUAL)
    period = period if period in PERIODS else USUAL
    span = _own(typed, "first", "last", wrong) if period == "own" else _moving(period, today)
    if span is None:
        period, span = USUAL, _moving(USUAL, today)
    where: dict[Dimension, str] = {name: typed[name] for name in DIMENSIONS if typed.get(name)}
    where = {name: "" if value == "-" else value for name, value in where.items()}
    asked = Asked(span, where, typed.get("agent", ""))
    compare = typed.get("against", "")
    other = _other(compare, span, typed, wrong)
    by: Dimension = next((name for name in DIMENSIONS if name == typed.get("by")), "channel")
    return Question(
        asked=asked,
        against=Asked(other, where, asked.agent) if other else None,
        period=period,
        compare=compare if other else "",
        by=by,
        typed=typed,
        wrong=tuple(wrong),
    )


def _moving(period: str, today: date) -> Span:
    yesterday = today - timedelta(days=1)
    if period == "yesterday":
        return Span(yesterday, yesterday)
    if period == "last_week":
        monday = today - timedelta(days=today.weekday() + 7)
        return Span(monday, monday + timedelta(days=6))
    if period == "last_month":
        last = today.replace(day=1) - timedelta(days=1)
        return Span(last.replace(day=1), last)
    return Span(today - timedelta(days=int(period)), yesterday)


def _other(compare: str, span: Span, typed: Mapping[str, str], wrong: list[str]) -> Span | None:
    if compare == "before":
        whole_month = span.first.day == 1 and span.last == month_after(span.first) - timedelta(days=1)
        return _moving("last_month", span.first) if whole_month else span.before
    if compare == "year":
        return Span(_year_earlier(span.first), _year_earlier(span.last))
    return _own(typed, "first2", "last2", wrong) if compare == "own" else None


def _year_earlier(day: date) -> date:
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def _own(typed: Mapping[str, str], first: str, last: str, wrong: list[str]) -> Span | None:
    try:
        span = Span(date.fromisoformat(typed.get(first, "")), date.fromisoformat(typed.get(last, "")))
    except ValueError:
        wrong.append("Enter two dates, the first one not after the last one.")
        return None
    if span.days > _LONGEST_DAYS or not 2000 <= span.first.year <= 2100 or span.last.year > 2100:
        wrong.append("A report is of three years at most.")
        return None
    return span
