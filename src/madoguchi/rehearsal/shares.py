"""How many of the simulated customers were served: once, and every time they came."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from madoguchi.rehearsal.simulation import Verdict

GOALS = {"en": (0.95, 0.90)} | dict.fromkeys(("ja", "zh-Hans", "zh-Hant", "ko"), (0.90, 0.85))


@dataclass(frozen=True)
class Share:
    """One language. `once`: of all tries; `first`: those that needed the wish only once; `always`: of the customers, those
    solved in every try.
    """

    language: str
    customers: int
    tries: int
    once: float
    first: float
    always: float

    @property
    def meets_goals(self) -> bool:
        once, always = GOALS[self.language]
        return self.once >= once and self.always >= always


def shares(verdicts: Iterable[Verdict]) -> list[Share]:
    """One for each language, in the order in which they were met."""
    by_language: dict[str, dict[str, list[Verdict]]] = defaultdict(lambda: defaultdict(list))
    for verdict in verdicts:
        by_language[verdict.language][verdict.customer].append(verdict)
    return [_share(language, tries) for language, tries in by_language.items()]


def _share(language: str, customers: dict[str, list[Verdict]]) -> Share:
    every = [verdict for tries in customers.values() for verdict in tries]
    solved = [verdict for verdict in every if verdict.solved]
    at_first = [verdict for verdict in solved if verdict.wishes == 1]
    always = [tries for tries in customers.values() if all(verdict.solved for verdict in tries)]
    return Share(
        language,
        len(customers),
        len(every),
        len(solved) / len(every),
        len(at_first) / len(every),
        len(always) / len(customers),
    )
