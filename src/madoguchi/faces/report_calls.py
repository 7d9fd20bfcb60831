"""Call-backs of a report as a table for a spreadsheet and as a chart over time: in time, late (CB-002, CB-003)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from madoguchi.counter.reports.call_backs import CallRow
from madoguchi.counter.reports.gathering import Asked, step_of, steps
from madoguchi.engine.texts import tr
from madoguchi.faces.charts import Plot, Series
from madoguchi.faces.report_words import step_text

HEADS = (
    "day", "kind", "end", "call-backs", "due", "in time", "missed promises", "calls", "reached",
    "wait seconds", "talk seconds",
)  # fmt: skip


def rows(calls: Sequence[CallRow]) -> Iterator[Sequence[Any]]:
    """A row for each day, kind and end; "" for what is not over."""
    groups: dict[tuple[str, str, str], list[CallRow]] = defaultdict(list)
    for each in calls:
        groups[each.day.isoformat(), each.kind, each.end].append(each)
    for key, found in sorted(groups.items()):
        yield (
            *key,
            len(found),
            sum(each.due for each in found),
            sum(each.kept for each in found),
            sum(each.broken for each in found),
            sum(each.calls for each in found),
            sum(each.reached for each in found),
            sum(each.wait_s or 0 for each in found),
            sum(each.talk_s or 0 for each in found),
        )


def over_time(calls: Sequence[CallRow], asked: Asked, language: str) -> Plot:
    """By step of the period, those in time and those that were late, one upon another; empty without any."""
    kept: dict[date, float] = defaultdict(float)
    late: dict[date, float] = defaultdict(float)
    for each in calls:
        step = step_of(each.day, asked.step, asked.span)
        kept[step] += each.kept
        late[step] += each.late
    every = steps(asked.span, asked.step)
    told = tr(
        language,
        "{kept} call-backs began in time and {late} late.",
        kept=f"{sum(kept.values()):,.0f}",
        late=f"{sum(late.values()):,.0f}",
    )
    series = [
        Series(tr(language, "Called in time"), [kept[step] for step in every]),
        Series(tr(language, "Called late"), [late[step] for step in every]),
    ]
    title = tr(language, "Call-backs, in time and late")
    labels = [step_text(step, asked.step) for step in every]
    return Plot("call_backs", title, told, labels, series if calls else [])
