"""Have us call you: book, look, change, call off, prefer writing, check whether it is really us (CB, ux W4). Without scripts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from madoguchi.counter.actors import Rung
from madoguchi.counter.callbacks import queries
from madoguchi.counter.callbacks.booking import Wish
from madoguchi.counter.callbacks.calendar import calendar_entry
from madoguchi.counter.callbacks.model import LONGEST_NOTE, CallPreference
from madoguchi.counter.cases.wording import category_label
from madoguchi.counter.contacts import queries as contacts
from madoguchi.counter.problems import Conflict, Invalid, Problem, TooMany
from madoguchi.engine.database import Transaction
from madoguchi.faces.api.routes.callbacks import check_line_tries, check_network, line_by_number
from madoguchi.faces.callback_views import Reader, callback_out, line_out, offer_out, slots_out
from madoguchi.faces.customer.contact_ways import Luggage
from madoguchi.faces.customer.form_pages import words_of
from madoguchi.faces.customer.visit import Visit, Visiting
from madoguchi.faces.rendering import page_headers, with_query
from madoguchi.kit.languages import NAMES

router = APIRouter(include_in_schema=False)
HOME = "/help/callback"
NOW = "now"
_FIELDS = {
    "callback_code_wrong": "code",
    "slot_full": "when",
    "not_a_slot": "when",
    "callback_closed": "when",
    "email": "email",
}


@router.get(HOME)
def home(visit: Visiting) -> Response:
    return _form(visit)


@router.post(HOME)
def book(visit: Visiting) -> Response:
    """Another day is looked at, or the call is booked. Whatever speaks against it is said, and all is still there."""
    form = visit.form
    if form.value("way") == "callback":
        return _with_words(visit)
    if form.value("go") == "day":
        return _form(visit)
    phone = form.text("phone", needed="Please write the number that we call", longest=60)
    when = form.text("when", needed="Please choose when we call", longest=40)
    note, kana = form.text("note", longest=500), form.text("kana", longest=100)
    needs_code = visit.actor.rung == Rung.VISITOR
    needed = "Please write the mail address to which we send the code" if needs_code else ""
    email = form.text("email", needed=needed, longest=200)
    slot_at = _moment(visit, when)
    if form.errors:
        return _form(visit, 422)
    visit.begin()
    luggage, calls = Luggage.of(visit), visit.house.calls
    wish = Wish(
        phone=phone,
        language=form.one_of("language", visit.settings.shop.languages, otherwise=visit.language),
        client_key=_key(visit),
        slot_at=slot_at,
        topic=luggage.problem,
        order_number=luggage.order,
        case=luggage.case,
        from_contact=form.text("contact", longest=60),
        kana=kana,
        note=note,
        email=email,
    )
    try:
        check_network(visit.house, visit.request)
        made = calls.book(visit.actor, wish)
    except (Invalid, Conflict, TooMany) as problem:
        return _refused(visit, problem)
    return visit.redirect(f"{HOME}/{made.id}")


@router.get(f"{HOME}/on-the-line")
def on_the_line(visit: Visiting) -> Response:
    """Are we on the phone with you now? (CB-010)"""
    return _line_page(visit)


@router.post(f"{HOME}/on-the-line")
def on_the_line_by_number(visit: Visiting) -> Response:
    case = visit.form.text("case", needed="Please write your enquiry number", longest=20)
    digits = visit.form.text("digits", needed="Please write the last four digits of your number", longest=8)
    if visit.form.errors:
        return _line_page(visit, 422)
    check_line_tries(visit.house, visit.request)

    def read(tx: Transaction) -> dict[str, Any]:
        return line_out(tx, line_by_number(tx, case, digits), visit.language, visit.zone)

    return visit.page("customer/callback_line.html", told=visit.house.database.read(read))


@router.post(f"{HOME}/preference")
def keep_preference(visit: Visiting) -> Response:
    """Write instead of calling; the telephone relay service."""
    visit.begin()
    wanted = CallPreference(
        person_id=_person_id(visit),
        no_calls=visit.form.value("no_calls") == "yes",
        relay=visit.form.value("relay") == "yes",
        note=visit.form.text("preference_note", longest=500),
    )
    if visit.form.errors:
        return _form(visit, 422)
    visit.house.calls.prefer(visit.actor, wanted)
    return visit.redirect(f"{HOME}?kept=yes#preference")


@router.get(f"{HOME}/{{callback_id}}")
def one(visit: Visiting, callback_id: str) -> Response:
    return _one(visit, callback_id)


@router.post(f"{HOME}/{{callback_id}}/confirm")
def confirm(visit: Visiting, callback_id: str) -> Response:
    code = visit.form.text("code", needed="Please enter the code from our mail", longest=20)
    if visit.form.errors:
        return _one(visit, callback_id, 422)
    return _done(visit, callback_id, lambda: visit.house.calls.confirm(visit.actor, callback_id, code))


@router.get(f"{HOME}/{{callback_id}}/move")
def choose_slot(visit: Visiting, callback_id: str) -> Response:
    return _move_page(visit, callback_id)


@router.post(f"{HOME}/{{callback_id}}/move")
def move(visit: Visiting, callback_id: str) -> Response:
    if visit.form.value("go") == "day":
        return _move_page(visit, callback_id)
    when = visit.form.text("when", needed="Please choose when we call", longest=40)
    slot_at = _moment(visit, when)
    if visit.form.errors:
        return _move_page(visit, callback_id, 422)
    try:
        visit.house.calls.move(visit.actor, callback_id, slot_at)
    except (Invalid, Conflict) as problem:
        visit.form.errors["when"] = words_of(visit, problem)
        return _move_page(visit, callback_id, problem.status)
    return visit.redirect(f"{HOME}/{callback_id}")


@router.post(f"{HOME}/{{callback_id}}/cancel")
def cancel(visit: Visiting, callback_id: str) -> Response:
    return _done(visit, callback_id, lambda: visit.house.calls.cancel(visit.actor, callback_id))


@router.post(f"{HOME}/{{callback_id}}/write")
def write_instead(visit: Visiting, callback_id: str) -> Response:
    """Back to writing, with the place in line."""
    done = _done(visit, callback_id, lambda: visit.house.calls.replaced(visit.actor, callback_id, "writing"))
    if visit.form.errors:
        return done
    shown = _shown(visit, callback_id)
    matter = {"topic": shown["topic"], "order": shown["order_number"], "case": shown["case_number"]}
    return visit.redirect(shown["chat"] or with_query("/help/contact", **matter))


@router.get(f"{HOME}/{{callback_id}}/calendar.ics")
def calendar(visit: Visiting, callback_id: str) -> Response:
    seen = visit.house.database.read(queries.visible, visit.actor, callback_id)
    shown = _shown(visit, callback_id)
    text = calendar_entry(
        seen,
        title=visit.t("Call of {shop}", shop=visit.shop_name),
        text=f"{shown['ringtone_text']}\n{visit.t('Enquiry number')} {shown['case_number']}",
        url=f"{visit.settings.base_url}{HOME}/{seen.id}",
        now=visit.clock(),
        remind_minutes=visit.settings.callback.remind_minutes,
    )
    headers = page_headers(visit.settings)
    headers["Content-Disposition"] = 'attachment; filename="call-back.ics"'
    return Response(text, media_type="text/calendar; charset=utf-8", headers=headers)


def _with_words(visit: Visit) -> Response:
    """From the page of all ways: what was typed there comes along (CH-003)."""
    luggage, words = Luggage.of(visit), visit.form.value("text").strip()
    visit.form.clear().start_with(note=words[:LONGEST_NOTE])
    return _form(visit, luggage=luggage)


def _form(visit: Visit, status: int = 200, luggage: Luggage | None = None) -> Response:
    luggage = luggage or Luggage.of(visit)
    language = visit.form.value("language") or visit.language

    def read(tx: Transaction) -> dict[str, Any]:
        reader = Reader(visit.actor, visit.language)
        return offer_out(tx, reader, visit.settings, luggage.problem, language)

    offer = visit.house.database.read(read)
    contact = visit.form.value("contact") or visit.request.query_params.get("contact", "")[:60]
    first = offer["earliest"]["day"] if offer["earliest"] else ""
    visit.form.start_with(
        phone=offer["phone"],
        kana=offer["kana"],
        language=visit.language,
        when=NOW if offer["now_open"] else "",
        day=first,
        contact=contact,
        preference_note=offer["preference"]["note"],
    )
    return visit.page(
        "customer/callback.html",
        status,
        offer=offer,
        luggage=luggage,
        contact=contact,
        topic_text=category_label(luggage.problem, visit.language),
        slots=_slots(visit, luggage.problem, language, offer["days"]),
        languages=[(each, NAMES[each]) for each in visit.settings.shop.languages],
        kept=visit.request.query_params.get("kept") == "yes",
    )


def _slots(visit: Visit, topic: str, language: str, days: list[dict[str, str]]) -> list[dict[str, Any]]:
    """Of the day that is looked at."""
    day = visit.form.value("day")
    if day not in [each["day"] for each in days]:
        return []
    reader = Reader(visit.actor, visit.language)
    return visit.house.database.read(
        slots_out, reader, visit.settings, date.fromisoformat(day), topic, language
    )


def _move_page(visit: Visit, callback_id: str, status: int = 200) -> Response:
    shown = _shown(visit, callback_id)

    def read(tx: Transaction) -> dict[str, Any]:
        reader = Reader(visit.actor, visit.language)
        return offer_out(tx, reader, visit.settings, shown["topic"], shown["language"])

    offer = visit.house.database.read(read)
    first = offer["earliest"]["day"] if offer["earliest"] else ""
    visit.form.start_with(day=first, when="")
    return visit.page(
        "customer/callback_move.html",
        status,
        seen=shown,
        offer=offer,
        slots=_slots(visit, shown["topic"], shown["language"], offer["days"]),
    )


def _one(visit: Visit, callback_id: str, status: int = 200) -> Response:
    return visit.page("customer/callback_seen.html", status, seen=_shown(visit, callback_id))


def _shown(visit: Visit, callback_id: str) -> dict[str, Any]:
    def read(tx: Transaction) -> dict[str, Any]:
        found = queries.find(tx, callback_id)
        if visit.actor.rung < Rung.SIGNED_IN and (found is None or not queries.may_see(visit.actor, found)):
            visit.sign_in_first(Rung.SIGNED_IN, f"{HOME}/{callback_id}")
        seen = queries.visible(tx, visit.actor, callback_id)
        shown = callback_out(tx, seen, Reader(visit.actor, visit.language), visit.settings)
        chat = contacts.find(tx, seen.from_contact_id) if seen.from_contact_id else None
        open_chat = chat is not None and chat.state != "ended" and contacts.may_see(visit.actor, chat)
        return {**shown, "chat": f"/contacts/{chat.id}" if open_chat and chat else ""}

    return visit.house.database.read(read)


def _done(visit: Visit, callback_id: str, deed: Any) -> Response:
    try:
        deed()
    except (Invalid, Conflict, TooMany) as problem:
        visit.form.errors[_FIELDS.get(problem.code, "send")] = words_of(visit, problem)
        return _one(visit, callback_id, problem.status)
    return visit.redirect(f"{HOME}/{callback_id}")


def _refused(visit: Visit, problem: Problem) -> Response:
    field = _FIELDS.get(problem.code, str(problem.params.get("field", "send")))
    visit.form.errors[field] = words_of(visit, problem)
    return _form(visit, problem.status)


def _line_page(visit: Visit, status: int = 200) -> Response:
    def read(tx: Transaction) -> dict[str, Any]:
        found = queries.on_the_line(tx, person_id=_person_id(visit))
        return line_out(tx, found, visit.language, visit.zone)

    known = visit.principal is not None and status == 200
    return visit.page(
        "customer/callback_line.html", status, told=visit.house.database.read(read) if known else None
    )


def _person_id(visit: Visit) -> str:
    return (visit.actor.customer_id if visit.signed_in else None) or visit.actor.id


def _moment(visit: Visit, when: str) -> datetime | None:
    """None for now; a slot's beginning."""
    if when in ("", NOW):
        return None
    try:
        found = datetime.fromisoformat(when)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        visit.form.wrong("when", "Please choose when we call")
        return None
    return found


def _key(visit: Visit) -> str:
    key = visit.form.text("client_key", longest=100)
    return key if len(key) >= 8 else f"page-{visit.csrf[:20]}-{visit.clock():%Y%m%d%H%M}"
