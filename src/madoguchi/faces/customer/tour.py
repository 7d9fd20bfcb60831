"""The first visit: three steps that lead somebody through, until they say that they know (HLP-015)."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from madoguchi.faces.customer.visit import Visit, Visiting
from madoguchi.faces.rendering import local_path

router = APIRouter(include_in_schema=False)
COOKIE = "madoguchi_tour"
SEEN = "seen"


@router.post("/tour")
def end_tour(visit: Visiting) -> Response:
    """Not shown again in this browser; `again` brings it back."""
    response = visit.redirect(local_path(visit.form.value("back")))
    visit.set_cookie(response, COOKIE, "again" if visit.form.value("tour") == "again" else SEEN)
    return response


def wants_tour(visit: Visit) -> bool:
    """For whoever has neither put it away nor ever contacted us."""
    known = visit.request.cookies.get(COOKIE, "")
    if known:
        return known != SEEN
    if visit.principal is None:
        return True
    return not visit.house.chat.history(visit.actor, days=visit.settings.history.keep_days, limit=1)
