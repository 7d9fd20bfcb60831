"""What surveys say, by category, channel, agent, or assistant and people: shares and means, never of too few. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal, get_args

from madoguchi.counter.surveys.model import Survey
from madoguchi.counter.surveys.questions import ASPECTS, SCORES

By = Literal["category", "channel", "agent", "helper", "language"]
BYS: tuple[By, ...] = get_args(By)
FEWEST = 5  # answers below which a mean says more of one customer than of our help
SATISFIED = 4

_KEY: dict[By, Callable[[Survey], str]] = {
    "category": lambda each: each.category,
    "channel": lambda each: each.channel,
    "agent": lambda each: each.agent_id,
    "helper": lambda each: "person" if each.agent_id else "assistant",
    "language": lambda each: each.language,
}


@dataclass(frozen=True)
class Result:
    """`asked`: surveys of solved cases; `answered`: those with a mark. `mean` 1…5, `satisfied`: share of 4 and 5, and
    the means of `aspects`: None with fewer than `FEWEST` marks. `marks`: how often 5, 4, 3, 2, 1.
    """

    key: str
    asked: int
    answered: int
    mean: float | None
    satisfied: float | None
    marks: tuple[int, ...]
    aspects: dict[str, float | None]

    @property
    def response(self) -> float:
        return self.answered / self.asked if self.asked else 0.0


def results(surveys: Iterable[Survey], by: By) -> list[Result]:
    """The first row is all of them (key ""), then the groups, most answers first."""
    everything = list(surveys)
    groups: dict[str, list[Survey]] = {}
    for each in everything:
        groups.setdefault(_KEY[by](each) or "–", []).append(each)
    rows = [_result(key, found) for key, found in groups.items()]
    rows.sort(key=lambda row: (-row.answered, -row.asked, row.key))
    return [_result("", everything), *rows]


def _result(key: str, surveys: list[Survey]) -> Result:
    marks = [each.score for each in surveys if each.score is not None]
    counted = Counter(marks)
    return Result(
        key=key,
        asked=len(surveys),
        answered=len(marks),
        mean=_mean(marks),
        satisfied=_share(marks),
        marks=tuple(counted[score] for score in SCORES),
        aspects={
            aspect: _mean([each.aspects[aspect] for each in surveys if aspect in each.aspects])
            for aspect in ASPECTS
        },
    )


def _mean(marks: list[int]) -> float | None:
    return round(sum(marks) / len(marks), 2) if len(marks) >= FEWEST else None


def _share(marks: list[int]) -> float | None:
    satisfied = sum(mark >= SATISFIED for mark in marks)
    return round(satisfied / len(marks), 3) if len(marks) >= FEWEST else None
