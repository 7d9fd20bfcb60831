"""Promises in words: what a customer may expect now, what stands still, what is late and until when. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from madoguchi.counter.cases.promise_model import CasePromise
from madoguchi.counter.cases.promises import KINDS, Kind
from madoguchi.counter.orders.phrases import moment_text
from madoguchi.engine.texts import tr

_LABELS: dict[Kind, str] = {
    "first_answer": "First answer",
    "next_answer": "Our next answer",
    "solution": "Solution",
}
_RUNNING: dict[Kind, str] = {
    "first_answer": "You get a first answer by {time}.",
    "next_answer": "You get our answer by {time}.",
    "solution": "We expect to have solved it by {time}.",
}
_LATE_AGAIN: dict[Kind, str] = {
    "first_answer": "We have not kept our promise to answer by {due}, and we are sorry. You get our answer by {time}.",
    "next_answer": "We have not kept our promise to answer by {due}, and we are sorry. You get our answer by {time}.",
    "solution": "It takes longer than promised ({due}), and we are sorry. We now expect to have solved it by {time}.",
}
_LATE: dict[Kind, str] = {
    "first_answer": "We promised an answer by {due} and are late. We are sorry.",
    "next_answer": "We promised an answer by {due} and are late. We are sorry.",
    "solution": "We wanted to have it solved by {due} and are late. We are sorry.",
}
_PAUSED: dict[Kind, str] = {
    "first_answer": "The time until our answer stands still while it is your turn.",
    "next_answer": "The time until our answer stands still while it is your turn.",
    "solution": "The time until the solution stands still while it is your turn, and goes on with your reply.",
}
_PAUSED_FOR_OTHERS = "The time stands still until the other company has answered."


@dataclass(frozen=True)
class PromiseLine:
    """One promise for a reader: `state` running, paused or late; `due_at` as it was told last, None while it stands still."""

    kind: Kind
    label: str
    state: str
    text: str
    due_at: datetime | None


def kind_label(kind: Kind, language: str) -> str:
    return tr(language, _LABELS[kind])


def lines(
    promises: Sequence[CasePromise], language: str, zone: ZoneInfo, now: datetime, *, case_state: str = ""
) -> list[PromiseLine]:
    """What is still to be done, first answer before solution. An answer that stands still is not worth a line."""
    found = [_line(each, language, zone, now, case_state) for each in promises if each.open]
    told = [each for each in found if each.state != "paused" or each.kind == "solution"]
    return sorted(told, key=lambda each: KINDS.index(each.kind))


def late_text(kind: Kind, due: datetime, again: datetime, language: str) -> str:
    """What the customer hears when a promise is not kept: the old time, an apology, the new time; in the zone they are in."""
    told = {"due": _moment(due, language), "time": _moment(again, language)}
    return tr(language, _LATE_AGAIN[kind], **told)


def _line(promise: CasePromise, language: str, zone: ZoneInfo, now: datetime, case_state: str) -> PromiseLine:
    kind, label = promise.kind, kind_label(promise.kind, language)
    if promise.state == "paused":
        words = _PAUSED_FOR_OTHERS if case_state == "waiting_for_third_party" else _PAUSED[kind]
        return PromiseLine(kind, label, "paused", tr(language, words), None)
    if promise.told_due_at is not None and promise.told_due_at >= now:
        due, again = promise.due_at.astimezone(zone), promise.told_due_at.astimezone(zone)
        text = late_text(kind, due, again, language)
        return PromiseLine(kind, label, "late", text, promise.told_due_at)
    if promise.due_at < now:
        text = tr(language, _LATE[kind], due=moment_text(promise.due_at, zone, language))
        return PromiseLine(kind, label, "late", text, promise.due_at)
    text = tr(language, _RUNNING[kind], time=moment_text(promise.due_at, zone, language))
    return PromiseLine(kind, label, "running", text, promise.due_at)


def _moment(moment: datetime, language: str) -> str:
    zone = moment.tzinfo
    assert zone is not None
    return moment_text(moment, zone, language)
