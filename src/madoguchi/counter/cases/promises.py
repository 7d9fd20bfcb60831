"""What a customer may expect: the times until answers and solution, by category, channel and segment. Pure.

From `promises.toml`, or the shop's own file in its place (`read_from`, once, when the house is built).
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

from madoguchi.counter.working_time import WorkingTime, calendar_time
from madoguchi.engine.texts import tr, trn

_FILE = Path(__file__).with_name("promises.toml")
_NO_CATEGORIES = ("answers", "pauses", "class")

Kind = Literal["first_answer", "next_answer", "solution"]
Unit = Literal["minutes", "hours", "days", "business_minutes", "business_hours", "business_days"]
Waited = Literal["customer", "third_party"]
KINDS: tuple[Kind, ...] = get_args(Kind)


class Within(BaseModel):
    """A span of time in which something is promised."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    within: int = Field(gt=0)
    unit: Unit

    def sooner(self, share: float) -> Within:
        return self.model_copy(update={"within": math.ceil(self.within * share)})

    def stretched(self, percent: int) -> Within:
        return self.model_copy(update={"within": math.ceil(self.within * percent / 100)})

    def due(self, start: datetime, hours: WorkingTime) -> datetime:
        """When it is over, counted from `start`. Raises NeverOpen."""
        if self.unit == "business_days":
            return hours.days_after(start, self.within)
        minutes = {"minutes": 1, "hours": 60, "days": 1440}[self.unit.removeprefix("business_")]
        span = timedelta(minutes=minutes * self.within)
        return hours.after(start, span) if self.unit.startswith("business") else start + span


class Promise(BaseModel):
    """The usual time of a category. `low`..`high` in `unit`, both 0 when there is only `at_once`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    at_once: bool = False
    first_answer_hours: int | None = None
    low: int = 0
    high: int = 0
    unit: Literal["hours", "days", "business_hours", "business_days"] = "days"
    refers_to: Literal["opening", "refund", "arrival", "message_to_seller"] = "opening"

    @model_validator(mode="after")
    def _says_something(self) -> Promise:
        if self.low > self.high or not (self.at_once or self.high):
            raise ValueError("a promise needs at_once, or low and high in order")
        return self

    @property
    def solution(self) -> Within | None:
        """What is due counted from the opening; None for what depends on others."""
        if not self.high or self.refers_to != "opening":
            return None
        return Within(within=self.high, unit=self.unit)

    def stretched(self, percent: int) -> Promise:
        """In a peak season (QUE-006). What counts from a refund or an arrival depends on others and stays."""
        if percent == 100 or self.refers_to != "opening":
            return self
        first = self.first_answer_hours
        return self.model_copy(
            update={
                "first_answer_hours": math.ceil(first * percent / 100) if first else None,
                "low": math.ceil(self.low * percent / 100),
                "high": math.ceil(self.high * percent / 100),
            }
        )


class ServiceClass(BaseModel):
    """For whom it is sooner: `share` of the usual time."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    share: float = Field(gt=0, le=1)

    def sooner(self, usual: Promise) -> Promise:
        """The promise for these customers. What counts from a refund or an arrival depends on others and stays."""
        if usual.refers_to != "opening":
            return usual
        hours = 24 if usual.unit == "days" else 1
        first = usual.first_answer_hours
        return usual.model_copy(
            update={
                "first_answer_hours": math.ceil(first * self.share) if first else None,
                "low": math.ceil(usual.low * hours * self.share),
                "high": math.ceil(usual.high * hours * self.share),
                "unit": "hours" if usual.unit == "days" else usual.unit,
            }
        )


class Answers(BaseModel):
    """Channel → time until an answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    first: dict[str, Within] = {}
    next: dict[str, Within] = {}


class Book(BaseModel):
    """Everything that the house promises, as read from one file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    answers: Answers = Answers()
    pauses: dict[Kind, tuple[Waited, ...]] = {}
    classes: dict[str, ServiceClass] = {}
    categories: dict[str, Promise] = {}

    @classmethod
    def load(cls, path: Path | None = None) -> Book:
        """Raises OSError, ValueError (a pydantic or TOML error) for a file that cannot be used."""
        read: dict[str, dict[str, Any]] = tomllib.loads((path or _FILE).read_text("utf-8"))
        return cls.model_validate(
            {
                "answers": read.get("answers", {}),
                "pauses": read.get("pauses", {}),
                "classes": read.get("class", {}),
                "categories": {
                    f"{group}.{leaf}": values
                    for group, leaves in read.items()
                    if group not in _NO_CATEGORIES
                    for leaf, values in leaves.items()
                },
            }
        )

    def usual(self, category: str, segments: Iterable[str] = ()) -> Promise | None:
        usual, best = self.categories.get(category), self._class(segments)
        return best.sooner(usual) if usual and best else usual

    def within(
        self, kind: Kind, category: str, channel: str, segments: Collection[str] = ()
    ) -> tuple[Within, ...]:
        """Every span that holds for this kind; the soonest end is the promise. Empty: nothing is promised."""
        usual = self.usual(category, segments)
        if kind == "solution":
            solution = usual.solution if usual else None
            return (solution,) if solution else ()
        by_channel = self.answers.first if kind == "first_answer" else self.answers.next
        best = self._class(segments)
        answer = by_channel.get(channel) or by_channel.get("other")
        found = [answer.sooner(best.share) if best else answer] if answer else []
        if kind == "first_answer" and usual and usual.first_answer_hours:
            found.append(Within(within=usual.first_answer_hours, unit="hours"))
        return tuple(found)

    def _class(self, segments: Iterable[str]) -> ServiceClass | None:
        classes = [self.classes[name] for name in segments if name in self.classes]
        return min(classes, key=lambda each: each.share, default=None)


_ours = Book.load()


def book() -> Book:
    """The book of this house."""
    return _ours


def read_from(path: Path | None) -> Book:
    """Make the book at `path` the house's; None: the one that comes with Madoguchi. Raises as `Book.load` does."""
    global _ours
    _ours = Book.load(path)
    return _ours


def promises() -> dict[str, Promise]:
    """Category → usual promise."""
    return _ours.categories


def service_classes() -> dict[str, ServiceClass]:
    """Customer segment → its class; segments that are not listed are promised the usual."""
    return _ours.classes


def promise(category: str, segments: Iterable[str] = ()) -> Promise | None:
    """The best promise for a customer of these segments.

    None: nobody has promised anything for this category, and nobody invents it.
    """
    return _ours.usual(category, segments)


def due_at(category: str, opened_at: datetime, segments: Iterable[str] = ()) -> datetime | None:
    """The moment by which a case of this category should be solved; None when nothing is promised from its opening.

    Where only the desk's hours count it is set by `keeping`, which knows them.
    """
    found = promise(category, segments)
    solution = found.solution if found else None
    if solution is None or solution.unit.startswith("business"):
        return None
    return solution.due(opened_at, calendar_time())


def promise_text(category: str, language: str, segments: Iterable[str] = (), percent: int = 100) -> str:
    """The promised time in words; empty when there is none. `percent`: of the usual, in a peak season."""
    usual = promise(category, segments)
    if usual is None:
        return ""
    found = usual.stretched(percent)
    parts = []
    if found.at_once:
        parts.append(tr(language, "We start on this at once."))
    if found.first_answer_hours:
        parts.append(
            tr(language, "You get a first answer within {hours} hours.", hours=found.first_answer_hours)
        )
    if found.high:
        span = _span_text(found, language)
        sentence = {
            "opening": "It usually takes {span} until it is solved.",
            "refund": "A refund usually takes {span} once it has been sent.",
            "arrival": "The refund is usually sent {span} after your parcel has arrived with us.",
            "message_to_seller": "The seller has {span} to answer your message.",
        }[found.refers_to]
        parts.append(tr(language, sentence, span=span))
    return tr(language, "{first} {second}", first=parts[0], second=parts[1]) if len(parts) == 2 else parts[0]


def _span_text(found: Promise, language: str) -> str:
    one, many = {
        "hours": ("{n} hour", "{n} hours"),
        "days": ("{n} day", "{n} days"),
        "business_hours": ("{n} business hour", "{n} business hours"),
        "business_days": ("{n} business day", "{n} business days"),
    }[found.unit]
    high = trn(language, one, many, found.high)
    if found.low == found.high:
        return high
    if found.low == 0:
        return tr(language, "from the same day up to {high}", high=high)
    return tr(language, "{low} to {high}", low=found.low, high=high)
