"""How many people a day needs, hour by hour, and shifts of eight hours that cover it, by Erlang's formula."""

from __future__ import annotations

import math
from collections.abc import Sequence

from madoguchi.counter.routing.erlang import Demand, agents_needed
from madoguchi.rehearsal.day.scenario import DAY_S, Group, Scenario, Stream

SHIFT_HOURS = 8
_SHARE = 0.8  # of contacts within the target
_HOUR_S = 3600


def staffed(scenario: Scenario) -> Scenario:
    """The scenario with a crew for each language, where it names no agents."""
    if scenario.groups:
        return scenario
    languages = sorted({stream.language for stream in scenario.streams})
    groups = [group for language in languages for group in _shifts(scenario, language)]
    return Scenario(**{**vars(scenario), "groups": tuple(groups)})


def needed_by_hour(scenario: Scenario, language: str) -> list[int]:
    """Agents of this language for each hour, so that four of five contacts are taken within the target."""
    streams = [stream for stream in scenario.streams if stream.language == language]
    all_shares = sum(stream.share for stream in scenario.streams)
    total = sum(scenario.hours)
    found = []
    for weight in scenario.hours:
        arrivals = scenario.contacts * weight / total / _HOUR_S
        mine = arrivals * sum(stream.share for stream in streams) / all_shares
        demand = Demand(mine, _mean_handling_s(streams) + scenario.pick_up_s, _mean_patience_s(streams))
        found.append(agents_needed(demand, scenario.target_s, _SHARE))
    return found


def cover(needed: Sequence[int]) -> list[int]:
    """How many shifts of eight hours begin at each hour, round the clock, so that no hour has too few; greedy, from the peak."""
    begun, there = [0] * 24, [0] * 24
    while (hour := max(range(24), key=lambda each: needed[each] - there[each])) is not None:
        missing = needed[hour] - there[hour]
        if missing <= 0:
            return begun
        start = max(range(24), key=lambda each: _worth(each, hour, needed, there))
        for each in _hours(start):
            there[each] += missing
        begun[start] += missing
    return begun


def _worth(start: int, hour: int, needed: Sequence[int], there: Sequence[int]) -> int:
    """How much of what is missing a shift from `start` on fills; nothing when it leaves this hour out."""
    hours = _hours(start)
    return sum(max(0, needed[each] - there[each]) for each in hours) if hour in hours else -1


def _hours(start: int) -> list[int]:
    return [(start + each) % 24 for each in range(SHIFT_HOURS)]


def _shifts(scenario: Scenario, language: str) -> list[Group]:
    queues = frozenset(stream.queue for stream in scenario.streams if stream.language == language)
    groups = []
    for start, number in enumerate(cover(needed_by_hour(scenario, language))):
        begin, end = start * _HOUR_S, (start + SHIFT_HOURS) * _HOUR_S
        parts = [(begin, min(end, DAY_S)), *([(0, end - DAY_S)] if end > DAY_S else [])]
        groups += [
            Group(number, queues, frozenset({language}), 1, first, last) for first, last in parts if number
        ]
    return groups


def _mean_handling_s(streams: Sequence[Stream]) -> float:
    return sum(each.share * each.handling_s for each in streams) / sum(each.share for each in streams)


def _mean_patience_s(streams: Sequence[Stream]) -> float | None:
    """Of those who give up at all; rates of giving up add up."""
    rates = sum(each.share / each.patience_s for each in streams if each.patience_s)
    shares = sum(each.share for each in streams)
    return shares / rates if rates and not math.isinf(rates) else None
