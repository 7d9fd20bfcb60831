"""What became of a day: who was served when, who gave up, and how true the promised waits were."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from madoguchi.kit.percentile import percentile
from madoguchi.rehearsal.day.arrivals import Arrivals
from madoguchi.rehearsal.day.scenario import Scenario


class Promised(NamedTuple):
    """A range in seconds, told at the entry."""

    low_s: int
    high_s: int


@dataclass
class Outcome:
    """By the contact's number: `wait_s` of those served, `gave_up_s` until the others left; `promises`: what those who
    had to wait were told (None: nobody could tell), of an even sample when there are very many.
    """

    scenario: Scenario
    arrivals: Arrivals
    wait_s: dict[int, float] = field(default_factory=dict)
    gave_up_s: dict[int, float] = field(default_factory=dict)
    promises: dict[int, Promised | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Accuracy:
    """Of promises to people who were then served. `kept`: not later than said; `inside`: not sooner either; `unknown`: of all
    who waited, those to whom nothing could be promised. Shares; None without any.
    """

    measured: int
    kept: float | None
    inside: float | None
    unknown: float | None


@dataclass(frozen=True)
class Figures:
    """`service_level`: of all, those taken within the target; waits of those served, in seconds; None without any."""

    contacts: int
    served: int
    abandoned: int
    mean_wait_s: float | None
    p50_wait_s: float | None
    p80_wait_s: float | None
    p95_wait_s: float | None
    service_level: float | None
    accuracy: Accuracy

    def record(self) -> dict[str, Any]:
        """As JSON says it."""
        return {
            "contacts": self.contacts,
            "served": self.served,
            "abandoned": self.abandoned,
            "mean_wait_s": _round(self.mean_wait_s, 2),
            "p50_wait_s": _round(self.p50_wait_s, 1),
            "p80_wait_s": _round(self.p80_wait_s, 1),
            "p95_wait_s": _round(self.p95_wait_s, 1),
            "service_level": _round(self.service_level, 4),
            "promise_kept_share": _round(self.accuracy.kept, 4),
            "promise_inside_share": _round(self.accuracy.inside, 4),
            "promises_measured": self.accuracy.measured,
            "promise_unknown_share": _round(self.accuracy.unknown, 4),
        }


def figures(outcome: Outcome) -> Figures:
    """Of the whole day."""
    return _figures(outcome, range(len(outcome.arrivals)))


def by_queue(outcome: Outcome) -> dict[str, Figures]:
    """Of each queue, in the scenario's order."""
    streams = outcome.scenario.streams
    contacts: dict[str, list[int]] = {stream.queue: [] for stream in streams}
    for contact, stream in enumerate(outcome.arrivals.stream):
        contacts[streams[stream].queue].append(contact)
    return {queue: _figures(outcome, of) for queue, of in contacts.items()}


def by_hour(outcome: Outcome) -> dict[int, Figures]:
    """Of each hour in which somebody came."""
    contacts: dict[int, list[int]] = {}
    for contact, at_s in enumerate(outcome.arrivals.at_s):
        contacts.setdefault(int(at_s // 3600), []).append(contact)
    return {hour: _figures(outcome, of) for hour, of in contacts.items()}


def accuracy(promised: Iterable[tuple[Promised | None, float]]) -> Accuracy:
    """Of what was promised, and the wait that came of it, of people who were served."""
    pairs = list(promised)
    told = [(found, wait_s) for found, wait_s in pairs if found is not None]
    return Accuracy(
        measured=len(told),
        kept=_share([wait_s <= found.high_s for found, wait_s in told]),
        inside=_share([found.low_s <= wait_s <= found.high_s for found, wait_s in told]),
        unknown=_share([found is None for found, _ in pairs]),
    )


def _figures(outcome: Outcome, contacts: Sequence[int]) -> Figures:
    waits = [outcome.wait_s[each] for each in contacts if each in outcome.wait_s]
    target = outcome.scenario.target_s
    return Figures(
        contacts=len(contacts),
        served=len(waits),
        abandoned=sum(each in outcome.gave_up_s for each in contacts),
        mean_wait_s=sum(waits) / len(waits) if waits else None,
        p50_wait_s=percentile(waits, 0.5) if waits else None,
        p80_wait_s=percentile(waits, 0.8) if waits else None,
        p95_wait_s=percentile(waits, 0.95) if waits else None,
        service_level=sum(each <= target for each in waits) / len(contacts) if contacts else None,
        accuracy=accuracy(
            (outcome.promises[each], outcome.wait_s[each])
            for each in contacts
            if each in outcome.promises and each in outcome.wait_s
        ),
    )


def _share(true: Sequence[bool]) -> float | None:
    return sum(true) / len(true) if true else None


def _round(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)
