"""The desk's pages: sign in with password and one-time code, the shell, sign out."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from madoguchi.counter.problems import Problem, TooMany
from madoguchi.counter.team.policy import may
from madoguchi.engine import sessions
from madoguchi.faces.api.problems import problem_body
from madoguchi.faces.customer.visit import Visit, arrive_as
from madoguchi.faces.principal import STAFF_COOKIE, principal_of, set_session_cookie
from madoguchi.faces.rendering import local_path
from madoguchi.faces.sign_in import sign_in_staff

router = APIRouter(include_in_schema=False)
CONSOLE = "/console"
REPORTS = "/console/reports"


async def arrive(request: Request) -> Visit:
    """A request of staff, or of somebody who wants to sign in as staff."""
    return await arrive_as(request, STAFF_COOKIE, lambda found: found.is_staff)


Working = Annotated[Visit, Depends(arrive)]


@router.get("/desk")
async def desk(visit: Working) -> Response:
    if visit.principal is None:
        other = await principal_of(visit.request, prefer=STAFF_COOKIE)
        if other is not None and other.actor.kind == "seller":
            return visit.redirect("/seller")
        return visit.redirect("/desk/sign-in")
    has_pages = may(visit.actor, "assistant.teach") or may(visit.actor, "articles.edit")
    console = CONSOLE if has_pages else ""
    reports = REPORTS if may(visit.actor, "figures.read") else ""
    return visit.page("desk/desk.html", console=console, reports=reports)


@router.get("/desk/sign-in")
def sign_in_page(visit: Working) -> Response:
    if visit.principal is not None:
        return visit.redirect("/desk")
    return _sign_in_page(visit)


@router.post("/desk/sign-in")
def sign_in(visit: Working) -> Response:
    login = visit.form.text("login", needed="Enter your sign-in name", longest=120)
    password = visit.form.value("password")
    if not password:
        visit.form.wrong("password", "Enter your password")
    if visit.form.errors:
        return _sign_in_page(visit, 422)
    address = visit.request.client.host if visit.request.client else ""
    try:
        token = sign_in_staff(
            visit.house, login, password[:200], visit.form.text("totp", longest=12), address
        )
    except TooMany as problem:
        visit.form.errors["form"] = str(
            problem_body(visit.language, 429, problem.code, problem.params)["title"]
        )
        return _sign_in_page(visit, 429)
    except Problem:
        visit.form.wrong("form", "The name, password or code is wrong")
        return _sign_in_page(visit, 422)
    answer = visit.redirect(local_path(visit.form.value("next"), "/desk"))
    set_session_cookie(answer, visit.house, STAFF_COOKIE, token)
    return answer


@router.post("/desk/sign-out")
def sign_out(visit: Working) -> Response:
    if visit.principal is not None and visit.principal.session is not None:
        visit.house.database.write(sessions.end, visit.principal.session.token_hash)
    answer = visit.redirect("/desk/sign-in")
    answer.delete_cookie(STAFF_COOKIE)
    return answer


def _sign_in_page(visit: Visit, status: int = 200) -> Response:
    return visit.page(
        "desk/sign_in.html", status, next=local_path(visit.request.query_params.get("next", ""), "/desk")
    )
