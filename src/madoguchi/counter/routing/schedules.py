"""Schedules of agents: reading them, who is planned at a time, and the verbs that change them. None commits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Column, Index, Integer, String, Table, delete, insert, select, update

from madoguchi.counter.actors import Actor
from madoguchi.counter.hours import DAYS, HoursError, parse_spans, written_spans
from madoguchi.counter.problems import Conflict, Invalid, NotFound
from madoguchi.counter.routing import skills
from madoguchi.counter.routing.plans import Plan, ShiftDay
from madoguchi.counter.routing.queues import SUPERVISOR
from madoguchi.counter.team import queries as team
from madoguchi.counter.team.model import Agent
from madoguchi.engine import audit
from madoguchi.engine.database import Transaction
from madoguchi.engine.ownership import OfHouse, belongs
from madoguchi.engine.schema import JsonText, metadata
from madoguchi.kit.ids import new_id
from madoguchi.kit.text import normalise

_LONGEST_SPAN_DAYS = 366
_NOTHING = ["closed"] * 7

shift_week = Table(
    "shift_week",
    metadata,
    Column("agent_id", String(60), primary_key=True),
    Column("timezone", String(60), nullable=False),
    Column("week", JsonText, nullable=False),  # seven texts, Monday first: "09:00-18:00"
    Column("breaks", JsonText, nullable=False),
    Column("version", Integer, nullable=False),
    info=belongs(OfHouse("When agents are planned to work.")),
)

shift_day = Table(
    "shift_day",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("agent_id", String(60), nullable=False),
    Column("first", String(10), nullable=False),  # ISO date
    Column("last", String(10), nullable=False),
    Column("spans", String(200), nullable=False),
    Column("breaks", String(200), nullable=False),
    Column("note", String(120), nullable=False),
    Index("ix_shift_day_agent", "agent_id", "first"),
    info=belongs(OfHouse("Dates on which an agent works at other times, or not.")),
)


def plans(tx: Transaction) -> dict[str, Plan]:
    """Every agent's plan by the agent's id; agents without one are left out."""
    days: dict[str, list[ShiftDay]] = {}
    for row in tx.all(select(shift_day).order_by(shift_day.c.first, shift_day.c.id)):
        days.setdefault(row.agent_id, []).append(ShiftDay(**row._mapping))
    return {
        row.agent_id: Plan(**row._mapping, days=days.get(row.agent_id, []))
        for row in tx.all(select(shift_week))
    }


def plan_of(tx: Transaction, agent_id: str, timezone: str = "UTC") -> Plan:
    """An agent's plan; an empty one with version 0, in this time zone, for an agent who has none."""
    row = tx.first(select(shift_week).where(shift_week.c.agent_id == agent_id))
    if row is None:
        return Plan(agent_id, timezone, list(_NOTHING), list(_NOTHING), 0)
    found = tx.all(select(shift_day).where(shift_day.c.agent_id == agent_id).order_by(shift_day.c.first))
    return Plan(**row._mapping, days=[ShiftDay(**day._mapping) for day in found])


def has_plans(tx: Transaction) -> bool:
    """Whether the house plans its people at all; without plans nobody is ever planned to be there."""
    return tx.first(select(shift_week.c.agent_id).limit(1)) is not None


def staff_at(
    tx: Transaction, start: datetime, end: datetime, *, queue: str = "", language: str = ""
) -> list[Agent]:
    """Who is planned to serve all of this time, by login; with the skill and the language, where they are given.

    An agent without a plan is planned for nothing (`has_plans`). Breaks count as absence.
    """
    planned = plans(tx)
    return [
        found
        for found in able(tx, queue=queue, language=language)
        if found.id in planned and planned[found.id].covers(start, end)
    ]


def able(tx: Transaction, *, queue: str = "", language: str = "") -> list[Agent]:
    """Active agents with this skill and this language, planned or not, by login; "" asks for none."""
    profiles = skills.profile_queues(tx)
    return [
        found
        for found in team.agents(tx, active_only=True)
        if not found.seller_id
        and {"agent", "supervisor"} & set(found.roles)
        and (not queue or _serves(found, profiles, queue))
        and (not language or language in found.languages)
    ]


def save_week(
    tx: Transaction,
    actor: Actor,
    agent_id: str,
    *,
    timezone: str,
    week: Sequence[str],
    breaks: Sequence[str],
    version: int,
) -> Plan:
    """Set the weekly shifts, as seen in `version`. Raises NotFound, Conflict("changed_meanwhile"), Invalid with the field.

    Fields are `timezone`, a day's name for its shift, and `break_` with a day's name for its break.
    """
    team.get(tx, agent_id)
    tx.lock("schedule", agent_id)
    before = plan_of(tx, agent_id)
    if before.version != version:
        raise Conflict("changed_meanwhile")
    values = {
        "timezone": _checked_zone(timezone),
        "week": [_checked(text, day) for text, day in zip(week, DAYS, strict=True)],
        "breaks": [_checked(text, f"break_{day}") for text, day in zip(breaks, DAYS, strict=True)],
        "version": version + 1,
    }
    if version == 0:
        tx.execute(insert(shift_week).values(agent_id=agent_id, **values))
    else:
        tx.execute(update(shift_week).where(shift_week.c.agent_id == agent_id).values(**values))
    old = {key: getattr(before, key) for key in values}
    _changed(tx, actor, "schedule.week_set", agent_id, before=old, after=values)
    return plan_of(tx, agent_id)


def add_day(
    tx: Transaction,
    actor: Actor,
    agent_id: str,
    *,
    first: str,
    last: str = "",
    spans: str = "closed",
    breaks: str = "closed",
    note: str = "",
) -> ShiftDay:
    """Other shifts on a date or a span of dates. Raises NotFound, Invalid with the field."""
    plan = plan_of(tx, team.get(tx, agent_id).id)
    if plan.version == 0:
        raise Invalid("week_first", field="first")
    starts, ends = _checked_date(first, "first"), _checked_date(last or first, "last")
    if not 0 <= (ends - starts).days < _LONGEST_SPAN_DAYS:
        raise Invalid("last_before_first", field="last")
    found = ShiftDay(
        id=new_id("shf"),
        agent_id=agent_id,
        first=starts.isoformat(),
        last=ends.isoformat(),
        spans=_checked(spans, "spans"),
        breaks=_checked(breaks, "breaks"),
        note=normalise(note).strip()[:120],
    )
    tx.execute(insert(shift_day).values(**asdict(found)))
    _changed(tx, actor, "schedule.day_added", agent_id, before={}, after=_without_note(asdict(found)))
    return found


def remove_day(tx: Transaction, actor: Actor, day_id: str) -> None:
    """Raises NotFound."""
    row = tx.first(select(shift_day).where(shift_day.c.id == day_id))
    if row is None:
        raise NotFound("not_found")
    tx.execute(delete(shift_day).where(shift_day.c.id == day_id))
    old = _without_note(dict(row._mapping))
    _changed(tx, actor, "schedule.day_removed", row.agent_id, before=old, after={})


def _serves(found: Agent, profiles: skills.ProfileQueues, queue: str) -> bool:
    if queue == SUPERVISOR and "supervisor" not in found.roles:
        return False
    return skills.of_agent(found, profiles).serve(queue)


def _without_note(values: dict[str, Any]) -> dict[str, Any]:
    """Why somebody is away is not for the audit log."""
    return {key: value for key, value in values.items() if key != "note"}


def _changed(tx: Transaction, actor: Actor, action: str, agent_id: str, **detail: Any) -> None:
    audit.record(
        tx,
        actor_kind=actor.kind,
        actor_id=actor.id,
        action=action,
        object_kind="agent",
        object_id=agent_id,
        **detail,
    )
    tx.wake("inbox", f"agent:{agent_id}")


def is_timezone(timezone: str) -> bool:
    """Whether there is a time zone of this name."""
    try:
        _checked_zone(timezone)
    except Invalid:
        return False
    return True


def _checked_zone(timezone: str) -> str:
    try:
        return ZoneInfo(timezone.strip()).key
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Invalid("unknown_timezone", field="timezone") from error


def _checked(text: str, field: str) -> str:
    try:
        return written_spans(parse_spans(normalise(text).strip()))
    except HoursError as error:
        raise Invalid("spans_unreadable", field=field) from error


def _checked_date(text: str, field: str) -> date:
    try:
        return date.fromisoformat(normalise(text).strip())
    except ValueError as error:
        raise Invalid("date_unreadable", field=field) from error
