"""What is added up: one row becomes a tally, tallies of many rows are their sum. Pure.

`numbers` are counts and sums in fixed places (`SLOTS`); `words` are counts by name: histograms, reasons, steps, hours.
A histogram's steps are exact up to twenty seconds and then about 5 % wide; what is said of it is the upper end of a
step (decision 28).
"""

from __future__ import annotations

import hashlib
import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from madoguchi.counter.reports.model import Measured

SLOTS = (
    "contacts", "asked", "answered", "person", "alone", "entered", "taken", "left", "left_short", "waits", "in_target",
    "taken_wait_s", "waited_s", "promised", "in_promise", "first_assistant", "first_assistant_s", "first_person",
    "first_person_s", "hand_over", "hand_over_s", "judged_24h", "in_24h", "letters_judged", "letters_late", "handled",
    "handled_s", "said_customer", "said_ours", "waiting_s", "handed_over", "transferred", "escalated", "reopened",
    "judged_day", "solved_day", "again_day", "judged_week", "solved_week", "again_week", "again_kind_week",
    "cases_solved", "cases_messages", "cases_waiting_s",
)  # fmt: skip
_PLACE = {name: place for place, name in enumerate(SLOTS)}
LONGEST_S = 90 * 86400
_EXACT_S = 20
_WIDTH = 1.05
DAY_S, WEEK_S = 86400, 7 * 86400


def _edges() -> list[int]:
    edges = list(range(_EXACT_S + 1))
    while edges[-1] < LONGEST_S:
        edges.append(max(edges[-1] + 1, math.ceil(edges[-1] * _WIDTH)))
    return edges


EDGES = _edges()
VERSION = hashlib.sha256(repr((SLOTS, EDGES)).encode()).hexdigest()[:16]


def step(seconds: int) -> int:
    """The upper end of the histogram's step in which so many seconds lie."""
    return EDGES[min(len(EDGES) - 1, bisect_left(EDGES, seconds))]


@dataclass
class Tally:
    """Sums over contacts; `tally["asked"]` is a number by its name, `tally.counts("reason")` what is counted by name."""

    numbers: NDArray[np.int64] = field(default_factory=lambda: np.zeros(len(SLOTS), np.int64))
    words: Counter[str] = field(default_factory=Counter)

    def __getitem__(self, name: str) -> int:
        return int(self.numbers[_PLACE[name]])

    def add(self, other: Tally, times: int = 1) -> None:
        self.numbers = self.numbers + other.numbers * times
        for name, count in other.words.items():
            self.words[name] += count * times

    def share(self, part: str, whole: str) -> float | None:
        """None where there is no whole."""
        return self[part] / self[whole] if self[whole] else None

    def counts(self, family: str) -> dict[str, int]:
        """Name → count within one family of names, the largest first; nothing that is nought."""
        found = {
            name.partition(":")[2]: count
            for name, count in self.words.items()
            if count and name.startswith(f"{family}:")
        }
        return dict(sorted(found.items(), key=lambda each: (-each[1], each[0])))

    def spread(self, measure: str) -> dict[int, int]:
        """The histogram of a measure: upper end of a step in seconds → how many, in order."""
        return {
            int(end): count for end, count in sorted(self.counts(measure).items(), key=lambda e: int(e[0]))
        }

    def percentile(self, measure: str, share: float) -> int | None:
        """By nearest rank, seconds up to the end of its step; None where nothing was measured."""
        spread = self.spread(measure)
        rank = max(1, math.ceil(share * sum(spread.values())))
        reached = 0
        for end, count in spread.items():
            reached += count
            if reached >= rank:
                return end
        return None

    def within(self, measure: str, limit_s: int) -> float | None:
        """The share of a histogram that lies in steps that end at `limit_s` or before."""
        spread = self.spread(measure)
        whole = sum(spread.values())
        return sum(count for end, count in spread.items() if end <= limit_s) / whole if whole else None


def total(tallies: Iterable[Tally]) -> Tally:
    summed = Tally()
    for each in tallies:
        summed.add(each)
    return summed


def tally_of(row: Measured) -> Tally:
    """What one contact adds."""
    numbers = np.zeros(len(SLOTS), np.int64)
    for name, value in _numbers(row).items():
        numbers[_PLACE[name]] = int(value)
    return Tally(numbers, Counter(dict(_words(row))))


def _numbers(row: Measured) -> Mapping[str, int]:
    taken, left = row.wait_end == "taken", row.wait_end == "left"
    solved = row.alone and row.asked
    said = row.said_customer + row.said_assistant + row.said_agent
    return {
        "contacts": 1,
        "asked": row.asked,
        "answered": row.first_s is not None,
        "person": bool(row.agents),
        "alone": solved,
        "entered": row.entered_at is not None,
        "taken": taken,
        "left": left,
        "left_short": row.wait_end == "short",
        "waits": taken or left,
        "in_target": row.in_target is True,
        "taken_wait_s": row.wait_s or 0 if taken else 0,
        "waited_s": row.waited_s,
        "promised": row.served_s is not None,
        "in_promise": _in_promise(row),
        **_measured("first_assistant", row.first_assistant_s),
        **_measured("first_person", row.first_person_s),
        **_measured("hand_over", row.hand_over_s),
        **_measured("handled", row.handled_s),
        "judged_24h": row.in_24h is not None,
        "in_24h": row.in_24h is True,
        "letters_judged": row.letter_late is not None,
        "letters_late": row.letter_late is True,
        "said_customer": row.said_customer,
        "said_ours": row.said_assistant + row.said_agent,
        "waiting_s": row.waiting_s,
        "handed_over": bool(row.reason) or row.entered_at is not None,
        "transferred": row.transferred > 0,
        "escalated": row.escalated,
        "reopened": row.reopened,
        **_afterwards(row, solved),
        "cases_solved": row.case_solved and row.case_first,
        "cases_messages": said if row.case_solved else 0,
        "cases_waiting_s": row.waiting_s if row.case_solved else 0,
    }


def _measured(name: str, seconds: int | None) -> dict[str, int]:
    return {name: int(seconds is not None), f"{name}_s": seconds or 0}


def _in_promise(row: Measured) -> bool:
    """Not later than told: sooner breaks no promise, as the simulator and the waits' own page reckon too."""
    if row.served_s is None or row.promised_high_s is None:
        return False
    return row.served_s <= row.promised_high_s


def _afterwards(row: Measured, solved: bool) -> dict[str, int]:
    """Whether the same person came again, of those of whom it is known by now."""
    day, week = row.asked and row.day_over, row.asked and row.week_over
    again_day = row.again_s is not None and row.again_s <= DAY_S
    again_week = row.again_s is not None and row.again_s <= WEEK_S
    again_kind = row.again_kind_s is not None and row.again_kind_s <= WEEK_S
    return {
        "judged_day": day,
        "solved_day": day and solved and not again_day,
        "again_day": day and again_day,
        "judged_week": week,
        "solved_week": week and solved and not again_week,
        "again_week": week and again_week,
        "again_kind_week": week and again_kind,
    }


def _words(row: Measured) -> Iterator[tuple[str, int]]:
    yield f"at:{date.fromisoformat(row.day).weekday()}-{row.hour}", 1
    measured = {
        "wait": row.wait_s if row.wait_end == "taken" else None,
        "assistant": row.first_assistant_s,
        "person": row.first_person_s,
        "hand_over": row.hand_over_s,
        "handled": row.handled_s,
        "letter": row.first_s if row.is_letter else None,
    }
    for name, seconds in measured.items():
        if seconds is not None:
            yield f"{name}:{step(seconds)}", 1
    if row.reason or row.entered_at is not None:
        yield f"reason:{row.reason or '-'}", 1
    for hour, (count, took) in row.replies.items():
        yield f"replies:{hour}", count
        yield f"reply_s:{hour}", took
    counted: Counter[str] = Counter()
    for flow, asked, left, outcome in row.flows:
        counted[f"flow:{flow}"] += 1
        counted.update(f"step:{flow}/{question}" for question in asked)
        if left:
            counted[f"exit:{flow}/{left}"] += 1
        if outcome:
            counted[f"outcome:{flow}/{outcome}"] += 1
    yield from counted.items()
