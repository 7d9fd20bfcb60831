"""How true the promised waits were, by queue, hour, channel or day, for those who lead (QUE-004)."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from madoguchi.counter.routing.accuracy import By
from madoguchi.faces import charts
from madoguchi.faces.console.figures import Leading
from madoguchi.faces.customer.visit import Visit
from madoguchi.faces.wait_views import kept_plot, waits_view

router = APIRouter(prefix="/console/waits")
PERIODS = (1, 7, 30, 90)
GROUPS: dict[By, str] = {
    "queue": "By queue",
    "hour": "By hour of the day",
    "channel": "By channel",
    "day": "By day",
}


@router.get("")
def waits_page(visit: Leading) -> Response:
    days, by = _asked(visit)
    view = waits_view(visit.house, days, by, visit.language)
    plot = kept_plot(view, visit.language)
    return visit.page(
        "console/waits.html",
        view=view,
        picture="" if plot.is_empty else charts.bars(plot),
        told=plot.told,
        groups=GROUPS,
        periods=PERIODS,
    )


def _asked(visit: Visit) -> tuple[int, By]:
    query: Any = visit.request.query_params
    days = int(query["days"]) if query.get("days") in map(str, PERIODS) else 7
    return days, query["by"] if query.get("by") in GROUPS else "queue"
