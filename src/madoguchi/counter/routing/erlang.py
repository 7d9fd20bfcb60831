"""How long people wait where `agents` serve one queue, by Erlang's formulas: C for endless patience, A for a limited one. Pure.

Both hold for one queue, first come first served, with Poisson arrivals, exponential service and (A) exponential
patience. Sources: A. K. Erlang 1917; C. Palm 1946; of the density of the wait under impatience F. Baccelli and
G. Hébuterne 1981; as a whole A. Mandelbaum and S. Zeltyn, "Service engineering in action: the Palm/Erlang-A queue", 2007.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

MOST_AGENTS = 100_000
_NEGLIGIBLE = 1e-12
_PANELS = 4_000  # of Simpson's rule


class NeverEnough(ValueError):
    """Work comes in faster than it is done, and nobody gives up: the queue grows for ever."""


@dataclass(frozen=True)
class Demand:
    """What comes in. `arrivals_s`: contacts a second; `service_s`: mean seconds of an agent for each; `patience_s`: mean
    seconds until somebody who waits gives up, None: they never do.
    """

    arrivals_s: float
    service_s: float
    patience_s: float | None = None

    @property
    def load(self) -> float:
        """Agents who would be busy all the time, in Erlang."""
        return self.arrivals_s * self.service_s


@dataclass(frozen=True)
class Waiting:
    """What comes of it. `wait_share`: who must wait at all; `mean_wait_s`: of those served, who did not wait included;
    `abandoned_share`: who gives up.
    """

    wait_share: float
    mean_wait_s: float
    abandoned_share: float


def waiting(demand: Demand, agents: int) -> Waiting:
    """Raises NeverEnough where nobody gives up and `agents` cannot do the work."""
    if demand.arrivals_s <= 0:
        return Waiting(0.0, 0.0, 0.0)
    if demand.patience_s is None:
        share = _delayed_share(demand, agents)
        return Waiting(share, share * demand.service_s / (agents - demand.load), 0.0)
    density = _density(demand, agents)
    patience = demand.patience_s
    served_late = _integral(lambda x: density(x) * math.exp(-x / patience), _horizon(demand, agents))
    waited = _integral(lambda x: x * density(x) * math.exp(-x / patience), _horizon(demand, agents))
    delayed = _integral(density, _horizon(demand, agents))
    served = 1 - delayed + served_late
    return Waiting(delayed, waited / served if served else 0.0, delayed - served_late)


def service_level(demand: Demand, agents: int, target_s: float) -> float:
    """The share of all contacts that an agent takes within `target_s`; who gives up is not among them."""
    if demand.arrivals_s <= 0:
        return 1.0
    if demand.patience_s is None:
        free_s = demand.service_s / (agents - demand.load) if agents > demand.load else math.inf
        return 1 - _delayed_share(demand, agents) * math.exp(-target_s / free_s)
    density, patience = _density(demand, agents), demand.patience_s
    delayed = _integral(density, _horizon(demand, agents))
    in_time = _integral(lambda x: density(x) * math.exp(-x / patience), target_s)
    return max(0.0, min(1.0, 1 - delayed + in_time))


def agents_needed(demand: Demand, target_s: float, share: float) -> int:
    """The fewest agents with whom at least `share` of all contacts are taken within `target_s`; 0 without any demand."""
    if demand.arrivals_s <= 0:
        return 0

    def enough(agents: int) -> bool:
        if demand.patience_s is None and agents <= demand.load:
            return False
        return service_level(demand, agents, target_s) >= share

    low, high = 0, max(1, math.ceil(demand.load))
    while not enough(high):
        low, high = high, high * 2
        if high > MOST_AGENTS:
            raise NeverEnough(f"more than {MOST_AGENTS} agents")
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def _blocked_share(load: float, agents: int) -> float:
    """Erlang B, by its recursion, which neither overflows nor loses digits."""
    share = 1.0
    for each in range(1, agents + 1):
        share = load * share / (each + load * share)
    return share


def _delayed_share(demand: Demand, agents: int) -> float:
    """Erlang C. Raises NeverEnough."""
    if agents <= demand.load:
        raise NeverEnough(f"{agents} agents, a load of {demand.load:.2f}")
    blocked, busy = _blocked_share(demand.load, agents), demand.load / agents
    return blocked / (1 - busy * (1 - blocked))


def _density(demand: Demand, agents: int) -> Callable[[float], float]:
    """Of the time that somebody with endless patience would wait; what is missing to 1 are those served at once."""
    exponent, top = _exponent(demand, agents), _top(demand, agents)
    highest = exponent(top)
    blocked = _blocked_share(demand.load, agents)  # chance of all being busy where nobody may wait
    entering = (
        blocked * agents / demand.load * demand.arrivals_s
    )  # the rate at which the last free agent is taken

    def shape(x: float) -> float:
        return math.exp(exponent(x) - highest)

    below = (1 - blocked) * math.exp(-highest)
    scale = entering / (below + entering * _integral(shape, _horizon(demand, agents)))
    return lambda x: scale * shape(x)


def _exponent(demand: Demand, agents: int) -> Callable[[float], float]:
    """The logarithm of the density, but for a constant."""
    assert demand.patience_s is not None
    arrivals, served, patience = demand.arrivals_s, agents / demand.service_s, demand.patience_s
    return lambda x: arrivals * patience * -math.expm1(-x / patience) - served * x


def _top(demand: Demand, agents: int) -> float:
    """Seconds at which the density is highest."""
    assert demand.patience_s is not None
    overload = demand.load / agents
    return demand.patience_s * math.log(overload) if overload > 1 else 0.0


def _horizon(demand: Demand, agents: int) -> float:
    """Seconds after which the density is negligible."""
    exponent, top = _exponent(demand, agents), _top(demand, agents)
    reach = max(top, demand.service_s / agents)
    while exponent(top) - exponent(reach) < -math.log(_NEGLIGIBLE):
        reach *= 1.3
    return reach


def _integral(function: Callable[[float], float], end: float) -> float:
    """From 0 to `end`, by Simpson's rule."""
    if end <= 0:
        return 0.0
    step = end / _PANELS
    inner = sum((4 if each % 2 else 2) * function(each * step) for each in range(1, _PANELS))
    return (function(0.0) + inner + function(end)) * step / 3
