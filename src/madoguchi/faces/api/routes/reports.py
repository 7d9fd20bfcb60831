"""Reports for programs: the figures of one family for a period, compared, filtered, as JSON or CSV; nobody's data."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from madoguchi.counter.problems import Invalid, NotAllowed, NotFound
from madoguchi.counter.reports import following
from madoguchi.counter.reports.cells import Span
from madoguchi.counter.reports.definitions import Family
from madoguchi.counter.reports.families import FAMILIES, FIGURES
from madoguchi.counter.reports.model import Dimension
from madoguchi.counter.routing import queues
from madoguchi.engine.database import Transaction
from madoguchi.engine.texts import tr
from madoguchi.faces.house import House, house_of
from madoguchi.faces.principal import AnyCaller, Principal, need
from madoguchi.faces.report_query import USUAL, Question, question
from madoguchi.faces.report_sheets import figures_of, written
from madoguchi.faces.report_views import COLUMNS, FamilyView, FigureView, family_view, groups_of

router = APIRouter(tags=["figures"])
Period = Literal["yesterday", "7", "30", "90", "365", "last_week", "last_month", "own"]
Against = Literal["", "before", "year", "own"]
Day = Annotated[str, Query(pattern=r"^(\d{4}-\d{2}-\d{2})?$", description="With `own`; inclusive.")]
Filter = Annotated[str, Query(max_length=80)]
_NOBODYS = "`-`: contacts without one."


@router.get("/reports", summary="The families of figures, with the definition of each figure")
async def families(request: Request, caller: AnyCaller) -> dict[str, Any]:
    """QLT-001, QLT-004."""
    _need_figures(caller)
    language = caller.actor.language
    return {
        "families": [
            {
                "id": family.id,
                "name": tr(language, family.name),
                "figures": [
                    {
                        "id": each.id,
                        "name": tr(language, each.name),
                        "definition": tr(language, each.told),
                        "unit": each.unit,
                    }
                    for each in family.figures
                ],
            }
            for family in FAMILIES
        ]
    }


@router.get("/reports/{family}", summary="One family of figures for a period, compared and filtered")
async def report(
    request: Request,
    caller: AnyCaller,
    family: str,
    period: Period = USUAL,  # type: ignore[assignment]
    first: Day = "",
    last: Day = "",
    against: Against = "",
    first2: Day = "",
    last2: Day = "",
    channel: Filter = "",
    language: Filter = "",
    queue: Annotated[str, Query(max_length=80, description=_NOBODYS)] = "",
    kind: Annotated[str, Query(max_length=80, description=_NOBODYS)] = "",
    segment: Filter = "",
    agent: Filter = "",
    by: Literal["", "channel", "language", "queue", "kind", "segment"] = "",
    written_as: Annotated[Literal["json", "csv"], Query(alias="format")] = "json",
) -> Response:
    """The same figures as at the console (QLT-001, QLT-004). Refuses `unknown_family`, `period`."""
    _need_figures(caller)
    found = next((each for each in FAMILIES if each.id == family), None)
    if found is None:
        raise NotFound("unknown_family")
    house = house_of(request)
    typed = {
        "period": period, "first": first, "last": last, "against": against, "first2": first2, "last2": last2,
        "channel": channel, "language": language, "queue": queue, "kind": kind, "segment": segment, "agent": agent,
    }  # fmt: skip
    today = house.database.clock().astimezone(ZoneInfo(house.settings.shop.timezone)).date()
    asked = question(typed, today)
    if asked.wrong:
        raise Invalid("period", field="first")
    if written_as == "csv":
        return await run_in_threadpool(_csv, house, found, asked, caller.actor.language)
    return JSONResponse(await run_in_threadpool(_json, house, found, asked, by, caller.actor.language))


def _need_figures(caller: Principal) -> None:
    need(caller, "figures.read")
    if caller.actor.kind == "customer":
        raise NotAllowed("staff_only")


def _csv(house: House, family: Family, asked: Question, language: str) -> Response:
    view = house.database.read(_view, house, family, asked, language)
    span = asked.asked.span
    headers = {
        "Content-Disposition": f'attachment; filename="{family.id}-{span.first}-{span.last}.csv"',
        "Cache-Control": "no-store",
    }
    return Response(written(figures_of([view])), media_type="text/csv; charset=utf-8", headers=headers)


def _json(
    house: House, family: Family, asked: Question, by: Dimension | Literal[""], language: str
) -> dict[str, Any]:
    def read(tx: Transaction) -> dict[str, Any]:
        view = _view(tx, house, family, asked, language)
        return {
            "family": view.id,
            "name": view.name,
            "period": _span(asked.asked.span),
            "against": _span(asked.against.span) if asked.against else None,
            "filters": dict(asked.asked.where) | ({"agent": asked.asked.agent} if asked.asked.agent else {}),
            "currency": house.settings.reports.currency,
            "whole": following.is_whole(tx),
            "figures": [_figure(each, house) for each in view.figures],
            "groups": _groups(tx, house, asked, by, language) if by else [],
        }

    return house.database.read(read)


def _view(tx: Transaction, house: House, family: Family, asked: Question, language: str) -> FamilyView:
    zone = ZoneInfo(house.settings.shop.timezone)
    return family_view(tx, family, asked, zone, house.settings.reports, language)


def _span(span: Span) -> dict[str, str]:
    return {"first": span.first.isoformat(), "last": span.last.isoformat()}


def _figure(view: FigureView, house: House) -> dict[str, Any]:
    """`goal`: None where the house has none; `before`: of the period compared with."""
    figure = FIGURES[view.id]
    goal = figure.goal(house.settings.reports) if figure.goal else None
    return {
        "id": view.id,
        "name": view.name,
        "definition": view.told,
        "value": view.value,
        "text": view.text,
        "unit": view.unit,
        "count": view.count,
        "goal": asdict(goal) if goal else None,
        "met": view.met,
        "before": view.before,
        "better": figure.better,
        "channels": list(figure.channels),
        "requirements": view.source,
    }


def _groups(
    tx: Transaction, house: House, asked: Question, by: Dimension, language: str
) -> list[dict[str, Any]]:
    """The report's contacts by a dimension, with the columns of the console's table."""
    names = {each.id: each.label(language) for each in queues.queues(tx)}
    return [
        {
            "key": row.key,
            "name": row.label,
            "values": {name: value.value for name, value in zip(COLUMNS, row.values, strict=True)},
            "alarm": row.alarm,
        }
        for row in groups_of(tx, asked.asked, by, house.settings.reports, language, names)
    ]
