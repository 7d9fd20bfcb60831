"""A conversation as a page: read, answer by button or words, confirm a deed, rate; all by plain forms (W3, A11Y-004)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import anyio
from fastapi import APIRouter
from fastapi.concurrency import run_in_threadpool
from starlette.responses import Response

from madoguchi.assistant.understanding.answers import has_strong_words
from madoguchi.counter.actors import Rung
from madoguchi.counter.contacts import events, queries, service
from madoguchi.counter.contacts.attachments import MEDIA_TYPES
from madoguchi.counter.problems import Conflict, Invalid, Problem, TooMany
from madoguchi.counter.routing import attending
from madoguchi.counter.routing.escalating import LEVEL, Wish
from madoguchi.counter.surveys.questions import answers
from madoguchi.engine.database import Transaction
from madoguchi.faces.api.problems import problem_body
from madoguchi.faces.api.schemas import ContactOut, EntryOut
from madoguchi.faces.customer.surveys import answer_of
from madoguchi.faces.customer.visit import Visit, Visiting
from madoguchi.faces.entry_views import entries_out
from madoguchi.faces.records import spoken_choices
from madoguchi.faces.rendering import with_query
from madoguchi.faces.views import contact_out

router = APIRouter(include_in_schema=False)
SHOWN = 200
ANSWER_WAIT_S = 3.0
LOOK_EVERY_S = 0.05
REFRESH_S = (15, 30, 60)
AWAY = timedelta(minutes=10)
TIPS_COOKIE = "madoguchi_tips"
_DEED_ENDS = (events.DONE, events.FAILED, events.WITHDRAWN, events.APPROVAL_ASKED)


@router.get("/contacts/{contact_id}")
async def contact_page(visit: Visiting, contact_id: str) -> Response:
    if visit.request.query_params.get("wait"):
        await _until_answered(visit, contact_id)
    return await run_in_threadpool(_show, visit, contact_id)


@router.post("/contacts/{contact_id}/say")
def say(visit: Visiting, contact_id: str) -> Response:
    limit = visit.settings.limits.message_chars
    text = visit.form.text("text", longest=limit)
    try:
        files = _attach(visit, contact_id)
        if not text and not files:
            visit.form.wrong("text", "Please write something")
        if visit.form.errors:
            return _show(visit, contact_id, 422)
        visit.house.chat.say(visit.actor, contact_id, text=text, attachments=files, client_key=_key(visit))
        calm = has_strong_words(text)
    except (Invalid, TooMany) as problem:
        _note(visit, problem, "text")
        return _show(visit, contact_id, problem.status)
    except Conflict as problem:
        if problem.code == "client_key_reused":  # sent twice, with a change: the first one counts
            return _back(visit, contact_id)
        _note(visit, problem, "text")
        return _show(visit, contact_id, problem.status)
    return _back(visit, contact_id, calm=calm)


@router.post("/contacts/{contact_id}/choose")
def choose(visit: Visiting, contact_id: str) -> Response:
    """A choice button. Pressing it again changes nothing; who pressed another one meanwhile sees what counts."""
    key, value = visit.form.text("key", longest=120), visit.form.text("value", longest=500)
    digest = hashlib.sha256(f"{key}\n{value}".encode()).hexdigest()[:24]
    visit.house.chat.say(
        visit.actor,
        contact_id,
        choice={"key": key, "value": value},
        client_key=f"choice/{visit.form.text('seq', longest=12)}/{digest}",
    )
    return _back(visit, contact_id)


@router.post("/contacts/{contact_id}/person")
def ask_person(visit: Visiting, contact_id: str) -> Response:
    visit.house.chat.ask_person(visit.actor, contact_id)
    return _back(visit, contact_id)


@router.post("/contacts/{contact_id}/resolution")
def resolution(visit: Visiting, contact_id: str) -> Response:
    solved = visit.form.one_of("solved", ("yes", "no"), otherwise="no") == "yes"
    visit.house.chat.confirm_resolution(visit.actor, contact_id, solved)
    return _back(visit, contact_id, "#rating" if solved else "#latest")


@router.post("/contacts/{contact_id}/rating")
def rate(visit: Visiting, contact_id: str) -> Response:
    given = answer_of(visit.form)
    if given.is_empty and not visit.form.errors:
        visit.form.wrong("score", "Please choose one")
    if visit.form.errors:
        return _show(visit, contact_id, 422)
    visit.house.chat.rate(visit.actor, contact_id, given, "page")
    step = "thanks" if given.score is None else "more"
    return visit.redirect(f"/contacts/{contact_id}?{step}=yes#rating")


@router.post("/contacts/{contact_id}/transcript")
def transcript(visit: Visiting, contact_id: str) -> Response:
    visit.need_rung(Rung.SIGNED_IN, f"/contacts/{contact_id}")
    visit.house.chat.send_transcript(visit.actor, contact_id)
    return visit.redirect(f"/contacts/{contact_id}?sent=yes#transcript")


@router.post("/contacts/{contact_id}/summary")
def correct_summary(visit: Visiting, contact_id: str) -> Response:
    text = visit.form.text(
        "correction", needed="Please write something", longest=visit.settings.limits.message_chars
    )
    if visit.form.errors:
        return _show(visit, contact_id, 422)
    visit.house.chat.correct_summary(visit.actor, contact_id, text, visit.form.text("line", longest=20))
    return _back(visit, contact_id)


@router.post("/contacts/{contact_id}/escalation")
def escalate(visit: Visiting, contact_id: str) -> Response:
    wish: Wish = next((each for each in LEVEL if each == visit.form.value("wish")), "again")
    needed = "Please write something" if wish in ("again", "demand") else ""
    text = visit.form.text("demand", needed=needed, longest=visit.settings.limits.message_chars)
    if visit.form.errors:
        return _show(visit, contact_id, 422)
    visit.house.chat.escalate(visit.actor, contact_id, wish, text)
    return _back(visit, contact_id, "#owner")


@router.post("/contacts/{contact_id}/answer-by-mail")
def answer_by_mail(visit: Visiting, contact_id: str) -> Response:
    visit.house.chat.answer_by_mail(visit.actor, contact_id)
    return _back(visit, contact_id, "#owner")


@dataclass(frozen=True)
class Conversation:
    """What the page shows of a contact. `deeds`: proposal id → the kind of its last fact; `hidden`: earlier entries."""

    contact: ContactOut
    entries: list[EntryOut]
    deeds: dict[str, str]
    hidden: int


def _show(visit: Visit, contact_id: str, status: int = 200) -> Response:
    talk = visit.house.database.read(_read, visit, contact_id)
    if talk.contact.owner.kind in ("queue", "agent"):
        visit.house.database.write(attending.come_to_people, [contact_id])
    if talk.contact.unread:
        visit.house.database.write(service.mark_seen, contact_id, "customer", talk.contact.last_seq)
    query = visit.request.query_params
    wished = query.get("refresh", "")
    refresh = int(wished) if wished in {str(s) for s in REFRESH_S} else 0
    waiting = talk.contact.owner.kind == "assistant" and bool(query.get("wait")) and _owes(visit, contact_id)
    back_again = _is_back(visit, talk)
    answer = visit.page(
        "customer/contact.html",
        status,
        calm=query.get("calm") == "yes",
        back_again=back_again,
        resumed=query.get("back") == "yes",
        talk=talk,
        contact=talk.contact,
        entries=[
            entry for entry in talk.entries if entry.text or entry.card or entry.attachments or entry.choices
        ],
        refresh=refresh,
        refresh_choices=REFRESH_S,
        still_thinking=waiting,
        answers=answers(visit.language),
        more=query.get("more") == "yes",
        sent=query.get("sent") == "yes",
        thanks=query.get("thanks") == "yes",
        media_types=",".join(MEDIA_TYPES),
        person_link="",
    )
    if back_again:
        visit.set_cookie(answer, TIPS_COOKIE, contact_id)
    return answer


def _is_back(visit: Visit, talk: Conversation) -> bool:
    """Somebody whose open contact was left for a while, on coming back: the first time only (ADV-015)."""
    own = [entry.at for entry in talk.entries if entry.author.kind == "customer"]
    if talk.contact.state != "open" or not own or visit.request.cookies.get(TIPS_COOKIE) == talk.contact.id:
        return False
    return visit.clock() - own[-1] >= AWAY


def _read(tx: Transaction, visit: Visit, contact_id: str) -> Conversation:
    actor = visit.actor
    found = queries.find(tx, contact_id)
    if visit.actor.rung < Rung.SIGNED_IN and (found is None or not queries.may_see(actor, found)):
        visit.sign_in_first(Rung.SIGNED_IN, f"/contacts/{contact_id}")
    contact = queries.visible(tx, actor, contact_id)
    everything = visit.request.query_params.get("all") == "yes"
    after = 0 if everything else max(0, contact.last_seq - SHOWN)
    found_entries = queries.entries(tx, contact_id, after=after, limit=5000, internal=False)
    shown = entries_out(tx, actor, contact, found_entries, visit.language, zone=visit.zone)
    ends = {
        str(entry.body.get("proposal_id")): entry.kind
        for entry in found_entries
        if entry.kind in (*_DEED_ENDS, events.CONFIRMED)
    }
    return Conversation(
        contact_out(tx, actor, contact, visit.language, timezone=visit.zone),
        spoken_choices(shown),
        ends,
        after,
    )


def _attach(visit: Visit, contact_id: str) -> list[str]:
    """Store the chosen files; a file that cannot be sent is named, and nothing is said yet."""
    ids = []
    for file in visit.form.files("files"):
        content = file.file.read(visit.settings.limits.attachment_mb * 1_048_576 + 1)
        try:
            ids.append(visit.house.chat.attach(visit.actor, contact_id, file.filename or "file", content))
        except (Invalid, TooMany) as problem:
            _note(visit, problem, "files", name=file.filename or "")
    return ids


def _note(visit: Visit, problem: Problem, field: str, name: str = "") -> None:
    words = problem_body(visit.language, problem.status, problem.code, problem.params)["title"]
    visit.form.errors.setdefault(field, f"{name}: {words}" if name else words)


def _key(visit: Visit) -> str:
    key = visit.form.text("client_key", longest=100)
    return key if len(key) >= 8 else f"page-{hashlib.sha256(key.encode()).hexdigest()[:16]}"


def _back(visit: Visit, contact_id: str, anchor: str = "#latest", *, calm: bool = False) -> Response:
    query = {"wait": "yes", "refresh": visit.form.value("refresh"), "calm": "yes" if calm else ""}
    return visit.redirect(with_query(f"/contacts/{contact_id}", **query) + anchor)


def _owes(visit: Visit, contact_id: str) -> bool:
    found = visit.house.database.read(queries.find, contact_id)
    return found is not None and found.owes_turn


async def _until_answered(visit: Visit, contact_id: str) -> None:
    """A moment's patience, so that the page that follows a sent form already holds the assistant's answer."""
    with anyio.move_on_after(ANSWER_WAIT_S):
        while True:
            found: Any = await visit.house.database.aread(queries.find, contact_id)
            if found is None or not found.owes_turn:
                return
            await anyio.sleep(LOOK_EVERY_S)
