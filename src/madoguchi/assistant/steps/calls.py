"""A call-back in the conversation: when, on which number, read back, booked once, told; and what becomes of one that is booked.

What changes the world is `noted` with what came of it, under a key of contact and run, so that a turn that is thought
twice books once. A slot is free when it is offered and asked for again when it is booked.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlencode

from madoguchi.assistant.answers import said
from madoguchi.assistant.questions import Heard, Option, Question, read_option, yes_no
from madoguchi.assistant.steps.call_numbers import Number, ask_mail, ask_number
from madoguchi.assistant.steps.call_slots import (
    ALL_TIMES,
    ROUNDS,
    ask_when,
    customer,
    slot_of,
    time_words,
    wish_of,
)
from madoguchi.assistant.steps.call_times import read_call_time
from madoguchi.assistant.talk import Outcome, Talk
from madoguchi.counter.actors import Rung
from madoguchi.counter.callbacks.booking import MOST_TRIES, Wish
from madoguchi.counter.callbacks.model import ON_THE_LINE, Callback
from madoguchi.counter.callbacks.wording import moment_text, when_text
from madoguchi.counter.problems import Conflict, Problem

_TAKEN = frozenset({"slot_full", "not_a_slot", "callback_closed"})
_SAID_WHY = frozenset({"no_calls_wanted", "too_many_callbacks"})
KIND = "support_service.callback_request"
DEED = "book_callback"  # in the table of who does what


async def book_or_change(talk: Talk) -> Outcome:
    """The whole way: a call that is booked already is told and can be changed; else one is booked (CB-001)."""
    booked = talk.noted("existing", lambda: _id_of_live(talk))
    if not booked:
        return await _book(talk)
    seen = talk.scene.calls.seen(customer(talk), booked)
    if seen.state == "unconfirmed":
        return await _enter_code(talk, seen)
    return await _change(talk, seen)


# ── booking ───────────────────────────────────────────────────────────────────────────────────────


async def _book(talk: Talk) -> Outcome:
    talk.noted("matter", lambda: "" if talk.scene.contact.topic == KIND else talk.scene.contact.topic)
    return await _at_a_time(talk, "book", partial(_whom, talk), partial(_booked, talk))


async def _whom(talk: Talk) -> Wish:
    phone = await ask_number(talk)
    mail = await ask_mail(talk) if talk.scene.contact.rung == Rung.VISITOR else ""
    return replace(wish_of(talk), phone=phone.e164, email=mail)


async def _at_a_time(
    talk: Talk,
    deed: str,
    whom: Callable[[], Awaitable[Wish]],
    attempt: Callable[[Wish, int], dict[str, Any]],
) -> Outcome:
    """A time, read back until it is agreed, and the `attempt`; a time that is taken meanwhile is asked for anew.

    `attempt` gives {"id": of the call, "code": a code was mailed first} or {"id": "", "refused": why}.
    """
    named = ""
    for number in range(1, ROUNDS):
        when = await ask_when(talk, number, named)
        if when == ALL_TIMES:
            return to_page(talk)
        wish = await whom()
        answer = await _sure(talk, deed, number, _rows(talk, when, Number.of(talk, wish.phone)))
        if answer == "no":
            talk.say("nothing.changed")
            return Outcome("nothing", "declined")
        named = "" if answer == "yes" else answer
        if named:
            continue
        agreed = replace(wish, slot_at=_at(when))
        made = talk.noted(f"made{number}", partial(attempt, agreed, number))
        if made["id"]:
            seen = talk.scene.calls.seen(customer(talk), made["id"])
            return await _enter_code(talk, seen) if made["code"] else _told(talk, seen, deed, number)
        if made["refused"] not in _TAKEN:
            return await _refused(talk, made["refused"])
        talk.say("callback.gone")
    return to_page(talk)


def _booked(talk: Talk, wish: Wish, number: int) -> dict[str, Any]:
    """Once for each yes. A call that was booked elsewhere meanwhile is moved; of another number it is called off."""
    calls, actor = talk.scene.calls, customer(talk)
    keyed = replace(wish, client_key=f"{talk.scene.contact.id}:{talk.run.id}:{number}")
    try:
        made = calls.book(actor, keyed)
    except Conflict as conflict:
        if conflict.code != "callback_exists":
            return {"id": "", "refused": conflict.code}
        return _instead(talk, calls.seen(actor, str(conflict.params["id"])), keyed)
    except Problem as problem:
        return {"id": "", "refused": problem.code}
    return {"id": made.id, "code": made.state == "unconfirmed"}


def _instead(talk: Talk, seen: Callback, wish: Wish) -> dict[str, Any]:
    calls, actor = talk.scene.calls, customer(talk)
    try:
        if seen.phone == wish.phone and seen.state != "unconfirmed":
            return {"id": _moved(talk, seen, wish.slot_at).id, "code": False}
        calls.cancel(actor, seen.id)
        made = calls.book(actor, wish)
    except Problem as problem:
        return {"id": "", "refused": problem.code}
    return {"id": made.id, "code": made.state == "unconfirmed"}


async def _enter_code(talk: Talk, seen: Callback) -> Outcome:
    """Of somebody who has proved nothing: nobody is called before the mailed code is right."""
    calls, actor = talk.scene.calls, customer(talk)
    for number in range(1, MOST_TRIES + 1):
        code = await talk.ask(_ask_code(talk, number, seen))
        if code == "stop":
            break
        found = talk.noted(f"entered{number}", partial(_confirmed, talk, seen.id, code))
        if found == "right":
            return _told(talk, calls.seen(actor, seen.id), "book", 0)
        if found != "callback_code_wrong":
            break
        talk.say("callback.code_wrong")
    talk.say("callback.not_confirmed")
    _show_page(talk, seen.id)
    return Outcome("nothing", "declined")


def _confirmed(talk: Talk, callback_id: str, code: str) -> str:
    try:
        talk.scene.calls.confirm(customer(talk), callback_id, code)
    except Problem as problem:
        return problem.code
    return "right"


def _ask_code(talk: Talk, number: int, seen: Callback) -> Question:
    stop = (Option("stop", talk.words("button.not_now")),)

    def read(heard: Heard, direct: bool) -> str | None:
        digits = "".join(sign for sign in heard.folded if sign.isdigit())
        return digits if direct and len(digits) == 6 else read_option(stop, heard, direct)

    again = talk.words("callback.code_again")
    text = talk.words("callback.code", mail=seen.email) if number == 1 else again
    return Question(f"code{number}", text, stop, rephrased=again, read=read, early=False)


# ── changing ──────────────────────────────────────────────────────────────────────────────────────


async def _change(talk: Talk, seen: Callback) -> Outcome:
    """Kept, moved or called off; nothing of it while the telephone rings."""
    if talk.noted("ringing", lambda: seen.state in ON_THE_LINE):
        talk.say("callback.ringing")
        return Outcome("answer", "callback")
    when = talk.noted("as_booked", lambda: when_text(seen, talk.scene.zone, talk.language))
    talk.say("callback.existing", when=when, number=talk.scene.calls.rules.caller_id)
    deed = await talk.choose(
        "deed",
        "callback.what_now",
        [
            Option(name, talk.words(f"button.{name}_call"), named_by=said(f"callback.{name}"))
            for name in ("move", "cancel", "keep")
        ],
    )
    if deed == "keep":
        talk.say("callback.kept", when=when)
        return Outcome("answer", "callback")
    if deed == "cancel":
        return await _cancel(talk, seen, when)
    return await _move(talk, seen)


async def _cancel(talk: Talk, seen: Callback, when: str) -> Outcome:
    if await _sure(talk, "cancel", 1, [{"label": talk.words("callback.time"), "value": when}]) != "yes":
        talk.say("nothing.changed")
        return Outcome("nothing", "declined")
    done = talk.noted("cancelled", lambda: _tried(lambda: talk.scene.calls.cancel(customer(talk), seen.id)))
    if done:
        return await _refused(talk, done)
    talk.say("callback.cancelled")
    _receipt(talk, "cancel", 1, [{"label": talk.words("callback.time"), "value": when}])
    return Outcome("action", "cancel_callback")


async def _move(talk: Talk, seen: Callback) -> Outcome:
    async def as_booked() -> Wish:
        return replace(wish_of(talk), phone=seen.phone)

    def moved(wish: Wish, _number: int) -> dict[str, Any]:
        refused = _tried(partial(_moved, talk, seen, wish.slot_at))
        return {"id": "", "refused": refused} if refused else {"id": seen.id, "code": False}

    return await _at_a_time(talk, "move", as_booked, moved)


def _moved(talk: Talk, seen: Callback, at: datetime | None) -> Callback:
    """To where it stands already is no move: a turn that is thought twice tells once."""
    now = talk.scene.calls.seen(customer(talk), seen.id)
    if now.slot_at == at and now.state in ("booked", "due"):
        return now
    return talk.scene.calls.move(customer(talk), seen.id, at)


def _tried(deed: Callable[[], object]) -> str:
    """Empty when it is done, else the code of why not."""
    try:
        deed()
    except Problem as problem:
        return problem.code
    return ""


# ── saying ────────────────────────────────────────────────────────────────────────────────────────


def _at(when: str) -> datetime | None:
    slot = slot_of(when)
    return slot.at if slot else None


def _rows(talk: Talk, when: str, phone: Number) -> list[dict[str, str]]:
    return [
        {"label": talk.words("callback.time"), "value": time_words(talk, when)},
        {"label": talk.words("callback.to"), "value": phone.text},
        {"label": talk.words("callback.from"), "value": talk.scene.calls.rules.caller_id},
    ]


async def _sure(talk: Talk, deed: str, number: int, rows: list[dict[str, str]]) -> str:
    """What will be done, on a card: "yes", "no", or another time that is named instead of a yes, as it is kept."""
    key = f"sure_{deed}{number}"
    label = talk.words(f"button.{deed}_this_call")
    card = {
        "kind": "proposal",
        "id": _card_id(talk, deed, number),
        "state": "offered",
        "action": f"{deed}_callback",
        "title": talk.words(f"callback.title_{deed}"),
        "rows": rows,
        "effects": [] if deed == "cancel" else [talk.words("callback.ringtone")],
        "reasons": [],
        "confirm_label": label,
        "asked": True,
    }
    question = yes_no(
        key,
        talk.words("deed.confirm"),
        label,
        talk.words("button.not_now"),
        rephrased=talk.words("deed.confirm_again", label=label),
        proposal_id=_card_id(talk, deed, number),
        card=card,
    )
    return str(await talk.ask(question if deed == "cancel" else _or_another_time(talk, question)))


def _or_another_time(talk: Talk, question: Question) -> Question:
    """ "No, at five" says more than a no, "yes, but at five" less than a yes."""

    def read(heard: Heard, direct: bool) -> str | None:
        answer = question.read(heard, direct)
        named = read_call_time(heard, direct, talk.scene.today) if direct else None
        return named or answer

    return replace(question, read=read)


def _told(talk: Talk, seen: Callback, deed: str, number: int) -> Outcome:
    """When, from which number, the enquiry's number, and how it is changed (CB-006, CB-010)."""
    rules = talk.scene.calls.rules
    when = when_text(seen, talk.scene.zone, talk.language)
    if seen.kind == "now" and seen.live:
        by = moment_text(seen.promised_at, talk.scene.zone, talk.language)
        talk.say("callback.booked_now", when=by, number=rules.caller_id)
    else:
        talk.say("callback.booked", when=when, number=rules.caller_id)
    talk.say("callback.how_to_change")
    _receipt(talk, deed, number, _told_rows(talk, seen, when))
    _show_page(talk, seen.id)
    return Outcome("action", "book_callback")


def _told_rows(talk: Talk, seen: Callback, when: str) -> list[dict[str, str]]:
    case = talk.scene.cases.get(seen.case_id)
    rows = [
        {"label": talk.words("callback.time"), "value": when},
        {"label": talk.words("callback.to"), "value": Number.of(talk, seen.phone).text},
        {"label": talk.words("callback.from"), "value": talk.scene.calls.rules.caller_id},
    ]
    return [*rows, {"label": talk.words("callback.case"), "value": case.label}] if case else rows


def _receipt(talk: Talk, deed: str, number: int, rows: list[dict[str, str]]) -> None:
    title = talk.words(f"callback.title_{deed}")
    talk.show({"kind": "receipt", "id": _card_id(talk, deed, number), "title": title, "rows": rows})


def _show_page(talk: Talk, callback_id: str) -> None:
    url = f"{talk.scene.settings.base_url}/help/callback/{callback_id}"
    talk.show({"kind": "link", "title": talk.words("callback.see"), "url": url})


def to_page(talk: Talk, **known: str) -> Outcome:
    """The page on which the same is booked, with this chat's place in line and what is `known`; nothing is asked again."""
    query = urlencode(
        {**{name: value for name, value in known.items() if value}, "contact": talk.scene.contact.id}
    )
    talk.say("callback.page", number=talk.scene.calls.rules.caller_id)
    url = f"{talk.scene.settings.base_url}/help/callback?{query}"
    talk.show({"kind": "link", "title": talk.words("callback.book"), "url": url})
    return Outcome("other_channel", "callback")


async def _refused(talk: Talk, code: str) -> Outcome:
    """Why not, where that helps, and a person who can write."""
    talk.say(f"callback.{code}" if code in _SAID_WHY else "callback.refused")
    return await talk.offer_person()


def _card_id(talk: Talk, deed: str, number: int) -> str:
    return f"call_{talk.scene.contact.id}_{talk.run.id}_{deed}{number}"


def _id_of_live(talk: Talk) -> str:
    found = talk.scene.calls.to_come(customer(talk))
    return found.id if found else ""
