"""How long it will take: a pessimistic range from what was measured, or an honest "unknown". Pure.

The range goes from the median to the 80th percentile of when the turn will come (outlook.py), both rounded up. With too
few measurements nothing is estimated. What was shown once never rises without a reason, and the reason is told.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from madoguchi.counter.routing.outlook import Turn
from madoguchi.kit.percentile import percentile

Reason = Literal["urgent_first", "fewer_agents", "longer_than_usual"]
FEWEST_SAMPLES = 5
_FAR_BACK = 20


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


def promise(turn: Turn | None, waited_s: Sequence[float], ring_s: int) -> Range | None:
    """The range for somebody whose turn comes so; None where nobody can tell.

    `waited_s`: how long recent contacts waited until they were taken; those taken within one ring (`ring_s`) tell how long
    an agent needs to pick up. With fewer than five of them, all speak.
    """
    if turn is None:
        return None
    at_first_ring = [waited for waited in waited_s if waited <= ring_s]
    seen = at_first_ring if len(at_first_ring) >= FEWEST_SAMPLES else waited_s
    if turn.at_once:
        return _between(seen)
    pick_up = (percentile(seen, 0.5), percentile(seen, 0.8)) if at_first_ring is seen else (0.0, 0.0)
    return Range(round_up(turn.median_s + pick_up[0]), round_up(turn.late_s + pick_up[1]))


def settle(shown: Shown, ahead: int, fresh: Range | None, *, waited_s: int, fewer_agents: bool) -> Shown:
    """What is shown next, given what was shown before.

    A better estimate, or one that became unknown, is shown. A worse one is shown with its reason: more urgent
    contacts came in, agents left, or the wait has already outlasted what was said. Without a reason the old one stays.
    """
    if shown.range is None or fresh is None or fresh.high_s <= shown.range.high_s:
        return Shown(ahead, fresh)
    reason = _reason(shown, ahead, waited_s, fewer_agents)
    return Shown(ahead, fresh, reason) if reason else Shown(ahead, shown.range)


def worth_telling(shown_ahead: int, ahead: int) -> bool:
    """Whether a new place in the line is told: near the front every step, far back steps of a twentieth. Pure.

    Somebody with a thousand people ahead learns nothing from one of them leaving, and telling everybody of it would
    cost a thousand messages.
    """
    step = max(1, ahead // _FAR_BACK)
    return abs(ahead - shown_ahead) >= step or (shown_ahead < 0) != (ahead < 0)


def round_up(seconds: float) -> int:
    """To steps that a person says: a minute up to ten, five minutes up to an hour, then quarters of an hour."""
    minutes = max(1, math.ceil(seconds / 60))
    step = 1 if minutes <= 10 else 5 if minutes <= 60 else 15
    return math.ceil(minutes / step) * step * 60


def _between(samples: Sequence[float]) -> Range | None:
    if len(samples) < FEWEST_SAMPLES:
        return None
    return Range(round_up(percentile(samples, 0.5)), round_up(percentile(samples, 0.8)))


def _reason(shown: Shown, ahead: int, waited_s: int, fewer_agents: bool) -> Reason | None:
    if ahead > shown.ahead:
        return "urgent_first"
    if fewer_agents:
        return "fewer_agents"
    assert shown.range is not None
    return "longer_than_usual" if waited_s > shown.range.high_s else None
