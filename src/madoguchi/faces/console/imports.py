"""Staff, schedules and calendars from and to CSV files: first what would change, then doing it."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from madoguchi.counter.problems import Problem
from madoguchi.counter.team.policy import may
from madoguchi.faces import setting_up
from madoguchi.faces.console.gates import Planning
from madoguchi.faces.customer.visit import Visit
from madoguchi.faces.principal import need
from madoguchi.faces.refusals import tell
from madoguchi.faces.rendering import page_headers
from madoguchi.faces.setting_up import NEEDED, Kind, Plan
from madoguchi.kit import sheets
from madoguchi.kit.sheets import Unreadable

router = APIRouter(prefix="/console/imports")
HOME = "/console/imports"
LARGEST = 1_000_000
KINDS: dict[Kind, str] = {"staff": "Staff", "schedules": "Schedules", "calendars": "Opening hours"}


@router.get("")
def home(visit: Planning) -> Response:
    return _page(visit)


@router.post("")
def look(visit: Planning) -> Response:
    """What the file would do; nothing is done."""
    files = visit.form.files("file")
    data = files[0].file.read(LARGEST + 1) if files else b""
    if not data:
        visit.form.wrong("file", "Choose a file")
    elif len(data) > LARGEST:
        visit.form.wrong("file", "The file is larger than 1 MB")
    if visit.form.errors:
        return _page(visit, 422)
    try:
        return _looked_at(visit, sheets.decode(data))
    except Unreadable as problem:
        visit.form.wrong("file", "The file cannot be read. {why}", why=_fault(visit, problem))
        return _page(visit, 422)


@router.post("/do")
def do(visit: Planning) -> Response:
    """What was looked at. If somebody has changed something meanwhile, it is shown anew."""
    text, mark = visit.form.value("text")[:LARGEST], visit.form.value("mark")
    try:
        made = setting_up.done(visit.house.database, visit.actor, text, visit.settings.shop.timezone, mark)
    except Unreadable as problem:
        visit.form.wrong("file", "The file cannot be read. {why}", why=_fault(visit, problem))
        return _page(visit, 422)
    except Problem as problem:
        tell(visit.form, problem, "file")
        return _page(visit, problem.status)
    if made is None:
        visit.form.wrong("file", "Something has changed since you looked. Please look again.")
        return _looked_at(visit, text, 409)
    return _page(visit, made=made, finished=True)


@router.get("/staff.csv")
def staff(visit: Planning) -> Response:
    return _export(visit, "staff")


@router.get("/schedules.csv")
def schedules(visit: Planning) -> Response:
    return _export(visit, "schedules")


@router.get("/calendars.csv")
def calendars(visit: Planning) -> Response:
    return _export(visit, "calendars")


def _export(visit: Visit, kind: Kind) -> Response:
    assert visit.principal is not None
    need(visit.principal, NEEDED[kind])
    text = visit.house.database.read(setting_up.written, kind)
    return Response(
        b"\xef\xbb\xbf" + text.encode(),
        headers={
            **page_headers(visit.settings),
            "content-type": "text/csv; charset=utf-8",
            "content-disposition": f'attachment; filename="{kind}.csv"',
        },
    )


def _looked_at(visit: Visit, text: str, status: int = 200) -> Response:
    plan = setting_up.looked_at(visit.house.database, text, visit.settings.shop.timezone)
    assert visit.principal is not None
    need(visit.principal, NEEDED[plan.kind])
    return _page(visit, 422 if plan.faults else status, plan=plan, text=text)


def _fault(visit: Visit, problem: Unreadable) -> str:
    return setting_up.fault_text(problem.fault, visit.language)


def _page(
    visit: Visit,
    status: int = 200,
    *,
    plan: Plan | None = None,
    text: str = "",
    made: dict[str, str] | None = None,
    finished: bool = False,
) -> Response:
    return visit.page(
        "console/imports.html",
        status,
        kinds=[(kind, visit.t(words)) for kind, words in KINDS.items() if may(visit.actor, NEEDED[kind])],
        plan=plan,
        kind=visit.t(KINDS[plan.kind]) if plan else "",
        faults=[setting_up.fault_text(each, visit.language) for each in plan.faults] if plan else [],
        text=text,
        made=made or {},
        finished=finished,
    )
