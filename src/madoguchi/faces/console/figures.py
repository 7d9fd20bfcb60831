"""Figures for those who lead: how long refunds of returns take, by means of payment."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from madoguchi.counter.problems import SignInNeeded
from madoguchi.faces.customer.visit import Visit
from madoguchi.faces.desk.pages import Working
from madoguchi.faces.figures import figures_view
from madoguchi.faces.principal import need

router = APIRouter(prefix="/console/figures")
PERIODS = (30, 90, 365)


async def lead(visit: Working) -> Visit:
    """Somebody who may see figures. Raises SignInNeeded, NotAllowed."""
    if visit.principal is None:
        raise SignInNeeded("session_needed", back=visit.here)
    need(visit.principal, "figures.read")
    return visit


Leading = Annotated[Visit, Depends(lead)]


@router.get("")
def figures_page(visit: Leading) -> Response:
    asked = visit.request.query_params.get("days", "")
    days = int(asked) if asked in map(str, PERIODS) else PERIODS[1]
    figures = figures_view(visit.house, days, visit.language)
    return visit.page("console/figures.html", figures=figures, periods=PERIODS, days=days)
