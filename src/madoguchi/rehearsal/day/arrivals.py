"""Who comes when, what they need and how long they wait: drawn once from a seed, the same for every way of playing it.

Arrivals are a Poisson process whose rate changes from hour to hour: the number of each hour is drawn, and the moments
in it are even.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from madoguchi.rehearsal.day.scenario import Scenario, Stream

_HOUR_S = 3600.0


@dataclass(frozen=True)
class Arrivals:
    """Contacts in the order in which they come, one entry of each list for one contact; seconds after midnight.

    `stream`: which of the scenario's; `patience_s`: infinity for who never gives up; `pick_up_s`: until the agent accepts.
    """

    at_s: list[float]
    stream: list[int]
    handling_s: list[float]
    patience_s: list[float]
    pick_up_s: list[float]

    def __len__(self) -> int:
        return len(self.at_s)


def draw(scenario: Scenario, seed: int) -> Arrivals:
    """The same scenario and seed give the same day."""
    rng = np.random.Generator(np.random.PCG64(seed))
    level = 1 + scenario.swing * rng.uniform(-1, 1)
    shares = [stream.share / sum(each.share for each in scenario.streams) for stream in scenario.streams]
    weights = np.array(scenario.hours) / sum(scenario.hours)
    numbers = rng.poisson(weights * scenario.contacts * level)
    at = np.sort(
        np.concatenate(
            [hour * _HOUR_S + rng.uniform(0, _HOUR_S, number) for hour, number in enumerate(numbers)]
        )
    )
    stream = rng.choice(len(scenario.streams), size=len(at), p=shares)
    handling, patience = np.empty(len(at)), np.full(len(at), np.inf)
    for index, each in enumerate(scenario.streams):
        mine = stream == index
        handling[mine] = _handling(each, int(mine.sum()), rng)
        if each.patience_s is not None:
            patience[mine] = rng.exponential(each.patience_s, int(mine.sum()))
    pick_up = rng.exponential(scenario.pick_up_s, len(at)) if scenario.pick_up_s else np.zeros(len(at))
    return Arrivals(at.tolist(), stream.tolist(), handling.tolist(), patience.tolist(), pick_up.tolist())


def _handling(stream: Stream, number: int, rng: np.random.Generator) -> NDArray[np.float64]:
    if stream.handling == "exponential":
        return rng.exponential(stream.handling_s, number)
    sigma = np.sqrt(np.log1p(stream.variation**2))
    return rng.lognormal(np.log(stream.handling_s) - sigma**2 / 2, sigma, number)
