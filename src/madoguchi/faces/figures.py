"""View models of figures: what was measured, in the reader's words, for console and API alike."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from madoguchi.counter.orders.phrases import tender_label
from madoguchi.engine.texts import tr
from madoguchi.faces.house import House


def figures_view(house: House, days: int, language: str) -> dict[str, Any]:
    """{"days", "refunds": [{"tender", "label", "returns", "open", "p50_days", "p90_days"}]}; the first row is all."""
    refunds = [
        {
            **asdict(row),
            "label": tender_label(row.tender, language) if row.tender else tr(language, "All of them"),
        }
        for row in house.orders.refund_times(days)
    ]
    return {"days": days, "refunds": refunds}
