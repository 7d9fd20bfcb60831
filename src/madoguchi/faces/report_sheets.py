"""The report's tables for a spreadsheet. No cell can be a formula (S-19); numbers are plain, shares from 0 to 1."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from madoguchi.counter.reports import gathering
from madoguchi.counter.reports.families import FIGURES
from madoguchi.counter.team import queries as team
from madoguchi.engine.database import Transaction
from madoguchi.engine.report_sections import Reports
from madoguchi.faces import report_calls, report_forecast
from madoguchi.faces.report_charts import OVER_TIME, mean_wait, steps_table
from madoguchi.faces.report_query import Question
from madoguchi.faces.report_views import COLUMNS, FamilyView, ReportView, report_view

Rows = Iterator[Sequence[Any]]
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def sheet(
    tx: Transaction, name: str, asked: Question, zone: ZoneInfo, settings: Reports, language: str
) -> str:
    """One of `SHEETS` as CSV."""
    view = report_view(tx, asked, zone, settings, language)
    return written(SHEETS[name](tx, view, settings))


def written(rows: Iterable[Sequence[Any]]) -> str:
    """Rows as CSV."""
    text = io.StringIO()
    writer = csv.writer(text)
    for row in rows:
        writer.writerow([plain(cell) for cell in row])
    return text.getvalue()


def plain(cell: Any) -> Any:
    """Words that a spreadsheet would take for a formula get a quotation mark before them."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def _figures(_: Transaction, view: ReportView, __: Reports) -> Rows:
    yield from figures_of(view.families)


def figures_of(families: Sequence[FamilyView]) -> Rows:
    """A row for each figure."""
    yield (
        "figure",
        "name",
        "value",
        "unit",
        "count",
        "goal",
        "goal met",
        "compared with",
        "definition",
        "source",
    )
    for family in families:
        for each in family.figures:
            met = "" if each.met is None else each.met
            yield (
                each.id, each.name, _value(each.value), each.unit, each.count, each.goal_text, met, _value(each.before),
                each.told, each.source,
            )  # fmt: skip


def _groups(_: Transaction, view: ReportView, __: Reports) -> Rows:
    yield view.question.by, "name", *COLUMNS
    for row in view.groups:
        yield row.key, row.label, *(_value(each.value) for each in row.values)


def _days(tx: Transaction, view: ReportView, settings: Reports) -> Rows:
    """A row for each step of the period (QLT-010)."""
    yield "from", "contacts", *OVER_TIME
    for day, sums in gathering.apart_over_time(tx, view.question.asked).items():
        values = [
            mean_wait(sums) if name == "wait_mean" else FIGURES[name].measure(sums, settings).value
            for name in OVER_TIME
        ]
        yield day.isoformat(), sums.all["contacts"], *map(_value, values)


def _channels(tx: Transaction, view: ReportView, _: Reports) -> Rows:
    """Contacts by channel and day, every day of the period (QLT-007)."""
    asked = view.question.asked
    names = sorted(view.sums.by_channel)
    found = {name: gathering.by_day(tx, asked.only("channel", name)) for name in names}
    yield "day", *names
    for day in gathering.steps(asked.span, "day"):
        yield day.isoformat(), *(found[name][day]["contacts"] if day in found[name] else 0 for name in names)


def _reasons(_: Transaction, view: ReportView, __: Reports) -> Rows:
    yield "reason", "contacts"
    yield from view.sums.all.counts("reason").items()


def _steps(_: Transaction, view: ReportView, __: Reports) -> Rows:
    yield "step", "asked", "left", "share left"
    for name, asked, left, share in steps_table(view.sums.all):
        yield name, asked, left, _value(share)


def _staff(tx: Transaction, view: ReportView, __: Reports) -> Rows:
    """A row for each agent and status; seconds."""
    yield (
        "agent",
        "status",
        "own status",
        "seconds",
        "planned",
        "kept",
        "unplanned",
        "after contacts",
        "after-contact seconds",
    )
    for agent_id, time in (view.sums.staff or {}).items():
        plan, name = time.plan, team.display_name(tx, agent_id)
        yield (
            name, "", "", sum(time.statuses.values()), plan.planned_s, plan.kept_s, plan.unplanned_s,
            time.after_contacts, time.after_contact_s,
        )  # fmt: skip
        for (status, kind), seconds in sorted(time.statuses.items()):
            yield name, status, kind, seconds, "", "", "", "", ""


def _forecast(_: Transaction, view: ReportView, __: Reports) -> Rows:
    """An hour in a row: what was expected, what came (QUE-005)."""
    yield report_forecast.HEADS
    if view.sums.foretold is not None:
        yield from report_forecast.rows(view.sums.foretold)


def _calls(_: Transaction, view: ReportView, __: Reports) -> Rows:
    """A row for each day, kind and end of call-backs; seconds are sums."""
    yield report_calls.HEADS
    yield from report_calls.rows(view.sums.calls)


def _value(value: float | None) -> float | str:
    return "" if value is None else round(value, 4)


SHEETS: dict[str, Callable[[Transaction, ReportView, Reports], Rows]] = {
    "figures": _figures,
    "groups": _groups,
    "time": _days,
    "channels": _channels,
    "reasons": _reasons,
    "steps": _steps,
    "staff": _staff,
    "forecast": _forecast,
    "calls": _calls,
}
