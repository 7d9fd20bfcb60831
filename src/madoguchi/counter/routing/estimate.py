"""How long it will take: a pessimistic range from what was measured, or an honest "unknown". Pure.

The range goes from the median to the 80th percentile of what we have seen, both rounded up. With too few
measurements nothing is estimated. What was shown once never rises without a reason, and the reason is told.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from madoguchi.kit.percentile import percentile

Reason = Literal["urgent_first", "fewer_agents", "longer_than_usual"]
FEWEST_SAMPLES = 5


@dataclass(frozen=True)
class Crew:
    """Who is there for a queue: `slots` contacts can be handled at once, `free` of them are not in use."""

    slots: int
    free: int


@dataclass(frozen=True)
class Range:
    """Seconds, `low` ≤ `high`."""

    low_s: int
    high_s: int


@dataclass(frozen=True)
class Shown:
    """What a customer sees: people ahead and a range (None: unknown), and why it rose, if it did."""

    ahead: int
    range: Range | None
    reason: Reason | None = None


def estimate(ahead: int, crew: Crew, handled_s: Sequence[int], waited_s: Sequence[int]) -> Range | None:
    """The wait of somebody with `ahead` people before them who hold no slot of the crew yet.

    `handled_s`: how long recent contacts kept an agent; `waited_s`: how long recent contacts waited until they were
    taken. None when nobody is there, or when fewer than five measurements support the answer.
    """
    if crew.slots <= 0:
        return None
    turns = ahead + 1 - crew.free  # how many contacts must end before it is this one's turn
    if turns <= 0:
        return _between(waited_s, 1.0)
    found = _between(handled_s, turns / crew.slots)
    if found is None:
        return None
    pick_up = _between(waited_s, 1.0) if crew.free else None
    return Range(found.low_s, max(found.high_s, pick_up.high_s)) if pick_up else found


def settle(shown: Shown, ahead: int, fresh: Range | None, *, waited_s: int, fewer_agents: bool) -> Shown:
    """What is shown next, given what was shown before.

    A better estimate, or one that became unknown, is shown. A worse one is shown with its reason: more urgent
    contacts came in, agents left, or the wait has already outlasted what was said. Without a reason the old one stays.
    """
    if shown.range is None or fresh is None or fresh.high_s <= shown.range.high_s:
        return Shown(ahead, fresh)
    reason = _reason(shown, ahead, waited_s, fewer_agents)
    return Shown(ahead, fresh, reason) if reason else Shown(ahead, shown.range)


def round_up(seconds: float) -> int:
    """To steps that a person says: a minute up to ten, five minutes up to an hour, then quarters of an hour."""
    minutes = max(1, math.ceil(seconds / 60))
    step = 1 if minutes <= 10 else 5 if minutes <= 60 else 15
    return math.ceil(minutes / step) * step * 60


def _between(samples: Sequence[int], times: float) -> Range | None:
    if len(samples) < FEWEST_SAMPLES:
        return None
    low, high = percentile(samples, 0.5) * times, percentile(samples, 0.8) * times
    return Range(round_up(low), round_up(high))


def _reason(shown: Shown, ahead: int, waited_s: int, fewer_agents: bool) -> Reason | None:
    if ahead > shown.ahead:
        return "urgent_first"
    if fewer_agents:
        return "fewer_agents"
    assert shown.range is not None
    return "longer_than_usual" if waited_s > shown.range.high_s else None
