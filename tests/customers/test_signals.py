"""Signals are facts within their time, from their number on, with their sources; and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from madoguchi.counter.customers.signals import KINDS, Occasion, Rule, rules, signals

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
ages = st.lists(st.integers(-5, 60), max_size=8)


@given(ages, st.integers(1, 40), st.integers(1, 5))
def test_a_signal_is_what_happened_within_its_days_often_enough(
    days: list[int], within: int, least: int
) -> None:
    happened = [Occasion(NOW - timedelta(days=day), f"order {day}") for day in days]
    found = signals({"refunds": happened}, NOW, {"refunds": Rule(within_days=within, at_least=least)})
    counted = sorted(day for day in days if 0 <= day < within)
    assert bool(found) == (len(counted) >= least)
    for signal in found:
        assert signal.count == len(counted)
        assert signal.last_at == NOW - timedelta(days=counted[0])
        assert list(signal.sources) == [f"order {day}" for day in dict.fromkeys(counted)]


def test_every_kind_has_a_rule_and_nothing_happened_is_no_signal() -> None:
    assert set(rules()) == set(KINDS)
    assert signals({}, NOW) == []


def test_three_refunds_in_thirty_days_are_shown_and_two_are_not() -> None:
    refunds = [Occasion(NOW - timedelta(days=day), "503-1") for day in (1, 12, 29)]
    assert [each.kind for each in signals({"refunds": refunds}, NOW)] == ["refunds"]
    assert signals({"refunds": refunds[:2]}, NOW) == []
