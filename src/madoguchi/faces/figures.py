"""View models of figures: what was measured, in the reader's words, for console and API alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from madoguchi.counter.cases import queries as cases
from madoguchi.counter.cases.wording import category_label
from madoguchi.counter.orders.phrases import tender_label
from madoguchi.counter.routing import escalating
from madoguchi.counter.routing import queries as routing
from madoguchi.counter.surveys import queries as surveys
from madoguchi.counter.surveys.model import Survey
from madoguchi.counter.surveys.results import By, results
from madoguchi.counter.team import queries as team
from madoguchi.engine.database import Transaction
from madoguchi.engine.texts import tr
from madoguchi.faces.house import House
from madoguchi.faces.wording import channel_label
from madoguchi.kit.languages import NAMES
from madoguchi.kit.percentile import percentile

COMMENTS = 100
_NOBODY = "AI assistant alone"
_HELPERS = {"–": _NOBODY, "assistant": _NOBODY, "person": "People"}
_LEVELS = {
    1: "Level 1: explained once more",
    2: "Level 2: another or a senior person",
    3: "Level 3: history shown, a deed demanded",
}
_SEGMENTS = {"member": "Members", "business": "Companies", "other": "Everybody else"}


def figures_view(house: House, days: int, language: str) -> dict[str, Any]:
    """{"days", "refunds": […], "waits": […], "cases": […]}. Of `refunds` the first row is all of them.

    refunds: tender, label, returns, open, p50_days, p90_days. waits: segment, label, count, p50_s, p90_s.
    escalations: level, label, count.
    cases: segment, label, count, p50_hours, p90_hours, on_time (share of those with a promise). None: nothing measured.
    """
    refunds = [
        {
            **asdict(row),
            "label": tender_label(row.tender, language) if row.tender else tr(language, "All of them"),
        }
        for row in house.orders.refund_times(days)
    ]
    since = house.database.clock() - timedelta(days=days)

    def measured(tx: Transaction) -> dict[str, Any]:
        return {
            "waits": _waits(tx, since, language),
            "cases": _cases(tx, since, language),
            "escalations": _escalations(tx, since, language),
        }

    return {"days": days, "refunds": refunds, **house.database.read(measured)}


def surveys_view(house: House, days: int, by: By, language: str) -> dict[str, Any]:
    """{"days", "by", "rows", "comments"}; the first row is all of them.

    rows: key, label, asked, answered, response, mean, satisfied, marks (of 5, 4, 3, 2, 1), aspects (means by name).
    comments: case, score, text, at, newest first. None: fewer than five answers.
    """
    until = house.database.clock()
    found = house.database.read(surveys.solved_between, until - timedelta(days=days), until)

    def read(tx: Transaction) -> dict[str, Any]:
        rows = [
            {**asdict(row), "response": round(row.response, 3), "label": _label(tx, row.key, by, language)}
            for row in results(found, by)
        ]
        worded = [each for each in found if each.comment][:COMMENTS]
        comments = [
            {"case": _number(tx, each), "score": each.score, "text": each.comment, "at": each.answered_at}
            for each in worded
        ]
        return {"days": days, "by": by, "rows": rows, "comments": comments}

    return house.database.read(read)


def _number(tx: Transaction, of: Survey) -> str:
    case = cases.find(tx, of.case_id)
    return case.label if case else "–"


def _label(tx: Transaction, key: str, by: By, language: str) -> str:
    if not key:
        return tr(language, "All of them")
    if by in ("agent", "helper"):
        return tr(language, _HELPERS[key]) if key in _HELPERS else team.display_name(tx, key)
    if by == "channel":
        return channel_label(key, language)
    if by == "language":
        return NAMES.get(key, key)
    return category_label(key, language) or key


def _waits(tx: Transaction, since: datetime, language: str) -> list[dict[str, Any]]:
    return [
        {**_named(segment, language), "count": len(waited), **_half_and_nine_tenths(waited, "s")}
        for segment, waited in routing.waits_by_segment(tx, since).items()
    ]


def _cases(tx: Transaction, since: datetime, language: str) -> list[dict[str, Any]]:
    rows = []
    for segment, solved in cases.times_by_segment(tx, since).items():
        hours = [round(took, 1) for took, _ in solved]
        promised = [kept for _, kept in solved if kept is not None]
        on_time = round(sum(promised) / len(promised), 3) if promised else None
        figures = _half_and_nine_tenths(hours, "hours")
        rows.append({**_named(segment, language), "count": len(solved), **figures, "on_time": on_time})
    return rows


def _escalations(tx: Transaction, since: datetime, language: str) -> list[dict[str, Any]]:
    return [
        {"level": level, "label": tr(language, _LEVELS[level]), "count": count}
        for level, count in escalating.by_level(tx, since).items()
    ]


def _named(segment: str, language: str) -> dict[str, str]:
    return {"segment": segment, "label": tr(language, _SEGMENTS[segment])}


def _half_and_nine_tenths(samples: Sequence[float], unit: str) -> dict[str, float | None]:
    return {
        f"p{percent}_{unit}": percentile(samples, percent / 100) if samples else None for percent in (50, 90)
    }
