"""Calendars as a CSV file: a line for each weekday and each special day. What a file names becomes as the file says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from madoguchi.counter.actors import Actor
from madoguchi.counter.calendars import queries, service
from madoguchi.counter.calendars.model import DESK, PHONE, Calendar, CalendarDay
from madoguchi.counter.hours import DAYS
from madoguchi.counter.problems import Invalid
from madoguchi.engine.database import Transaction
from madoguchi.kit.languages import NAMES
from madoguchi.kit.sheets import Change, Fault, Line, differences

HEADINGS = ("calendar", "name", "timezone", "country", "day", "hours", *(f"reason_{each}" for each in NAMES))
YEARLY = "yearly "


@dataclass(frozen=True)
class Wanted:
    """A calendar as the file has it; `line`: where it begins there."""

    line: int
    calendar: Calendar
    lines: dict[str, int] = field(default_factory=dict)  # field → its line


def rows(found: Sequence[Calendar]) -> list[list[str]]:
    """The lines of these calendars, below `HEADINGS`."""
    return [
        [each.id, each.name, each.timezone, each.country, day, hours, *(reason.get(one, "") for one in NAMES)]
        for each in found
        for day, hours, reason in _days(each)
    ]


def read(tx: Transaction, lines: Sequence[Line], timezone: str) -> tuple[list[Wanted], list[Fault]]:
    """What the file asks for. `timezone`: of calendars that name none and have none yet."""
    kept = {each.id: each for each in queries.calendars(tx)}
    wanted: dict[str, Wanted] = {}
    faults: list[Fault] = []
    for line in lines:
        name = line["calendar"]
        if not name:
            faults.append(Fault(line.number, "calendar", "cell_missing"))
            continue
        if name not in wanted:
            before = kept.get(name)
            fresh = Calendar(
                name,
                line["name"] or (before.name if before else ""),
                line["timezone"] or (before.timezone if before else timezone),
                ["closed"] * 7,
                line["country"],
                before.version if before else 0,
            )
            wanted[name] = Wanted(line.number, fresh)
        try:
            wanted[name] = _with_line(wanted[name], line)
        except ValueError:
            faults.append(Fault(line.number, "day", "day_unreadable"))
    found = list(wanted.values())
    return found, [*faults, *(fault for each in found for fault in _faults(each))]


def changes(tx: Transaction, wanted: Sequence[Wanted]) -> list[Change]:
    """What would be different; calendars that stay as they are are left out."""
    kept = {each.id: each for each in queries.calendars(tx)}
    found = []
    for each in wanted:
        old = kept.get(each.calendar.id)
        before, after = differences(_told(old) if old else {}, _told(each.calendar))
        if before or after:
            found.append(Change(each.calendar.name or each.calendar.id, before, after, new=old is None))
    return found


def apply(tx: Transaction, actor: Actor, wanted: Sequence[Wanted]) -> None:
    """Make the calendars so. Raises Invalid, and then nothing of the file is done."""
    for each in wanted:
        given, old = each.calendar, queries.find(tx, each.calendar.id)
        if old is not None and _told(old) == _told(given):
            continue
        service.save(
            tx,
            actor,
            calendar_id=given.id,
            name=given.name,
            timezone=given.timezone,
            week=given.week,
            country=given.country,
            version=old.version if old else 0,
        )
        for day in old.days if old else []:
            service.remove_day(tx, actor, day.id)
        for day in given.days:
            service.add_day(
                tx,
                actor,
                given.id,
                first=day.first,
                last=day.last,
                yearly=day.yearly,
                spans=day.spans,
                reason=day.reason,
            )


def _days(each: Calendar) -> list[tuple[str, str, dict[str, str]]]:
    week: list[tuple[str, str, dict[str, str]]] = [
        (day, hours, {}) for day, hours in zip(DAYS, each.week, strict=True)
    ]
    return week + [(_named(day), day.spans, day.reason) for day in each.days]


def _named(day: CalendarDay) -> str:
    """`2026-12-31`, `2026-12-31/2027-01-03`, `yearly 2026-12-31/2027-01-03`."""
    dates = day.first if day.first == day.last else f"{day.first}/{day.last}"
    return f"{YEARLY}{dates}" if day.yearly else dates


def _with_line(found: Wanted, line: Line) -> Wanted:
    """Raises ValueError for a day that is neither a weekday nor a date."""
    day, hours = line["day"].lower(), _as_kept(line["hours"])
    if day in DAYS:
        week = [hours if each == day else old for each, old in zip(DAYS, found.calendar.week, strict=True)]
        return replace(
            found, calendar=replace(found.calendar, week=week), lines={**found.lines, day: line.number}
        )
    yearly = day.startswith(YEARLY)
    first, _, last = day.removeprefix(YEARLY).partition("/")
    reason = {each: line[f"reason_{each}".lower()] for each in NAMES if line[f"reason_{each}".lower()]}
    added = CalendarDay("", found.calendar.id, _iso(first), _iso(last or first), yearly, hours, reason)
    calendar = replace(found.calendar, days=[*found.calendar.days, added])
    return replace(found, calendar=calendar, lines={**found.lines, _named(added): line.number})


def _as_kept(hours: str) -> str:
    """What cannot be read stays as it is; `_faults` tells of it."""
    try:
        return service.checked_spans(hours, "hours")
    except Invalid:
        return hours


def _iso(text: str) -> str:
    return date.fromisoformat(text.strip()).isoformat()


def _faults(each: Wanted) -> list[Fault]:
    """What the verbs would refuse, found before anything is written."""
    given = each.calendar
    about: list[tuple[str, Callable[[str], str], str]] = [
        ("calendar", service.checked_id, given.id),
        ("timezone", service.checked_zone, given.timezone),
        ("country", service.checked_country, given.country),
    ]
    found = [
        Fault(each.line, column, code) for column, check, text in about if (code := _refused(check, text))
    ]
    if not given.name and given.id not in (DESK, PHONE):
        found.append(Fault(each.line, "name", "name_missing"))
    hours = [*zip(DAYS, given.week, strict=True), *((_named(day), day.spans) for day in given.days)]
    for day, text in hours:
        if code := _refused(lambda spans: service.checked_spans(spans, "hours"), text):
            found.append(Fault(each.lines.get(day, each.line), "hours", code))
    for special in given.days:
        if not special.first <= special.last:
            found.append(Fault(each.lines.get(_named(special), each.line), "day", "last_before_first"))
    return found


def _refused(check: Callable[[str], str], text: str) -> str:
    """The code with which the text is refused; empty where it is not."""
    try:
        check(text)
    except Invalid as problem:
        return problem.code
    return ""


def _told(each: Calendar) -> dict[str, str]:
    days = {f"{day}": hours for day, hours, _ in _days(each)}
    reasons = {
        f"{_named(day)} ({language})": text for day in each.days for language, text in day.reason.items()
    }
    return {"name": each.name, "timezone": each.timezone, "country": each.country, **days, **reasons}
