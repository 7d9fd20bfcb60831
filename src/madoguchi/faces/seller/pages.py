"""The seller's own desk: threads about their goods, one thread, the answer."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from madoguchi.counter.contacts.attachments import MEDIA_TYPES
from madoguchi.counter.problems import Problem, TooMany
from madoguchi.counter.sellers.service import LONGEST
from madoguchi.engine import sessions
from madoguchi.faces.api.problems import problem_body
from madoguchi.faces.customer.visit import Visit, arrive_as
from madoguchi.faces.partner_views import sellers_view, thread_view
from madoguchi.faces.principal import STAFF_COOKIE

router = APIRouter(include_in_schema=False)
FILES_IN_TEN_MINUTES = 30
KINDS = ("reply", "accept_return", "accept_refund", "object")


async def arrive(request: Request) -> Visit:
    """A request of a seller, or of somebody who is to sign in as one."""
    return await arrive_as(request, STAFF_COOKIE, lambda found: found.actor.kind == "seller")


Selling = Annotated[Visit, Depends(arrive)]


@router.get("/seller")
def threads_page(visit: Selling) -> Response:
    if visit.principal is None:
        return _sign_in(visit)
    found = visit.house.sellers.inbox(visit.actor)
    return visit.page("seller/threads.html", threads=[thread_view(each, visit.language) for each in found])


@router.post("/seller/sign-out")
def sign_out(visit: Selling) -> Response:
    if visit.principal is not None and visit.principal.session is not None:
        visit.house.database.write(sessions.end, visit.principal.session.token_hash)
    answer = visit.redirect("/desk/sign-in?next=/seller")
    answer.delete_cookie(STAFF_COOKIE)
    return answer


@router.get("/seller/{thread_id}")
def thread_page(visit: Selling, thread_id: str) -> Response:
    return _thread_page(visit, thread_id) if visit.principal else _sign_in(visit)


@router.post("/seller/{thread_id}/evidence")
def show(visit: Selling, thread_id: str) -> Response:
    """A picture or PDF for the shop."""
    if visit.principal is None:
        return _sign_in(visit)
    form, most = visit.form, visit.settings.limits.attachment_mb * 1_048_576 + 1
    text = form.text("about", longest=LONGEST)
    files = form.files("file")
    if not files:
        form.wrong("file", "Please choose a file")
    wait = visit.house.limiter.check("attachments", visit.actor.id, FILES_IN_TEN_MINUTES, 600)
    if wait is not None:
        _note(visit, TooMany("too_many_attachments", retry_after=wait), "file")
    if not form.is_fine:
        return _thread_page(visit, thread_id, 422)
    for place, file in enumerate(files):
        key = f"{form.value('evidence_key')[:90]}/{place}"
        name, content = file.filename or "file", file.file.read(most)
        try:
            visit.house.sellers.show(visit.actor, thread_id, name, content, text=text, key=key)
        except Problem as problem:
            if problem.status == 404:
                raise
            _note(visit, problem, "file")
            return _thread_page(visit, thread_id, problem.status)
    return visit.redirect(f"/seller/{thread_id}")


@router.post("/seller/{thread_id}")
def answer(visit: Selling, thread_id: str) -> Response:
    if visit.principal is None:
        return _sign_in(visit)
    form = visit.form
    kind = form.one_of("kind", KINDS, needed="Choose an answer")
    text = form.text("text", longest=LONGEST)
    if kind in ("reply", "object") and not text:
        form.wrong("text", "Please write something")
    if not form.is_fine:
        return _thread_page(visit, thread_id, 422)
    what, _, wish = kind.partition("_")
    try:
        visit.house.sellers.answer(visit.actor, thread_id, what, text, form.value("answer_key")[:100], wish)
    except Problem as problem:
        if problem.status == 404:
            raise
        _note(visit, problem, "text")
        return _thread_page(visit, thread_id, problem.status)
    return visit.redirect(f"/seller/{thread_id}")


def _thread_page(visit: Visit, thread_id: str, status: int = 200) -> Response:
    view: dict[str, Any] = sellers_view(
        visit.house.sellers.sellers_view(visit.actor, thread_id), visit.language
    )
    return visit.page("seller/thread.html", status, thread=view, media_types=",".join(MEDIA_TYPES))


def _note(visit: Visit, problem: Problem, field: str) -> None:
    words = problem_body(visit.language, problem.status, problem.code, problem.params)["title"]
    visit.form.errors[field] = str(words)


def _sign_in(visit: Visit) -> Response:
    return visit.redirect("/desk/sign-in?next=/seller")
