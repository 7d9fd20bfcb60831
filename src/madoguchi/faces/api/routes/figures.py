"""Figures of the house: sums and percentiles for those who lead it, and nobody's data."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool

from madoguchi.counter.problems import NotAllowed
from madoguchi.counter.routing.accuracy import By as WaitsBy
from madoguchi.counter.surveys.results import By
from madoguchi.faces.figures import figures_view, surveys_view
from madoguchi.faces.forecast_views import forecast_view
from madoguchi.faces.house import house_of
from madoguchi.faces.principal import AnyCaller, need
from madoguchi.faces.promise_views import promise_figures_view, promise_lists_view
from madoguchi.faces.wait_views import waits_view

router = APIRouter(tags=["figures"])


@router.get(
    "/figures/promises",
    summary="How promises were kept, over the last days; what is overdue and stands still",
)
async def promise_figures(
    request: Request, caller: AnyCaller, days: Annotated[int, Query(ge=1, le=730)] = 30
) -> dict[str, Any]:
    """SLA-001 to SLA-012, SLA-030."""
    need(caller, "figures.read")
    if caller.actor.kind == "customer":
        raise NotAllowed("staff_only")
    house, language = house_of(request), caller.actor.language

    def read() -> dict[str, Any]:
        lists = house.database.read(promise_lists_view, language)
        return {**promise_figures_view(house, days, language), **lists}

    return await run_in_threadpool(read)


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


@router.get("/figures/waits", summary="How true the promised waits were, over the last days")
async def waits(
    request: Request, caller: AnyCaller, days: Annotated[int, Query(ge=1, le=730)] = 7, by: WaitsBy = "queue"
) -> dict[str, Any]:
    """QUE-004."""
    need(caller, "figures.read")
    if caller.actor.kind == "customer":
        raise NotAllowed("staff_only")
    return await run_in_threadpool(waits_view, house_of(request), days, by, caller.actor.language)


@router.get(
    "/figures/forecast", summary="Contacts of the next fourteen days by hour, and the people they need"
)
async def forecast(
    request: Request, caller: AnyCaller, queue: Annotated[str, Query(max_length=40)] = ""
) -> dict[str, Any]:
    """QUE-005. Without a queue: all contacts, those of the assistant too."""
    need(caller, "figures.read")
    if caller.actor.kind == "customer":
        raise NotAllowed("staff_only")
    return await run_in_threadpool(forecast_view, house_of(request), queue, caller.actor.language)
