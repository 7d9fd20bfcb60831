"""The house's own forecast: made once a day for the next fourteen, kept, and compared with what came.

A day is forecast anew every day until its eve; what was expected then stays. The queue "" stands for all contacts, those
of the assistant too; the others for contacts that wait for a person.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, insert, select

from madoguchi.counter.routing import queries, queues
from madoguchi.counter.routing.erlang import Demand, agents_needed
from madoguchi.counter.routing.estimate import FEWEST_SAMPLES
from madoguchi.counter.routing.forecast import WEEKS, Hour, Past, as_a_week_ago, error, forecast
from madoguchi.counter.routing.model import forecast as table
from madoguchi.counter.team import queries as team
from madoguchi.engine.database import Transaction
from madoguchi.kit.clock import to_micros

ALL = ""
DAYS_AHEAD = 14
SERVICE_LEVEL = 0.8  # of contacts within the queue's target, for the people needed
USUAL_HANDLING_S = 300.0  # until five contacts were measured
_HISTORY = timedelta(weeks=3 * WEEKS)
_LEAST = 0.005  # contacts an hour that are worth a row
_HOUR_MICROS = 3_600_000_000


@dataclass(frozen=True)
class Error:
    """Over past days: differences for each contact that came, of the forecast and of "as a week ago"."""

    days: int
    contacts: int
    forecast: float | None
    week_ago: float | None


def make_due(tx: Transaction, zone: ZoneInfo, holidays: Collection[date]) -> bool:
    """Forecast the next days, once a day; whether there was something to do."""
    today = tx.now.astimezone(zone).date()
    newest = tx.scalar(select(func.max(table.c.made_at)))
    if newest is not None and newest.astimezone(zone).date() >= today:
        return False
    tx.lock("forecast")
    make(tx, zone, holidays)
    return True


def make(tx: Transaction, zone: ZoneInfo, holidays: Collection[date]) -> int:
    """Forecast the next fourteen days anew; returns how many hours of queues are expected to bring something."""
    today = tx.now.astimezone(zone).date()
    days = [today + timedelta(days=each) for each in range(1, DAYS_AHEAD + 1)]
    rows = [
        {
            "day": day.isoformat(),
            "hour": hour,
            "queue_id": queue_id,
            "contacts": round(contacts, 4),
            "made_at": tx.now,
        }
        for queue_id, past in history(tx, zone, holidays, today).items()
        for (day, hour), contacts in forecast(past, days).items()
        if contacts >= _LEAST
    ]
    tx.execute(delete(table).where(table.c.day > today.isoformat()))
    if rows:
        tx.execute(insert(table), rows)
    return len(rows)


def expected(tx: Transaction, days: Sequence[date], queue_id: str = ALL) -> dict[Hour, float]:
    """What is forecast for these days; hours of which nothing is expected are left out."""
    rows = tx.all(
        select(table.c.day, table.c.hour, table.c.contacts).where(
            table.c.queue_id == queue_id, table.c.day.in_([day.isoformat() for day in days])
        )
    )
    return {(date.fromisoformat(row.day), row.hour): row.contacts for row in rows}


def came(tx: Transaction, zone: ZoneInfo, first: date, last: date) -> dict[str, dict[Hour, int]]:
    """By queue: contacts that came in each hour of these days."""
    since, until = (
        to_micros(datetime.combine(day, time(), zone)) for day in (first, last + timedelta(days=1))
    )
    found: dict[str, dict[Hour, int]] = defaultdict(lambda: defaultdict(int))
    for statement in (
        f"SELECT '', opened_at / {_HOUR_MICROS}, COUNT(*) FROM contact"
        f" WHERE opened_at >= ? AND opened_at < ? GROUP BY opened_at / {_HOUR_MICROS}",
        f"SELECT queue_id, entered_at / {_HOUR_MICROS}, COUNT(*) FROM queue_place"
        f" WHERE entered_at >= ? AND entered_at < ? GROUP BY queue_id, entered_at / {_HOUR_MICROS}",
    ):
        cursor = tx.driver(statement, (since, until))
        for queue_id, bucket, number in cursor.fetchall():
            local = datetime.fromtimestamp(int(bucket) * 3600, zone)
            found[queue_id][local.date(), local.hour] += int(number)
        cursor.close()
    return {queue_id: dict(counts) for queue_id, counts in found.items()}


def history(tx: Transaction, zone: ZoneInfo, holidays: Collection[date], today: date) -> dict[str, Past]:
    """By queue: whole days before `today`, half a year at most, from the first one on which anything came."""
    last = today - timedelta(days=1)
    counts = came(tx, zone, (today - _HISTORY), last)
    days = [day for by_hour in counts.values() for day, _ in by_hour]
    if not days:
        return {}
    first = min(days)
    return {queue_id: Past(by_hour, first, last, holidays) for queue_id, by_hour in counts.items()}


def errors(tx: Transaction, zone: ZoneInfo, holidays: Collection[date], days: int = 28) -> dict[str, Error]:
    """By queue: how far off the kept forecasts of the last days were, beside the plain rule."""
    today = tx.now.astimezone(zone).date()
    found = {}
    for queue_id, past in history(tx, zone, holidays, today).items():
        asked = [today - timedelta(days=each) for each in range(days, 0, -1)]
        kept = expected(tx, asked, queue_id)
        with_forecast = sorted({day for day, _ in kept})
        naive = {
            hour: number
            for day in with_forecast
            for hour, number in as_a_week_ago(
                Past(past.counts, past.first, day - timedelta(days=1)), [day]
            ).items()
        }
        found[queue_id] = Error(
            days=len(with_forecast),
            contacts=round(sum(past.total(day) for day in with_forecast)),
            forecast=error(kept, past.counts, with_forecast),
            week_ago=error(naive, past.counts, with_forecast),
        )
    return found


def people_needed(tx: Transaction, contacts: dict[Hour, float], queue_id: str) -> dict[Hour, int]:
    """Agents for each hour, so that four of five contacts are taken within the queue's target (Erlang C).

    An agent counts as many contacts at once as agents of this house have in hand on average.
    """
    queue = queues.get(tx, queue_id)
    measured = queries.handling_times(tx, queue_id)
    handling_s = sum(measured) / len(measured) if len(measured) >= FEWEST_SAMPLES else USUAL_HANDLING_S
    at_once = _mean_capacity(tx)
    return {
        hour: -(
            -agents_needed(Demand(number / 3600, handling_s), queue.target_seconds, SERVICE_LEVEL) // at_once
        )
        for hour, number in contacts.items()
    }


def _mean_capacity(tx: Transaction) -> int:
    capacities = [each.capacity for each in team.agents(tx, active_only=True) if "agent" in each.roles]
    return max(1, round(sum(capacities) / len(capacities))) if capacities else 1
