"""Saying how our help was, from a mail's link, and giving feedback at any time; both as plain forms (QLT-002, QLT-003)."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import APIRouter
from starlette.responses import Response

from madoguchi.counter.actors import Actor
from madoguchi.counter.cases import queries as cases
from madoguchi.counter.cases.model import Case
from madoguchi.counter.problems import Conflict, NotFound, TooMany
from madoguchi.counter.surveys import feedback, links, service
from madoguchi.counter.surveys.model import FEEDBACK_KINDS, Answer, FeedbackKind, Survey
from madoguchi.counter.surveys.questions import ASPECTS, SCORES, answers, question
from madoguchi.engine.database import Transaction
from madoguchi.faces.customer.visit import Visit, Visiting
from madoguchi.faces.forms import Form

router = APIRouter(include_in_schema=False)
LONGEST_COMMENT = 2000
FEEDBACK_A_DAY = 20
DAY_S = 86_400
KINDS: dict[FeedbackKind, str] = {
    "praise": "Praise",
    "complaint": "A complaint",
    "suggestion": "A suggestion",
    "other": "Something else",
}


def answer_of(form: Form) -> Answer:
    """What a form of ours holds of marks and words; anything else in it is no answer."""
    marks = {str(score) for score in SCORES}
    score, solved = form.one_of("score", marks), form.one_of("solved", ("yes", "no"))
    return Answer(
        score=int(score) if score else None,
        solved={"yes": True, "no": False}.get(solved),
        comment=form.text("comment", longest=LONGEST_COMMENT),
        aspects={aspect: int(mark) for aspect in ASPECTS if (mark := form.one_of(aspect, marks))},
    )


@router.get("/survey/{token}")
def survey_page(visit: Visiting, token: str) -> Response:
    """Looking at it answers nothing: machines that read mails follow links too."""
    return _page(visit, token)


@router.post("/survey/{token}")
def answer(visit: Visiting, token: str) -> Response:
    given = answer_of(visit.form)
    if given.is_empty and not visit.form.errors:
        visit.form.wrong("score", "Please choose one")
    if visit.form.errors:
        return _page(visit, token, 422)
    try:
        visit.house.database.write(_keep, visit, token, given)
    except Conflict:
        return visit.redirect(f"{_address(token)}?over=yes")
    step = "thanks" if given.score is None else "more"
    return visit.redirect(f"{_address(token)}?{step}=yes")


@router.post("/survey/{token}/never")
def never_again(visit: Visiting, token: str) -> Response:
    visit.house.database.write(_never, visit, token)
    return visit.redirect(f"{_address(token)}?never=yes")


@router.get("/help/feedback")
def feedback_page(visit: Visiting) -> Response:
    return _feedback(visit)


@router.post("/help/feedback")
def give_feedback(visit: Visiting) -> Response:
    form = visit.form
    kind: FeedbackKind = form.one_of("kind", FEEDBACK_KINDS, otherwise="other")  # type: ignore[assignment]
    text = form.text("text", needed="Please write something", longest=feedback.LONGEST)
    case_id = _case_of(visit, form.text("case", longest=20))
    if form.errors:
        return _feedback(visit, 422)
    actor = visit.begin().actor
    wait = visit.house.limiter.check("feedback", actor.id, FEEDBACK_A_DAY, DAY_S)
    if wait is not None:
        raise TooMany("too_many", retry_after=wait)
    wants_answer = form.value("answer") == "yes"
    kept = visit.house.database.write(
        feedback.give,
        actor,
        kind=kind,
        text=text,
        language=visit.language,
        case_id=case_id,
        wants_answer=wants_answer,
    )
    if not wants_answer:
        return visit.redirect("/help/feedback?thanks=yes")
    opened = visit.house.chat.open(
        actor,
        client_key=f"feedback-{kept.id}",
        language=visit.language,
        text=text,
        problem="support_service.feedback_complaint",
        case=form.value("case"),
        want_person=True,
        address=visit.address,
    )
    visit.house.database.write(feedback.answered_in, kept.id, opened.id)
    return visit.redirect(f"/contacts/{opened.id}#latest")


def _page(visit: Visit, token: str, status: int = 200) -> Response:
    found = visit.house.database.read(links.opened, visit.house.keys, token)
    rules = service.Rules.of(visit.settings)
    query = visit.request.query_params
    is_open = service.is_open(found, rules, visit.clock()) and query.get("over") != "yes"
    left = service.left_to_ask(found)
    return visit.page(
        "customer/survey.html",
        status,
        address=_address(token),
        number=visit.house.database.read(_goes_on, found.case_id).label,
        is_open=is_open,
        never=query.get("never") == "yes",
        thanks=query.get("thanks") == "yes" or (found.score is not None and query.get("more") != "yes"),
        score=found.score,
        answers=answers(visit.language),
        questions=[(aspect, question(aspect, visit.language)) for aspect in ASPECTS if aspect in left],
    )


def _goes_on(tx: Transaction, case_id: str) -> Case:
    return cases.going_on(tx, cases.get(tx, case_id))


def _keep(tx: Transaction, visit: Visit, token: str, given: Answer) -> None:
    found = links.opened(tx, visit.house.keys, token)
    rules = service.Rules.of(visit.settings)
    if not service.is_open(found, rules, tx.now):
        raise Conflict("rating_closed")
    service.answer(tx, cases.get(tx, found.case_id), rules, given, way="mail", by=_asked(found))


def _never(tx: Transaction, visit: Visit, token: str) -> None:
    found = links.opened(tx, visit.house.keys, token)
    service.decline(tx, found.id, never_again=True, by=_asked(found))


def _asked(found: Survey) -> Actor:
    """Whoever has the link answers as the one who was asked, and can do nothing else as them."""
    return Actor(kind="customer", id=found.visitor_id, customer_id=found.customer_id)


def _feedback(visit: Visit, status: int = 200) -> Response:
    visit.form.start_with(kind="other", case=visit.request.query_params.get("case", "")[:20])
    return visit.page(
        "customer/feedback.html",
        status,
        kinds=[(kind, visit.t(words)) for kind, words in KINDS.items()],
        thanks=visit.request.query_params.get("thanks") == "yes",
        longest=feedback.LONGEST,
    )


def _case_of(visit: Visit, number: str) -> str:
    """The id of their own case; a number that is not theirs is an error beside the field, whether it exists or not."""
    if not number:
        return ""
    found = visit.house.database.read(cases.by_number, number)
    if found is None or not cases.may_see(visit.actor, found):
        visit.form.wrong("case", "You have no enquiry with this number")
        return ""
    return found.id


def _address(token: str) -> str:
    if not token.isascii():
        raise NotFound("survey_not_found")
    return f"/survey/{quote(token, safe='.')}"
