"""The forecast and what came: how many contacts, and how far off the hours and the days were (QUE-005)."""

from __future__ import annotations

from collections.abc import Callable

from madoguchi.counter.reports.definitions import Family, Figure, Foretold, Sums, Value
from madoguchi.engine.report_sections import Reports


def _of(pick: Callable[[Foretold], float | None]) -> Callable[[Sums, Reports], Value]:
    """The count says of how many days."""

    def measure(sums: Sums, _: Reports) -> Value:
        found = sums.foretold
        return Value(pick(found), len(found.days)) if found and found.days else Value(None, 0)

    return measure


FAMILY = Family(
    "forecast",
    "Forecast and what came",
    (
        Figure("foretold", "Contacts as forecast", "What was expected on the eve of each day.", "count", "QUE-005",
               _of(lambda found: sum(found.of(found.expected, day) for day in found.days))),
        Figure("came", "Contacts that came", "Contacts that were opened, or that entered the queue.", "count",
               "QUE-005", _of(lambda found: sum(found.of(found.came, day) for day in found.days))),
        Figure("forecast_error", "Error of the forecast, by hour",
               "Differences of all hours, added up, as a share of the contacts that came.", "share", "QUE-005",
               _of(lambda found: found.error), better="lower"),
        Figure("forecast_day_error", "Error of the forecast, by day",
               "Differences of all days, added up, as a share of the contacts that came.", "share", "QUE-005",
               _of(lambda found: found.error_of_days), better="lower"),
    ),
)  # fmt: skip
