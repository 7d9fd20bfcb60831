"""Schedules as a CSV file: a line for each weekday and each date of an agent. Whom a file names gets the plan it says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from madoguchi.counter.actors import Actor
from madoguchi.counter.hours import DAYS, HoursError, parse_spans, written_spans
from madoguchi.counter.routing import schedules
from madoguchi.counter.routing.plans import Plan, ShiftDay
from madoguchi.counter.team import queries as team
from madoguchi.engine.database import Transaction
from madoguchi.kit.sheets import Change, Fault, Line, differences

HEADINGS = ("login", "timezone", "day", "shift", "break", "note")


@dataclass(frozen=True)
class Wanted:
    """An agent's plan as the file has it."""

    login: str
    plan: Plan


def rows(tx: Transaction) -> list[list[str]]:
    """Every plan, below `HEADINGS`, by sign-in name."""
    plans = schedules.plans(tx)
    return [
        [each.login, plan.timezone, day, shift, pause, note]
        for each in team.agents(tx)
        if (plan := plans.get(each.id)) is not None
        for day, shift, pause, note in _days(plan)
    ]


def read(tx: Transaction, lines: Sequence[Line], timezone: str) -> tuple[list[Wanted], list[Fault]]:
    """What the file asks for. `timezone`: of those whose plan names none."""
    wanted: dict[str, Wanted] = {}
    faults: list[Fault] = []
    for line in lines:
        found = team.by_login(tx, line["login"]) if line["login"] else None
        if found is None or found.seller_id:
            faults.append(Fault(line.number, "login", "unknown_login"))
            continue
        if found.login not in wanted:
            old = schedules.plan_of(tx, found.id, timezone)
            zone = line["timezone"] or old.timezone
            fresh = Plan(found.id, zone, ["closed"] * 7, ["closed"] * 7, old.version)
            wanted[found.login] = Wanted(found.login, fresh)
            if not schedules.is_timezone(zone):
                faults.append(Fault(line.number, "timezone", "unknown_timezone"))
        wanted[found.login] = _with_line(wanted[found.login], line, faults)
    return list(wanted.values()), faults


def changes(tx: Transaction, wanted: Sequence[Wanted]) -> list[Change]:
    """What would be different; plans that stay as they are are left out."""
    found = []
    for each in wanted:
        old = schedules.plan_of(tx, each.plan.agent_id, each.plan.timezone)
        before, after = differences(_told(old) if old.version else {}, _told(each.plan))
        gone = {day: text for day, text in _told(old).items() if old.version and day not in _told(each.plan)}
        if before or after or gone:
            new = {**after, **dict.fromkeys(gone, "")}
            found.append(Change(each.login, {**before, **gone}, new, new=not old.version))
    return found


def apply(tx: Transaction, actor: Actor, wanted: Sequence[Wanted]) -> None:
    """Make the plans so. Raises what schedules raise, and then nothing of the file is done."""
    for each in wanted:
        given, old = each.plan, schedules.plan_of(tx, each.plan.agent_id, each.plan.timezone)
        if old.version and _told(old) == _told(given):
            continue
        schedules.save_week(
            tx,
            actor,
            given.agent_id,
            timezone=given.timezone,
            week=given.week,
            breaks=given.breaks,
            version=old.version,
        )
        for day in old.days:
            schedules.remove_day(tx, actor, day.id)
        for day in given.days:
            schedules.add_day(
                tx,
                actor,
                given.agent_id,
                first=day.first,
                last=day.last,
                spans=day.spans,
                breaks=day.breaks,
                note=day.note,
            )


def _with_line(found: Wanted, line: Line, faults: list[Fault]) -> Wanted:
    shift, pause = _hours(line, "shift", faults), _hours(line, "break", faults)
    day, plan = line["day"].lower(), found.plan
    if day in DAYS:
        place = DAYS.index(day)
        week = [*plan.week[:place], shift, *plan.week[place + 1 :]]
        breaks = [*plan.breaks[:place], pause, *plan.breaks[place + 1 :]]
        return replace(found, plan=replace(plan, week=week, breaks=breaks))
    first, _, last = day.partition("/")
    try:
        starts, ends = date.fromisoformat(first.strip()), date.fromisoformat((last or first).strip())
    except ValueError:
        faults.append(Fault(line.number, "day", "day_unreadable"))
        return found
    if not 0 <= (ends - starts).days < 366:
        faults.append(Fault(line.number, "day", "last_before_first"))
        return found
    added = ShiftDay("", plan.agent_id, starts.isoformat(), ends.isoformat(), shift, pause, line["note"])
    return replace(found, plan=replace(plan, days=[*plan.days, added]))


def _hours(line: Line, column: str, faults: list[Fault]) -> str:
    try:
        return written_spans(parse_spans(line[column]))
    except HoursError:
        faults.append(Fault(line.number, column, "spans_unreadable"))
        return "closed"


def _days(plan: Plan) -> list[tuple[str, str, str, str]]:
    week = [(day, shift, pause, "") for day, shift, pause in zip(DAYS, plan.week, plan.breaks, strict=True)]
    return week + [(_named(day), day.spans, day.breaks, day.note) for day in plan.days]


def _named(day: ShiftDay) -> str:
    return day.first if day.first == day.last else f"{day.first}/{day.last}"


def _told(plan: Plan) -> dict[str, str]:
    days = {day: f"{shift} ({pause}) {note}".strip() for day, shift, pause, note in _days(plan)}
    return {"timezone": plan.timezone, **days}
