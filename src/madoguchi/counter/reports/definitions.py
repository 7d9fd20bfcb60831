"""What a figure is: its name, what exactly is counted, its unit, its goal, where it comes from. Nothing is measured here.

A family of figures is one file in `families/`; `families/__init__.py` lists them. A figure is reckoned from `Sums` and
knows nothing of pages: console, CSV, mail and API show the same objects.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from madoguchi.counter.reports.call_backs import CallRow
from madoguchi.counter.reports.tally import Tally, total
from madoguchi.counter.routing.forecast import Counts, error
from madoguchi.counter.routing.plans import Adherence
from madoguchi.engine.report_sections import Reports

Unit = Literal["count", "share", "seconds", "hours", "working_hours", "number", "money", "mark"]
LETTERS = ("mail", "form")
LIVE = ("chat", "phone")  # ways in which somebody is there and waits


@dataclass(frozen=True)
class Marks:
    """What customers said of our help: surveys of cases solved in the period, and the marks given, 1 to 5."""

    asked: int = 0
    marks: Mapping[int, int] = field(default_factory=dict)

    @property
    def answered(self) -> int:
        return sum(self.marks.values())


@dataclass(frozen=True)
class StaffTime:
    """What somebody did in the period: seconds by (status, own kind of it), pieces of after-contact work and their
    seconds, and how the plan was kept.
    """

    statuses: Mapping[tuple[str, str], int] = field(default_factory=dict)
    after_contacts: int = 0
    after_contact_s: int = 0
    plan: Adherence = field(default_factory=lambda: Adherence(0, 0, 0))

    def in_status(self, *names: str) -> int:
        """Seconds in these statuses, whatever their kind."""
        return sum(seconds for (status, _), seconds in self.statuses.items() if status in names)

    def __add__(self, other: StaffTime) -> StaffTime:
        plan = Adherence(
            self.plan.planned_s + other.plan.planned_s,
            self.plan.kept_s + other.plan.kept_s,
            self.plan.unplanned_s + other.plan.unplanned_s,
        )
        return StaffTime(
            Counter(self.statuses) + Counter(other.statuses),
            self.after_contacts + other.after_contacts,
            self.after_contact_s + other.after_contact_s,
            plan,
        )


@dataclass(frozen=True)
class Foretold:
    """Contacts as they were expected on the eve and as they came, by day and hour, of `days` with a forecast that are over."""

    days: Sequence[date]
    expected: Counts
    came: Counts

    @property
    def error(self) -> float | None:
        """Differences of the hours for each contact that came; None where none came."""
        return error(self.expected, self.came, self.days)

    @property
    def error_of_days(self) -> float | None:
        """The same of whole days: too few in one hour and too many in the next make no difference."""
        expected, came = (
            {(day, 0): self.of(counts, day) for day in self.days} for counts in (self.expected, self.came)
        )
        return error(expected, came, self.days)

    def of(self, counts: Counts, day: date) -> float:
        return sum(counts.get((day, hour), 0.0) for hour in range(24))


@dataclass(frozen=True)
class Sums:
    """Everything that figures are reckoned from. `by_channel`: the same contacts as in `all`, apart.

    `not_received`: those about a parcel that has not come. `promises`: promise state → how many, of cases; `marks`:
    surveys; `staff`: agent → what they did; `foretold`: the forecast; `calls`: call-backs. None where the filters ask for something that these
    do not know.
    """

    by_channel: Mapping[str, Tally]
    not_received: Tally = field(default_factory=Tally)
    promises: Mapping[str, int] | None = None
    marks: Marks | None = None
    staff: Mapping[str, StaffTime] | None = None
    foretold: Foretold | None = None
    calls: Sequence[CallRow] = ()

    @property
    def all(self) -> Tally:
        return total(self.by_channel.values())

    def of(self, *channels: str) -> Tally:
        return total(self.by_channel[name] for name in channels if name in self.by_channel)

    @property
    def letters(self) -> Tally:
        return self.of(*LETTERS)

    @property
    def live(self) -> Tally:
        return self.of(*LIVE)


@dataclass(frozen=True)
class Value:
    """A figure measured: `value` None while there is nothing to measure; `count`: of how many."""

    value: float | None
    count: int


@dataclass(frozen=True)
class Goal:
    """`at_least`: the value should not be lower; otherwise not higher."""

    value: float
    at_least: bool = False

    def met(self, value: float) -> bool:
        return value >= self.value if self.at_least else value <= self.value


@dataclass(frozen=True)
class Figure:
    """`name` and `told` are message ids; `told` says exactly what is counted. `source`: requirement ids.

    `channels`: of which it is, () for all. `better`: whether it should rise or fall ("": neither). `behind`: the drill
    of `drilling.py` that lists its contacts, "" where a list says nothing.
    """

    id: str
    name: str
    told: str
    unit: Unit
    source: str
    measure: Callable[[Sums, Reports], Value]
    goal: Callable[[Reports], Goal] | None = None
    better: Literal["higher", "lower", ""] = ""
    behind: str = ""
    channels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Family:
    """Figures that belong together, in the order in which they are shown. `name` is a message id."""

    id: str
    name: str
    figures: tuple[Figure, ...]


# ── ways of measuring that families share ──

Pick = Callable[[Sums], Tally]


def everything(sums: Sums) -> Tally:
    return sums.all


def letters(sums: Sums) -> Tally:
    return sums.letters


def live(sums: Sums) -> Tally:
    return sums.live


def channel(name: str) -> Pick:
    return lambda sums: sums.of(name)


def count(slot: str, pick: Pick = everything) -> Callable[[Sums, Reports], Value]:
    def measure(sums: Sums, _: Reports) -> Value:
        found = pick(sums)[slot]
        return Value(found, found)

    return measure


def share(part: str, whole: str, pick: Pick = everything) -> Callable[[Sums, Reports], Value]:
    def measure(sums: Sums, _: Reports) -> Value:
        found = pick(sums)
        return Value(found.share(part, whole), found[whole])

    return measure


def mean(amount: str, of: str, pick: Pick = everything) -> Callable[[Sums, Reports], Value]:
    return share(amount, of, pick)


def percentile(
    measure: str, at: float, pick: Pick = everything, *, per: float = 1
) -> Callable[[Sums, Reports], Value]:
    """`per`: seconds of the figure's unit."""

    def found(sums: Sums, _: Reports) -> Value:
        tally = pick(sums)
        value = tally.percentile(measure, at)
        return Value(None if value is None else value / per, sum(tally.spread(measure).values()))

    return found
