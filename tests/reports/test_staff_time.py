"""The time of staff and the forecast beside what came, of days that are known by heart."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from madoguchi.counter.actors import Actor
from madoguchi.counter.contacts import service as contacts
from madoguchi.counter.reports.cells import Span
from madoguchi.counter.reports.definitions import Foretold, StaffTime, Sums, Value
from madoguchi.counter.reports.families import FIGURES
from madoguchi.counter.reports.gathering import Asked, gather
from madoguchi.counter.reports.staff_time import LONGEST_DAYS, staff_time
from madoguchi.counter.routing import forecasting, presence, schedules
from madoguchi.counter.routing.model import queue
from madoguchi.engine.database import Transaction
from tests.reports.house import BEGAN, House

TOKYO = ZoneInfo("Asia/Tokyo")
DAY = Span(date(2026, 11, 17), date(2026, 11, 17))  # a Tuesday
LEAD = Actor(kind="agent", id="agt_lead", roles=frozenset({"supervisor"}))


def measured(house: House, figure: str, asked: Asked) -> Value:
    sums = house.database.read(gather, asked, TOKYO)
    return FIGURES[figure].measure(sums, house.settings.reports)


def at(house: House, clock: str, agent: int, status: str, day: str = "2026-11-17") -> None:
    house.clock.now = datetime.fromisoformat(f"{day}T{clock}:00+09:00").astimezone(UTC)
    house.database.write(presence.set_status, house.agents[agent].id, status)


def plan(house: House, agent: int, week: str = "09:00-18:00", pause: str = "12:00-13:00") -> None:
    house.database.write(
        schedules.save_week,
        LEAD,
        house.agents[agent].id,
        timezone="Asia/Tokyo",
        week=[week] * 5 + ["closed"] * 2,
        breaks=[pause] * 7,
        version=0,
    )


@pytest.fixture
def day(house: House) -> House:
    """Ito comes half an hour late and stays an hour longer; Kato has no schedule."""
    for agent in (0, 1):
        at(house, "18:00", agent, "offline", "2026-11-16")
    plan(house, 0)
    at(house, "09:30", 0, "available")
    at(house, "10:00", 1, "available")
    at(house, "11:00", 1, "offline")
    at(house, "12:00", 0, "break")
    at(house, "13:00", 0, "busy")
    at(house, "15:00", 0, "available")
    at(house, "19:00", 0, "offline")
    house.clock.now = datetime(2026, 11, 18, 12, tzinfo=UTC)
    return house


@pytest.mark.req("QUE-015")
def test_statuses_and_the_schedule_of_one_day(day: House) -> None:
    asked = Asked(DAY)
    assert measured(day, "planned_time", asked) == Value(8, 2)
    assert measured(day, "adherence", asked) == Value(7.5 / 8, 2)
    assert measured(day, "unplanned_time", asked) == Value(1, 2)
    assert measured(day, "available_time", asked) == Value(2.5 + 4 + 1, 2)
    assert measured(day, "busy_time", asked) == Value(2, 2)
    assert measured(day, "break_time", asked) == Value(1, 2)
    kato = Asked(DAY, agent=day.agents[1].id)
    assert measured(day, "available_time", kato) == Value(1, 1)
    assert measured(day, "adherence", kato) == Value(None, 1)


def test_other_filters_and_periods_that_are_too_long_tell_nothing(day: House) -> None:
    long = Asked(Span(DAY.first - timedelta(days=LONGEST_DAYS), DAY.last))
    for asked in (Asked(DAY, {"channel": "chat"}), long):
        assert measured(day, "planned_time", asked) == Value(None, 0)


def test_what_goes_on_counts_until_now_and_weeks_add_up(day: House) -> None:
    at(day, "09:00", 0, "available", "2026-11-30")
    day.clock.now = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)  # 10:00
    asked = Asked(Span(DAY.first, date(2026, 12, 15)))
    planned = 9 * 8 + 1  # nine whole working days, and an hour of the tenth
    assert measured(day, "planned_time", asked) == Value(planned, 2)
    assert measured(day, "adherence", asked) == Value((7.5 + 1) / planned, 2)


@pytest.mark.req("QUE-015")
def test_after_contact_work_ends_by_itself_or_by_a_word(house: House) -> None:
    house.database.write(lambda tx: tx.execute(update(queue).values(after_contact_s=120)))
    for early in (False, True):
        contact_id = house.open(0)
        house.customer_says(contact_id)
        house.hand_over(contact_id)
        house.take(contact_id)
        house.agent_says(contact_id)
        house.end(contact_id)
        house.clock.forward(seconds=30)
        if early:
            house.database.write(presence.set_status, house.agents[0].id, "busy")
        house.clock.forward(minutes=10)
    today = BEGAN.astimezone(TOKYO).date()
    assert measured(house, "after_contact", Asked(Span(today, today))) == Value((120 + 30) / 2, 2)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, 71), min_size=1, max_size=4, unique=True))
def test_parts_of_a_period_add_up_to_the_whole(day: House, cuts: list[int]) -> None:
    start = datetime(2026, 11, 16, 12, tzinfo=UTC)
    moments = [start, *(start + timedelta(hours=each) for each in sorted(cuts)), start + timedelta(hours=72)]

    def summed(tx: Transaction) -> StaffTime:
        parts = [time for since, until in pairwise(moments) for time in staff_time(tx, since, until).values()]
        return sum(parts, StaffTime())

    whole = day.database.read(staff_time, start, moments[-1])
    assert day.database.read(summed) == sum(whole.values(), StaffTime())


@pytest.mark.req("QUE-005")
def test_the_forecast_of_each_eve_beside_what_came(house: House) -> None:
    """Two contacts at ten every day for three weeks; then five on the day that is looked at."""
    stranger = house.people[3]

    def come(tx: Transaction) -> None:
        contacts.open_contact(tx, actor=stranger, channel="chat", language="ja")

    eve = date(2026, 11, 17)
    for offset in range(21, -1, -1):
        for number in range(5 if offset == 0 else 2):
            on = eve - timedelta(days=offset)
            house.clock.now = datetime(on.year, on.month, on.day, 1, number, tzinfo=UTC)
            house.database.write(come)
        if offset == 1:
            house.clock.forward(hours=3)
            house.database.write(forecasting.make, TOKYO, frozenset())
    asked = Asked(Span(eve - timedelta(days=3), eve + timedelta(days=3)))
    assert measured(house, "foretold", asked) == Value(None, 0)  # the day is not over
    house.clock.forward(days=1)
    assert measured(house, "came", asked) == Value(5, 1)
    assert measured(house, "foretold", asked).value == pytest.approx(2, abs=0.05)
    assert measured(house, "forecast_error", asked).value == pytest.approx(0.6, abs=0.02)
    assert measured(house, "forecast_error", Asked(asked.span, {"channel": "chat"})) == Value(None, 0)
    assert measured(house, "came", Asked(asked.span, {"queue": "general"})) == Value(None, 0)


def test_hours_that_cancel_out_are_no_error_of_the_day() -> None:
    day = date(2026, 11, 17)
    found = Foretold([day], {(day, 9): 4.0, (day, 10): 0.0}, {(day, 9): 0, (day, 10): 4})
    assert (found.error, found.error_of_days) == (2.0, 0.0)
    sums = Sums({}, foretold=found)
    assert FIGURES["came"].measure(sums, None) == Value(4, 1)  # type: ignore[arg-type]
