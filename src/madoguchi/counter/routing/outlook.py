"""The queue played forward on paper: when each place's turn will come, as a mean and a spread. Pure.

Places are gone through in the order of service. A *crew* is a set of agents who serve the same kinds of contact; it
frees one slot each `service / slots` seconds on average. Who waits is taken by the crew whose turn comes first among
those that may serve them; who will probably have given up by then takes only a part of a turn. What is expected of
those still to come, who will go first by their class, is taken from the crew beforehand. Turns add up to the mean; the
spread is that of a sum of such turns, and of not knowing the mean exactly, as a gamma distribution.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

_Z50, _Z80 = 0.0, 0.841621
_MOST_TAKEN = 0.9  # of a crew by those who will come first: beyond it nothing would be left to reckon with
_LEAST_SHAPE = 0.2


class Wanted(NamedTuple):
    """Whoever agrees in it waits for the same agents. `not_to`: those whom the customer wants no more."""

    queue: str
    language: str
    not_to: tuple[str, ...] = ()


class Kind(NamedTuple):
    """Of contacts: all of one kind may be served by the same agents, and are of the same class."""

    queue: str
    language: str
    priority: int
    not_to: tuple[str, ...] = ()

    @property
    def wanted(self) -> Wanted:
        return Wanted(self.queue, self.language, self.not_to)


@dataclass(frozen=True)
class Pace:
    """How long contacts of a queue keep an agent: mean seconds, squared coefficient of variation, measurements."""

    mean_s: float
    variation: float
    samples: int


@dataclass(frozen=True)
class Staffing:
    """A crew: contacts that it serves at once (`slots`), and how many of these are not in use.

    `changes`: (seconds from now, slots from then on), by the plan, in order.
    """

    slots: int
    free: int
    changes: tuple[tuple[float, int], ...] = ()


@dataclass(frozen=True)
class Turn:
    """When a turn comes: mean seconds, and the shape of its gamma distribution; `at_once`: a slot is free."""

    mean_s: float
    shape: float
    at_once: bool = False

    def percentile(self, z: float) -> float:
        """By Wilson and Hilferty (1931); z of the standard normal distribution."""
        rest = 1 / (9 * self.shape)
        return float(self.mean_s * max(0.0, 1 - rest + z * math.sqrt(rest)) ** 3)

    @property
    def median_s(self) -> float:
        return self.percentile(_Z50)

    @property
    def late_s(self) -> float:
        """Four of five wait no longer."""
        return self.percentile(_Z80)


@dataclass
class _Crew:
    staffing: Staffing
    service_s: float
    free: float
    clock_s: float = 0.0
    variance: float = 0.0
    _next_change: int = 0
    _slots: int = field(init=False)

    def __post_init__(self) -> None:
        self._slots = self.staffing.slots
        self._catch_up()

    def step_s(self, taken_share: float) -> float:
        """Seconds until the next slot is free; endless when nobody is there and nobody is to come.

        `taken_share`: of the slots, by others who will come first.
        """
        self._catch_up()
        while self._slots <= 0:
            if self._next_change >= len(self.staffing.changes):
                return math.inf
            self.clock_s = max(self.clock_s, self.staffing.changes[self._next_change][0])
            self._catch_up()
        return self.service_s / (self._slots * (1 - taken_share))

    def take(self, step_s: float, part: float, share: float) -> None:
        """Give `part` of a turn away, to somebody who takes `share` times the usual service."""
        self.clock_s += step_s * part * share
        self.variance += step_s * step_s * part

    def _catch_up(self) -> None:
        changes = self.staffing.changes
        while self._next_change < len(changes) and changes[self._next_change][0] <= self.clock_s:
            self._slots = changes[self._next_change][1]
            self._next_change += 1


class Outlook:
    """Play the queue forward: call `turn` for each place, in the order of service.

    `crews`: by name; `able`: which of them serve a kind, by name. `paces` and `patience_s` (mean seconds until somebody
    gives up, None: never) by kind. `arrivals_s`: contacts a second that still come in, by kind.
    """

    def __init__(
        self,
        crews: Mapping[int, Staffing],
        able: Callable[[Kind], Sequence[int]],
        paces: Callable[[Kind], Pace | None],
        patience_s: Callable[[Kind], float | None] = lambda kind: None,
        arrivals_s: Mapping[Kind, float] | None = None,
    ) -> None:
        self._staffing, self._able, self._paces, self._patience_s = crews, able, paces, patience_s
        self._arrivals_s = arrivals_s or {}
        self._crews: dict[int, _Crew] = {}
        self._shares: dict[tuple[int, int], float] = {}

    def turn(self, kind: Kind, *, held: bool = False, asks: bool = False) -> Turn | None:
        """When the next place of this kind is served; None where nobody can tell.

        `held`: a slot is being kept for this very place (it is offered), so that it takes none of those reckoned with.
        `asks`: nobody waits there yet, so that the turn is left to the next.
        """
        pace = self._paces(kind)
        crews = [(name, crew) for name in self._able(kind) if (crew := self._crew(name, pace)) is not None]
        if not crews:
            return None
        if held:
            return Turn(0.0, 1.0, at_once=True)
        _, freest = max(crews, key=lambda each: each[1].free)
        if freest.free >= 1:
            freest.free -= not asks
            return Turn(0.0, 1.0, at_once=True)
        if pace is None:
            return None
        mean, step, crew = min(
            (
                (crew.clock_s + step, step, crew)
                for name, crew in crews
                for step in (crew.step_s(self._taken_share(name, kind.priority)),)
            ),
            key=lambda each: each[0],
        )
        if math.isinf(mean):
            return None
        turn = Turn(mean, _shape(mean, crew.variance + step * step, pace))
        if asks:
            return turn
        patience = self._patience_s(kind)
        stays = math.exp(-mean / patience) if patience else 1.0
        crew.take(step, stays, pace.mean_s / crew.service_s)
        return turn

    def _crew(self, name: int, pace: Pace | None) -> _Crew | None:
        found = self._crews.get(name)
        if found is None:
            staffing = self._staffing[name]
            if staffing.slots <= 0 and not staffing.changes:
                return None
            found = _Crew(staffing, pace.mean_s if pace else 1.0, float(staffing.free))
            self._crews[name] = found
        return found

    def _taken_share(self, name: int, priority: int) -> float:
        """Of a crew's slots, by contacts of more urgent classes that are still to come."""
        key = (name, priority)
        if key not in self._shares:
            self._shares[key] = min(
                _MOST_TAKEN,
                sum(
                    rate * found.mean_s / max(1, sum(self._staffing[each].slots for each in self._able(kind)))
                    for kind, rate in self._arrivals_s.items()
                    if kind.priority < priority
                    and name in self._able(kind)
                    and (found := self._paces(kind)) is not None
                ),
            )
        return self._shares[key]


def pace(handled_s: Sequence[float]) -> Pace | None:
    """From measurements; None without any."""
    if not handled_s:
        return None
    mean = max(1.0, sum(handled_s) / len(handled_s))
    variance = sum((each - mean) ** 2 for each in handled_s) / len(handled_s)
    return Pace(mean, variance / mean**2, len(handled_s))


def mean_patience_s(gave_up: int, waited_s: Iterable[float]) -> float | None:
    """The mean patience of people whose waits (of those served and of those who gave up) add up to the given ones.

    The likeliest exponential one: all the waiting there was, for each who gave up. None when nobody did.
    """
    return sum(waited_s) / gave_up if gave_up else None


def _shape(mean: float, variance: float, pace: Pace) -> float:
    """Of the gamma distribution. Turns of many slots come like raindrops; the further off, the more they come like the
    services themselves (the dispersion of a superposition of renewals), and the mean itself is only measured.
    """
    turns = mean / pace.mean_s
    near = -math.expm1(-turns) / turns
    dispersion = near + (1 - near) * pace.variation
    unknown = mean * mean * pace.variation / pace.samples
    return max(_LEAST_SHAPE, mean * mean / (dispersion * variance + unknown))
