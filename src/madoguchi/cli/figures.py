"""`madoguchi figures`: make the reports' figures anew from the ledger, see how far they are behind."""

from __future__ import annotations

import time

import typer
from rich.console import Console

from madoguchi.cli.options import DataFolder, SettingsFile, load
from madoguchi.counter.reports import following
from madoguchi.counter.reports.following import Follower
from madoguchi.engine.opening import open_database

app = typer.Typer(help="The figures of the reports.", no_args_is_help=True)
console = Console()


@app.command()
def rebuild(settings: SettingsFile = None, data: DataFolder = None) -> None:
    """Measure every contact anew and add everything up. The counter may go on meanwhile; reports are short of contacts until then."""
    chosen = load(settings, data)
    database = open_database(chosen)
    try:
        began = time.monotonic()
        with console.status("Measuring …"):
            done = Follower(database, chosen).rebuild()
        console.print(f"[green]✓[/] {done} contacts measured or added up in {time.monotonic() - began:.0f} s")
    finally:
        database.close()


@app.command()
def status(settings: SettingsFile = None, data: DataFolder = None) -> None:
    """How many contacts have changed since they were measured. Ends with 1 while not everything was counted once."""
    database = open_database(load(settings, data))
    try:
        behind, whole = database.read(following.behind), database.read(following.is_whole)
    finally:
        database.close()
    console.print(f"{behind} contacts behind" + ("" if whole else ", still counting"))
    raise typer.Exit(0 if whole else 1)
