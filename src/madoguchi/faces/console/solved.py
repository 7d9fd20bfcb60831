"""The share of conversations solved without a person, week by week, and whether anybody went unanswered (BOT-025, BOT-027)."""

from __future__ import annotations

from itertools import pairwise
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from starlette.responses import Response

from madoguchi.counter.calendars.loading import load
from madoguchi.counter.contacts import figures
from madoguchi.faces.console.learning import Teaching

router = APIRouter(prefix="/console")
WEEKS = 12


@router.get("/solved")
def solved(visit: Teaching) -> Response:
    settings = visit.house.settings
    weeks = visit.house.database.read(
        figures.by_week,
        weeks=WEEKS,
        zone=ZoneInfo(settings.shop.timezone),
        is_open=visit.house.database.read(load, settings).desk.is_open,
    )
    changes = [None, *(_change(before.share, week.share) for before, week in pairwise(weeks))]
    rows = list(zip(weeks, changes, strict=True))[::-1]
    known = [row for row in rows if row[0].share is not None]
    newest = next((row for row in known if not row[0].too_early), known[0] if known else None)
    return visit.page("console/solved.html", rows=rows, newest=newest)


def _change(before: float | None, now: float | None) -> float | None:
    """Percentage points against the week before."""
    return None if before is None or now is None else round((now - before) * 100, 1)
