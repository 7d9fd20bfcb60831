"""Opening hours at the console: calendars, special days, for whom each holds, and what holds at a moment (QUE-001)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from starlette.responses import Response

from madoguchi.counter.calendars import queries, service
from madoguchi.counter.calendars.loading import Calendars, load, of_settings
from madoguchi.counter.calendars.model import DESK, PHONE, Calendar, HoursRule
from madoguchi.counter.customers.wording import segment_label
from madoguchi.counter.hours import DAYS, Hours, closed_text, holiday_name, in_language, spans_text
from madoguchi.counter.problems import NotFound, Problem
from madoguchi.counter.routing import queues
from madoguchi.counter.team.policy import may
from madoguchi.engine.database import Transaction
from madoguchi.engine.texts import tr
from madoguchi.faces.console.gates import Keeping, Planning
from madoguchi.faces.customer.visit import Visit
from madoguchi.faces.refusals import tell
from madoguchi.faces.rendering import with_query
from madoguchi.faces.wording import channel_label
from madoguchi.kit.languages import NAMES

router = APIRouter(prefix="/console/hours")
HOME = "/console/hours"
CHANNELS = ("chat", "mail", "form", "phone", "callback")
SEGMENTS = ("member", "business", "student", "senior", "foreign_resident", "seller")
WEEKDAYS = dict(
    zip(DAYS, ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"), strict=True)
)
_PREVIEW_DAYS = 14


@dataclass(frozen=True)
class Asked:
    """What the test box asks: is it open for these at this moment?"""

    queue: str
    channel: str
    language: str
    segment: str
    at: datetime


@router.get("")
def home(visit: Planning) -> Response:
    return _home(visit)


@router.post("/rules")
def add_rule(visit: Keeping) -> Response:
    form = visit.form
    try:
        visit.house.database.write(
            service.add_rule,
            visit.actor,
            form.text("calendar", longest=40),
            queue=form.one_of("queue", _queue_names(visit)),
            channel=form.one_of("channel", CHANNELS),
            language=form.one_of("language", _languages(visit)),
            segment=form.one_of("segment", SEGMENTS),
        )
    except Problem as problem:
        tell(form, problem, "rule")
        return _home(visit, 422)
    return visit.redirect(f"{HOME}#rules")


@router.post("/rules/remove")
def remove_rule(visit: Keeping) -> Response:
    visit.house.database.write(service.remove_rule, visit.actor, visit.form.value("rule_id"))
    return visit.redirect(f"{HOME}#rules")


@router.get("/calendar")
def calendar_page(visit: Planning) -> Response:
    wanted = visit.request.query_params.get("id", "")
    return _calendar(visit, _open(visit, wanted) if wanted else None)


@router.post("/calendar")
def save_calendar(visit: Keeping) -> Response:
    form = visit.form
    calendar_id = form.text("id", needed="Enter a name", longest=40)
    seen = form.value("version")
    try:
        visit.house.database.write(
            service.save,
            visit.actor,
            calendar_id=calendar_id,
            name=form.text("name", longest=120),
            timezone=form.text("timezone", longest=60),
            week=[form.text(day, longest=100) for day in DAYS],
            country=form.text("country", longest=2),
            version=int(seen) if seen.isdecimal() else 0,
        )
    except Problem as problem:
        tell(form, problem, "form")
        known = visit.house.database.read(queries.find, calendar_id) or of_settings(visit.settings).get(
            calendar_id
        )
        return _calendar(visit, known if form.value("known") else None, problem.status)
    return visit.redirect(with_query(f"{HOME}/calendar", id=calendar_id))


@router.post("/calendar/remove")
def remove_calendar(visit: Keeping) -> Response:
    calendar_id = visit.form.value("id")
    try:
        visit.house.database.write(service.remove, visit.actor, calendar_id)
    except Problem as problem:
        tell(visit.form, problem, "form")
        return _calendar(visit, _open(visit, calendar_id), problem.status)
    return visit.redirect(HOME)


@router.post("/days")
def add_day(visit: Keeping) -> Response:
    form = visit.form
    calendar_id = form.value("id")
    try:
        visit.house.database.write(
            service.add_day,
            visit.actor,
            calendar_id,
            first=form.text("first", longest=10),
            last=form.text("last", longest=10),
            yearly=form.value("yearly") == "yes",
            spans=form.text("spans", longest=100),
            reason={language: form.text(f"reason_{language}", longest=80) for language in _spoken(visit)},
        )
    except Problem as problem:
        tell(form, problem, "first")
        return _calendar(visit, _open(visit, calendar_id), problem.status)
    return visit.redirect(with_query(f"{HOME}/calendar", id=calendar_id) + "#days")


@router.post("/days/remove")
def remove_day(visit: Keeping) -> Response:
    visit.house.database.write(service.remove_day, visit.actor, visit.form.value("day_id"))
    return visit.redirect(with_query(f"{HOME}/calendar", id=visit.form.value("id")) + "#days")


# ── the two pages ─────────────────────────────────────────────────────────────────────────────────


def _home(visit: Visit, status: int = 200) -> Response:
    asked = _asked(visit)

    def read(tx: Transaction) -> tuple[Calendars, list[Calendar], list[HoursRule], bool]:
        found = load(tx, visit.settings)
        desk = queues.find(tx, asked.queue)
        return found, _all(tx, visit), queries.rules(tx), desk is not None and desk.always_open

    found, calendars, rules, never_closes = visit.house.database.read(read)
    names = {each.id: calendar_name(each, visit.language) for each in calendars}
    return visit.page(
        "console/hours.html",
        status,
        calendars=[(each, names[each.id], _week_text(found, each, visit.language)) for each in calendars],
        names=names,
        rules=[(rule, _rule_words(visit, rule), names.get(rule.calendar_id, "")) for rule in rules],
        asked=asked,
        answer=_answer(visit, found, asked, names, never_closes=never_closes),
        preview=_preview(visit, found, asked, never_closes=never_closes),
        choices=_choices(visit),
        may_change=may(visit.actor, "queues.manage"),
    )


def _calendar(visit: Visit, shown: Calendar | None, status: int = 200) -> Response:
    language = visit.language
    fresh = shown or Calendar(
        "", "", visit.settings.shop.timezone, ["09:00-18:00"] * 5 + ["closed"] * 2, "", 0
    )
    visit.form.start_with(
        id=fresh.id,
        name=fresh.name,
        timezone=fresh.timezone,
        country=fresh.country,
        **{day: "" if text == "closed" else text for day, text in zip(DAYS, fresh.week, strict=True)},
    )
    today = visit.clock().astimezone(ZoneInfo(fresh.timezone)).date()
    return visit.page(
        "console/calendar.html",
        status,
        shown=shown,
        name=calendar_name(shown, language) if shown else "",
        fixed=shown is not None and shown.id in (DESK, PHONE),
        weekdays={day: visit.t(words) for day, words in WEEKDAYS.items()},
        days=[(day, in_language(day.reason, language)) for day in fresh.days],
        holidays=_holidays(fresh.country, today, language),
        languages={each: NAMES[each] for each in _spoken(visit)},
        may_change=may(visit.actor, "queues.manage"),
    )


def calendar_name(found: Calendar, language: str) -> str:
    """What people call a calendar; the two that every house has are named by us."""
    if found.name:
        return found.name
    ours = {DESK: tr(language, "Desk (chat, mail, form)"), PHONE: tr(language, "Telephone line")}
    return ours.get(found.id, found.id)


def _open(visit: Visit, calendar_id: str) -> Calendar:
    """Raises NotFound."""
    found = visit.house.database.read(queries.find, calendar_id) or of_settings(visit.settings).get(
        calendar_id
    )
    if found is None:
        raise NotFound("not_found")
    return found


def _all(tx: Transaction, visit: Visit) -> list[Calendar]:
    """The desk's and the telephone's first, whether they have a row yet or not."""
    kept = {each.id: each for each in queries.calendars(tx)}
    return list({**of_settings(visit.settings), **kept}.values())


# ── the test box ──────────────────────────────────────────────────────────────────────────────────


def _asked(visit: Visit) -> Asked:
    query = visit.request.query_params
    now = visit.clock().astimezone(visit.zone)
    try:
        day = date.fromisoformat(query.get("day", ""))
        clock = time.fromisoformat(query.get("time", "") or "12:00")
        at = datetime.combine(day, clock, visit.zone)
    except ValueError:
        at = now
    return Asked(
        query.get("queue", "")[:40],
        query.get("channel", "chat") if query.get("channel", "chat") in CHANNELS else "chat",
        query.get("language", "")[:10] or visit.settings.shop.languages[0],
        query.get("segment", "")[:40],
        at,
    )


def _hours(found: Calendars, asked: Asked, *, never_closes: bool) -> Hours:
    segments = (asked.segment,) if asked.segment else ()
    return found.hours_for(asked.queue, asked.channel, asked.language, segments, never_closes=never_closes)


def _answer(
    visit: Visit, found: Calendars, asked: Asked, names: dict[str, str], *, never_closes: bool
) -> dict[str, Any]:
    """{"open", "text", "by"}: whether, until or from when, and what decides."""
    hours, language = _hours(found, asked, never_closes=never_closes), visit.language
    opens = hours.next_opening(asked.at)
    is_open = hours.is_open(asked.at)
    why = closed_text(hours.closed_for(asked.at), language)
    when = hours.opening_text(opens, visit.clock(), language) if opens and not is_open else ""
    segments = (asked.segment,) if asked.segment else ()
    rule = found.rule_for(asked.queue, asked.channel, asked.language, segments, never_closes=never_closes)
    by = names.get(rule.calendar_id, rule.calendar_id) if rule else ""
    return {
        "open": is_open,
        "why": why,
        "opens": visit.t("Open again {when}.", when=when) if when else "",
        "by": by,
        "rule": _rule_words(visit, rule) if rule else "",
        "always": never_closes and rule is None,
    }


def _preview(
    visit: Visit, found: Calendars, asked: Asked, *, never_closes: bool
) -> list[tuple[date, str, str]]:
    """The two weeks from the day that is asked about: day, hours, holiday or reason."""
    hours = _hours(found, asked, never_closes=never_closes)
    first = asked.at.astimezone(hours.timezone).date()
    days = [first + timedelta(days=offset) for offset in range(_PREVIEW_DAYS)]
    return [
        (
            day,
            spans_text(hours.spans_of(day), visit.language),
            in_language(hours.name_of(day), visit.language),
        )
        for day in days
    ]


# ── words and choices ─────────────────────────────────────────────────────────────────────────────


def _week_text(found: Calendars, each: Calendar, language: str) -> str:
    hours = found.by_id.get(each.id)
    return hours.text(language) if hours else ""


def _rule_words(visit: Visit, rule: HoursRule) -> str:
    """`言語：中国語・方法：電話`."""
    queue = visit.house.database.read(queues.queue_name, rule.queue, visit.language) if rule.queue else ""
    parts = [
        queue,
        channel_label(rule.channel, visit.language) if rule.channel else "",
        _languages(visit).get(rule.language, rule.language),
        segment_label(rule.segment, visit.language) if rule.segment in SEGMENTS else rule.segment,  # type: ignore[arg-type]
    ]
    return " ・ ".join(filter(None, parts))


def _choices(visit: Visit) -> dict[str, list[tuple[str, str]]]:
    return {
        "queue": list(_queue_names(visit).items()),
        "channel": [(each, channel_label(each, visit.language)) for each in CHANNELS],
        "language": list(_languages(visit).items()),
        "segment": [(each, segment_label(each, visit.language)) for each in SEGMENTS],  # type: ignore[arg-type]
    }


def _queue_names(visit: Visit) -> dict[str, str]:
    return {each.id: each.label(visit.language) for each in visit.house.database.read(queues.queues)}


def _languages(visit: Visit) -> dict[str, str]:
    """The languages of the house, and Chinese as one where both scripts may be meant."""
    return {**{each: NAMES[each] for each in NAMES}, "zh": visit.t("Chinese (both scripts)")}


def _spoken(visit: Visit) -> list[str]:
    return [each for each in NAMES if each in visit.settings.shop.languages]


def _holidays(country: str, today: date, language: str) -> list[tuple[date, str]]:
    """Public holidays of the next twelve months."""
    if not country:
        return []
    days = [today + timedelta(days=offset) for offset in range(366)]
    found = [(day, in_language(holiday_name(country, day), language)) for day in days]
    return [(day, name) for day, name in found if name]
