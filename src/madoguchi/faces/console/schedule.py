"""An agent's schedule at the console: weekly shifts with breaks, and dates with others; the plan of the coming days."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from starlette.responses import Response

from madoguchi.counter.hours import DAYS
from madoguchi.counter.problems import Problem
from madoguchi.counter.routing import adherence, schedules
from madoguchi.counter.routing.plans import Adherence, Plan, Spell
from madoguchi.counter.team import queries
from madoguchi.counter.team.model import Agent
from madoguchi.engine.database import Transaction
from madoguchi.faces.console.gates import Planning
from madoguchi.faces.console.hours import WEEKDAYS
from madoguchi.faces.customer.visit import Visit
from madoguchi.faces.refusals import tell
from madoguchi.faces.rendering import with_query

router = APIRouter(prefix="/console/staff/schedule")
HOME = "/console/staff/schedule"
AHEAD_DAYS, PAST_DAYS = 14, 7


@router.get("")
def schedule_page(visit: Planning) -> Response:
    return _page(visit, _agent(visit, visit.request.query_params.get("id", "")))


@router.post("")
def save_week(visit: Planning) -> Response:
    form = visit.form
    found = _agent(visit, form.value("agent_id"))
    seen = form.value("version")
    try:
        visit.house.database.write(
            schedules.save_week,
            visit.actor,
            found.id,
            timezone=form.text("timezone", longest=60),
            week=[form.text(day, longest=100) for day in DAYS],
            breaks=[form.text(f"break_{day}", longest=100) for day in DAYS],
            version=int(seen) if seen.isdecimal() else 0,
        )
    except Problem as problem:
        tell(form, problem, "form")
        return _page(visit, found, problem.status)
    return visit.redirect(with_query(HOME, id=found.id))


@router.post("/days")
def add_day(visit: Planning) -> Response:
    form = visit.form
    found = _agent(visit, form.value("agent_id"))
    try:
        visit.house.database.write(
            schedules.add_day,
            visit.actor,
            found.id,
            first=form.text("first", longest=10),
            last=form.text("last", longest=10),
            spans=form.text("spans", longest=100),
            breaks=form.text("breaks", longest=100),
            note=form.text("note", longest=120),
        )
    except Problem as problem:
        tell(form, problem, "first")
        return _page(visit, found, problem.status)
    return visit.redirect(with_query(HOME, id=found.id) + "#days")


@router.post("/days/remove")
def remove_day(visit: Planning) -> Response:
    visit.house.database.write(schedules.remove_day, visit.actor, visit.form.value("day_id"))
    return visit.redirect(with_query(HOME, id=visit.form.value("agent_id")) + "#days")


def coming_days(visit: Visit, plan: Plan) -> list[tuple[datetime, str, str]]:
    """The next two weeks: midnight of the day, shifts and breaks in the plan's own time."""
    zone = ZoneInfo(plan.timezone)
    today = visit.clock().astimezone(zone).date()
    found = []
    for offset in range(AHEAD_DAYS):
        start = datetime.combine(today + timedelta(days=offset), time(), zone)
        end = datetime.combine(today + timedelta(days=offset + 1), time(), zone)
        found.append(
            (
                start,
                spells_text(plan.shifts(start, end), zone) or visit.t("closed"),
                spells_text(plan.pauses(start, end), zone),
            )
        )
    return found


def spells_text(spells: list[Spell], zone: ZoneInfo) -> str:
    """`9:00–18:00、19:00–24:00`."""
    return "、".join(f"{_clock(start, zone)}–{_end(end, zone)}" for start, end in spells)


def _clock(at: datetime, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    return f"{local.hour}:{local.minute:02d}"


def _end(at: datetime, zone: ZoneInfo) -> str:
    """The midnight with which a day ends is 24:00."""
    return "24:00" if at.astimezone(zone).time() == time() else _clock(at, zone)


def _agent(visit: Visit, agent_id: str) -> Agent:
    """Raises NotFound."""
    return visit.house.database.read(queries.get, agent_id)


def _kept(tx: Transaction, agent_id: str) -> Adherence:
    return adherence.of_agent(tx, agent_id, tx.now - timedelta(days=PAST_DAYS), tx.now)


def _page(visit: Visit, found: Agent, status: int = 200) -> Response:
    plan = visit.house.database.read(schedules.plan_of, found.id, visit.settings.shop.timezone)
    week = {day: "" if text == "closed" else text for day, text in zip(DAYS, plan.week, strict=True)}
    breaks = {
        f"break_{day}": "" if text == "closed" else text for day, text in zip(DAYS, plan.breaks, strict=True)
    }
    visit.form.start_with(timezone=plan.timezone, **week, **breaks)
    return visit.page(
        "console/schedule.html",
        status,
        agent=found,
        plan=plan,
        weekdays={day: visit.t(words) for day, words in WEEKDAYS.items()},
        coming=coming_days(visit, plan) if plan.version else [],
        kept=visit.house.database.read(_kept, found.id),
    )
