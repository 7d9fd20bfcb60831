"""Signals: facts about a person that call for care, by the rules of signals.toml. Pure.

A signal says what happened, how often and when last. It is no score and decides nothing.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

SignalKind = Literal["refunds", "not_received", "locked", "deceived"]
KINDS: tuple[SignalKind, ...] = get_args(SignalKind)
_FILE = Path(__file__).with_name("signals.toml")


class Rule(BaseModel):
    """`within_days`: how far back it counts; `at_least`: from how many on it is shown."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    within_days: int = Field(gt=0)
    at_least: int = Field(gt=0)


@dataclass(frozen=True)
class Occasion:
    """Something that happened. `source`: where it can be read: an order or a case number; "" for the account."""

    at: datetime
    source: str = ""


@dataclass(frozen=True)
class Signal:
    """`sources`: without repeats, newest first."""

    kind: SignalKind
    count: int
    within_days: int
    last_at: datetime
    sources: tuple[str, ...]


@lru_cache(maxsize=1)
def rules() -> dict[SignalKind, Rule]:
    given = tomllib.loads(_FILE.read_text("utf-8"))
    return {kind: Rule.model_validate(given[kind]) for kind in KINDS}


def signals(
    happened: Mapping[SignalKind, Sequence[Occasion]],
    now: datetime,
    by: Mapping[SignalKind, Rule] | None = None,
) -> list[Signal]:
    """Those whose rule is met, in the order of `KINDS`."""
    found = [_signal(kind, rule, happened.get(kind, ()), now) for kind, rule in (by or rules()).items()]
    return [each for each in found if each is not None]


def _signal(kind: SignalKind, rule: Rule, happened: Sequence[Occasion], now: datetime) -> Signal | None:
    since = now - timedelta(days=rule.within_days)
    counted = sorted((each for each in happened if since < each.at <= now), key=lambda each: each.at)[::-1]
    if len(counted) < rule.at_least:
        return None
    sources = tuple(dict.fromkeys(each.source for each in counted if each.source))
    return Signal(kind, len(counted), rule.within_days, counted[0].at, sources)
