"""The best time to contact us, for page and API: a line of words and how busy each open hour of the week usually is (QUE-005)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

from madoguchi.counter.hours import Hours, holidays_of
from madoguchi.counter.routing import quiet
from madoguchi.engine.database import Database
from madoguchi.engine.settings import Settings
from madoguchi.engine.texts import tr

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_WORDS = {"quiet": "Quiet", "usual": "Neither quiet nor crowded", "busy": "Crowded"}
_KEPT_FOR = timedelta(hours=1)
_traffic: WeakKeyDictionary[Database, tuple[datetime, quiet.Traffic]] = WeakKeyDictionary()


@dataclass(frozen=True)
class Cell:
    """An hour of a weekday. `level` is empty while nobody is at the desk."""

    level: str
    words: str


@dataclass(frozen=True)
class BestTime:
    """`text`, `after_holidays`: in words, "" where there is nothing to say. `rows`: hour and its seven days from Monday;
    `days`: what these are called. `own`: reckoned from the shop's own traffic.
    """

    text: str
    after_holidays: str
    days: tuple[str, ...]
    rows: tuple[tuple[int, tuple[Cell, ...]], ...]
    own: bool


def best_time(database: Database, settings: Settings, hours: Hours, language: str) -> BestTime:
    """For people who are there at these hours; the traffic is counted anew once an hour."""
    found = _counted(database, settings)
    zone = ZoneInfo(settings.shop.timezone)
    slots = _open_slots(hours, database.clock().astimezone(zone))
    levels = quiet.levels(found, slots)
    closed = Cell("", tr(language, "Outside the hours"))
    cells: dict[quiet.Slot, Cell] = {
        slot: Cell(level, tr(language, _WORDS[level])) for slot, level in levels.items()
    }
    open_hours = sorted({hour for _, hour in slots})
    return BestTime(
        text=quiet.text(found, open_hours, language),
        after_holidays=quiet.after_holidays_text(found, language),
        days=tuple(tr(language, day) for day in DAYS),
        rows=tuple((hour, tuple(cells.get((day, hour), closed) for day in range(7))) for hour in open_hours),
        own=found.own,
    )


def is_busy_now(database: Database, settings: Settings, hours: Hours) -> bool:
    """Whether it usually is at this hour of the week, for people who are there at these hours."""
    now = database.clock().astimezone(ZoneInfo(settings.shop.timezone))
    levels = quiet.levels(_counted(database, settings), _open_slots(hours, now))
    return levels.get((now.weekday(), now.hour)) == "busy"


def best_time_out(found: BestTime) -> dict[str, Any]:
    """As the API and the command line say it."""
    return {
        "text": found.text,
        "after_holidays_text": found.after_holidays,
        "own_traffic": found.own,
        "days": list(found.days),
        "hours": [
            {
                "hour": hour,
                "levels": [cell.level or "closed" for cell in cells],
                "words": [cell.words for cell in cells],
            }
            for hour, cells in found.rows
        ],
    }


def _counted(database: Database, settings: Settings) -> quiet.Traffic:
    now = database.clock()
    counted_at, found = _traffic.get(database, (None, None))
    if found is None or counted_at is None or not timedelta(0) <= now - counted_at < _KEPT_FOR:
        found = database.read(quiet.traffic, ZoneInfo(settings.shop.timezone), holidays_of(settings))
        _traffic[database] = (now, found)
    return found


def _open_slots(hours: Hours, now: datetime) -> set[quiet.Slot]:
    """Of the coming week, looked at in the middle of each hour; a slot that a holiday closes counts as its weekday is."""
    midnight = now.replace(hour=0, minute=30, second=0, microsecond=0)
    week = [midnight + timedelta(hours=hour) for hour in range(24 * 14)]
    return {(moment.weekday(), moment.hour) for moment in week if hours.is_open(moment)}
