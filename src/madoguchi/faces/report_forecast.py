"""The forecast beside what came, as two pairs of lines: over the period, and by hour of the day (QUE-005)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from madoguchi.counter.reports.definitions import Foretold
from madoguchi.counter.reports.gathering import Asked, step_of, steps
from madoguchi.engine.texts import tr
from madoguchi.faces.charts import Plot, Series
from madoguchi.faces.report_words import step_text

HOURS = range(24)
HEADS = ("day", "hour", "forecast", "came", "difference")


def over_time(found: Foretold, asked: Asked, language: str) -> Plot:
    """By step of the period; a step without a forecast is a gap."""
    expected: dict[date, float] = defaultdict(float)
    came: dict[date, float] = defaultdict(float)
    for day in found.days:
        step = step_of(day, asked.step, asked.span)
        expected[step] += found.of(found.expected, day)
        came[step] += found.of(found.came, day)
    every = steps(asked.span, asked.step)
    told = tr(
        language,
        "In {days} days {came} contacts came; {foretold} had been expected.",
        days=len(found.days),
        came=f"{sum(came.values()):,.0f}",
        foretold=f"{sum(expected.values()):,.0f}",
    )
    return Plot(
        id="foretold",
        title=tr(language, "Forecast and what came, over time"),
        told=told,
        labels=[step_text(step, asked.step) for step in every],
        series=_pair([expected.get(step) for step in every], [came.get(step) for step in every], language),
    )


def by_hour(found: Foretold, language: str) -> Plot:
    """All days together, by hour of the shop's day."""
    expected = [sum(found.expected.get((day, hour), 0.0) for day in found.days) for hour in HOURS]
    came = [float(sum(found.came.get((day, hour), 0.0) for day in found.days)) for hour in HOURS]
    worst = max(HOURS, key=lambda hour: came[hour] - expected[hour])
    return Plot(
        id="foretold_hours",
        title=tr(language, "Forecast and what came, by hour of the day"),
        told=tr(language, "The forecast was exceeded most at {hour}:00.", hour=worst),
        labels=[str(hour) for hour in HOURS],
        series=_pair(expected, came, language),
    )


def rows(found: Foretold) -> list[Sequence[Any]]:
    """Day, hour, expected, came, difference: every hour of which something was expected or in which something came."""
    told: list[Sequence[Any]] = []
    for day in found.days:
        for hour in HOURS:
            expected, came = found.expected.get((day, hour), 0.0), found.came.get((day, hour), 0)
            if expected or came:
                told.append((day.isoformat(), hour, round(expected, 2), came, round(came - expected, 2)))
    return told


def _pair(expected: Sequence[float | None], came: Sequence[float | None], language: str) -> list[Series]:
    return [Series(tr(language, "Forecast"), expected), Series(tr(language, "Came"), came)]
