"""The desk's pages: sign in with password and one-time code, the shell, sign out."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from madoguchi.counter.problems import Problem, TooMany
from madoguchi.engine import sessions
from madoguchi.faces.api.problems import problem_body
from madoguchi.faces.customer.visit import Visit
from madoguchi.faces.forms import Form, check_form, read_form
from madoguchi.faces.house import house_of
from madoguchi.faces.principal import STAFF_COOKIE, principal_of, set_session_cookie
from madoguchi.faces.rendering import DISPLAY_COOKIE, Display, local_path, pick_language
from madoguchi.faces.sign_in import sign_in_staff

router = APIRouter(include_in_schema=False)


async def arrive(request: Request) -> Visit:
    """A request of staff, or of somebody who wants to sign in as staff."""
    house = house_of(request)
    found = await principal_of(request, prefer=STAFF_COOKIE)
    principal = found if found is not None and found.is_staff else None
    request.state.sells = found is not None and found.actor.kind == "seller"
    language = pick_language(request, house.settings, principal.actor.language if principal else "")
    visit = Visit(
        request=request,
        settings=house.settings,
        language=language,
        display=Display.from_cookie(request.cookies.get(DISPLAY_COOKIE, "")),
        clock=house.database.clock,
        house=house,
        principal=principal,
        form=Form(language),
    )
    request.state.visit = visit
    visit.form = await read_form(request, language)
    check_form(request, visit.form, visit.csrf)
    return visit


Working = Annotated[Visit, Depends(arrive)]


@router.get("/desk")
def desk(visit: Working) -> Response:
    if visit.request.state.sells:
        return visit.redirect("/seller")
    if visit.principal is None:
        return visit.redirect("/desk/sign-in")
    return visit.page("desk/desk.html")


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
