"""Erlang's formulas, against the stationary distribution of the same queue reckoned step by step, and known values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.counter.routing.erlang import Demand, NeverEnough, agents_needed, service_level, waiting

rates = st.floats(0.001, 0.5)
services = st.floats(20, 600)
patiences = st.floats(20, 2_000)


def by_steps(demand: Demand, agents: int) -> tuple[float, float]:
    """The shares that must wait and that give up, from the birth and death of contacts in the system."""
    assert demand.patience_s is not None
    weights, number = [1.0], 0
    while number <= agents or weights[-1] > 1e-14 * sum(weights):
        number += 1
        leaving = min(number, agents) / demand.service_s + max(0, number - agents) / demand.patience_s
        weights.append(weights[-1] * demand.arrivals_s / leaving)
    total = sum(weights)
    queue = sum((number - agents) * each for number, each in enumerate(weights) if number > agents) / total
    return sum(weights[agents:]) / total, queue / demand.patience_s / demand.arrivals_s


@given(rates, services, patiences, st.integers(1, 60))
def test_formula_a_agrees_with_the_same_queue_step_by_step(
    arrivals_s: float, service_s: float, patience_s: float, agents: int
) -> None:
    demand = Demand(arrivals_s, service_s, patience_s)
    if demand.load > 3 * agents:
        return
    wait_share, abandoned_share = by_steps(demand, agents)
    found = waiting(demand, agents)
    assert found.wait_share == pytest.approx(wait_share, rel=1e-3, abs=1e-7)
    assert found.abandoned_share == pytest.approx(abandoned_share, rel=1e-3, abs=1e-6)


@given(rates, services, st.integers(1, 20))
def test_endless_patience_is_the_limit_of_a_long_one(arrivals_s: float, service_s: float, more: int) -> None:
    agents = int(arrivals_s * service_s * 1.2) + more
    patient = waiting(Demand(arrivals_s, service_s), agents)
    nearly = waiting(Demand(arrivals_s, service_s, 1e7), agents)
    assert nearly.mean_wait_s == pytest.approx(patient.mean_wait_s, rel=0.02, abs=1e-3)
    level = service_level(Demand(arrivals_s, service_s), agents, 30)
    assert service_level(Demand(arrivals_s, service_s, 1e7), agents, 30) == pytest.approx(level, abs=5e-3)


@given(rates, services, st.one_of(st.none(), patiences), st.floats(5, 300), st.floats(0.5, 0.99))
def test_as_many_agents_as_are_needed_are_enough_and_one_fewer_is_not(
    arrivals_s: float, service_s: float, patience_s: float | None, target_s: float, share: float
) -> None:
    demand = Demand(arrivals_s, service_s, patience_s)
    needed = agents_needed(demand, target_s, share)
    assert service_level(demand, needed, target_s) >= share
    if needed > 1 and (patience_s is not None or needed - 1 > demand.load):
        assert service_level(demand, needed - 1, target_s) < share


@pytest.mark.parametrize(
    ("load", "agents", "wait_share"), [(0.5, 1, 1 / 2), (1.0, 2, 1 / 3), (2.0, 3, 4 / 9)]
)
def test_formula_c_of_small_desks_is_what_one_reckons_by_hand(
    load: float, agents: int, wait_share: float
) -> None:
    demand = Demand(load / 240, 240)
    found = waiting(demand, agents)
    assert found.wait_share == pytest.approx(wait_share)
    assert found.mean_wait_s == pytest.approx(wait_share * 240 / (agents - load))


def test_too_few_agents_are_told_and_nothing_needs_nobody() -> None:
    with pytest.raises(NeverEnough):
        waiting(Demand(0.1, 240), 24)
    assert agents_needed(Demand(0, 240), 20, 0.8) == 0
    assert service_level(Demand(0, 240), 1, 20) == 1
    assert waiting(Demand(20, 360, 600), 6_000).abandoned_share == pytest.approx(1 - 6_000 / 7_200, abs=0.005)
