"""The last pages of the form: look over it, send it, its number, and the link that proves an address (CH-044, CH-049, S-04)."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from madoguchi.assistant.understanding.answers import has_strong_words
from madoguchi.channels.form import composing
from madoguchi.channels.form.door import Confirmed
from madoguchi.channels.form.model import Draft
from madoguchi.channels.form.needs import Completeness, completeness
from madoguchi.counter.calendars.loading import load
from madoguchi.counter.cases import at_hand
from madoguchi.counter.cases.promises import promise_text
from madoguchi.counter.cases.wording import category_label
from madoguchi.counter.customers import queries as customers
from madoguchi.counter.problems import Conflict, Invalid, NotFound, TooMany
from madoguchi.faces.articles import Line, asker_of
from madoguchi.faces.customer import form_draft
from madoguchi.faces.customer.form_draft import STEPS, draft_of, keep
from madoguchi.faces.customer.form_pages import open_chat, show, words_of
from madoguchi.faces.customer.visit import Visit, Visiting
from madoguchi.faces.rendering import page_headers

router = APIRouter(include_in_schema=False)
SUGGESTED = 3
TRAP = "website"  # a field that nobody sees: only machines fill it in
_DAY_S = 86_400
_MISSING = {
    "order": "The order number: with it we find everything at once",
    "photo": "A photo or screenshot: it shows what words describe at length",
    "details": "A little more about what happened: when, which, how often",
    "shorter": "Fewer words: the main point first lets us answer sooner",
    "wish": "Your wish: then our answer can be the solution",
}


@router.get("/help/form/review")
def review(visit: Visiting) -> Response:
    draft = draft_of(visit)
    step = form_draft.first_open(draft)
    if STEPS.index(step) < STEPS.index("review"):
        return visit.redirect(f"/help/form/{step}")
    return _review(visit, draft)


@router.post("/help/form/send")
def send(visit: Visiting) -> Response:
    """Nothing is dropped: whatever speaks against sending is said, and everything is still there."""
    forms, draft_id = visit.house.forms, visit.form.text("draft", longest=60)
    draft = draft_of(visit)
    if draft.id != draft_id:
        return _sent_before(visit, draft_id)
    email, name = ("", "") if visit.signed_in else _address(visit)
    if visit.form.value(TRAP):
        visit.form.wrong("send", "Please look over it and send it once more: a hidden field was filled in")
    if visit.form.errors:
        return _review(visit, draft, 422)
    host = visit.request.client.host if visit.request.client else ""
    try:
        forms.send(
            visit.actor,
            draft_id,
            visit.form.value("token"),
            visit.language,
            host,
            email=email,
            name=name,
        )
    except TooMany as problem:
        visit.form.errors["send"] = words_of(visit, problem)
        return _review(visit, draft, 429)
    except (Invalid, Conflict) as problem:
        field = "email" if problem.code == "email_unusable" else "send"
        visit.form.errors[field] = words_of(visit, problem)
        keep(visit, draft.model_copy(update={"email": email, "name": name}))
        return _review(visit, draft, 422)
    return visit.redirect(f"/help/form/sent/{draft_id}")


@router.get("/help/form/sent/{draft_id}")
def sent(visit: Visiting, draft_id: str) -> Response:
    """The number at once, what happens next and when; made to be printed (CH-041, CH-044, CH-048)."""
    if visit.principal is None:
        raise NotFound("draft_not_found")
    told = visit.house.forms.sent(visit.actor, draft_id)
    return visit.page("customer/form_sent.html", sent=told, **_expectation(visit, told.category))


@router.post("/help/form/chat")
def to_chat(visit: Visiting) -> Response:
    return open_chat(visit, keep(visit, draft_of(visit)))


@router.post("/help/form/solved")
def solved(visit: Visiting) -> Response:
    """An article was enough; counted once for a form, which stays in case it was not (HLP-003)."""
    draft = draft_of(visit)
    article = visit.form.text("article", longest=120)
    asker = asker_of(visit.house, visit.principal.actor if visit.principal else None, visit.language)
    told = visit.house.library.read(article, asker, fallback=True)
    who = draft.id or (visit.request.client.host if visit.request.client else "")
    if visit.house.limiter.check("form_solved", who, 1, _DAY_S) is None:
        visit.house.forms.solved(draft.kind, told.id)
    return visit.page("customer/form_solved.html", article=Line.of(told), draft=draft)


@router.post("/help/form/keep")
def kept(visit: Visiting) -> Response:
    """For the small script: keeps what is typed while it is typed, and answers with articles that fit (HLP-003)."""
    draft = keep(visit, form_draft.written(visit, draft_of(visit)))
    words = f"{draft.problem}\n{draft.course}"
    body = {
        "articles": [
            {"title": line.title, "url": line.path, "language": line.language}
            for line in _articles(visit, draft)
        ],
        "calm": has_strong_words(words),
    }
    response = JSONResponse(body, headers=page_headers(visit.settings))
    visit.remember(response)
    return response


@router.get("/help/form/confirm")
def confirm(visit: Visiting) -> Response:
    """Looking at it changes nothing: programs that test links open them too."""
    return _confirm_page(visit, visit.request.query_params.get("token", ""))


@router.post("/help/form/confirm")
def confirmed(visit: Visiting) -> Response:
    token = visit.form.text("token", longest=200)
    ids = visit.form.values("mine")
    none = visit.form.value("none") == "yes"
    if not ids and not none:
        visit.form.wrong("mine", "Please choose what you wrote, or say that none of it is yours")
        return _confirm_page(visit, token, 422)
    actor = visit.principal.actor if visit.principal else None
    try:
        done = Confirmed() if none else visit.house.forms.confirm(actor, token, ids[:50])
        if none:
            visit.house.forms.refuse(token)
    except Invalid:
        return _confirm_page(visit, token, 422)
    category = done.categories[0] if done.categories else ""
    return visit.page("customer/form_confirmed.html", done=done, token=token, **_expectation(visit, category))


def _review(visit: Visit, draft: Draft, status: int = 200) -> Response:
    files = visit.house.forms.files(draft)
    found = completeness(draft, len(files))
    visit.form.start_with(email=draft.email or draft.values.get("registered_email", ""), name=draft.name)
    return show(
        visit,
        "review",
        draft,
        status,
        rows=_rows(visit, draft),
        files=files,
        percent=found.percent,
        missing=_missing(visit, found),
        articles=_articles(visit, draft) if status == 200 else [],
        calm=has_strong_words(f"{draft.problem}\n{draft.course}\n{draft.wish_words}"),
        token=visit.house.forms.token(draft),
        trap=TRAP,
    )


def _rows(visit: Visit, draft: Draft) -> list[dict[str, str]]:
    """What will be sent, each with the page on which it can be changed."""
    language = visit.language
    order = draft.order or (visit.t("No order") if draft.no_order else "")
    rows = [
        (visit.t("About"), category_label(draft.kind, language), "about"),
        (visit.t("Order number"), order, "order"),
        (visit.t("The problem"), draft.problem, "write"),
        *((at_hand.label(slot, language), value, "write") for slot, value in draft.values.items()),
        (visit.t("What happened"), draft.course, "write"),
        (visit.t("My wish"), composing.wish_of(draft, language), "write"),
    ]
    return [
        {"label": label, "value": value, "url": f"/help/form/{step}"} for label, value, step in rows if value
    ]


def _missing(visit: Visit, found: Completeness) -> list[dict[str, str]]:
    """In words, each with the page where it is filled in (CH-049)."""
    listed = []
    for each in found.missing:
        words = at_hand.label(each.slot, visit.language) if each.slot else visit.t(_MISSING[each.what])
        listed.append({"text": words, "url": f"/help/form/{'order' if each.what == 'order' else 'write'}"})
    return listed


def _articles(visit: Visit, draft: Draft) -> list[Line]:
    """What answers this kind, then what answers the words."""
    asker = asker_of(visit.house, visit.principal.actor if visit.principal else None, visit.language)
    library = visit.house.library
    about = library.about(draft.kind, asker) if draft.kind else None
    found = library.search(draft.problem[:200], asker, limit=SUGGESTED) if draft.problem else []
    both = {each.id: each for each in [*([about] if about else []), *found]}
    return [Line.of(each) for each in list(both.values())[:SUGGESTED]]


def _address(visit: Visit) -> tuple[str, str]:
    """Where the answer goes to, and how they would like to be called."""
    email = visit.form.text("email", needed="Please write the mail address to which we answer", longest=200)
    return email, visit.form.text("name", longest=60)


def _sent_before(visit: Visit, draft_id: str) -> Response:
    """Sent twice, or from a page that was open long: what was sent counts, what is new goes on."""
    try:
        visit.house.forms.sent(visit.actor, draft_id)
    except NotFound:
        return visit.redirect("/help/form")
    return visit.redirect(f"/help/form/sent/{draft_id}")


def _confirm_page(visit: Visit, token: str, status: int = 200) -> Response:
    try:
        found = visit.house.forms.waiting(token)
    except Invalid:
        return visit.page("customer/form_confirm.html", 422, found=None, token="", mine=[])
    own = [each.id for each in found if visit.principal and each.visitor_id == visit.actor.id]
    mine = [each.id for each in found] if len(found) == 1 else own
    labels = [(each, category_label(each.category, visit.language)) for each in found]
    return visit.page("customer/form_confirm.html", status, found=labels, token=token, mine=mine)


def _expectation(visit: Visit, category: str) -> dict[str, Any]:
    known = visit.actor.customer_id if visit.signed_in else None
    found = visit.house.database.read(customers.find, known) if known else None
    calendars = visit.house.database.read(load, visit.settings)
    return {
        "category_label": category_label(category, visit.language),
        "promise": promise_text(category, visit.language, found.segments if found else ()),
        "hours": calendars.hours_for(channel="form", language=visit.language).text(visit.language),
        "confirm_hours": visit.settings.form.confirm_hours,
    }
