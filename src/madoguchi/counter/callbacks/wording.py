"""Call-backs in words, for customers and for staff. Pure, but for the summary, which reads the case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_datetime, format_time

from madoguchi.counter.callbacks import queries
from madoguchi.counter.callbacks.model import Callback, Outcome, State
from madoguchi.counter.callbacks.numbers import masked
from madoguchi.counter.callbacks.rules import Rules
from madoguchi.counter.callbacks.slots import SlotState
from madoguchi.counter.cases.wording import category_label
from madoguchi.engine.database import Transaction
from madoguchi.engine.texts import tr
from madoguchi.kit.languages import day_pattern, locale_of

_STATES: dict[State, str] = {
    "unconfirmed": "Waits for your code",
    "booked": "Your call is booked",
    "due": "In line: we call you in order",
    "offered": "We are about to call you",
    "agent_ready": "We are about to call you",
    "dialling": "We are calling you now",
    "connected": "On the phone",
    "retrying": "We could not reach you; we try again",
    "done": "We have talked",
    "missed": "We could not reach you",
    "cancelled": "The call was called off",
    "replaced": "Not needed any more",
}
_FOR_STAFF: dict[State, str] = {
    "unconfirmed": "Waits for the customer's code",
    "booked": "Booked",
    "due": "In the queue",
    "offered": "Offered to an agent",
    "agent_ready": "The agent is about to call",
    "dialling": "Being called",
    "connected": "On the phone",
    "retrying": "Not reached, again later",
    "done": "Talked",
    "missed": "Not reached",
    "cancelled": "Called off",
    "replaced": "Not needed any more",
}
_SLOTS: dict[SlotState, str] = {"free": "free", "few": "few left", "full": "full"}
_OUTCOMES: dict[Outcome, str] = {
    "": "",
    "talked": "Talked",
    "no_answer": "Nobody answered",
    "busy": "The line was busy",
    "voicemail": "Voicemail",
    "wrong_number": "Wrong number",
    "failed": "The call did not go through",
    "cut": "The call was cut off",
}
_TOLD = {
    "confirmed": "A call-back is booked: {when}",
    "moved": "The call-back was moved: {when}",
    "cancelled": "The call-back was cancelled",
    "late": "Our call is late. We are sorry, and call as soon as we can",
    "postponed": "We could not call in time and are sorry. We call: {when}",
    "not_reached": "We called and did not reach you. We try again: {when}",
    "missed": "We could not reach you by phone",
    "wrong_number": "The number did not reach you. Please check it and book again",
}


def state_text(state: State, language: str) -> str:
    """As the customer reads it."""
    return tr(language, _STATES[state])


def staff_state_text(state: State, language: str) -> str:
    return tr(language, _FOR_STAFF[state])


def slot_state_text(state: SlotState, language: str) -> str:
    """「空き」「残りわずか」「満」"""
    return tr(language, _SLOTS[state])


def outcome_text(outcome: Outcome, language: str) -> str:
    return tr(language, _OUTCOMES[outcome]) if outcome else ""


def end_text(end: str, language: str) -> str:
    """How a call-back ended, as the figures count it: an outcome, or the state of what was called off."""
    known = (*_STATES.items(), *_OUTCOMES.items())
    return tr(language, next(words for name, words in known if name == end))


def slot_text(at: datetime, end: datetime, zone: tzinfo, language: str) -> str:
    """「11月21日(土) 15:00–15:30」"""
    return f"{moment_text(at, zone, language)}–{clock_text(end, zone, language)}"


def moment_text(at: datetime, zone: tzinfo, language: str) -> str:
    between = ", " if language == "en" else " "
    pattern = f"{day_pattern(language, 'EEE d MMM')}{between}H:mm"
    return format_datetime(at.astimezone(zone), pattern, locale=locale_of(language))


def clock_text(at: datetime, zone: tzinfo, language: str) -> str:
    return format_time(at.astimezone(zone), "H:mm", locale=locale_of(language))


def when_text(seen: Callback, zone: tzinfo, language: str) -> str:
    """When we call, as promised at this moment."""
    if seen.state == "retrying" or (seen.state == "booked" and seen.late_at is not None):
        return tr(language, "from {time} on", time=moment_text(seen.due_at, zone, language))
    if seen.kind == "slot" and seen.slot_at is not None and seen.slot_end is not None:
        return slot_text(seen.slot_at, seen.slot_end, zone, language)
    return tr(language, "by {time}", time=moment_text(seen.promised_at, zone, language))


def ringtone_text(caller_id: str, language: str) -> str:
    """The hint that goes with every promise of a call (CB-006)."""
    return tr(
        language, "We call from {number}. Please switch your ringtone on around that time.", number=caller_id
    )


def fact_text(body: Mapping[str, Any], language: str, zone: tzinfo) -> str:
    """One line in the conversation for `callback.changed`."""
    if body.get("what") == "replaced":
        if body.get("by") == "writing":
            return tr(language, "We answer in writing instead of calling")
        return tr(language, "The call-back is not needed any more")
    return tr(language, _TOLD.get(str(body.get("what")), "Call-back"), when=_when_of(body, language, zone))


def alert_text(seen: Callback, what: str, language: str, zone: ZoneInfo) -> str:
    """For those who lead."""
    by = moment_text(seen.promised_at, zone, language)
    if what == "late":
        return tr(language, "Late call-back: it was promised by {time} and has not begun.", time=by)
    return tr(language, "A call-back will be late soon: promised by {time}.", time=by)


def summary_of(tx: Transaction, seen: Callback, rules: Rules) -> dict[str, Any]:
    """What the agent reads first. It stays in the ledger, so the number is masked; the call-back itself holds it."""
    language = rules.language
    wanted = queries.preference(tx, seen.person_id)
    facts = [
        ("Telephone number", masked(seen.phone, rules.country) if seen.phone else ""),
        ("Call", when_text(seen, rules.zone, language)),
        ("Calls so far", str(seen.attempts) if seen.attempts else ""),
        ("Relay service", tr(language, "calls through the telephone relay service") if wanted.relay else ""),
    ]
    return {
        "problem": category_label(seen.topic, language),
        "order": seen.order_number,
        "facts": [
            {"label": tr(language, label), "value": value, "source": "customer"}
            for label, value in facts
            if value
        ],
        "tried": [],
        "wish": seen.note,
        "question": "",
        "reason": tr(language, "A call-back was asked for"),
    }


def _when_of(body: Mapping[str, Any], language: str, zone: tzinfo) -> str:
    due, at, end = (_moment(body.get(name)) for name in ("due_at", "slot_at", "slot_end"))
    if body.get("what") in ("not_reached", "postponed") and due:
        return tr(language, "from {time} on", time=moment_text(due, zone, language))
    if at and end:
        return slot_text(at, end, zone, language)
    return tr(language, "as soon as possible")


def _moment(text: object) -> datetime | None:
    return datetime.fromisoformat(text) if isinstance(text, str) and text else None
