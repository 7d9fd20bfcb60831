"""What holds at a moment, given what was declared and noticed; and when arrivals are a rush. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self, cast

from madoguchi.counter.conditions.model import (
    Conditions,
    Disturbance,
    Incident,
    Noticed,
    Part,
    Peak,
    PeakSeason,
)
from madoguchi.engine.settings import Settings

RUSH = "rush"
# A worker that looks every quarter of a minute and has not for so long is not there: nothing answers chats then.
SILENT_AFTER = timedelta(minutes=3)


@dataclass(frozen=True)
class Rules:
    """What the settings say about peaks: `times` the same hour of past weeks, and at least `fewest`, is a rush."""

    detect: bool
    times: float
    fewest: int
    percent: int

    @classmethod
    def of(cls, settings: Settings) -> Self:
        peaks = settings.peaks
        return cls(peaks.detect, peaks.times, peaks.fewest, round(peaks.factor * 100))


def holding(
    incidents: Iterable[Incident],
    seasons: Iterable[PeakSeason],
    noticed: Iterable[Noticed],
    rules: Rules,
    now: datetime,
) -> Conditions:
    """What people say goes before what was noticed; of two declarations about one part the newer one."""
    found: dict[Part, Disturbance] = {}
    rush = False
    for seen in noticed:
        if seen.name == RUSH:
            rush = seen.raised and rules.detect
        elif seen.raised:
            found[cast(Part, seen.name)] = Disturbance(cast(Part, seen.name), seen.since)
    for said in sorted(incidents, key=lambda each: each.declared_at):
        if said.begins_at <= now and said.over_at is None:
            found[said.part] = Disturbance(
                said.part, said.begins_at, _still(said.ends_at, now), said.cause, said.instead, declared=True
            )
    ordered = tuple(sorted(found.values(), key=lambda each: (each.since, each.part)))
    return Conditions(ordered, _peak(seasons, rush, rules, now))


def is_rush(now: int, before: Sequence[int], rules: Rules) -> bool:
    """Whether `now` arrivals in an hour are far over `before`, the same hour of past weeks. Too few weeks: never."""
    if len(before) < 2 or now < rules.fewest:
        return False
    return now >= rules.times * max(1.0, sum(before) / len(before))


def _peak(seasons: Iterable[PeakSeason], rush: bool, rules: Rules, now: datetime) -> Peak | None:
    current = [each for each in seasons if each.over_at is None and each.begins_at <= now < each.ends_at]
    if current:
        slowest = max(current, key=lambda each: (each.percent, each.ends_at))
        return Peak(slowest.percent, slowest.notice, slowest.ends_at, declared=True)
    return Peak(rules.percent, {}) if rush else None


def _still(expected: datetime | None, now: datetime) -> datetime | None:
    """An end that was expected and has passed is not told any more: nobody knows then."""
    return expected if expected is not None and expected > now else None
