"""`madoguchi dev simulate`: a day at the desk with so many contacts, played in moments by the real rules of routing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from madoguchi.rehearsal.day import floor, outcome, scenario, theory
from madoguchi.rehearsal.day.staffing import staffed

Day = scenario.Scenario


def simulate_command(
    contacts: Annotated[
        int | None, typer.Option(min=1, help="Contacts of the day; without it 1,000, or as the file says.")
    ] = None,
    seed: Annotated[int, typer.Option(help="The same seed gives the same day.")] = 1,
    day: Annotated[
        Path | None,
        typer.Option("--scenario", help="Your own day as a TOML file.", exists=True, dir_okay=False),
    ] = None,
    shape: Annotated[str, typer.Option(help=f"Which day: {', '.join(scenario.shapes())}.")] = "two_peaks",
    load: Annotated[
        float, typer.Option(min=0.01, help="So many times the contacts that people are planned for.")
    ] = 1.0,
    control: Annotated[
        int,
        typer.Option(min=0, help="Contacts of the days that are compared with Erlang's formulas; 0: none."),
    ] = 200_000,
    through_database: Annotated[
        bool,
        typer.Option("--through-database", help="Play it through the verbs of a throw-away house; slow."),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
) -> None:
    """Play a day: arrivals with peaks, people who give up, shifts and skills; print waits and how true the promises were."""
    planned = _planned(day, shape, contacts)
    played = _play(planned.of(max(1, round(planned.contacts * load))), seed, through_database)
    compared = theory.control(seed, control) if control else []
    if as_json:
        typer.echo(json.dumps(_record(played, compared, seed), ensure_ascii=False, indent=2))
    else:
        _print(played, compared)


def _planned(path: Path | None, shape: str, contacts: int | None) -> Day:
    """With people for the number of contacts asked for."""
    if shape not in scenario.shapes():
        typer.secho(f"unknown day: {shape} ({', '.join(scenario.shapes())})", fg="red", err=True)
        raise typer.Exit(2)
    try:
        found = scenario.read(path) if path else scenario.usual(shape)
    except scenario.ScenarioError as error:
        typer.secho(str(error), fg="red", err=True)
        raise typer.Exit(2) from error
    return staffed(found.of(contacts or found.contacts))


def _play(day: Day, seed: int, through_database: bool) -> outcome.Outcome:
    if not through_database:
        return floor.play(day, seed)
    from madoguchi.rehearsal.day import house

    return house.play(day, seed)


def _record(played: outcome.Outcome, compared: list[theory.Comparison], seed: int) -> dict[str, Any]:
    day = played.scenario
    return {
        "scenario": day.name,
        "seed": seed,
        "agents": sum(group.number for group in day.groups),
        "target_s": day.target_s,
        **outcome.figures(played).record(),
        "erlang_mean_wait_error": round(max(each.mean_wait_error for each in compared), 4)
        if compared
        else None,
        "erlang": [
            {
                "formula": each.formula,
                "contacts": each.contacts,
                "mean_wait_s": round(each.mean_wait_s, 4),
                "formula_mean_wait_s": round(each.formula_mean_wait_s, 4),
                "mean_wait_error": round(each.mean_wait_error, 4),
                "service_level": round(each.service_level, 4),
                "formula_service_level": round(each.formula_service_level, 4),
                "service_level_error": round(each.service_level_error, 4),
            }
            for each in compared
        ],
        "by_queue": {queue: found.record() for queue, found in outcome.by_queue(played).items()},
        "by_hour": {hour: found.record() for hour, found in outcome.by_hour(played).items()},
    }


def _print(played: outcome.Outcome, compared: list[theory.Comparison]) -> None:
    console = Console()
    table = Table(
        "queue", "contacts", "served", "gave up", "mean wait", "p50", "p80", "p95", "in time", "promise kept"
    )
    rows = {**outcome.by_queue(played), "all": outcome.figures(played)}
    for name, found in rows.items():
        table.add_row(
            name,
            f"{found.contacts:,}",
            f"{found.served:,}",
            f"{found.abandoned:,}",
            *(
                _seconds(each)
                for each in (found.mean_wait_s, found.p50_wait_s, found.p80_wait_s, found.p95_wait_s)
            ),
            _percent(found.service_level),
            _percent(found.accuracy.kept),
        )
    console.print(table)
    day, whole = played.scenario, rows["all"].accuracy
    console.print(f"{sum(group.number for group in day.groups):,} shifts, target {day.target_s:g} s.")
    console.print(
        f"Promised waits: {whole.measured:,} of people who had to wait and were served; {_percent(whole.kept)} were not"
        f" later than said, {_percent(whole.inside)} inside the range; to {_percent(whole.unknown)} nothing could be said."
    )
    for each in compared:
        console.print(
            f"Erlang {each.formula}, {each.contacts:,} contacts of a textbook day: mean wait {each.mean_wait_s:.3f} s played,"
            f" {each.formula_mean_wait_s:.3f} s by the formula ({each.mean_wait_error:.1%} off);"
            f" service level {each.service_level:.1%} and {each.formula_service_level:.1%}."
        )


def _seconds(value: float | None) -> str:
    return "–" if value is None else f"{value:.0f} s"


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{value:.1%}"
