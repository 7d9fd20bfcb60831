"""What comes of it: promises kept, what customers say (SLA-030, QLT-002)."""

from __future__ import annotations

from collections.abc import Callable

from madoguchi.counter.reports.definitions import Family, Figure, Sums, Value
from madoguchi.engine.report_sections import Reports

FEWEST = 5  # marks below which a mean says more of one customer than of our help
SATISFIED = 4


def _kept(sums: Sums, _: Reports) -> Value:
    if sums.promises is None:
        return Value(None, 0)
    kept, broken = sums.promises.get("kept", 0), sums.promises.get("broken", 0)
    return Value(kept / (kept + broken) if kept + broken else None, kept + broken)


def _marks(reckon: Callable[[dict[int, int]], float]) -> Callable[[Sums, Reports], Value]:
    def measure(sums: Sums, _: Reports) -> Value:
        if sums.marks is None:
            return Value(None, 0)
        answered = sums.marks.answered
        return Value(reckon(dict(sums.marks.marks)) if answered >= FEWEST else None, answered)

    return measure


def _mean(marks: dict[int, int]) -> float:
    return sum(mark * count for mark, count in marks.items()) / sum(marks.values())


def _satisfied(marks: dict[int, int]) -> float:
    return sum(count for mark, count in marks.items() if mark >= SATISFIED) / sum(marks.values())


def _response(sums: Sums, _: Reports) -> Value:
    found = sums.marks
    return Value(found.answered / found.asked if found and found.asked else None, found.asked if found else 0)


FAMILY = Family(
    "outcomes",
    "What comes of it",
    (
        Figure("promises_kept", "Promises kept",
               "Share of promises (first answer, further answers, solution) given to customers in the period that were kept, of those kept or broken by now.",
               "share", "SLA-030", _kept, better="higher"),
        Figure("satisfied", "Satisfied customers",
               "Share of marks 4 and 5 among the answers to surveys of cases solved in the period; not shown under five answers.",
               "share", "QLT-002", _marks(_satisfied), better="higher"),
        Figure("mark", "Mean mark", "Mean of the marks from 1 to 5; not shown under five answers.", "mark", "QLT-002",
               _marks(_mean), better="higher"),
        Figure("response", "Surveys answered", "Share of surveys of cases solved in the period that were answered.", "share",
               "QLT-002", _response, better="higher"),
    ),
)  # fmt: skip
