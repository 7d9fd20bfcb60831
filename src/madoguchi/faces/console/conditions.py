"""Outages and peak seasons: declared with dates and words in every language, and ended, by supervisors and operators (QUE-006, QUE-011)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from madoguchi.counter.conditions import queries, service
from madoguchi.counter.conditions.model import PARTS
from madoguchi.counter.conditions.wording import part_name
from madoguchi.counter.problems import Invalid, SignInNeeded
from madoguchi.faces.api.problems import problem_body
from madoguchi.faces.customer.visit import Visit
from madoguchi.faces.desk.pages import Working
from madoguchi.faces.principal import need

router = APIRouter(prefix="/console/conditions")
HOME = "/console/conditions"


async def declarer(visit: Working) -> Visit:
    """Somebody who may say how things stand. Raises SignInNeeded, NotAllowed."""
    if visit.principal is None:
        raise SignInNeeded("session_needed", back=visit.here if visit.request.method == "GET" else HOME)
    need(visit.principal, "conditions.declare")
    return visit


Declaring = Annotated[Visit, Depends(declarer)]


@router.get("")
def listed(visit: Declaring) -> Response:
    return _page(visit)


@router.post("/incidents")
def declare_incident(visit: Declaring) -> Response:
    begins, ends = _moment(visit, "begins"), _moment(visit, "ends")
    if visit.form.errors:
        return _page(visit, 422)
    try:
        visit.house.database.write(
            service.declare_incident,
            visit.actor,
            part=visit.form.value("part"),
            cause=_words(visit, "cause"),
            instead=_words(visit, "instead"),
            begins_at=begins,
            ends_at=ends,
        )
    except Invalid as problem:
        return _refused(
            visit, problem, {"ends_at": "ends", "cause": f"cause_{visit.settings.shop.languages[0]}"}
        )
    return visit.redirect(HOME)


@router.post("/incidents/{incident_id}/end")
def end_incident(visit: Declaring, incident_id: str) -> Response:
    visit.house.database.write(service.end_incident, visit.actor, incident_id)
    return visit.redirect(HOME)


@router.post("/peaks")
def declare_peak(visit: Declaring) -> Response:
    begins, ends = _moment(visit, "from"), _moment(visit, "until")
    if ends is None and "until" not in visit.form.errors:
        visit.form.wrong("until", "This is needed")
    percent = visit.form.value("percent")
    if not percent.isdecimal():
        visit.form.wrong("percent", "This must be a whole number")
    if visit.form.errors or ends is None:
        return _page(visit, 422)
    try:
        visit.house.database.write(
            service.declare_peak,
            visit.actor,
            begins_at=begins or visit.clock(),
            ends_at=ends,
            percent=int(percent[:6]),
            notice=_words(visit, "notice"),
        )
    except Invalid as problem:
        return _refused(visit, problem, {"ends_at": "until"})
    return visit.redirect(HOME)


@router.post("/peaks/{peak_id}/end")
def end_peak(visit: Declaring, peak_id: str) -> Response:
    visit.house.database.write(service.end_peak, visit.actor, peak_id)
    return visit.redirect(HOME)


def _page(visit: Visit, status: int = 200) -> Response:
    incidents, seasons = visit.house.database.read(queries.declared)
    noticed = visit.house.database.read(queries.noticed)
    return visit.page(
        "console/conditions.html",
        status,
        incidents=incidents,
        seasons=seasons,
        noticed=[each for each in noticed if each.raised],
        parts=[(part, part_name(part, visit.language)) for part in PARTS],
        names={part: part_name(part, visit.language) for part in PARTS},
        now=visit.clock(),
        longest=service.LONGEST,
        default_percent=round(visit.settings.peaks.factor * 100),
    )


def _refused(visit: Visit, problem: Invalid, fields: dict[str, str]) -> Response:
    title = problem_body(visit.language, problem.status, problem.code, problem.params)["title"]
    named = str(problem.params.get("field", ""))
    visit.form.errors.setdefault(fields.get(named, named), str(title))
    return _page(visit, 422)


def _words(visit: Visit, name: str) -> dict[str, str]:
    """Language → what was written in it."""
    return {
        language: visit.form.text(f"{name}_{language}", longest=service.LONGEST)
        for language in visit.settings.shop.languages
    }


def _moment(visit: Visit, name: str) -> datetime | None:
    """As `datetime-local` sends it, in the shop's time; empty is None."""
    written = visit.form.value(name).strip()
    if not written:
        return None
    try:
        return datetime.fromisoformat(written).replace(tzinfo=visit.zone)
    except ValueError:
        visit.form.wrong(name, "Write a date and a time, such as 2026-12-28 09:00")
        return None
