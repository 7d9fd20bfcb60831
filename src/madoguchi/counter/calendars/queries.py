"""Reading calendars, special days and rules."""

from __future__ import annotations

from sqlalchemy import select

from madoguchi.counter.calendars.model import (
    Calendar,
    CalendarDay,
    HoursRule,
    calendar,
    calendar_day,
    hours_rule,
)
from madoguchi.engine.database import Transaction


def calendars(tx: Transaction) -> list[Calendar]:
    """Those that have a row, by id, each with its special days by date."""
    days: dict[str, list[CalendarDay]] = {}
    for row in tx.all(select(calendar_day).order_by(calendar_day.c.first, calendar_day.c.id)):
        days.setdefault(row.calendar_id, []).append(CalendarDay(**row._mapping))
    rows = tx.all(select(calendar).order_by(calendar.c.id))
    return [Calendar(**row._mapping, days=days.get(row.id, [])) for row in rows]


def find(tx: Transaction, calendar_id: str) -> Calendar | None:
    return next((each for each in calendars(tx) if each.id == calendar_id), None)


def day(tx: Transaction, day_id: str) -> CalendarDay | None:
    row = tx.first(select(calendar_day).where(calendar_day.c.id == day_id))
    return CalendarDay(**row._mapping) if row else None


def rules(tx: Transaction) -> list[HoursRule]:
    """In the order in which a page lists them."""
    order = (hours_rule.c.queue, hours_rule.c.channel, hours_rule.c.language, hours_rule.c.segment)
    return [HoursRule(**row._mapping) for row in tx.all(select(hours_rule).order_by(*order))]
