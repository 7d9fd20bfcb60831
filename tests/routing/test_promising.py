"""The moment that is promised at a hand-over: never in the past, never outside the hours, never invented."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.counter.hours import always_open
from madoguchi.counter.routing.model import Expectation
from madoguchi.counter.routing.promising import promised_at
from tests.routing.conftest import HOURS

DAY = datetime(2026, 11, 26, 5, 0, tzinfo=UTC)  # 14:00 in Tokyo, a Thursday
moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))


def open_now(ahead: int = 0, high_s: int | None = None) -> Expectation:
    return Expectation(ahead, high_s and high_s // 2, high_s, open=True, opens_at=None)


@pytest.mark.req("HND-005", "HND-009")
def test_the_longer_of_target_and_expectation_is_promised_on_whole_minutes() -> None:
    assert promised_at(DAY, open_now(), 90, HOURS) == DAY + timedelta(minutes=2)
    assert promised_at(DAY, open_now(3, 480), 90, HOURS) == DAY + timedelta(minutes=8)
    late = DAY.replace(second=20)
    assert promised_at(late, open_now(), 90, HOURS) == DAY + timedelta(minutes=3)


@pytest.mark.req("QUE-006")
def test_in_a_peak_season_the_promise_is_longer() -> None:
    assert promised_at(DAY, open_now(3, 480), 90, HOURS, 200) == DAY + timedelta(minutes=20)


@pytest.mark.req("QUE-008", "QUE-012")
def test_in_the_night_it_counts_from_the_opening_a_target_for_each_who_is_ahead() -> None:
    night = datetime(2026, 11, 26, 17, 0, tzinfo=UTC)
    opens = HOURS.next_opening(night)
    assert opens is not None
    closed = Expectation(3, None, None, open=False, opens_at=opens)
    assert promised_at(night, closed, 90, HOURS) == opens + timedelta(minutes=6)


def test_nothing_is_promised_where_nobody_knows_when_somebody_comes() -> None:
    assert promised_at(DAY, Expectation(0, None, None, open=False, opens_at=None), 90, HOURS) is None


@pytest.mark.req("HND-009")
@given(
    moments,
    st.integers(0, 60),
    st.one_of(st.none(), st.integers(60, 30_000)),
    st.integers(30, 3600),
    st.sampled_from([100, 150, 400]),
)
def test_a_promise_lies_ahead_and_in_the_hours(
    now: datetime, ahead: int, high_s: int | None, target: int, percent: int
) -> None:
    staffed = HOURS.is_open(now)
    found = (
        open_now(ahead, high_s)
        if staffed
        else Expectation(ahead, None, None, open=False, opens_at=HOURS.next_opening(now))
    )
    promised = promised_at(now, found, target, HOURS, percent)
    assert promised is None or promised > now
    if promised is None:
        return
    assert (promised.second, promised.microsecond) == (0, 0)
    assert HOURS.is_open(promised - timedelta(minutes=1))
    usual = promised_at(now, found, target, HOURS)
    assert usual is not None
    assert usual <= promised
    assert promised_at(now, found, target, always_open(), percent) is not None
