"""How promises were kept: figures counted from facts, each with its goal (SLA-001 to SLA-012, SLA-030, QLT-001)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from statistics import fmean
from typing import Literal
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, func, select

from madoguchi.counter.cases.model import case_file
from madoguchi.counter.cases.promise_model import case_promise
from madoguchi.counter.contacts import events
from madoguchi.counter.contacts.model import contact, ledger_entry
from madoguchi.counter.working_time import NeverOpen, WorkingTime
from madoguchi.engine.database import Transaction
from madoguchi.kit.percentile import percentile

NOT_RECEIVED = "order_delivery.item_not_received"
BY_LETTER = ("mail", "form")
DAY = timedelta(hours=24)
LETTER_DAYS = 2
PEAK_HOURS = 3

Unit = Literal["seconds", "hours", "share", "count"]


@dataclass(frozen=True)
class Goal:
    """`at_least`: the value should not be lower; otherwise not higher."""

    value: float
    at_least: bool = False

    def met(self, value: float) -> bool:
        return value >= self.value if self.at_least else value <= self.value


@dataclass(frozen=True)
class Measure:
    """One figure: `value` None while nothing has been measured; `count`: of how many."""

    id: str
    value: float | None
    unit: Unit
    count: int
    goal: Goal | None = None

    @property
    def met(self) -> bool | None:
        return None if self.value is None or self.goal is None else self.goal.met(self.value)


@dataclass(frozen=True)
class Waited:
    """From a word to its answer; `until` None while there is none. `paused_s`: when it was not our turn."""

    since: datetime
    until: datetime | None
    paused_s: int = 0

    @property
    def seconds(self) -> float | None:
        if self.until is None:
            return None
        return max(0.0, (self.until - self.since).total_seconds() - self.paused_s)


@dataclass(frozen=True)
class TypeRow:
    """Promised solutions of one category."""

    category: str
    due: int
    kept: int
    broken: int
    overdue: int


# ── what is made of the times: pure ──


def mean_and_percentiles(name: str, seconds: Sequence[float], goal: float) -> list[Measure]:
    """Mean against the goal, and within what half and nine of ten were."""
    measured = (
        ("mean", fmean(seconds) if seconds else None),
        ("p50", percentile(seconds, 0.5) if seconds else None),
        ("p90", percentile(seconds, 0.9) if seconds else None),
    )
    return [
        Measure(f"{name}.{what}", value, "seconds", len(seconds), Goal(goal) if what == "mean" else None)
        for what, value in measured
    ]


def share_within(waited: Iterable[Waited], limit: timedelta, now: datetime) -> tuple[float | None, int]:
    """Answered within the limit, of all that were answered or whose limit has passed."""
    judged = []
    for each in waited:
        took = each.seconds
        if took is not None:
            judged.append(took <= limit.total_seconds())
        elif (now - each.since).total_seconds() - each.paused_s > limit.total_seconds():
            judged.append(False)
    return (sum(judged) / len(judged) if judged else None), len(judged)


def letters(waited: Sequence[Waited], hours: WorkingTime, now: datetime) -> list[Measure]:
    """The four thresholds of answers by mail: median, 95 % within a day, nothing after two business days (SLA-004)."""
    took = [seconds / 3600 for each in waited if (seconds := each.seconds) is not None]
    in_a_day, judged = share_within(waited, DAY, now)
    late = sum(_after_business_days(each, hours, now) for each in waited)
    ninety_five = percentile(took, 0.95) if took else None
    return [
        Measure(
            "mail.first_answer.median", percentile(took, 0.5) if took else None, "hours", len(took), Goal(12)
        ),
        Measure("mail.first_answer.p95", ninety_five, "hours", len(took), Goal(24)),
        Measure("mail.first_answer.within_24h", in_a_day, "share", judged, Goal(0.95, at_least=True)),
        Measure("mail.first_answer.after_2_business_days", late, "count", len(waited), Goal(0)),
    ]


def _after_business_days(each: Waited, hours: WorkingTime, now: datetime) -> bool:
    try:
        limit = hours.days_after(each.since, LETTER_DAYS)
    except NeverOpen:
        return False
    return (each.until or now) - timedelta(seconds=each.paused_s) > limit


def replies(said: Iterable[tuple[str, str, datetime]]) -> list[Waited]:
    """(contact, who, when) in order → from the customer's first unanswered word to the agent's; one per answer."""
    found = []
    for _, words in groupby(said, key=lambda word: word[0]):
        asked: datetime | None = None
        for _, who, at in words:
            if who == "customer":
                asked = asked or at
            elif who == "agent" and asked is not None:
                found.append(Waited(asked, at))
                asked = None
            else:
                asked = None  # the assistant has answered
    return found


def by_peak(waited: Sequence[Waited], zone: ZoneInfo) -> tuple[list[float], list[float]]:
    """Seconds in the three busiest hours of the day, and in all others (SLA-002)."""
    hours = Counter(each.since.astimezone(zone).hour for each in waited)
    busiest = {hour for hour, _ in sorted(hours.items(), key=lambda item: (-item[1], item[0]))[:PEAK_HOURS]}
    peak: list[float] = []
    other: list[float] = []
    for each in waited:
        if each.seconds is not None:
            (peak if each.since.astimezone(zone).hour in busiest else other).append(each.seconds)
    return peak, other


# ── what happened ──


def measures(tx: Transaction, since: datetime, hours: WorkingTime) -> list[Measure]:
    """Every figure of enquiries that began since then."""
    firsts = first_answers(tx, since)
    mails = [each for channel, _, each in firsts if channel in BY_LETTER]
    missing, of_missing = share_within(
        (e for _, category, e in firsts if category == NOT_RECEIVED), DAY, tx.now
    )
    all_of_them, of_all = share_within((each for _, _, each in firsts), DAY, tx.now)
    return [
        *_chats(tx, since, hours.hours.timezone),
        *_joined("phone.answer_seconds", _until_joined(tx, since, "phone"), 600),
        *_joined("routing.decision_seconds", _routed(tx, since), 5),
        *letters(mails, hours, tx.now),
        Measure("not_received.within_24h", missing, "share", of_missing, Goal(0.95, at_least=True)),
        Measure("all.within_24h", all_of_them, "share", of_all, Goal(0.95, at_least=True)),
    ]


def _chats(tx: Transaction, since: datetime, zone: ZoneInfo) -> list[Measure]:
    human = _until_joined(tx, since, "chat")
    peak, other = by_peak(replies(_said_in_chats(tx, since)), zone)
    both = [*peak, *other]
    return [
        *mean_and_percentiles("chat.first_response_seconds.bot", _first_by_assistant(tx, since), 120),
        *mean_and_percentiles("chat.first_response_seconds.human", human, 120),
        Measure("chat.reply_seconds.mean", fmean(both) if both else None, "seconds", len(both), Goal(180)),
        Measure("chat.reply_seconds.peak_mean", fmean(peak) if peak else None, "seconds", len(peak)),
        *_joined("chat.join_seconds", human, 300),
    ]


def _joined(name: str, seconds: Sequence[float], goal: float) -> list[Measure]:
    value = percentile(seconds, 0.9) if seconds else None
    return [Measure(f"{name}.p90", value, "seconds", len(seconds), Goal(goal))]


def by_type(tx: Transaction, since: datetime) -> list[TypeRow]:
    """Promised solutions of cases opened since then, by category, the most overdue first (SLA-030)."""
    rows = tx.all(
        select(
            case_file.c.category,
            func.count().label("due"),
            func.count().filter(case_promise.c.state == "kept").label("kept"),
            func.count().filter(case_promise.c.state == "broken").label("broken"),
            func.count()
            .filter(and_(case_promise.c.settled_at.is_(None), case_promise.c.state == "broken"))
            .label("overdue"),
        )
        .join(case_file, case_file.c.id == case_promise.c.case_id)
        .where(
            case_promise.c.kind == "solution",
            case_promise.c.state != "cancelled",
            case_promise.c.started_at >= since,
        )
        .group_by(case_file.c.category)
    )
    found = [TypeRow(row.category, row.due, row.kept, row.broken, row.overdue) for row in rows]
    return sorted(found, key=lambda row: (-row.overdue, -row.broken, row.category))


def by_kind(tx: Transaction, since: datetime) -> dict[str, dict[str, int]]:
    """Kind → state → how many promises that were given since then."""
    rows = tx.all(
        select(case_promise.c.kind, case_promise.c.state, func.count().label("n"))
        .where(case_promise.c.started_at >= since)
        .group_by(case_promise.c.kind, case_promise.c.state)
    )
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        found.setdefault(row.kind, {})[row.state] = row.n
    return found


def first_answers(tx: Transaction, since: datetime) -> list[tuple[str, str, Waited]]:
    """(channel, category, wait) of every first answer that was promised since then. One that stands still is left out."""
    rows = tx.all(
        select(case_promise, case_file.c.category)
        .join(case_file, case_file.c.id == case_promise.c.case_id)
        .where(
            case_promise.c.kind == "first_answer",
            case_promise.c.state.not_in(("cancelled", "paused")),
            case_promise.c.started_at >= since,
        )
    )
    return [(row.channel, row.category, Waited(row.started_at, row.settled_at, row.paused_s)) for row in rows]


def _first_by_assistant(tx: Transaction, since: datetime) -> list[float]:
    """Seconds from a customer's first words in a chat to the assistant's next (SLA-001)."""
    asked = (
        select(contact.c.id, func.min(ledger_entry.c.at).label("at"))
        .join(ledger_entry, ledger_entry.c.contact_id == contact.c.id)
        .where(contact.c.channel == "chat", contact.c.opened_at >= since, *_message_of("customer"))
        .group_by(contact.c.id)
        .subquery()
    )
    rows = tx.all(
        select(asked.c.at.label("asked"), func.min(ledger_entry.c.at).label("answered"))
        .join(ledger_entry, and_(ledger_entry.c.contact_id == asked.c.id, ledger_entry.c.at >= asked.c.at))
        .where(*_message_of("assistant"))
        .group_by(asked.c.id, asked.c.at)
    )
    return [(row.answered - row.asked).total_seconds() for row in rows]


def _until_joined(tx: Transaction, since: datetime, channel: str) -> list[float]:
    """Seconds from asking for a person to that person's first word (SLA-001, SLA-003, SLA-011)."""
    rows = tx.all(
        select(contact.c.handed_over_at, contact.c.opened_at, contact.c.connected_at).where(
            contact.c.channel == channel,
            contact.c.opened_at >= since,
            contact.c.connected_at.is_not(None),
        )
    )
    return [
        max(0.0, (row.connected_at - (row.handed_over_at or row.opened_at)).total_seconds()) for row in rows
    ]


def _said_in_chats(tx: Transaction, since: datetime) -> list[tuple[str, str, datetime]]:
    """What was said in chats that an agent has joined."""
    rows = tx.all(
        select(ledger_entry.c.contact_id, ledger_entry.c.author_kind, ledger_entry.c.at)
        .join(contact, contact.c.id == ledger_entry.c.contact_id)
        .where(
            contact.c.channel == "chat",
            contact.c.opened_at >= since,
            contact.c.connected_at.is_not(None),
            ledger_entry.c.at >= contact.c.connected_at,
            ledger_entry.c.kind == events.MESSAGE,
        )
        .order_by(ledger_entry.c.contact_id, ledger_entry.c.seq)
    )
    return [(row.contact_id, row.author_kind, row.at) for row in rows]


def _routed(tx: Transaction, since: datetime) -> list[float]:
    """Seconds from the words that made a person necessary to the decision who shall have it (SLA-010)."""
    words = ledger_entry.alias("words")
    rows = tx.all(
        select(ledger_entry.c.at.label("decided"), func.max(words.c.at).label("said"))
        .join(
            words,
            and_(
                words.c.contact_id == ledger_entry.c.contact_id,
                words.c.seq < ledger_entry.c.seq,
                words.c.kind == events.MESSAGE,
                words.c.author_kind == "customer",
            ),
        )
        .where(ledger_entry.c.kind == events.HAND_OVER, ledger_entry.c.at >= since)
        .group_by(ledger_entry.c.contact_id, ledger_entry.c.seq, ledger_entry.c.at)
    )
    return [(row.decided - row.said).total_seconds() for row in rows]


def _message_of(who: str) -> tuple[ColumnElement[bool], ...]:
    return (ledger_entry.c.kind == events.MESSAGE, ledger_entry.c.author_kind == who)
