"""Figures of the house: sums and percentiles for those who lead it, and nobody's data."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool

from madoguchi.counter.problems import NotAllowed
from madoguchi.counter.surveys.results import By
from madoguchi.faces.figures import figures_view, surveys_view
from madoguchi.faces.house import house_of
from madoguchi.faces.principal import AnyCaller, need

router = APIRouter(tags=["figures"])


@router.get("/figures", summary="How long things took, over the last days")
async def figures(
    request: Request, caller: AnyCaller, days: Annotated[int, Query(ge=1, le=730)] = 90
) -> dict[str, Any]:
    need(caller, "figures.read")
    if caller.actor.kind == "customer":
        raise NotAllowed("staff_only")
    return await run_in_threadpool(figures_view, house_of(request), days, caller.actor.language)


@router.get("/figures/surveys", summary="What customers said of our help, over the last days")
async def surveys(
    request: Request, caller: AnyCaller, days: Annotated[int, Query(ge=1, le=730)] = 90, by: By = "category"
) -> dict[str, Any]:
    need(caller, "figures.read")
    if caller.actor.kind == "customer":
        raise NotAllowed("staff_only")
    view = await run_in_threadpool(surveys_view, house_of(request), days, by, caller.actor.language)
    return {name: found for name, found in view.items() if name != "comments"}  # words are no figures
