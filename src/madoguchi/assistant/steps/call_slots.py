"""When a call is to be made: free slots are offered, a time in own words is looked up, what is near is offered instead."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from madoguchi.assistant.answers import said
from madoguchi.assistant.questions import Heard, Option, Question, read_option
from madoguchi.assistant.steps.call_times import (
    AT_ONCE,
    CallTime,
    kept_time,
    moment_of,
    read_call_time,
    span_of,
)
from madoguchi.assistant.talk import Talk
from madoguchi.counter.actors import Actor, Rung
from madoguchi.counter.callbacks.booking import Wish
from madoguchi.counter.callbacks.machine import Slot
from madoguchi.counter.callbacks.wording import slot_text

ALL_TIMES = "all_times"
ROUNDS = 6
_OFFERED = 3
ANY_TIME = CallTime(None, "").kept
_MOMENT = timedelta(seconds=1)


def customer(talk: Talk) -> Actor:
    """In whose name it is booked, with what they have proved in this contact."""
    seen = talk.scene.contact
    known = seen.customer_id if seen.rung >= Rung.SIGNED_IN else None
    return Actor(
        kind="customer", id=seen.visitor_id, customer_id=known, rung=seen.rung, language=talk.language
    )


def wish_of(talk: Talk) -> Wish:
    return Wish(
        phone="",
        language=talk.language,
        client_key="",
        topic=talk.run.answers.get("matter", ""),
        order_number=talk.order_number,
        from_contact=talk.scene.contact.id,
        via="assistant",
    )


async def ask_when(talk: Talk, number: int, named: str = "") -> str:
    """A slot as it is kept, AT_ONCE, or ALL_TIMES for whoever would rather choose on the page. Asked again where what was
    named is taken. `named`: a time that was told already, as it is kept.
    """
    key = f"offered{number}"
    offered = talk.noted(key, lambda: [_kept(slot) for slot in _free(talk, talk.scene.now, None, _OFFERED)])
    for turn in range(1, ROUNDS):
        now_open = talk.noted(f"open{number}", lambda: talk.scene.calls.rules.hours.is_open(talk.scene.now))
        asked = _ask_when(talk, f"when{number}_{turn}", offered, now_open and turn == 1)
        told = named if turn == 1 else ""
        answer = told or await talk.ask(replace(asked, early=number == 1 and turn == 1))
        if answer == AT_ONCE and not now_open:
            answer = ANY_TIME
        if kept_time(answer) is None:
            return str(answer)
        found = talk.noted(f"found{number}_{turn}", partial(_looked_up, talk, answer))
        if found["exact"]:
            return str(found["exact"])
        talk.say(f"callback.{found['why']}")
        offered = found["near"] or offered
    return ALL_TIMES


def _ask_when(talk: Talk, key: str, offered: list[str], now_open: bool) -> Question:
    options = [
        *([Option(AT_ONCE, time_words(talk, AT_ONCE))] if now_open else []),
        *(Option(each, time_words(talk, each)) for each in offered),
        Option(ALL_TIMES, talk.words("button.all_call_times"), named_by=said("callback.other_time")),
    ]

    def read(heard: Heard, direct: bool) -> str | None:
        named = read_call_time(heard, direct, talk.scene.today)
        return named or (read_option(options, heard, direct) if direct else None)

    text = talk.words("callback.when_free" if offered or now_open else "callback.when_closed")
    again = talk.words("callback.when_free_again")
    return Question(key, text, tuple(options), rephrased=again, read=read)


def _looked_up(talk: Talk, answer: str) -> dict[str, Any]:
    """The slot that was named, if there is room; else up to three near it, of the same day where it has any."""
    now, zone, rules = talk.scene.now, talk.scene.zone, talk.scene.calls.rules
    wanted = kept_time(answer)
    if wanted is None or answer == ANY_TIME:
        return _near(_free(talk, now, None, _OFFERED), "not_free")
    moment = moment_of(wanted, now, zone, rules.hours.is_open)
    if moment is None:
        begin, end = span_of(wanted, now, zone)
        return _near(_free(talk, begin, end, _OFFERED), "free_then")
    exact = _free(talk, moment - rules.slot + _MOMENT, moment + _MOMENT, 1)
    if exact:
        return {"exact": _kept(exact[0]), "near": [], "why": ""}
    day = moment.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    around = _free(talk, day, day + timedelta(days=1), 100)
    near = sorted(sorted(around, key=lambda slot: abs(slot.at - moment))[:_OFFERED], key=lambda slot: slot.at)
    return _near(near or _free(talk, moment, None, _OFFERED), "not_free")


def _near(slots: list[Slot], why: str) -> dict[str, Any]:
    """`why`: what is said before they are offered."""
    return {"exact": "", "near": list(map(_kept, slots)), "why": why if slots else "none_near"}


def _free(talk: Talk, start: datetime, end: datetime | None, most: int) -> list[Slot]:
    return talk.scene.calls.free(customer(talk), wish_of(talk), start, end, most)


def _kept(slot: Slot) -> str:
    return f"{slot.at.isoformat()}/{slot.end.isoformat()}"


def slot_of(kept: str) -> Slot | None:
    """None for "at once"."""
    if kept == AT_ONCE:
        return None
    at, end = kept.split("/")
    return Slot(datetime.fromisoformat(at), datetime.fromisoformat(end))


def time_words(talk: Talk, kept: str) -> str:
    """A slot, or within how many minutes."""
    slot = slot_of(kept)
    if slot is not None:
        return slot_text(slot.at, slot.end, talk.scene.zone, talk.language)
    minutes = -(-int(talk.scene.calls.rules.tries.target.total_seconds()) // 60)
    return talk.words("button.call_at_once", minutes=minutes)
