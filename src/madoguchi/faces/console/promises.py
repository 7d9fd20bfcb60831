"""Promises kept and broken, what is overdue and what stands still, for those who lead (SLA-030, CASE-012)."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from madoguchi.faces.console.figures import Leading
from madoguchi.faces.promise_views import promise_figures_view, promise_lists_view

router = APIRouter(prefix="/console/promises")
PERIODS = (7, 30, 90)


@router.get("")
def promises_page(visit: Leading) -> Response:
    asked = visit.request.query_params.get("days", "")
    days = int(asked) if asked in map(str, PERIODS) else PERIODS[1]
    return visit.page(
        "console/promises.html",
        figures=promise_figures_view(visit.house, days, visit.language),
        lists=visit.house.database.read(promise_lists_view, visit.language),
        periods=PERIODS,
        days=days,
        stalled_days=visit.settings.promises.stalled_days,
    )
