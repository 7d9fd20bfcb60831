"""Error pages: what was kept, what happens next, how to go on; never a bare error (CASE-019)."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from madoguchi.counter.problems import NotAllowed, Problem, SignInNeeded
from madoguchi.engine.texts import tr
from madoguchi.faces.api.problems import (
    ALTERNATIVES,
    INSTEAD_OF_CHAT,
    TITLES,
    http_response,
    invalid_response,
    problem_body,
    problem_response,
)
from madoguchi.faces.customer.visit import Visit
from madoguchi.faces.forms import Form
from madoguchi.faces.house import house_of
from madoguchi.faces.rendering import DISPLAY_COOKIE, Display, local_path, pick_language, with_query

_NOT_PAGES = ("/api/", "/hooks/", "/static/")


@dataclass(frozen=True)
class Words:
    """The three statements of every error page."""

    title: str
    kept: str
    next: str
    go_on: str


_KEPT = "Everything you sent us before is kept. Nothing was changed by this page."
WORDS: dict[int, Words] = {
    403: Words(
        "This page cannot be used like this",
        "Nothing was sent and nothing was changed. What you typed is shown below, so that you can copy it.",
        "Pages are valid for one sign-in only. In a new page everything works as usual.",
        "Go back, reload the page, and send the form again.",
    ),
    404: Words(
        "We could not find this page",
        _KEPT,
        "The address may be incomplete, or belongs to another account.",
        "Go to the start page and choose your order or enquiry there.",
    ),
    409: Words(
        "Something has changed in the meantime",
        "Your earlier messages and completed steps are kept. This last step was not carried out.",
        "The order or enquiry has moved on since this page was opened.",
        "Go back and open the page again; it shows the latest state.",
    ),
    422: Words(
        "Something in this form cannot be used",
        "Nothing was changed. What you typed is shown below, so that you can copy it.",
        "The form waits for you.",
        "Go back, check the fields, and send it again.",
    ),
    429: Words(
        "That was very often in a short time",
        "Everything you sent before is kept. The last step was not carried out. What you typed is shown below.",
        "To protect customers we slow down many tries in a row. It works again in {minutes} min.",
        "Wait a moment, then send it again. In a hurry, talk to a person.",
    ),
    503: Words(
        "This part does not work now",
        "Everything you sent us before is kept. The last step was not carried out. What you typed is shown below.",
        "We know of it and are looking into it. The page on how our parts work says from when until when.",
        "Use one of the other ways; enquiries that are open go on as before.",
    ),
    500: Words(
        "Something went wrong on our side",
        "Everything you sent before this page is kept. If this page was carrying out a change to an order, it is never carried out twice.",
        "The error was recorded and we look into it. You need not report it.",
        "Wait a moment and open the page again. The order page shows whether a change was made.",
    ),
}


def install(app: FastAPI) -> None:
    """Refusals and surprises as pages for people, as problem documents (RFC 9457) for programs below `/api`."""

    @app.exception_handler(Problem)
    async def _problem(request: Request, error: Problem) -> Response:
        if _for_programs(request):
            return problem_response(request, error.status, error.code, error.params)
        if isinstance(error, SignInNeeded):
            return _to_sign_in(request, error)
        return error_page(request, error.status, error)

    @app.exception_handler(RequestValidationError)
    async def _invalid(request: Request, error: RequestValidationError) -> Response:
        return invalid_response(request, error) if _for_programs(request) else error_page(request, 404)

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> Response:
        if _for_programs(request):
            return http_response(request, error)
        return error_page(request, error.status_code)

    @app.exception_handler(Exception)
    async def _surprise(request: Request, error: Exception) -> Response:
        if _for_programs(request):
            return problem_response(request, 500, "internal", {})
        return error_page(request, 500)


def error_page(request: Request, status: int, problem: Problem | None = None) -> Response:
    """The page for a status; what was typed in the form that failed is given back."""
    visit: Visit = getattr(request.state, "visit", None) or _stranger(request)
    if isinstance(problem, NotAllowed) and _is_staffs(visit):
        return visit.page("console/not_allowed.html", status)
    shown = WORDS.get(status) or WORDS[404 if status == 405 else 422 if status < 500 else 500]
    params = problem.params if problem else {}
    minutes = max(1, -(-int(params.get("retry_after", 60)) // 60))
    known = problem is not None and problem.code in TITLES and not isinstance(problem, NotAllowed)
    detail = ""
    if problem is not None and known and status not in (404,):
        detail = str(problem_body(visit.language, status, problem.code, params)["title"])
    answer = visit.page(
        "customer/error.html",
        status,
        title=tr(visit.language, shown.title),
        kept=tr(visit.language, shown.kept),
        next=tr(visit.language, shown.next, minutes=minutes),
        go_on=tr(visit.language, shown.go_on),
        detail=detail,
        instead=ALTERNATIVES if problem is not None and problem.code in INSTEAD_OF_CHAT else {},
        typed=visit.form.typed(),
        back=local_path(_referer_path(request)),
    )
    if "retry_after" in params:
        answer.headers["Retry-After"] = str(params["retry_after"])
    return answer


def _is_staffs(visit: Visit) -> bool:
    """A page of the desk or the console that a member of staff opens whose role is another one."""
    request = visit.request
    of_staff = request.url.path.startswith(("/desk", "/console"))
    return request.method == "GET" and of_staff and visit.principal is not None and visit.actor.is_staff


def _for_programs(request: Request) -> bool:
    return request.url.path.startswith(_NOT_PAGES)


def _to_sign_in(request: Request, error: SignInNeeded) -> Response:
    visit: Visit = getattr(request.state, "visit", None) or _stranger(request)
    back = str(
        error.params.get("back") or (visit.here if request.method == "GET" else _referer_path(request))
    )
    if request.url.path.startswith(("/desk", "/console")):
        return visit.redirect(with_query("/desk/sign-in", next=local_path(back, "/desk")))
    return visit.redirect(
        with_query("/sign-in", next=local_path(back), rung=str(error.params.get("rung", "")))
    )


def _stranger(request: Request) -> Visit:
    """A visit for a request that failed before it had one."""
    house = house_of(request)
    language = pick_language(request, house.settings)
    return Visit(
        request=request,
        settings=house.settings,
        language=language,
        display=Display.from_cookie(request.cookies.get(DISPLAY_COOKIE, "")),
        clock=house.database.clock,
        house=house,
        principal=None,
        form=Form(language),
    )


def _referer_path(request: Request) -> str:
    """The path of our page that sent this request."""
    referer = request.headers.get("referer", "")
    own = f"{request.url.scheme}://{request.headers.get('host', '')}"
    return referer.removeprefix(own) if referer.startswith(f"{own}/") else ""
