"""Calendars with their special days, and the rules that say for whom each of them holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, UniqueConstraint

from madoguchi.engine.ownership import OfHouse, belongs
from madoguchi.engine.schema import JsonText, metadata

DESK, PHONE = (
    "desk",
    "phone",
)  # the two that every house has; without a row they are as the settings file says

calendar = Table(
    "calendar",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("name", String(120), nullable=False),
    Column("timezone", String(60), nullable=False),
    Column("week", JsonText, nullable=False),  # seven texts, Monday first: "09:00-12:00, 13:00-18:00"
    Column("country", String(2), nullable=False),  # closed on its public holidays; "": on none
    Column("version", Integer, nullable=False),
    info=belongs(OfHouse("When somebody is at the desk.")),
)

calendar_day = Table(
    "calendar_day",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("calendar_id", String(40), nullable=False),
    Column("first", String(10), nullable=False),  # ISO date
    Column("last", String(10), nullable=False),
    Column("yearly", Boolean, nullable=False),
    Column("spans", String(200), nullable=False),  # "closed", or hours of its own
    Column("reason", JsonText, nullable=False),  # {language: text}
    Index("ix_calendar_day_calendar", "calendar_id", "first"),
    info=belongs(OfHouse("Days on which the desk is closed or has other hours.")),
)

hours_rule = Table(
    "hours_rule",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("queue", String(40), nullable=False),
    Column("channel", String(20), nullable=False),
    Column("language", String(10), nullable=False),
    Column("segment", String(40), nullable=False),
    Column("calendar_id", String(40), nullable=False),
    UniqueConstraint("queue", "channel", "language", "segment", name="uq_hours_rule"),
    info=belongs(OfHouse("Which calendar holds for whom.")),
)

calendar_state = Table(
    "calendar_state",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("token", String(60), nullable=False),  # another one with every change
    info=belongs(OfHouse("Whether calendars have changed.")),
)


@dataclass(frozen=True)
class CalendarDay:
    """A date or a span of dates, both ends in it; `yearly`: in every year. Columns as in the table."""

    id: str
    calendar_id: str
    first: str
    last: str
    yearly: bool
    spans: str
    reason: dict[str, str]

    def dates(self, years: range) -> list[date]:
        """Every date that it covers; of a yearly one in each of these years. 29 February comes in leap years only."""
        first, last = date.fromisoformat(self.first), date.fromisoformat(self.last)
        length = (last - first).days + 1
        starts = [_in_year(first, year) for year in years] if self.yearly else [first]
        return [start + timedelta(days=day) for start in starts if start for day in range(length)]


@dataclass(frozen=True)
class Calendar:
    """Columns as in the table; `version` 0: it has no row, and is as the settings file says."""

    id: str
    name: str
    timezone: str
    week: list[str]
    country: str
    version: int
    days: list[CalendarDay] = field(default_factory=list)


@dataclass(frozen=True)
class HoursRule:
    """For whom a calendar holds; an empty field: for any. `language` `zh` means both scripts."""

    id: str
    queue: str
    channel: str
    language: str
    segment: str
    calendar_id: str

    @property
    def weight(self) -> tuple[int, int]:
        """The more fields it names the more it counts; among as many, queue before way before language before segment."""
        named = [bool(each) for each in (self.queue, self.channel, self.language, self.segment)]
        return sum(named), int("".join(str(int(each)) for each in named), 2)


def _in_year(day: date, year: int) -> date | None:
    try:
        return day.replace(year=year)
    except ValueError:
        return None
