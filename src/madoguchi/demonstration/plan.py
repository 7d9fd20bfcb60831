"""What is written about the usual days of the desk: shifts, the house's own statuses, what visitors ask. From `days.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

_FILE = Path(__file__).with_name("days.toml")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Shift(_Part):
    """Seven texts, Monday first; `away`: so many days ago somebody was off; `leave`: so many days ahead they will be."""

    week: tuple[str, ...]
    pause: str = Field(alias="break")
    away: int = 0
    leave: int = 0


class Own(_Part):
    """A status of the house's own; `remind`: minutes."""

    name: Mapping[str, str]
    base: Literal["busy", "break"]
    remind: int | None = None


class Doing(_Part):
    """What somebody does on a weekday (0 is Monday) instead of serving. `start`: HH:MM."""

    who: str
    status: str
    weekday: int
    start: str = Field(alias="from")
    minutes: int


class Asked(_Part):
    """An enquiry. `alone`: the share that the assistant answers alone; `weight`: how often it comes beside the others."""

    topic: str
    weight: int
    alone: float
    question: str
    answer: str
    person: str


class Days(_Part):
    mean: float
    mean_before: float
    weekdays: tuple[float, ...]
    hours: tuple[float, ...]
    shifts: Mapping[str, Shift]
    statuses: Mapping[str, Own]
    doings: tuple[Doing, ...]
    asked: tuple[Asked, ...]


@cache
def days() -> Days:
    return Days.model_validate(tomllib.loads(_FILE.read_text("utf-8")))
