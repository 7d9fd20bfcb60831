"""The verbs of calendars: set one, its special days, its rules. Each is audited with what was before; none commits."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import delete, insert, update

from madoguchi.counter.actors import Actor
from madoguchi.counter.calendars import queries
from madoguchi.counter.calendars.loading import token_of
from madoguchi.counter.calendars.model import (
    DESK,
    PHONE,
    Calendar,
    CalendarDay,
    HoursRule,
    calendar,
    calendar_day,
    calendar_state,
    hours_rule,
)
from madoguchi.counter.hours import DAYS, HoursError, national_holidays, parse_spans, written_spans
from madoguchi.counter.problems import Conflict, Invalid, NotFound
from madoguchi.engine import audit
from madoguchi.engine.database import Transaction
from madoguchi.kit.ids import new_id
from madoguchi.kit.text import normalise

_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,38}")
_LONGEST_SPAN_DAYS = 366
WAKE = "routing"  # who waits is told anew


def save(
    tx: Transaction,
    actor: Actor,
    *,
    calendar_id: str,
    name: str,
    timezone: str,
    week: Sequence[str],
    country: str = "",
    version: int = 0,
) -> Calendar:
    """Make a calendar (`version` 0) or change the version that was seen.

    Raises Invalid with the field (id, name, timezone, a day's name, country), Conflict("changed_meanwhile").
    """
    checked_id(calendar_id)
    if not name.strip() and calendar_id not in (DESK, PHONE):
        raise Invalid("name_missing", field="name")
    values = {
        "name": normalise(name).strip()[:120],
        "timezone": checked_zone(timezone),
        "week": _checked_week(week),
        "country": checked_country(country),
    }
    tx.lock("calendars")
    before = queries.find(tx, calendar_id)
    if (before.version if before else 0) != version:
        raise Conflict("changed_meanwhile")
    if before is None:
        tx.execute(insert(calendar).values(id=calendar_id, version=1, **values))
    else:
        tx.execute(update(calendar).where(calendar.c.id == calendar_id).values(version=version + 1, **values))
    old = {key: getattr(before, key) for key in values} if before else {}
    _changed(tx, actor, "calendar.saved", calendar_id, before=old, after=values)
    found = queries.find(tx, calendar_id)
    assert found is not None
    return found


def remove(tx: Transaction, actor: Actor, calendar_id: str) -> None:
    """Take a calendar away, with its days. Raises NotFound, Conflict("calendar_in_use") while a rule names it."""
    tx.lock("calendars")
    before = queries.find(tx, calendar_id)
    if before is None:
        raise NotFound("not_found")
    if any(rule.calendar_id == calendar_id for rule in queries.rules(tx)) and calendar_id not in (
        DESK,
        PHONE,
    ):
        raise Conflict("calendar_in_use")
    tx.execute(delete(calendar_day).where(calendar_day.c.calendar_id == calendar_id))
    tx.execute(delete(calendar).where(calendar.c.id == calendar_id))
    _changed(tx, actor, "calendar.removed", calendar_id, before=asdict(before), after={})


def add_day(
    tx: Transaction,
    actor: Actor,
    calendar_id: str,
    *,
    first: str,
    last: str = "",
    yearly: bool = False,
    spans: str = "closed",
    reason: Mapping[str, str] | None = None,
) -> CalendarDay:
    """Other hours, or none, from one date to another. Raises Invalid with the field, NotFound for the calendar."""
    starts = _checked_date(first, "first")
    ends = _checked_date(last or first, "last")
    if not 0 <= (ends - starts).days < _LONGEST_SPAN_DAYS:
        raise Invalid("last_before_first", field="last")
    if queries.find(tx, calendar_id) is None:
        raise NotFound("not_found")
    found = CalendarDay(
        id=new_id("day"),
        calendar_id=calendar_id,
        first=starts.isoformat(),
        last=ends.isoformat(),
        yearly=yearly,
        spans=checked_spans(spans, "spans"),
        reason={key: normalise(text).strip() for key, text in (reason or {}).items() if text.strip()},
    )
    tx.execute(insert(calendar_day).values(**asdict(found)))
    _changed(tx, actor, "calendar.day_added", calendar_id, before={}, after=asdict(found))
    return found


def remove_day(tx: Transaction, actor: Actor, day_id: str) -> None:
    """Raises NotFound."""
    before = queries.day(tx, day_id)
    if before is None:
        raise NotFound("not_found")
    tx.execute(delete(calendar_day).where(calendar_day.c.id == day_id))
    _changed(tx, actor, "calendar.day_removed", before.calendar_id, before=asdict(before), after={})


def add_rule(
    tx: Transaction,
    actor: Actor,
    calendar_id: str,
    *,
    queue: str = "",
    channel: str = "",
    language: str = "",
    segment: str = "",
) -> HoursRule:
    """This calendar for these. A rule for the same is replaced. Raises Invalid for one that names nothing."""
    if not (queue or channel or language or segment):
        raise Invalid("rule_empty", field="rule")
    if calendar_id not in (DESK, PHONE) and queries.find(tx, calendar_id) is None:
        raise Invalid("unknown_calendar", field="calendar")
    tx.lock("calendars")
    found = HoursRule(new_id("hrs"), queue, channel, language, segment, calendar_id)
    same = [rule for rule in queries.rules(tx) if _names(rule) == _names(found)]
    for rule in same:
        tx.execute(delete(hours_rule).where(hours_rule.c.id == rule.id))
    tx.execute(insert(hours_rule).values(**asdict(found)))
    old = asdict(same[0]) if same else {}
    _changed(tx, actor, "hours_rule.set", found.id, before=old, after=asdict(found))
    return found


def remove_rule(tx: Transaction, actor: Actor, rule_id: str) -> None:
    """Raises NotFound."""
    before = next((rule for rule in queries.rules(tx) if rule.id == rule_id), None)
    if before is None:
        raise NotFound("not_found")
    tx.execute(delete(hours_rule).where(hours_rule.c.id == rule_id))
    _changed(tx, actor, "hours_rule.removed", rule_id, before=asdict(before), after={})


def _names(rule: HoursRule) -> tuple[str, str, str, str]:
    return rule.queue, rule.channel, rule.language, rule.segment


def _changed(tx: Transaction, actor: Actor, action: str, object_id: str, *, before: Any, after: Any) -> None:
    """Whoever has read the calendars reads them anew from the commit on."""
    fresh = new_id("cal")
    if token_of(tx):
        tx.execute(update(calendar_state).where(calendar_state.c.id == 1).values(token=fresh))
    else:
        tx.execute(insert(calendar_state).values(id=1, token=fresh))
    audit.record(
        tx,
        actor_kind=actor.kind,
        actor_id=actor.id,
        action=action,
        object_kind="calendar",
        object_id=object_id,
        before=before,
        after=after,
    )
    tx.wake(WAKE, "inbox")


def checked_id(calendar_id: str) -> str:
    """Raises Invalid("id_unusable")."""
    if not _ID.fullmatch(calendar_id):
        raise Invalid("id_unusable", field="id")
    return calendar_id


def checked_zone(timezone: str) -> str:
    """The name of a time zone. Raises Invalid("unknown_timezone")."""
    try:
        return ZoneInfo(timezone.strip()).key
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Invalid("unknown_timezone", field="timezone") from error


def checked_country(country: str) -> str:
    """Two capital letters, or none. Raises Invalid("unknown_country")."""
    wanted = country.strip().upper()
    try:
        if wanted:
            national_holidays(wanted)
    except HoursError as error:
        raise Invalid("unknown_country", field="country") from error
    return wanted


def _checked_week(week: Sequence[str]) -> list[str]:
    return [checked_spans(text, day) for text, day in zip(week, DAYS, strict=True)]


def checked_spans(text: str, field: str) -> str:
    """As it is kept: `09:00-12:00, 13:00-18:00` or `closed`. Raises Invalid("spans_unreadable")."""
    written = normalise(text).strip()
    try:
        spans = parse_spans(written)
    except HoursError as error:
        raise Invalid("spans_unreadable", field=field) from error
    return written_spans(spans)


def _checked_date(text: str, field: str) -> date:
    try:
        return date.fromisoformat(normalise(text).strip())
    except ValueError as error:
        raise Invalid("date_unreadable", field=field) from error
