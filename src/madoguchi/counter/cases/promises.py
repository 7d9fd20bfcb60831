"""What a customer may expect when a case is opened: the usual time of its category, from `promises.toml`. Pure."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from madoguchi.engine.texts import tr, trn

_FILE = Path(__file__).with_name("promises.toml")
_CLASSES = "class"


class Promise(BaseModel):
    """The usual time of a category. `low`..`high` in `unit`, both 0 when there is only `at_once`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    at_once: bool = False
    first_answer_hours: int | None = None
    low: int = 0
    high: int = 0
    unit: Literal["hours", "days", "business_days"] = "days"
    refers_to: Literal["opening", "refund", "arrival", "message_to_seller"] = "opening"

    @model_validator(mode="after")
    def _says_something(self) -> Promise:
        if self.low > self.high or not (self.at_once or self.high):
            raise ValueError("a promise needs at_once, or low and high in order")
        if self.unit == "business_days" and self.refers_to == "opening":
            raise ValueError("due times count calendar days; business days are told with what they refer to")
        return self


class ServiceClass(BaseModel):
    """For whom it is sooner: `share` of the usual time."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    share: float = Field(gt=0, le=1)

    def sooner(self, usual: Promise) -> Promise:
        """The promise for these customers. What counts from a refund or an arrival depends on others and stays."""
        if usual.refers_to != "opening":
            return usual
        hours = 1 if usual.unit == "hours" else 24
        first = usual.first_answer_hours
        return usual.model_copy(
            update={
                "first_answer_hours": math.ceil(first * self.share) if first else None,
                "low": math.ceil(usual.low * hours * self.share),
                "high": math.ceil(usual.high * hours * self.share),
                "unit": "hours",
            }
        )


@lru_cache(maxsize=1)
def promises() -> dict[str, Promise]:
    """Category → usual promise."""
    return {
        f"{group}.{leaf}": Promise.model_validate(values)
        for group, leaves in _read().items()
        if group != _CLASSES
        for leaf, values in leaves.items()
    }


@lru_cache(maxsize=1)
def service_classes() -> dict[str, ServiceClass]:
    """Customer segment → its class; segments that are not listed are promised the usual."""
    return {name: ServiceClass.model_validate(values) for name, values in _read().get(_CLASSES, {}).items()}


def promise(category: str, segments: Iterable[str] = ()) -> Promise | None:
    """The best promise for a customer of these segments.

    None: nobody has promised anything for this category, and nobody invents it.
    """
    usual = promises().get(category)
    classes = [service_classes()[name] for name in segments if name in service_classes()]
    best = min(classes, key=lambda each: each.share, default=None)
    return best.sooner(usual) if usual and best else usual


def due_at(category: str, opened_at: datetime, segments: Iterable[str] = ()) -> datetime | None:
    """The moment by which a case of this category should be solved; None when nothing is promised from its opening."""
    found = promise(category, segments)
    if found is None or not found.high or found.refers_to != "opening":
        return None
    if found.unit == "hours":
        return opened_at + timedelta(hours=found.high)
    return opened_at + timedelta(days=found.high)


@lru_cache(maxsize=1)
def _read() -> dict[str, dict[str, Any]]:
    return tomllib.loads(_FILE.read_text("utf-8"))


def promise_text(category: str, language: str, segments: Iterable[str] = ()) -> str:
    """The promised time in words; empty when there is none."""
    found = promise(category, segments)
    if found is None:
        return ""
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
        "business_days": ("{n} business day", "{n} business days"),
    }[found.unit]
    high = trn(language, one, many, found.high)
    if found.low == found.high:
        return high
    if found.low == 0:
        return tr(language, "from the same day up to {high}", high=high)
    return tr(language, "{low} to {high}", low=found.low, high=high)
