"""`madoguchi import`: customers, products, sellers and orders from files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from madoguchi.cli.options import DataFolder, SettingsFile, load
from madoguchi.connectors.embedded.importing.report import KINDS, RESULTS, Kind, Report, Result
from madoguchi.connectors.embedded.importing.work import import_files
from madoguchi.engine.database import Database
from madoguchi.engine.migrations import migrate
from madoguchi.engine.opening import open_database
from madoguchi.engine.texts import tr, trn

_SHOWN = 200  # problems; who has more has one cause, and needs no longer list to see it
_KIND_NAMES: dict[Kind, str] = {
    "seller": "Sellers",
    "product": "Products",
    "wallet": "Wallets",
    "customer": "Customers",
    "holding": "Memberships and contracts",
    "order": "Orders",
}
_RESULT_NAMES: dict[Result, str] = {
    "added": "Added",
    "updated": "Updated",
    "unchanged": "Unchanged",
    "bad": "Not taken over",
}


def import_command(
    paths: Annotated[list[Path], typer.Argument(help="Files, or folders with files.", metavar="PATH…")],
    form: Annotated[
        Literal["auto", "json", "csv", "shopify"],
        typer.Option("--format", help="What the files are; auto looks at their contents and names."),
    ] = "auto",
    atomic: Annotated[
        bool, typer.Option("--atomic", help="Keep nothing at all if there is a single problem.")
    ] = False,
    settings: SettingsFile = None,
    data: DataFolder = None,
    language: Annotated[
        Literal["ja", "en"] | None,
        typer.Option("--language", help="Of the messages, and of names given without a language."),
    ] = None,
) -> None:
    """Import customers, products, sellers and orders from JSON, CSV or Shopify's order export.

    Importing the same files again changes nothing. Ends with 1 if anything could not be taken over.
    """
    chosen = load(settings, data)
    spoken = language or ("ja" if chosen.shop.languages[0] == "ja" else "en")
    if not chosen.data.url:
        chosen.data.folder.mkdir(parents=True, exist_ok=True)
    database = open_database(chosen)
    try:
        migrate(database)
        report = _import(database, paths, form, atomic, ZoneInfo(chosen.shop.timezone), spoken)
    finally:
        database.close()
    _print(report, spoken)
    raise typer.Exit(1 if report.errors else 0)


def _import(
    database: Database,
    paths: list[Path],
    form: Literal["auto", "json", "csv", "shopify"],
    atomic: bool,
    zone: ZoneInfo,
    language: str,
) -> Report:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(tr(language, "Reading the files"), total=None)

        def tell(done: int, whole: int) -> None:
            bar.update(task, description=tr(language, "Importing"), completed=done, total=whole)

        return import_files(
            database, paths, form=form, atomic=atomic, zone=zone, language=language, progress=tell
        )


def _print(report: Report, language: str) -> None:
    console = Console()
    for problem in report.problems[:_SHOWN]:
        mark = tr(language, "Note: ") if problem.warning else ""
        colour = "yellow" if problem.warning else "red"
        console.print(f"{problem.where(language)}: ", style=colour, end="", markup=False, highlight=False)
        console.print(f"{mark}{problem.text(language)}", markup=False, highlight=False)
    more = len(report.problems) - _SHOWN
    if more > 0:
        console.print(trn(language, "… and {n} more problem.", "… and {n} more problems.", more))
    if any(report.counts[kind] for kind in KINDS):
        console.print(_table(report, language))
    console.print(_summary(report, language), highlight=False)


def _table(report: Report, language: str) -> Table:
    table = Table(tr(language, "Records"))
    for result in RESULTS:
        table.add_column(tr(language, _RESULT_NAMES[result]), justify="right")
    for kind in KINDS:
        if report.counts[kind]:
            figures = [f"{report.counts[kind][result]:,}" for result in RESULTS]
            table.add_row(tr(language, _KIND_NAMES[kind]), *figures)
    return table


def _summary(report: Report, language: str) -> str:
    problems = len(report.errors)
    if report.rolled_back:
        one, many = (
            "{n} problem; nothing was taken over (--atomic).",
            "{n} problems; nothing was taken over (--atomic).",
        )
        return trn(language, one, many, problems)
    if problems:
        one, many = "{n} problem; the rest was taken over.", "{n} problems; the rest was taken over."
        return trn(language, one, many, problems)
    if not any(report.counts[kind] for kind in KINDS):
        return tr(language, "Nothing to take over was found.")
    return tr(language, "Everything was taken over.")
