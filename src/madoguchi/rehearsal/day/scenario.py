"""What a day is like: who comes when, how long they keep an agent and wait for one, and who is at the desk.

From a file (`read`) for a shop's own "how many people do I need on Monday?", or one of the days that come along.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from madoguchi.counter.hours import HoursError, parse_spans

Spread = Literal["exponential", "lognormal"]
Shape = Literal["two_peaks", "flat", "morning", "sale", "evening"]
DAY_S = 86_400

# Weights of the 24 hours. Two peaks are the usual day of a desk: 9 to 11 and 18 to 21 (QUE-005).
SHAPES: dict[Shape, tuple[float, ...]] = {
    "flat": (1,) * 24,
    "two_peaks": (1, 0.6, 0.4, 0.3, 0.3, 0.5, 1, 2, 4, 8, 8, 6, 5, 5, 5, 5, 5.5, 6, 8, 8.5, 8, 5, 3, 2),
    "morning": (0.5, 0.3, 0.2, 0.2, 0.3, 0.8, 2, 4, 8, 12, 11, 8, 5, 4, 4, 3.5, 3, 3, 2.5, 2, 2, 1.5, 1, 0.8),
    "sale": (9, 5, 2, 1, 0.6, 0.6, 1, 2, 4, 6, 7, 7, 8, 7, 6, 6, 6, 7, 8, 9, 12, 12, 10, 9),
    "evening": (1.5, 1, 0.5, 0.3, 0.3, 0.4, 0.6, 1, 2, 3, 3, 3, 4, 3, 3, 3, 4, 6, 9, 11, 12, 10, 6, 3),
}


class ScenarioError(ValueError):
    """The file is not a day; the message says where."""


@dataclass(frozen=True)
class Stream:
    """Contacts of one kind. `share` of all contacts; `handling_s` mean, with `variation` as its coefficient of
    variation where it is lognormal; `patience_s` mean of an exponential one, None: they never give up.
    """

    queue: str
    language: str
    share: float
    handling_s: float
    handling: Spread = "lognormal"
    variation: float = 1.0
    patience_s: float | None = None
    priority: int = 4


@dataclass(frozen=True)
class Group:
    """Agents alike: how many, what they serve, and from when to when (seconds after midnight, at most one day)."""

    number: int
    queues: frozenset[str]
    languages: frozenset[str]
    capacity: int = 1
    start_s: int = 0
    end_s: int = DAY_S


@dataclass(frozen=True)
class Scenario:
    """One day. `target_s`: the wait within which a contact should be taken; `pick_up_s`: mean seconds until an agent
    accepts what is offered; `swing`: how far the day may lie above or below what was planned (share, drawn anew for each seed).
    """

    name: str
    contacts: int
    hours: tuple[float, ...]
    streams: tuple[Stream, ...]
    groups: tuple[Group, ...] = ()
    target_s: float = 60
    pick_up_s: float = 0
    swing: float = 0.0

    def of(self, contacts: int) -> Scenario:
        """The same day with another number of contacts."""
        return replace(self, contacts=contacts)


class _Contacts(BaseModel):
    model_config = ConfigDict(extra="forbid")
    queue: str
    language: str = "ja"
    share: float = Field(1.0, gt=0)
    handling_seconds: float = Field(300, gt=0)
    handling: Spread = "lognormal"
    variation: float = Field(1.0, gt=0, le=5)
    patience_seconds: float | None = Field(None, gt=0)
    priority: int = Field(4, ge=1, le=9)


class _Agents(BaseModel):
    model_config = ConfigDict(extra="forbid")
    number: int = Field(gt=0)
    queues: list[str] = ["*"]
    languages: list[str] = ["ja"]
    capacity: int = Field(1, ge=1)
    shift: str = "00:00-24:00"


class _Day(BaseModel):
    model_config = ConfigDict(extra="forbid")
    contacts: int = Field(1000, gt=0)
    shape: Shape = "two_peaks"
    hours: list[float] | None = Field(None, min_length=24, max_length=24)
    target_seconds: float = Field(60, gt=0)
    pick_up_seconds: float = Field(0, ge=0)
    swing: float = Field(0.0, ge=0, lt=1)
    streams: list[_Contacts] = Field(min_length=1)
    agents: list[_Agents] = []


def read(path: Path) -> Scenario:
    """A day from a TOML file. Raises ScenarioError."""
    try:
        day = _Day.model_validate(tomllib.loads(path.read_text("utf-8")))
        groups = tuple(group for each in day.agents for group in _groups(each))
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError(f"{path.name}: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise ScenarioError(f"{path.name}: {place}: {first['msg']}") from error
    except HoursError as error:
        raise ScenarioError(f"{path.name}: shift: {error}") from error
    hours = tuple(day.hours) if day.hours else SHAPES[day.shape]
    if not any(hours) or min(hours) < 0:
        raise ScenarioError(f"{path.name}: hours: weights are not negative, and not all of them nothing")
    return Scenario(
        name=path.stem,
        contacts=day.contacts,
        hours=hours,
        streams=tuple(_stream(each) for each in day.streams),
        groups=groups,
        target_s=day.target_seconds,
        pick_up_s=day.pick_up_seconds,
        swing=day.swing,
    )


def usual(shape: Shape = "two_peaks", contacts: int = 1_000) -> Scenario:
    """A shop's ordinary day: five queues, some of it in other languages, people who give up, a few emergencies."""
    return Scenario(
        name=shape,
        contacts=contacts,
        hours=SHAPES[shape],
        streams=(
            Stream("orders", "ja", 0.40, 300, patience_s=600, priority=4),
            Stream("returns", "ja", 0.20, 420, patience_s=600, priority=4),
            Stream("payments", "ja", 0.15, 360, variation=1.2, patience_s=480, priority=3),
            Stream("general", "ja", 0.15, 240, variation=0.8, patience_s=420, priority=4),
            Stream("security", "ja", 0.03, 600, patience_s=1_200, priority=1),
            Stream("general", "en", 0.07, 420, patience_s=900, priority=4),
        ),
        pick_up_s=4,
        swing=0.12,
    )


def textbook(
    contacts: int, agents: int, patience_s: float | None, handling_s: float = 240, target_s: float = 60
) -> Scenario:
    """The day of Erlang's assumptions: one queue, the same rate all day, exponential handling and patience."""
    stream = Stream("general", "ja", 1.0, handling_s, "exponential", 1.0, patience_s)
    group = Group(agents, frozenset({"general"}), frozenset({"ja"}))
    return Scenario("textbook", contacts, SHAPES["flat"], (stream,), (group,), target_s)


def shapes() -> tuple[Shape, ...]:
    return get_args(Shape)


def _stream(found: _Contacts) -> Stream:
    return Stream(
        found.queue,
        found.language,
        found.share,
        found.handling_seconds,
        found.handling,
        found.variation,
        found.patience_seconds,
        found.priority,
    )


def _groups(found: _Agents) -> list[Group]:
    """A shift over midnight is two: the evening's part and the morning's."""
    parts = []
    for span in parse_spans(found.shift):
        start, end = span.start * 60, span.end * 60
        parts += [(start, min(end, DAY_S)), *([(0, end - DAY_S)] if end > DAY_S else [])]
    return [
        Group(found.number, frozenset(found.queues), frozenset(found.languages), found.capacity, start, end)
        for start, end in parts
    ]
