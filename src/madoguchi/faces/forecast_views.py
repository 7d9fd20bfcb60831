"""View models of the forecast: the next fourteen days by hour, the people they need, and how far off it was."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from madoguchi.counter.hours import holidays_of
from madoguchi.counter.routing import forecasting, queues
from madoguchi.counter.routing.forecasting import ALL, DAYS_AHEAD
from madoguchi.engine.database import Transaction
from madoguchi.engine.texts import tr
from madoguchi.faces.best_time import DAYS
from madoguchi.faces.charts import Plot, Series
from madoguchi.faces.house import House

HOURS = range(24)


def forecast_view(house: House, queue_id: str, language: str) -> dict[str, Any]:
    """{"queue", "label", "made", "days": […], "error", "week_ago_error", "compared_days"}; a day: date, label, holiday, total,
    contacts and people (24 each, people null for all contacts together). Raises Invalid("unknown_queue").
    """
    zone, holidays = ZoneInfo(house.settings.shop.timezone), holidays_of(house.settings)
    today = house.database.clock().astimezone(zone).date()
    days = [today + timedelta(days=each) for each in range(1, DAYS_AHEAD + 1)]

    def read(tx: Transaction) -> dict[str, Any]:
        label = _label(tx, queue_id, language)
        found = forecasting.expected(tx, days, queue_id)
        people = forecasting.people_needed(tx, found, queue_id) if queue_id != ALL else {}
        errors = forecasting.errors(tx, zone, holidays).get(queue_id)
        return {
            "label": label,
            "made": bool(found),
            "days": [
                {
                    "date": day.isoformat(),
                    "label": _day_label(day, language),
                    "holiday": day in holidays,
                    "total": round(sum(found.get((day, hour), 0.0) for hour in HOURS), 1),
                    "contacts": [round(found.get((day, hour), 0.0), 1) for hour in HOURS],
                    "people": [people.get((day, hour), 0) for hour in HOURS] if queue_id != ALL else None,
                }
                for day in days
            ],
            "errors": asdict(errors) if errors and errors.days else None,
        }

    return {"queue": queue_id, **house.database.read(read)}


def heat_plot(view: dict[str, Any], language: str) -> Plot:
    """Contacts of every hour: the darker, the more."""
    busiest = max(view["days"], key=lambda day: day["total"])
    return Plot(
        id="forecast",
        title=tr(language, "Contacts expected in each hour"),
        told=tr(
            language,
            "The most are expected on {day}: {number}.",
            day=busiest["label"],
            number=round(busiest["total"]),
        ),
        labels=[str(hour) for hour in HOURS],
        series=[Series(day["label"], day["contacts"]) for day in view["days"]],
    )


def queue_choices(house: House, language: str) -> dict[str, str]:
    """Queue → what it is called; "" for everything."""
    found = house.database.read(queues.queues)
    return {ALL: tr(language, "All contacts"), **{queue.id: queue.label(language) for queue in found}}


def _label(tx: Transaction, queue_id: str, language: str) -> str:
    return tr(language, "All contacts") if queue_id == ALL else queues.get(tx, queue_id).label(language)


def _day_label(day: date, language: str) -> str:
    return f"{day.month}/{day.day} {tr(language, DAYS[day.weekday()])}"
