"""`madoguchi search`: make the index of the search anew, see how far it is, look something up."""

from __future__ import annotations

import time

import typer
from rich.console import Console

from madoguchi.building import build_house, indexer_of
from madoguchi.cli.options import DataFolder, SettingsFile, load
from madoguchi.counter.search import service
from madoguchi.counter.search.indexing import scrub
from madoguchi.engine.opening import open_database

app = typer.Typer(help="The index of the search.", no_args_is_help=True)
console = Console()


@app.command()
def rebuild(settings: SettingsFile = None, data: DataFolder = None) -> None:
    """Empty the index and make it anew from the ledger. The counter may go on meanwhile; what is not in yet is not found."""
    chosen = load(settings, data)
    house = build_house(chosen)
    try:
        began = time.monotonic()
        house.database.write(service.clear)
        with console.status("Indexing …"):
            done = indexer_of(house).catch_up()
        console.print(f"[green]✓[/] {done} contacts in {time.monotonic() - began:.0f} s")
    finally:
        house.database.close()


@app.command("scrub")
def scrub_command(settings: SettingsFile = None, data: DataFolder = None) -> None:
    """Take the last bytes of erased words out of the index now; the running counter does so by itself within ten minutes."""
    database = open_database(load(settings, data))
    try:
        console.print("[green]✓[/] merged" if scrub(database) else "[green]✓[/] nothing to do")
    finally:
        database.close()


@app.command()
def status(settings: SettingsFile = None, data: DataFolder = None) -> None:
    """How many entries of the ledger cannot be found yet. Ends with 1 if the index was made by another version."""
    database = open_database(load(settings, data))
    try:
        left, outdated = database.read(service.behind), database.read(service.is_outdated)
    finally:
        database.close()
    console.print(f"{left} entries behind" + (", made by another version" if outdated else ""))
    raise typer.Exit(1 if outdated else 0)
