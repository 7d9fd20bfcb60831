"""What a customer may expect when a case is opened: the usual time of its category, from `promises.toml`. Pure."""

from __future__ import annotations

import tomllib
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, model_validator

from madoguchi.engine.texts import tr, trn

_FILE = Path(__file__).with_name("promises.toml")


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


@lru_cache(maxsize=1)
def promises() -> dict[str, Promise]:
    """Category → promise."""
    groups = tomllib.loads(_FILE.read_text("utf-8"))
    return {
        f"{group}.{leaf}": Promise.model_validate(values)
        for group, leaves in groups.items()
        for leaf, values in leaves.items()
    }


def promise(category: str) -> Promise | None:
    """None: nobody has promised anything for this category, and nobody invents it."""
    return promises().get(category)


def due_at(category: str, opened_at: datetime) -> datetime | None:
    """The moment by which a case of this category should be solved; None when nothing is promised from its opening."""
    found = promise(category)
    if found is None or not found.high or found.refers_to != "opening":
        return None
    if found.unit == "hours":
        return opened_at + timedelta(hours=found.high)
    return opened_at + timedelta(days=found.high)


def promise_text(category: str, language: str) -> str:
    """The usual time in words; empty when there is none."""
    found = promise(category)
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
