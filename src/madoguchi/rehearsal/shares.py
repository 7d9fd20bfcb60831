"""How many of the simulated customers were served: once, and every time they came."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from madoguchi.rehearsal.simulation import Verdict

GOALS = {"en": (0.95, 0.90), "ja": (0.90, 0.85), "zh-Hans": (0.90, 0.85), "ko": (0.90, 0.85)}


@dataclass(frozen=True)
class Share:
    """One language. `once`: of all tries; `always`: of the customers, those solved in every try."""

    language: str
    customers: int
    tries: int
    once: float
    always: float

    @property
    def meets_goals(self) -> bool:
        once, always = GOALS[self.language]
        return self.once >= once and self.always >= always


def shares(verdicts: Iterable[Verdict]) -> list[Share]:
    """One for each language, in the order in which they were met."""
    by_language: dict[str, dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
    for verdict in verdicts:
        by_language[verdict.language][verdict.customer].append(verdict.solved)
    return [_share(language, tries) for language, tries in by_language.items()]


def _share(language: str, tries: dict[str, list[bool]]) -> Share:
    every = [solved for each in tries.values() for solved in each]
    always = sum(all(each) for each in tries.values())
    return Share(language, len(tries), len(every), sum(every) / len(every), always / len(tries))
