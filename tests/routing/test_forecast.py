"""The forecast: better than "as a week ago" on weeks it has not seen, kept on the eve, and told with its errors."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select

from madoguchi.counter.actors import Actor
from madoguchi.counter.contacts import service
from madoguchi.counter.contacts.model import contact
from madoguchi.counter.routing import forecasting, queues
from madoguchi.counter.routing.forecast import Past, as_a_week_ago, error, forecast
from madoguchi.counter.routing.model import forecast as table
from madoguchi.counter.routing.model import queue_place
from madoguchi.engine.database import Database, Transaction
from madoguchi.rehearsal.day.scenario import SHAPES, Shape
from tests.conftest import StillClock

TOKYO = ZoneInfo("Asia/Tokyo")
FIRST = date(2026, 6, 1)  # a Monday
HOLIDAYS = frozenset(
    {date(2026, 7, 20), date(2026, 8, 11), date(2026, 9, 21), date(2026, 9, 22), date(2026, 9, 23)}
)
WEEKDAYS = (1.2, 1.0, 1.0, 0.95, 1.0, 0.8, 0.7)


def poisson(rng: random.Random, mean: float) -> int:
    """By counting exponential gaps."""
    number, at = 0, rng.expovariate(1)
    while at < mean:
        number, at = number + 1, at + rng.expovariate(1)
    return number


def traffic(seed: int, days: int, mean: float = 300, shape: Shape = "two_peaks", drift: float = 0.0) -> dict:  # type: ignore[type-arg]
    """Contacts by day and hour: weekdays, holidays, days after them, a level that drifts, and chance."""
    rng, hours = random.Random(seed), SHAPES[shape]
    counts = {}
    for offset in range(days):
        day = FIRST + timedelta(days=offset)
        level = mean * WEEKDAYS[day.weekday()] * (1 + drift * offset / days) * rng.uniform(0.9, 1.1)
        level *= 0.6 if day in HOLIDAYS else 1.4 if day - timedelta(days=1) in HOLIDAYS else 1
        for hour, weight in enumerate(hours):
            counts[day, hour] = poisson(rng, level * weight / sum(hours))
    return counts


@pytest.mark.req("QUE-005")
@pytest.mark.parametrize(
    ("seed", "mean", "shape", "drift"),
    [
        (1, 300, "two_peaks", 0.0),
        (2, 60, "morning", 0.3),
        (3, 2_000, "evening", -0.2),
        (4, 15, "two_peaks", 0.0),
    ],
)
def test_weeks_that_were_held_out_are_forecast_better_than_by_the_week_before(
    seed: int, mean: float, shape: Shape, drift: float
) -> None:
    counts = traffic(seed, 126, mean, shape, drift)
    own, naive = [], []
    for start in range(98, 126, 7):  # four weeks, each forecast from what was there before it
        days = [FIRST + timedelta(days=start + each) for each in range(7)]
        before = {each: number for each, number in counts.items() if each[0] < days[0]}
        past = Past(before, FIRST, days[0] - timedelta(days=1), HOLIDAYS)
        own.append(error(forecast(past, days), counts, days) or 0.0)
        naive.append(error(as_a_week_ago(past, days), counts, days) or 0.0)
    assert sum(own) < 0.85 * sum(naive)


@given(st.integers(0, 60), st.integers(0, 50), st.integers(0, 10_000))
def test_a_forecast_is_never_negative_and_of_nothing_nothing(days: int, mean: int, seed: int) -> None:
    counts = traffic(seed, days, mean)
    past = Past(counts, FIRST, FIRST + timedelta(days=days - 1), HOLIDAYS)
    ahead = [FIRST + timedelta(days=days + each) for each in range(14)]
    found = forecast(past, ahead)
    assert len(found) == 14 * 24 and all(number >= 0 for number in found.values())
    if not sum(counts.values()):
        assert not any(found.values())


def test_a_holiday_and_the_day_after_it_are_forecast_as_such() -> None:
    counts = traffic(9, 100)
    past = Past(counts, FIRST, FIRST + timedelta(days=99), HOLIDAYS)
    plain, holiday, after = (
        sum(forecast(past, [day]).values())
        for day in (date(2026, 9, 16), date(2026, 9, 23), date(2026, 9, 24))
    )
    assert holiday < 0.8 * plain and after > 1.1 * plain


def test_error_of_a_known_forecast() -> None:
    day = [FIRST]
    assert error({(FIRST, 9): 3.0}, {(FIRST, 9): 2, (FIRST, 10): 2}, day) == pytest.approx(3 / 4)
    assert error({(FIRST, 9): 3.0}, {}, day) is None


# ── the house's own ──


def filled(database: Database, counts: dict) -> None:  # type: ignore[type-arg]
    """Contacts of these hours of Tokyo; every second one waits for a person in `orders`."""

    def write(tx: Transaction) -> None:
        queues.ensure_queues(tx)
        first = service.open_contact(
            tx, actor=Actor(kind="customer", id="vis_0"), channel="chat", language="ja"
        )
        row = tx.first(select(contact).where(contact.c.id == first.id))
        assert row is not None
        moments = [
            datetime(day.year, day.month, day.day, hour, each % 60, tzinfo=TOKYO).astimezone(UTC)
            for (day, hour), count in counts.items()
            for each in range(count)
        ]
        tx.execute(
            insert(contact),
            [{**row._mapping, "id": f"con_{n}", "opened_at": at} for n, at in enumerate(moments)],
        )
        place = {
            "queue_id": "orders",
            "state": "taken",
            "priority": 4,
            "language": "ja",
            "offered_to": "",
            "declined_by": [],
            "shown_ahead": 0,
            "shown_low_s": 0,
            "shown_high_s": 0,
            "taken_by": "",
        }
        tx.execute(
            insert(queue_place),
            [{**place, "contact_id": f"con_{n}", "entered_at": at} for n, at in enumerate(moments) if n % 2],
        )

    database.write(write)


@pytest.mark.req("QUE-005")
def test_the_house_forecasts_once_a_day_and_keeps_what_it_said_on_the_eve(
    sqlite_database: Database, clock: StillClock
) -> None:
    filled(sqlite_database, traffic(5, 60, 40))
    clock.now = datetime(2026, 7, 30, 15, 30, tzinfo=UTC)  # half past midnight of the 31st in Tokyo
    assert sqlite_database.write(forecasting.make_due, TOKYO, HOLIDAYS)
    assert not sqlite_database.write(forecasting.make_due, TOKYO, HOLIDAYS)
    tomorrow = date(2026, 8, 1)
    said = sqlite_database.read(forecasting.expected, [tomorrow], "orders")
    assert sum(said.values()) == pytest.approx(
        sum(sqlite_database.read(forecasting.expected, [tomorrow]).values()) / 2, rel=0.2
    )
    days = {row.day for row in sqlite_database.read(lambda tx: tx.all(select(table.c.day)))}
    assert (min(days), max(days), len(days)) == ("2026-08-01", "2026-08-14", 14)
    clock.forward(hours=24)
    assert sqlite_database.write(
        forecasting.make_due, TOKYO, HOLIDAYS
    )  # the day itself is not forecast any more
    assert sqlite_database.read(forecasting.expected, [tomorrow], "orders") == said


def test_errors_of_the_past_forecasts_are_told_beside_the_plain_rule(
    sqlite_database: Database, clock: StillClock
) -> None:
    filled(sqlite_database, traffic(6, 49, 60))
    clock.now = datetime(2026, 7, 13, 3, 0, tzinfo=UTC)
    for _ in range(7):
        sqlite_database.write(forecasting.make_due, TOKYO, HOLIDAYS)
        clock.forward(hours=24)
    found = sqlite_database.read(forecasting.errors, TOKYO, HOLIDAYS)["orders"]
    assert found.days >= 5 and found.contacts > 0
    assert found.forecast is not None and found.week_ago is not None and found.forecast < found.week_ago


def test_people_needed_grow_with_the_contacts_and_are_none_without(sqlite_database: Database) -> None:
    sqlite_database.write(queues.ensure_queues)
    hours = {(FIRST, hour): float(number) for hour, number in enumerate((0, 1, 10, 100))}
    found = sqlite_database.read(forecasting.people_needed, hours, "orders")
    people = [found[FIRST, hour] for hour in range(4)]
    assert people[0] == 0 and people == sorted(people) and people[3] > 100 * 300 / 3600
