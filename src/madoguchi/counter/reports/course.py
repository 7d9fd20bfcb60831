"""The course of one contact, told by its ledger: waits, answers, who had it, where the customer left. Pure.

A wait begins when the contact enters a queue and ends when a person joins (`taken`), or when the customer goes on
without one (`left`). Passing on from queue to queue before anybody came is one wait.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from madoguchi.counter.contacts import events
from madoguchi.counter.routing.queues import SUPERVISOR

Ending = Literal["taken", "left", "waiting"]


@dataclass(frozen=True)
class Fact:
    """A ledger entry as far as figures need it."""

    kind: str
    author_kind: str
    body: dict[str, Any]
    at: datetime


@dataclass
class Wait:
    """In a queue. `told`: when the first known range was told, and the range in seconds."""

    queue: str
    since: datetime
    until: datetime | None = None
    ending: Ending = "waiting"
    told: tuple[datetime, int, int] | None = None

    @property
    def seconds(self) -> int | None:
        return None if self.until is None else seconds(self.since, self.until)


@dataclass
class Talk:
    """A run of a flow: which questions it asked, the one that waits for an answer, how it ended ("": not)."""

    flow: str
    asked: list[str] = field(default_factory=list)
    open: str = ""
    outcome: str = ""


@dataclass
class Course:
    """What happened. `handled_s` counts agents' hands until `held_since`, from which on somebody still has it."""

    waits: list[Wait] = field(default_factory=list)
    queues: list[str] = field(default_factory=list)  # entered, in order
    talks: dict[str, Talk] = field(default_factory=dict)
    agents: list[str] = field(default_factory=list)
    said: dict[str, int] = field(default_factory=lambda: {"customer": 0, "assistant": 0, "agent": 0})
    asked_at: datetime | None = None
    last_word_at: datetime | None = None
    first_at: dict[str, datetime] = field(default_factory=dict)  # first answer by assistant and agent
    handed_over_at: datetime | None = None
    reason: str = ""
    hand_over_answered_at: datetime | None = None
    unanswered_since: datetime | None = None
    waiting_s: int = 0
    replies: list[tuple[datetime, int]] = field(default_factory=list)  # agents': when it was asked, seconds
    handled_s: int = 0
    holder: str = ""
    held_since: datetime | None = None
    transferred: int = 0
    escalated: bool = False
    reopened: bool = False

    @property
    def wait(self) -> Wait | None:
        """The one that goes on."""
        return self.waits[-1] if self.waits and self.waits[-1].until is None else None

    @property
    def had_person(self) -> bool:
        """A person was asked for, or joined."""
        return bool(self.waits or self.agents)


def seconds(since: datetime, until: datetime) -> int:
    """Whole seconds between two moments, never below nothing."""
    return max(0, int((until - since).total_seconds()))


def follow(facts: Iterable[Fact]) -> Course:
    """The course that these facts tell, in their order."""
    course = Course()
    for fact in facts:
        _follow(course, fact)
    return course


def replies_by_hour(course: Course, zone: ZoneInfo) -> dict[str, list[int]]:
    """Agents' replies and the seconds they took, by the hour of the shop's day in which they were asked for."""
    found: dict[str, list[int]] = {}
    for asked_at, took in course.replies:
        sums = found.setdefault(str(asked_at.astimezone(zone).hour), [0, 0])
        sums[0] += 1
        sums[1] += took
    return found


def _follow(course: Course, fact: Fact) -> None:
    body, at = fact.body, fact.at
    match fact.kind:
        case events.MESSAGE:
            _said(course, fact)
        case events.HAND_OVER:
            _handed_over(course, body, at)
        case events.TRANSFERRED:
            _transferred(course, body, at)
        case events.POSITION:
            _told_a_range(course, body, at)
        case events.JOINED:
            _joined(course, str(body["agent_id"]), at)
        case events.LEFT:
            _let_go(course, at)
        case events.RETURNED_TO_ASSISTANT | events.ENDED:
            _end_wait(course, at, "left")
            _let_go(course, at)
        case events.RESOLVED:
            _pause(course, at)
        case events.REOPENED | events.RESOLUTION_DENIED:
            course.reopened = True
            if course.holder and course.held_since is None:
                course.held_since = at
        case events.FLOW_STARTED:
            course.talks[str(body["run"])] = Talk(str(body["flow"]))
        case events.FLOW_ANSWERED | events.FLOW_ENDED:
            _talked(course, body)


def _said(course: Course, fact: Fact) -> None:
    who, at = fact.author_kind, fact.at
    if who not in course.said:
        return
    course.said[who] += 1
    course.last_word_at = at
    if who == "customer":
        course.asked_at = course.asked_at or at
        course.unanswered_since = course.unanswered_since or at
        return
    _question(course, fact.body)
    if who == "agent" and course.handed_over_at is not None:
        course.hand_over_answered_at = course.hand_over_answered_at or at
    if course.asked_at is None:
        return
    course.first_at.setdefault(who, at)
    if course.unanswered_since is not None:
        took = seconds(course.unanswered_since, at)
        course.waiting_s += took
        if who == "agent":
            course.replies.append((course.unanswered_since, took))
        course.unanswered_since = None


def _question(course: Course, body: dict[str, Any]) -> None:
    """A message with buttons asks: `<run>:<question>#<time>`."""
    run, _, key = str((body.get("choices") or {}).get("key", "")).partition(":")
    if (talk := course.talks.get(run)) and key:
        talk.open = key.partition("#")[0]
        if talk.open not in talk.asked:
            talk.asked.append(talk.open)


def _talked(course: Course, body: dict[str, Any]) -> None:
    talk = course.talks.get(str(body.get("run", "")))
    if talk is None:
        return
    if "outcome" in body:
        talk.outcome = str(body["outcome"]) or "ended"
    talk.open = ""


def _handed_over(course: Course, body: dict[str, Any], at: datetime) -> None:
    if course.handed_over_at is None:
        course.handed_over_at, course.reason = at, str(body.get("reason", ""))
    _enter(course, str(body["queue"]), at)


def _transferred(course: Course, body: dict[str, Any], at: datetime) -> None:
    course.transferred += 1
    _let_go(course, at)
    if "to_queue" in body:
        _enter(course, str(body["to_queue"]), at)


def _enter(course: Course, queue: str, at: datetime) -> None:
    course.queues.append(queue)
    course.escalated = course.escalated or queue == SUPERVISOR
    _let_go(course, at)
    if course.wait is None:
        course.waits.append(Wait(queue, at))


def _told_a_range(course: Course, body: dict[str, Any], at: datetime) -> None:
    wait, low, high = course.wait, body.get("low_s"), body.get("high_s")
    if wait is not None and wait.told is None and body.get("open") and low is not None and high is not None:
        wait.told = (at, int(low), int(high))


def _joined(course: Course, agent_id: str, at: datetime) -> None:
    _end_wait(course, at, "taken")
    _let_go(course, at)
    course.holder, course.held_since = agent_id, at
    if agent_id in course.agents:
        course.agents.remove(agent_id)
    course.agents.append(agent_id)


def _end_wait(course: Course, at: datetime, ending: Ending) -> None:
    if (wait := course.wait) is not None:
        wait.until, wait.ending = at, ending


def _let_go(course: Course, at: datetime) -> None:
    _pause(course, at)
    course.holder = ""


def _pause(course: Course, at: datetime) -> None:
    if course.held_since is not None:
        course.handled_s += seconds(course.held_since, at)
        course.held_since = None
