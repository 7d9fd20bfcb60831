"""The feedback desk: what people told us, who looks after it, what came of it (QLT-003)."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from madoguchi.counter.cases import queries as cases
from madoguchi.counter.problems import Conflict
from madoguchi.counter.surveys import feedback, queries
from madoguchi.counter.surveys.model import Feedback, FeedbackState
from madoguchi.counter.team import queries as team
from madoguchi.engine.database import Transaction
from madoguchi.faces.console.surveys import Listening
from madoguchi.faces.customer.surveys import KINDS
from madoguchi.faces.customer.visit import Visit

router = APIRouter(prefix="/console/feedback")
PAGE = 50
VIEWS: dict[str, tuple[FeedbackState, ...]] = {"open": ("new", "in_work"), "done": ("done",)}


@router.get("")
def feedback_page(visit: Listening) -> Response:
    return _page(visit)


@router.post("/{feedback_id}/take")
def take(visit: Listening, feedback_id: str) -> Response:
    try:
        visit.house.database.write(feedback.take, feedback_id, visit.actor)
    except Conflict:
        visit.form.wrong(f"note-{feedback_id}", "Somebody else looks after this already")
        return _page(visit, 409)
    return visit.redirect(f"/console/feedback#{feedback_id}")


@router.post("/{feedback_id}/done")
def done(visit: Listening, feedback_id: str) -> Response:
    note = visit.form.text(f"note-{feedback_id}", needed="Please say what came of it", longest=2000)
    if visit.form.errors:
        return _page(visit, 422)
    visit.house.database.write(feedback.finish, feedback_id, note, visit.actor)
    return visit.redirect("/console/feedback")


def _page(visit: Visit, status: int = 200) -> Response:
    view = "done" if visit.request.query_params.get("view") == "done" else "open"
    found = visit.house.database.read(queries.feedback_in, VIEWS[view], limit=PAGE)

    def read(tx: Transaction) -> list[dict[str, Any]]:
        return [_shown(tx, visit, each) for each in found]

    return visit.page(
        "console/feedback.html", status, view=view, rows=visit.house.database.read(read), me=visit.actor.id
    )


def _shown(tx: Transaction, visit: Visit, each: Feedback) -> dict[str, Any]:
    case = cases.find(tx, each.case_id) if each.case_id else None
    return {
        "id": each.id,
        "kind": visit.t(KINDS[each.kind]),
        "text": each.text,
        "case": case.label if case else "",
        "contact_id": each.contact_id,
        "state": each.state,
        "taken_by": each.taken_by,
        "taken_by_name": team.display_name(tx, each.taken_by) if each.taken_by else "",
        "note": each.note,
        "language": each.language,
        "at": each.at,
    }
