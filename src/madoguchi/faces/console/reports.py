"""Reports: the house's figures for a period, compared, filtered, drawn, as CSV, and the contacts behind each (QLT-001, QLT-004)."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from fastapi import APIRouter
from starlette.responses import Response

from madoguchi.counter.cases.wording import category_label
from madoguchi.counter.problems import Invalid, NotFound
from madoguchi.counter.reports import drilling, following, saved
from madoguchi.counter.reports.families import FIGURES
from madoguchi.counter.reports.model import DIMENSIONS
from madoguchi.counter.team import queries as team
from madoguchi.counter.team.policy import may
from madoguchi.engine.database import Transaction
from madoguchi.faces.console.figures import Leading
from madoguchi.faces.customer.visit import Visit
from madoguchi.faces.principal import need
from madoguchi.faces.rendering import page_headers
from madoguchi.faces.report_charts import drawn, steps_table
from madoguchi.faces.report_filters import filters
from madoguchi.faces.report_query import AGAINST, PERIODS, Question, question
from madoguchi.faces.report_sheets import SHEETS, sheet
from madoguchi.faces.report_staff import by_agent, by_status
from madoguchi.faces.report_views import report_view
from madoguchi.faces.report_words import DIMENSION_NAMES, label_of

router = APIRouter(prefix="/console/reports")
HOME = "/console/reports"


@router.get("")
def reports_page(visit: Leading) -> Response:
    return _page(visit)


@router.get("/csv")
def reports_csv(visit: Leading) -> Response:
    """One table of the report for a spreadsheet; no cell can be a formula (S-19)."""
    asked = _asked(visit)
    name = visit.request.query_params.get("sheet", "")
    if name not in SHEETS:
        raise NotFound("unknown_sheet")
    settings = visit.settings.reports
    text = visit.house.database.read(sheet, name, asked, visit.zone, settings, visit.language)
    headers = page_headers(visit.settings)
    span = asked.asked.span
    headers["Content-Disposition"] = f'attachment; filename="{name}-{span.first}-{span.last}.csv"'
    return Response("\ufeff" + text, media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/contacts")
def contacts_page(visit: Leading) -> Response:
    """The contacts behind a figure, for those who may read contacts. Raises NotAllowed, NotFound."""
    assert visit.principal is not None
    need(visit.principal, "contacts.read")
    figure = FIGURES.get(visit.request.query_params.get("figure", ""))
    if figure is None or not figure.behind:
        raise NotFound("unknown_figure")
    asked = _asked(visit)
    offset = _offset(visit)

    def read(tx: Transaction) -> tuple[Any, ...]:
        rows, number = drilling.contacts_behind(tx, asked.asked, figure.behind, offset=offset)
        return rows, number, _agents(tx)

    rows, number, agents = visit.house.database.read(read)
    return visit.page(
        "console/report_contacts.html",
        figure=visit.t(figure.name),
        told=visit.t(figure.told),
        asked=asked,
        rows=rows,
        number=number,
        offset=offset,
        page=drilling.PAGE,
        figure_id=figure.id,
        agents=agents,
        label=lambda name, value: label_of(name, value, visit.language),
        kind=lambda value: category_label(value, visit.language) or value or "–",
    )


@router.post("/saved")
def save(visit: Leading) -> Response:
    form = visit.form
    name = form.text("name", needed="Give the report a name", longest=120)
    asked = question(_values(form.value("query")), visit.clock().astimezone(visit.zone).date())
    if not form.is_fine:
        return _page(visit, 422, asked)
    try:
        visit.house.database.write(saved.save, visit.actor, name, asked.address())
    except Invalid:
        form.wrong("name", "There are too many saved reports: remove one first")
        return _page(visit, 422, asked)
    return visit.redirect(f"{HOME}?{asked.address()}")


@router.post("/saved/remove")
def remove(visit: Leading) -> Response:
    visit.house.database.write(saved.remove, visit.actor, visit.form.text("report", longest=60))
    return visit.redirect(HOME)


def _page(visit: Visit, status: int = 200, asked: Question | None = None) -> Response:
    found = asked or _asked(visit)
    settings = visit.settings.reports

    def read(tx: Transaction) -> dict[str, Any]:
        view = report_view(tx, found, visit.zone, settings, visit.language)
        return {
            "view": view,
            "charts": drawn(tx, view, settings, visit.language),
            "steps": steps_table(view.sums.all),
            "staff": by_agent(tx, view.sums.staff or {}, visit.language),
            "statuses": by_status(tx, view.sums.staff or {}, visit.language),
            "saved": saved.saved(tx),
            "filters": filters(tx, found, visit.language),
            "whole": following.is_whole(tx),
        }

    return visit.page(
        "console/reports.html",
        status,
        asked=found,
        periods={name: visit.t(words) for name, words in PERIODS.items()},
        against={name: visit.t(words) for name, words in AGAINST.items()},
        dimensions={name: visit.t(DIMENSION_NAMES[name]) for name in DIMENSIONS},
        wrong=[visit.t(words) for words in found.wrong],
        may_read=may(visit.actor, "contacts.read"),
        may_keep=may(visit.actor, "reports.keep"),
        **visit.house.database.read(read),
    )


def _asked(visit: Visit) -> Question:
    return question(visit.request.query_params, visit.clock().astimezone(visit.zone).date())


def _values(query: str) -> dict[str, str]:
    return dict(parse_qsl(query[:1000]))


def _offset(visit: Visit) -> int:
    typed = visit.request.query_params.get("offset", "0")
    return min(int(typed), 100_000) if typed.isdecimal() and len(typed) < 8 else 0


def _agents(tx: Transaction) -> dict[str, str]:
    return {each.id: each.display_name for each in team.agents(tx)}
