"""Display settings and language: a form that any browser can send; the cookie lets the server show them at once."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from madoguchi.faces.customer.visit import Visiting
from madoguchi.faces.rendering import DISPLAY_COOKIE, Display, local_path

router = APIRouter(include_in_schema=False)


@router.get("/display")
def settings_page(visit: Visiting) -> Response:
    return visit.page("customer/display.html", back=local_path(visit.request.query_params.get("back", "/")))


@router.post("/display")
def keep(visit: Visiting) -> Response:
    wished = (
        Display()
        if visit.form.value("as_usual")
        else Display.of({n: visit.form.value(n) for n in Display.CHOICES})
    )
    answer = visit.redirect(local_path(visit.form.value("back")))
    visit.set_cookie(answer, DISPLAY_COOKIE, wished.to_cookie())
    return answer
