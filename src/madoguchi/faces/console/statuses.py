"""The house's own statuses at the console: lunch, training, paperwork …, each on one of the four that routing knows."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from madoguchi.counter.problems import NotFound, Problem
from madoguchi.counter.routing import status_kinds
from madoguchi.counter.routing.status_kinds import BASES, StatusKind
from madoguchi.counter.routing.wording import status_label
from madoguchi.faces.console.gates import Planning
from madoguchi.faces.customer.visit import Visit
from madoguchi.faces.refusals import tell
from madoguchi.kit.languages import NAMES

router = APIRouter(prefix="/console/statuses")
HOME = "/console/statuses"


@router.get("")
def listed(visit: Planning) -> Response:
    found = visit.house.database.read(status_kinds.kinds, active_only=False)
    rows = [(each, each.label(visit.language), status_label(each.base, visit.language)) for each in found]
    return visit.page("console/statuses.html", rows=rows)


@router.get("/status")
def status_page(visit: Planning) -> Response:
    wanted = visit.request.query_params.get("id", "")
    found = visit.house.database.read(status_kinds.find, wanted) if wanted else None
    if wanted and found is None:
        raise NotFound("not_found")
    return _page(visit, found)


@router.post("/status")
def save(visit: Planning) -> Response:
    form = visit.form
    known = visit.house.database.read(status_kinds.find, form.value("id")) if form.value("known") else None
    remind = form.number("remind_minutes", 1, 600) if form.value("remind_minutes") else None
    position = form.number("position", 0, 999)
    seen = form.value("version")
    if form.errors:
        return _page(visit, known, 422)
    try:
        visit.house.database.write(
            status_kinds.save,
            visit.actor,
            kind_id=form.text("id", longest=40),
            name={each: form.text(f"name_{each}", longest=40) for each in NAMES},
            base=form.value("base"),
            remind_minutes=remind,
            position=position,
            active=form.value("active") == "yes" or not form.value("known"),
            version=int(seen) if seen.isdecimal() else 0,
        )
    except Problem as problem:
        tell(form, problem, "form")
        fresh = (
            visit.house.database.read(status_kinds.find, form.value("id")) if form.value("known") else None
        )
        return _page(visit, fresh, problem.status)
    return visit.redirect(HOME)


def _page(visit: Visit, shown: StatusKind | None, status: int = 200) -> Response:
    fresh = shown or StatusKind("", {}, "break", None, 0, active=True, version=0)
    visit.form.start_with(
        id=fresh.id,
        position=fresh.position,
        remind_minutes=fresh.remind_minutes,
        **{f"name_{each}": text for each, text in fresh.name.items()},
    )
    return visit.page(
        "console/status.html",
        status,
        shown=shown,
        name=shown.label(visit.language) if shown else "",
        base=fresh.base,
        active=fresh.active,
        bases=[(each, status_label(each, visit.language)) for each in BASES],
        languages={each: NAMES[each] for each in NAMES if each in ("ja", "en")},
    )
