"""Which goals the house has missed over the last days: what is measured of every contact, rolling (QLT-001, HND-005, SLA-001 to SLA-008)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from madoguchi.counter.reports import gathering
from madoguchi.counter.reports.cells import Span
from madoguchi.counter.reports.definitions import Goal, Sums
from madoguchi.counter.reports.families import FIGURES
from madoguchi.counter.reports.gathering import Asked
from madoguchi.counter.reports.model import measured_contact
from madoguchi.counter.reports.tally import Tally
from madoguchi.counter.team.model import agent
from madoguchi.engine.database import Transaction
from madoguchi.engine.report_sections import Reports

# The service level has an alert of its own, by queue and day.
WATCHED = (
    "within_day",
    "not_received_day",
    "hand_over_mean",
    "chat_first_assistant",
    "chat_first_person",
    "chat_reply",
    "phone_p90",
    "letter_p50",
    "letter_p95",
)
FEWEST = 10  # measurements below which one late answer would be an alarm


def missed(tx: Transaction, zone: ZoneInfo, settings: Reports) -> dict[str, int]:
    """Figure → by how many per cent it misses its goal (at least 1), over `reports.alert_days` up to today.

    A figure that keeps its goal, or of which there is too little to say, is not there.
    """
    today = tx.now.astimezone(zone).date()
    asked = Asked(Span(today - timedelta(days=settings.alert_days - 1), today))
    return dict(_off(gathering.of_contacts(tx, asked), settings))


def missed_in_parts(tx: Transaction, zone: ZoneInfo, settings: Reports) -> dict[str, int]:
    """The same of the share that is answered within a day (QLT-001), for each queue and each team by itself.

    `within_day/queue/<id>`: contacts whose first queue it is; `within_day/team/<id>`: contacts that somebody with this
    routing profile had last.
    """
    today = tx.now.astimezone(zone).date()
    span = Span(today - timedelta(days=settings.alert_days - 1), today)
    found = {f"queue/{key}": _within_day(tally) for key, tally in _by_queue(tx, span) if key}
    found |= {f"team/{key}": answered for key, answered in _by_team(tx, span).items()}
    goal = Goal(settings.within_day, at_least=True)
    return {
        f"within_day/{where}": distance(goal, good / judged)
        for where, (good, judged) in found.items()
        if judged >= FEWEST and not goal.met(good / judged)
    }


def _by_queue(tx: Transaction, span: Span) -> Iterable[tuple[str, Tally]]:
    return gathering.by(tx, Asked(span), "queue", words=False).items()


def _within_day(tally: Tally) -> tuple[int, int]:
    return tally["in_24h"], tally["judged_24h"]


def _by_team(tx: Transaction, span: Span) -> dict[str, tuple[int, int]]:
    """Profile → answered within a day, and of how many that is known."""
    row = measured_contact.c
    rows = tx.all(
        select(agent.c.profile_id, row.in_24h, func.count().label("n"))
        .join(agent, agent.c.id == row.agent_id)
        .where(
            row.day.between(span.first.isoformat(), span.last.isoformat()),
            row.in_24h.is_not(None),
            agent.c.profile_id != "",
        )
        .group_by(agent.c.profile_id, row.in_24h)
    )
    found: dict[str, tuple[int, int]] = {}
    for each in rows:
        good, judged = found.get(each.profile_id, (0, 0))
        found[each.profile_id] = (good + (each.n if each.in_24h else 0), judged + each.n)
    return found


def _off(sums: Sums, settings: Reports) -> Iterator[tuple[str, int]]:
    for figure in (FIGURES[name] for name in WATCHED):
        found = figure.measure(sums, settings)
        goal = figure.goal(settings) if figure.goal else None
        if goal is None or found.value is None or found.count < FEWEST or goal.met(found.value):
            continue
        yield figure.id, distance(goal, found.value)


def distance(goal: Goal, value: float) -> int:
    """How far a value that misses its goal is from it, in per cent of the goal, rounded up."""
    return max(1, math.ceil(round(100 * abs(value - goal.value) / goal.value, 6)))
