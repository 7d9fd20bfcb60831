"""From a contact, its course and what stands around it to its row. Pure: the same facts at the same moment, the same row."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from madoguchi.counter.contacts.model import Contact
from madoguchi.counter.hours import always_open, desk_hours
from madoguchi.counter.reports import tally
from madoguchi.counter.reports.course import Course, Talk, replies_by_hour, seconds
from madoguchi.counter.reports.model import Measured
from madoguchi.counter.working_time import NeverOpen, WorkingTime
from madoguchi.engine.settings import Settings

DAY = timedelta(hours=24)
WEEK = timedelta(days=7)
LETTERS = ("mail", "form")
LETTER_DAYS = 2


@dataclass(frozen=True)
class Terms:
    """Under which settings contacts are measured. `mark`: with other ones they are measured anew."""

    zone: ZoneInfo
    hours: WorkingTime
    short_s: int
    mark: str

    @classmethod
    def of(cls, settings: Settings) -> Self:
        hours, short_s = desk_hours(settings), settings.reports.short_abandon_seconds
        told = (tally.VERSION, hours.timezone.key, str(hours.week), str(sorted(hours.holidays)), str(short_s))
        mark = hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]
        working = WorkingTime(always_open(hours.timezone.key) if hours.never else hours)
        return cls(hours.timezone, working, short_s, mark)


@dataclass(frozen=True)
class Around:
    """What a contact's own ledger does not tell.

    `segment`: business, member or other. `targets`: seconds by queue. `next_at`, `next_kind_at`: when the same person
    opened another contact, and another one of the same kind. `case_at`: the case's last change.
    """

    segment: str = "other"
    targets: Mapping[str, int] | None = None
    next_at: datetime | None = None
    next_kind_at: datetime | None = None
    case_first: bool = False
    case_solved: bool = False
    case_at: datetime | None = None


def measure(contact: Contact, course: Course, around: Around, terms: Terms, now: datetime) -> Measured:
    """The contact's row as of now; not counted yet."""
    local = contact.opened_at.astimezone(terms.zone)
    last = course.last_word_at or contact.opened_at
    in_24h, letter_late = _in_24h(course, now), _letter_late(contact, course, terms, now)
    first = course.waits[0] if course.waits else None
    flows = _flows(course, now >= last + DAY)
    return Measured(
        id=None,
        contact_id=contact.id,
        case_id=contact.case_id or "",
        opened_at=contact.opened_at,
        day=local.date().isoformat(),
        hour=local.hour,
        channel=contact.channel,
        language=contact.language,
        queue=course.queues[0] if course.queues else "",
        last_queue=course.queues[-1] if course.queues else "",
        kind=contact.topic,
        segment=around.segment,
        agent_id=course.agents[-1] if course.agents else "",
        agents=list(course.agents),
        said_customer=course.said["customer"],
        said_assistant=course.said["assistant"],
        said_agent=course.said["agent"],
        entered_at=first.since if first else None,
        wait_end=_ending(course, terms),
        wait_s=first.seconds if first else None,
        waited_s=sum(wait.seconds or 0 for wait in course.waits),
        in_target=_in_target(course, around.targets or {}),
        promised_low_s=first.told[1] if first and first.told else None,
        promised_high_s=first.told[2] if first and first.told else None,
        served_s=_served_s(course),
        first_assistant_s=_first_s(course, "assistant"),
        first_person_s=_first_s(course, "agent"),
        hand_over_s=_hand_over_s(course),
        in_24h=in_24h,
        letter_late=letter_late,
        replies=replies_by_hour(course, terms.zone) if contact.channel == "chat" else {},
        waiting_s=course.waiting_s,
        handled_s=course.handled_s if course.agents else None,
        reason=course.reason[:60],
        transferred=course.transferred,
        escalated=course.escalated,
        reopened=course.reopened,
        alone="assistant" in course.first_at and not course.had_person and not course.reopened,
        again_s=_after(last, around.next_at),
        again_kind_s=_after(last, around.next_kind_at),
        day_over=now >= last + DAY,
        week_over=now >= last + WEEK,
        flows=flows,
        dropped=any(left for _, _, left, _ in flows),
        case_first=around.case_first,
        case_solved=around.case_solved,
        reached=contact.last_seq,
        contact_at=contact.updated_at,
        case_at=around.case_at,
        look_at=_look_at(course, last, in_24h, letter_late, terms, now),
        terms=terms.mark,
        counted=False,
    )


def _ending(course: Course, terms: Terms) -> str:
    """How the first wait ended; who leaves at once has hardly waited, and is counted apart."""
    first = course.waits[0] if course.waits else None
    if first is None:
        return ""
    short = first.ending == "left" and (first.seconds or 0) < terms.short_s
    return "short" if short else first.ending


def _first_s(course: Course, who: str) -> int | None:
    at = course.first_at.get(who)
    return None if at is None or course.asked_at is None else seconds(course.asked_at, at)


def _hand_over_s(course: Course) -> int | None:
    if course.handed_over_at is None or course.hand_over_answered_at is None:
        return None
    return seconds(course.handed_over_at, course.hand_over_answered_at)


def _in_target(course: Course, targets: Mapping[str, int]) -> bool | None:
    """Of the first wait, once it is over; leaving is not being served in time."""
    first = course.waits[0] if course.waits else None
    if first is None or first.seconds is None:
        return None
    return first.ending == "taken" and first.seconds <= targets.get(first.queue, 0)


def _served_s(course: Course) -> int | None:
    first = course.waits[0] if course.waits else None
    if first is None or first.told is None or first.until is None or first.ending != "taken":
        return None
    return seconds(first.told[0], first.until)


def _answered_at(course: Course) -> datetime | None:
    return min(course.first_at.values(), default=None)


def _in_24h(course: Course, now: datetime) -> bool | None:
    if course.asked_at is None:
        return None
    answered = _answered_at(course)
    if answered is not None:
        return seconds(course.asked_at, answered) <= DAY.total_seconds()
    return False if now > course.asked_at + DAY else None


def _letter_limit(course: Course, terms: Terms) -> datetime | None:
    if course.asked_at is None:
        return None
    try:
        return terms.hours.days_after(course.asked_at, LETTER_DAYS)
    except NeverOpen:
        return None


def _letter_late(contact: Contact, course: Course, terms: Terms, now: datetime) -> bool | None:
    limit = _letter_limit(course, terms) if contact.channel in LETTERS else None
    if limit is None:
        return None
    answered = _answered_at(course)
    if answered is not None:
        return answered > limit
    return True if now > limit else None


def _after(last: datetime, then: datetime | None) -> int | None:
    return None if then is None else seconds(last, then)


def _flows(course: Course, day_over: bool) -> list[list[object]]:
    """Of the run begun last, if it has no end and a day has passed without a person: where the customer left."""
    talks = list(course.talks.values())
    left = next((talk for talk in reversed(talks) if not talk.outcome), None)
    if not day_over or course.had_person:
        left = None
    return [
        [talk.flow, list(talk.asked), _left_at(talk) if talk is left else "", talk.outcome] for talk in talks
    ]


def _left_at(talk: Talk) -> str:
    return talk.open or (talk.asked[-1] if talk.asked else "-")


def _look_at(
    course: Course,
    last: datetime,
    in_24h: bool | None,
    letter_late: bool | None,
    terms: Terms,
    now: datetime,
) -> datetime | None:
    """The next moment at which the row changes though nothing happens."""
    moments: Sequence[datetime] = [last + DAY, last + WEEK]
    soon = timedelta(microseconds=1)
    if in_24h is None and course.asked_at is not None:
        moments = [*moments, course.asked_at + DAY + soon]
    if letter_late is None and (limit := _letter_limit(course, terms)) is not None:
        moments = [*moments, limit + soon]
    return min((moment for moment in moments if moment > now), default=None)
