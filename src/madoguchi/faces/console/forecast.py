"""How many contacts the next fourteen days will bring, hour by hour, and how many people they need (QUE-005)."""

from __future__ import annotations

import csv
import io

from fastapi import APIRouter
from starlette.responses import Response

from madoguchi.faces import charts
from madoguchi.faces.console.figures import Leading
from madoguchi.faces.customer.visit import Visit
from madoguchi.faces.forecast_views import HOURS, forecast_view, heat_plot, queue_choices
from madoguchi.faces.rendering import page_headers

router = APIRouter(prefix="/console/forecast")


@router.get("")
def forecast_page(visit: Leading) -> Response:
    choices = queue_choices(visit.house, visit.language)
    view = forecast_view(visit.house, _asked(visit, choices), visit.language)
    plot = heat_plot(view, visit.language)
    heads, rows = charts.table(plot, visit.t("Hour"))
    return visit.page(
        "console/forecast.html",
        view=view,
        choices=choices,
        picture=charts.heat_map(plot) if view["made"] else "",
        told=plot.told,
        hours=HOURS,
        heads=heads,
        rows=rows,
    )


@router.get("/csv")
def forecast_csv(visit: Leading) -> Response:
    """One line for each hour: date, hour, queue, contacts, people."""
    asked = _asked(visit, queue_choices(visit.house, visit.language))
    view = forecast_view(visit.house, asked, visit.language)
    text = io.StringIO()
    sheet = csv.writer(text)
    sheet.writerow(["date", "hour", "queue", "contacts", "people"])
    for day in view["days"]:
        for hour in HOURS:
            people = day["people"][hour] if day["people"] else ""
            sheet.writerow([day["date"], hour, view["queue"] or "all", day["contacts"][hour], people])
    headers = page_headers(visit.settings)
    headers["Content-Disposition"] = f'attachment; filename="forecast-{view["queue"] or "all"}.csv"'
    return Response("\ufeff" + text.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


def _asked(visit: Visit, choices: dict[str, str]) -> str:
    queue_id = visit.request.query_params.get("queue", "")
    return queue_id if queue_id in choices else ""
