"""What waiting customers and the desk read about queues and agents. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from madoguchi.counter.contacts import events
from madoguchi.counter.contacts.participants import Role
from madoguchi.counter.hours import closed_text, opening_text
from madoguchi.counter.routing.model import Expectation, Status
from madoguchi.counter.routing.spells import UNANSWERED
from madoguchi.engine.texts import tr, trn
from madoguchi.kit.languages import gap

_REASONS = {
    "urgent_first": "An urgent enquiry has come first, so it takes a little longer.",
    "fewer_agents": "Fewer agents are on duty now, so it takes a little longer.",
    "longer_than_usual": "It takes longer than we said. We are sorry to keep you waiting.",
}


def expectation_text(
    found: Expectation, now: datetime, timezone: ZoneInfo, language: str, reason: str = ""
) -> str:
    """`前に2人います。目安は3〜5分です。` and that the place is kept; with the reason first when the wait has risen."""
    parts = [tr(language, _REASONS[reason])] if reason in _REASONS else []
    if not found.open and found.closed_for:
        parts.append(closed_text(found.closed_for, language))
    if not found.open and found.opens_at:
        when = opening_text(found.opens_at, now, timezone, language)
        parts.append(tr(language, "Nobody is at the desk right now. We answer {when}, in order.", when=when))
    elif not found.open:
        parts.append(
            tr(language, "Nobody is at the desk right now. We answer in order as soon as somebody is.")
        )
    else:
        parts.append(_ahead_text(found.ahead, language))
        parts.append(_range_text(found, language))
    parts.append(tr(language, "You may close this window: your place is kept."))
    return gap(language).join(parts)


def wait_text(found: Expectation, language: str) -> str:
    """The wait alone, for somebody who thinks about joining; empty while nobody is there to serve."""
    return _range_text(found, language) if found.open else ""


def status_label(status: Status, language: str, kind: str = "") -> str:
    """An agent's status; with the reason where the house has set it."""
    if kind == UNANSWERED:
        return tr(language, "On a break: offers ran out unanswered")
    labels = {
        "available": "Available",
        "busy": "Busy",
        "break": "On a break",
        "offline": "Offline",
        "after_contact": "After-contact work",
        "on_call": "On a call",
    }
    return tr(language, labels[status])


def participant_label(role: Role, language: str) -> str:
    """As what somebody takes part in a conversation."""
    labels = {
        "interpreter": "Interpreter",
        "second": "Second agent",
        "consult": "Consulted colleague",
        "listening": "Listening",
        "whispering": "Whispering",
    }
    return tr(language, labels[role])


def participant_text(kind: str, body: Mapping[str, Any], language: str) -> str:
    """The fact that somebody was asked, has come or has gone."""
    name = str(body.get("name", ""))
    if kind == events.PARTICIPANT_INVITED:
        who = name or tr(language, "a colleague of the desk {queue}", queue=body.get("queue", ""))
        return tr(language, "{name} was asked to join ({role})", name=who, role=_role(body, language))
    if kind == events.PARTICIPANT_LEFT:
        gone = "{name} has left the conversation" if name else "The invitation was withdrawn"
        return tr(language, gone, name=name)
    match body.get("role"):
        case "interpreter":
            return tr(language, "{name} has joined as an interpreter", name=name)
        case "second":
            return tr(language, "{name} has joined the conversation", name=name)
        case _:
            return tr(language, "{name} sits in ({role})", name=name, role=_role(body, language))


def _role(body: Mapping[str, Any], language: str) -> str:
    return participant_label(body["role"], language)


def duration_text(seconds: int, language: str) -> str:
    """`5 minutes`, `1時間15分`; the steps are those of `estimate.round_up`."""
    minutes = max(1, -(-seconds // 60))
    if minutes < 60:
        return trn(language, "{n} minute", "{n} minutes", minutes)
    hours, rest = divmod(minutes, 60)
    whole = trn(language, "{n} hour", "{n} hours", hours)
    if not rest:
        return whole
    return tr(
        language, "{hours} {minutes}", hours=whole, minutes=trn(language, "{n} minute", "{n} minutes", rest)
    )


def _ahead_text(ahead: int, language: str) -> str:
    if ahead == 0:
        return tr(language, "You are next.")
    return trn(language, "There is {n} person before you.", "There are {n} people before you.", ahead)


def _range_text(found: Expectation, language: str) -> str:
    if found.low_s is None or found.high_s is None:
        return tr(language, "We cannot say yet how long it will take.")
    high = duration_text(found.high_s, language)
    if found.low_s == found.high_s:
        return tr(language, "It takes about {time}.", time=high)
    if found.high_s < 3600:
        return tr(language, "It takes about {low} to {high}.", low=found.low_s // 60, high=high)
    return tr(
        language, "It takes between {low} and {high}.", low=duration_text(found.low_s, language), high=high
    )
