"""`madoguchi forecast`: when it is busy, what the next fourteen days will bring, and how true the promised waits were."""

from __future__ import annotations

import json
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from madoguchi.building import build_house
from madoguchi.cli.options import DataFolder, SettingsFile, load
from madoguchi.counter.calendars import loading
from madoguchi.counter.hours import holidays_of
from madoguchi.counter.problems import Invalid
from madoguchi.counter.routing import forecasting
from madoguchi.faces.best_time import best_time, best_time_out
from madoguchi.faces.forecast_views import forecast_view
from madoguchi.faces.wait_views import waits_view

app = typer.Typer(help="Traffic: forecast, best time to contact, promised waits.", no_args_is_help=True)


@app.command()
def show(
    queue: Annotated[str, typer.Option(help="A queue's id; without it all contacts.")] = "",
    anew: Annotated[
        bool, typer.Option("--anew", help="Make the forecast first, though today's is there.")
    ] = False,
    settings: SettingsFile = None,
    data: DataFolder = None,
) -> None:
    """Contacts of the next fourteen days by hour, and the people they need, as JSON."""
    chosen = load(settings, data)
    house = build_house(chosen)
    try:
        zone, holidays = ZoneInfo(chosen.shop.timezone), holidays_of(chosen)
        house.database.write(forecasting.make if anew else forecasting.make_due, zone, holidays)
        _print(forecast_view(house, queue, chosen.shop.languages[0]))
    except Invalid as error:
        typer.secho(f"unknown queue: {queue}", fg="red", err=True)
        raise typer.Exit(2) from error
    finally:
        house.database.close()


@app.command("best-time")
def best_time_command(settings: SettingsFile = None, data: DataFolder = None) -> None:
    """How busy each open hour of the week usually is, as JSON."""
    chosen = load(settings, data)
    house = build_house(chosen)
    try:
        language = chosen.shop.languages[0]
        hours = house.database.read(loading.load, chosen).hours_for(channel="chat", language=language)
        _print(best_time_out(best_time(house.database, chosen, hours, language)))
    finally:
        house.database.close()


@app.command()
def waits(
    days: Annotated[int, typer.Option(min=1, help="Of the last days.")] = 7,
    settings: SettingsFile = None,
    data: DataFolder = None,
) -> None:
    """How true the promised waits were, by queue, as JSON."""
    chosen = load(settings, data)
    house = build_house(chosen)
    try:
        _print(waits_view(house, days, "queue", chosen.shop.languages[0]))
    finally:
        house.database.close()


def _print(found: dict[str, object]) -> None:
    typer.echo(json.dumps(found, ensure_ascii=False, indent=2))
