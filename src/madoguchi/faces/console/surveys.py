"""What customers say of our help: marks by category, channel, agent, assistant and people, and their words (QLT-002)."""

from __future__ import annotations

import csv
import io
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.responses import Response

from madoguchi.counter.surveys.questions import ASPECTS, SCORES, aspect_name
from madoguchi.counter.surveys.results import BYS, By
from madoguchi.faces.console.figures import PERIODS, lead
from madoguchi.faces.customer.visit import Visit
from madoguchi.faces.figures import surveys_view
from madoguchi.faces.principal import need
from madoguchi.faces.rendering import page_headers

router = APIRouter(prefix="/console/surveys")
GROUPS: dict[By, str] = {
    "category": "By subject",
    "channel": "By channel",
    "helper": "By assistant and people",
    "agent": "By agent",
    "language": "By language",
}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


async def listener(visit: Annotated[Visit, Depends(lead)]) -> Visit:
    """Somebody who may read what customers wrote. Raises SignInNeeded, NotAllowed."""
    assert visit.principal is not None
    need(visit.principal, "feedback.read")
    return visit


Listening = Annotated[Visit, Depends(listener)]


@router.get("")
def surveys_page(visit: Listening) -> Response:
    days, by = _asked(visit)
    return visit.page(
        "console/surveys.html",
        view=surveys_view(visit.house, days, by, visit.language),
        groups={name: visit.t(words) for name, words in GROUPS.items()},
        aspects=[(aspect, aspect_name(aspect, visit.language)) for aspect in ASPECTS],
        scores=SCORES,
        periods=PERIODS,
    )


@router.get("/csv")
def surveys_csv(visit: Listening) -> Response:
    """The same table for a spreadsheet; no cell can be a formula (S-19)."""
    days, by = _asked(visit)
    view = surveys_view(visit.house, days, by, visit.language)
    text = io.StringIO()
    sheet = csv.writer(text)
    sheet.writerow(
        ["group", "asked", "answered", "mean", "satisfied", *(f"score_{s}" for s in SCORES), *ASPECTS]
    )
    for row in view["rows"]:
        marks = [row["aspects"][aspect] for aspect in ASPECTS]
        sheet.writerow(
            [
                _plain(row["label"]),
                row["asked"],
                row["answered"],
                row["mean"],
                row["satisfied"],
                *row["marks"],
                *marks,
            ]
        )
    headers = page_headers(visit.settings)
    headers["Content-Disposition"] = f'attachment; filename="surveys-{by}-{days}.csv"'
    return Response("\ufeff" + text.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


def _asked(visit: Visit) -> tuple[int, By]:
    query: Any = visit.request.query_params
    days = int(query["days"]) if query.get("days") in map(str, PERIODS) else PERIODS[1]
    return days, query["by"] if query.get("by") in BYS else "category"


def _plain(words: str) -> str:
    return f"'{words}" if words.startswith(_FORMULA) else words
