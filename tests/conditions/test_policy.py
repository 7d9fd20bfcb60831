"""What holds at a moment, and what counts as a rush."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.counter.conditions import wording
from madoguchi.counter.conditions.model import (
    PARTS,
    Conditions,
    Disturbance,
    Incident,
    Noticed,
    Peak,
    PeakSeason,
)
from madoguchi.counter.conditions.policy import Rules, holding, is_rush
from madoguchi.kit.languages import NAMES

NOW = datetime(2026, 12, 28, 3, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
RULES = Rules(detect=True, times=3.0, fewest=50, percent=200)
TOKYO = ZoneInfo("Asia/Tokyo")


def incident(**more: Any) -> Incident:
    usual: dict[str, Any] = {
        "id": "inc_1", "part": "chat", "cause": {"ja": "回線障害"}, "instead": {}, "begins_at": NOW - HOUR,
        "ends_at": None, "declared_by": "agt_1", "declared_at": NOW - HOUR, "over_at": None, "over_by": "",
    }  # fmt: skip
    return Incident(**usual | more)


def season(**more: Any) -> PeakSeason:
    usual: dict[str, Any] = {
        "id": "peak_1", "notice": {}, "percent": 150, "begins_at": NOW - HOUR, "ends_at": NOW + HOUR,
        "declared_by": "agt_1", "declared_at": NOW - HOUR, "over_at": None, "over_by": "",
    }  # fmt: skip
    return PeakSeason(**usual | more)


@pytest.mark.req("QUE-011")
def test_what_is_declared_goes_before_what_was_noticed_and_only_that_closes_the_chat() -> None:
    noticed = [Noticed("chat", True, NOW - HOUR, NOW), Noticed("mail", True, NOW - HOUR, NOW)]
    suspected = holding([], [], noticed, RULES, NOW)
    assert {each.part for each in suspected.disturbances} == {"chat", "mail"}
    assert not suspected.chat_closed
    found = holding([incident()], [], noticed, RULES, NOW)
    assert found.chat_closed
    assert found.of("chat") == Disturbance("chat", NOW - HOUR, None, {"ja": "回線障害"}, {}, declared=True)
    assert not holding([incident(begins_at=NOW + HOUR)], [], [], RULES, NOW).disturbances
    assert not holding([incident(over_at=NOW)], [], [], RULES, NOW).disturbances


def test_an_expected_end_that_has_passed_is_not_told_any_more() -> None:
    found = holding([incident(ends_at=NOW - timedelta(minutes=1))], [], [], RULES, NOW).of("chat")
    assert found is not None
    assert found.until is None
    assert "まだ分かっていません" in wording.times(found, TOKYO, "ja")


@pytest.mark.req("QUE-006")
def test_a_declared_season_holds_between_its_dates_and_a_rush_where_none_is_declared() -> None:
    rush = [Noticed("rush", True, NOW - HOUR, NOW)]
    assert holding([], [season()], rush, RULES, NOW).peak == Peak(150, {}, NOW + HOUR, declared=True)
    assert holding([], [season(ends_at=NOW)], rush, RULES, NOW).peak == Peak(200, {})
    assert holding([], [season(begins_at=NOW + HOUR, ends_at=NOW + 2 * HOUR)], [], RULES, NOW).peak is None
    off = Rules(detect=False, times=3.0, fewest=50, percent=200)
    assert holding([], [], rush, off, NOW).peak is None
    assert holding([], [], rush, off, NOW).percent == 100


@pytest.mark.req("QUE-006")
@given(st.integers(0, 10_000), st.lists(st.integers(0, 3000), max_size=4))
def test_a_rush_is_far_over_the_same_hour_of_past_weeks_and_never_a_handful(
    now: int, before: list[int]
) -> None:
    found = is_rush(now, before, RULES)
    if found:
        assert now >= 50
        assert len(before) >= 2
        assert now >= 3 * sum(before) / len(before)
    elif now >= 50 and len(before) >= 2:
        assert now < 3 * max(1.0, sum(before) / len(before))


@pytest.mark.req("QUE-011", "QUE-006")
@pytest.mark.parametrize("language", NAMES)
def test_cause_times_and_alternatives_are_told_in_every_language(language: str) -> None:
    disturbed = tuple(Disturbance(part, NOW - HOUR, NOW + HOUR) for part in PARTS)
    lines = wording.banner(Conditions(disturbed, Peak(200, {}, NOW + HOUR)), TOKYO, language)
    assert len(lines) == len(PARTS) + 1
    english = wording.banner(Conditions(disturbed, Peak(200, {}, NOW + HOUR)), TOKYO, "en")
    if language != "en":
        assert not set(lines) & set(english)
    for line in lines[:-1]:
        assert "11:00" in line
        assert "13:00" in line
    own = wording.banner(Conditions((), Peak(200, {"en": "Busy!", language: "◎"})), TOKYO, language)
    assert own == ["◎"]
