"""View models of the promised waits: how true they were, for console and API alike."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from madoguchi.counter.routing import accuracy
from madoguchi.counter.routing.accuracy import GOAL, Accuracy, By
from madoguchi.counter.routing.queues import queue_name
from madoguchi.engine.database import Transaction
from madoguchi.engine.texts import tr
from madoguchi.faces.charts import Plot, Series
from madoguchi.faces.house import House
from madoguchi.faces.wording import channel_label


def waits_view(house: House, days: int, by: By, language: str) -> dict[str, Any]:
    """{"days", "by", "goal", "all": {…}, "rows": […]}: served, left, left_share, promised, kept, inside, off_s, p50_s,
    p80_s, p95_s; rows with key and label. Shares 0 to 1, seconds; null where there is nothing to reckon from.
    """
    until = house.database.clock()
    since, zone = until - timedelta(days=days), ZoneInfo(house.settings.shop.timezone)

    def read(tx: Transaction) -> dict[str, Any]:
        rows = accuracy.accuracy(tx, since, until, by, zone)
        return {
            "all": _figures(accuracy.overall(tx, since, until)),
            "rows": [
                {"key": key, "label": _label(tx, by, key, language), **_figures(found)}
                for key, found in rows.items()
            ],
        }

    return {"days": days, "by": by, "goal": GOAL, **house.database.read(read)}


def kept_plot(view: dict[str, Any], language: str) -> Plot:
    """The share of promises kept, for each row of the view, beside the goal."""
    measured = [row for row in view["rows"] if row["kept"] is not None]
    kept = view["all"]["kept"]
    told = (
        tr(language, "{share} % of the promised waits were kept.", share=round(kept * 100))
        if kept is not None
        else ""
    )
    return Plot(
        id="kept",
        title=tr(language, "Promised waits that were kept"),
        told=told,
        labels=[row["label"] for row in measured],
        series=[Series(tr(language, "Kept"), [row["kept"] * 100 for row in measured])],
        say=lambda value: f"{value:.0f} %",
        goal=(GOAL * 100, tr(language, "Goal: {share} %", share=round(GOAL * 100))),
    )


def _figures(found: Accuracy) -> dict[str, Any]:
    return {**asdict(found), "left_share": found.left_share}


def _label(tx: Transaction, by: By, key: str, language: str) -> str:
    if by == "queue":
        return queue_name(tx, key, language)
    if by == "channel":
        return channel_label(key, language) if key else "–"
    return f"{int(key)}:00" if by == "hour" else key
