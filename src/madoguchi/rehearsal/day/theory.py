"""A played day beside Erlang's formulas, where their assumptions hold: the check that the simulator tells the truth.

The formula is given the rate and the handling time that were drawn, so that what differs is the waiting and not the luck
of the draw.
"""

from __future__ import annotations

from dataclasses import dataclass

from madoguchi.counter.routing.erlang import Demand, service_level, waiting
from madoguchi.rehearsal.day.floor import play
from madoguchi.rehearsal.day.outcome import Outcome, figures
from madoguchi.rehearsal.day.scenario import DAY_S, Scenario, textbook


@dataclass(frozen=True)
class Comparison:
    """Seconds and shares, as played and as the formula has them. `formula`: "C" or "A"."""

    formula: str
    contacts: int
    mean_wait_s: float
    formula_mean_wait_s: float
    service_level: float
    formula_service_level: float

    @property
    def mean_wait_error(self) -> float:
        """Relative."""
        return abs(self.mean_wait_s - self.formula_mean_wait_s) / self.formula_mean_wait_s

    @property
    def service_level_error(self) -> float:
        """Relative."""
        return abs(self.service_level - self.formula_service_level) / self.formula_service_level


def assumptions_hold(scenario: Scenario) -> bool:
    """One queue with an even rate, exponential handling, agents who take at once and stay all day."""
    if len(scenario.streams) != 1 or len(scenario.groups) != 1 or scenario.pick_up_s:
        return False
    stream, group = scenario.streams[0], scenario.groups[0]
    round_the_clock = (group.start_s, group.end_s, group.capacity) == (0, DAY_S, 1)
    return len(set(scenario.hours)) == 1 and stream.handling == "exponential" and round_the_clock


def compare(outcome: Outcome) -> Comparison:
    """Raises ValueError where the assumptions do not hold, NeverEnough where the queue would grow for ever."""
    scenario, arrivals = outcome.scenario, outcome.arrivals
    if not assumptions_hold(scenario):
        raise ValueError("Erlang's assumptions do not hold on this day")
    stream, agents = scenario.streams[0], scenario.groups[0].number
    demand = Demand(len(arrivals) / DAY_S, sum(arrivals.handling_s) / len(arrivals), stream.patience_s)
    expected, played = waiting(demand, agents), figures(outcome)
    assert played.mean_wait_s is not None and played.service_level is not None
    return Comparison(
        formula="C" if stream.patience_s is None else "A",
        contacts=len(arrivals),
        mean_wait_s=played.mean_wait_s,
        formula_mean_wait_s=expected.mean_wait_s,
        service_level=played.service_level,
        formula_service_level=service_level(demand, agents, scenario.target_s),
    )


def control(seed: int, contacts: int) -> list[Comparison]:
    """Two textbook days, of so many contacts with endless patience and of a quarter of them with a limited one.

    Services are short, so that the day is long beside them and chance evens out: a load of two and a half agents on five,
    and on three where people give up.
    """
    short_s, long_s = 2.5 * DAY_S / contacts, 4 * 2.5 * DAY_S / contacts
    patient = textbook(contacts, 5, None, short_s, target_s=short_s / 4)
    hurried = textbook(contacts // 4, 3, 2 * long_s, long_s, target_s=long_s / 4)
    return [compare(play(day, seed, most_promises=0)) for day in (patient, hurried)]
