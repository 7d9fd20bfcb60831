"""A case as its customer sees it: how far it is, what comes next and until when, all its contacts, what happened when (CASE-007, CASE-015)."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from starlette.responses import Response

from madoguchi.counter.actors import Rung
from madoguchi.counter.cases import memos, queries
from madoguchi.counter.problems import Conflict, Invalid, NotFound
from madoguchi.engine.database import Transaction
from madoguchi.faces.api.case_schemas import CaseFileOut
from madoguchi.faces.api.problems import problem_body
from madoguchi.faces.case_views import case_file_out
from madoguchi.faces.customer.visit import Visit, Visiting
from madoguchi.faces.wording import channel_label

router = APIRouter(include_in_schema=False)


@router.get("/cases/{case_number}")
def case_page(visit: Visiting, case_number: str) -> Response:
    """For its owner; for anybody else it does not exist (CASE-004)."""
    return _show(visit, case_number)


@router.post("/cases/{case_number}/memos")
def add_memo(visit: Visiting, case_number: str) -> Response:
    """What happened when, as the customer tells it. The same words at the same time once more are once."""
    _find(visit, case_number)
    happened_at = _moment(visit)
    text = visit.form.text("text", needed="Please write something", longest=memos.LONGEST)
    if happened_at is None or visit.form.errors:
        return _show(visit, case_number, 422)

    def write(tx: Transaction) -> None:
        case = queries.visible(tx, visit.actor, case_number)
        written = {(each.happened_at, each.text) for each in memos.of_case(tx, case.id)}
        if (happened_at, text) not in written:
            memos.add(tx, case.id, happened_at, text, visit.actor)

    try:
        visit.house.database.write(write)
    except (Invalid, Conflict) as problem:
        field = str(problem.params.get("field", "text"))
        words = problem_body(visit.language, problem.status, problem.code, problem.params)["title"]
        visit.form.errors.setdefault("day" if field == "happened_at" else "text", words)
        return _show(visit, case_number, 422)
    return visit.redirect(f"/cases/{case_number}?kept=yes#memos")


def _show(visit: Visit, case_number: str, status: int = 200) -> Response:
    shown = _find(visit, case_number)
    live = [contact for contact in shown.contacts if contact.state != "ended"]
    today = visit.clock().astimezone(visit.zone).date().isoformat()
    visit.form.start_with(day=today)
    return visit.page(
        "customer/case.html",
        status,
        case=shown,
        contacts=list(reversed(shown.contacts)),
        live=live[-1] if live else None,
        told=shown.contacts[-1].case if shown.contacts else None,
        channel_label=channel_label,
        today=today,
        longest=memos.LONGEST,
        kept=visit.request.query_params.get("kept") == "yes",
        person_link=f"/contacts/{live[-1].id}#owner"
        if live
        else visit.person_link(shown.order_number, shown.category),
    )


def _find(visit: Visit, case_number: str) -> CaseFileOut:
    def read(tx: Transaction) -> CaseFileOut:
        case = queries.visible(tx, visit.actor, case_number)
        return case_file_out(tx, visit.actor, case, visit.language, visit.zone)

    try:
        return visit.house.database.read(read)
    except NotFound:
        if visit.actor.rung < Rung.SIGNED_IN and visit.request.method == "GET":
            visit.sign_in_first(Rung.SIGNED_IN, f"/cases/{case_number}")
        raise


def _moment(visit: Visit) -> datetime | None:
    """Day and time in the shop's zone; without a time the middle of the day, and today now."""
    form = visit.form
    day = form.text("day", needed="Please choose the day", longest=10)
    clock = form.text("time", longest=8)
    zone: ZoneInfo = visit.zone
    now = visit.clock().astimezone(zone)
    try:
        on = date.fromisoformat(day) if day else None
    except ValueError:
        on = None
        form.wrong("day", "Please write the day like 2026-11-20")
    try:
        at = time.fromisoformat(clock).replace(tzinfo=None) if clock else None
    except ValueError:
        at = None
        form.wrong("time", "Please write the time like 14:30")
    if on is None:
        return None
    if at is None:
        return now if on == now.date() else datetime.combine(on, time(12), zone)
    return datetime.combine(on, at, zone)
