"""Uptime: the share of the time in which any process was at work, and every gap in it (QLT-009)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.engine import uptime
from madoguchi.engine.database import Database
from tests.conftest import StillClock

pytestmark = pytest.mark.req("QLT-009")
BEGIN = datetime(2026, 11, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def test_a_restart_within_a_minute_is_no_gap_and_a_longer_silence_is(
    database: Database, clock: StillClock
) -> None:
    begin = clock.now
    spell = "run_a"
    for _ in range(20):
        spell = database.write(uptime.beat, spell)
        clock.forward(seconds=30)
    clock.forward(minutes=10)
    spell = database.write(uptime.beat, spell)
    clock.forward(seconds=30)
    other = database.write(uptime.beat, "run_b")
    assert other != spell
    clock.forward(seconds=30)
    found = database.read(uptime.uptime, begin - timedelta(hours=1), clock.now)
    assert [gap.seconds for gap in found.gaps] == [630]
    assert found.begin == begin
    assert found.share == pytest.approx(1 - 630 / (clock.now - begin).total_seconds())


def test_a_house_that_is_still_down_is_down_until_now(database: Database, clock: StillClock) -> None:
    database.write(uptime.beat, "run_a")
    clock.forward(minutes=30)
    found = database.read(uptime.uptime, clock.now - timedelta(minutes=10), clock.now)
    assert found.share == 0


def test_without_any_sign_of_life_nothing_is_said(database: Database, clock: StillClock) -> None:
    assert database.read(uptime.uptime, clock.now - timedelta(days=1), clock.now).share is None


@given(st.lists(st.tuples(st.integers(0, 600), st.integers(1, 120)), max_size=12))
def test_the_share_is_what_counting_minute_by_minute_says(spells: list[tuple[int, int]]) -> None:
    end = BEGIN + 720 * MINUTE
    given = sorted((BEGIN + start * MINUTE, BEGIN + (start + length) * MINUTE) for start, length in spells)
    found = uptime.reckon(given, BEGIN, end)
    up = {minute for start, length in spells for minute in range(start, min(start + length, 720))}
    quiet = [minute for minute in range(720) if minute not in up]
    bridged = sum(_is_bridged(minute, up) for minute in quiet)
    down = len(quiet) - bridged
    assert sum(gap.seconds for gap in found.gaps) == down * 60
    assert all(before.end < after.begin for before, after in zip(found.gaps, found.gaps[1:], strict=False))


def _is_bridged(minute: int, up: set[int]) -> bool:
    """A silence of one minute alone is no gap."""
    begins, ends = minute == 0 or minute - 1 in up, minute == 719 or minute + 1 in up
    return begins and ends
