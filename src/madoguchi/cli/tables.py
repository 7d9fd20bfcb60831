"""Staff, schedules and calendars from and to CSV files, on the command line: what would change, then doing it."""

from __future__ import annotations

import sys
from collections.abc import Collection
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from madoguchi.cli.options import SettingsFile, load
from madoguchi.counter.actors import Actor
from madoguchi.counter.problems import Problem
from madoguchi.engine.opening import open_database
from madoguchi.engine.settings import Settings
from madoguchi.faces import setting_up
from madoguchi.faces.setting_up import Kind, Plan
from madoguchi.kit import sheets
from madoguchi.kit.sheets import Change, Unreadable

OPERATOR = Actor(kind="system", id="command_line")
LANGUAGE = "en"

File = Annotated[
    Path, typer.Argument(help="A CSV file in UTF-8 or Shift_JIS.", exists=True, dir_okay=False, readable=True)
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")]


def read_file(file: Path, settings: Settings, kinds: Collection[Kind], *, dry_run: bool) -> None:
    """All of the file or nothing; says what changes, and the first passwords of new accounts. Exits with 1 on faults."""
    zone = settings.shop.timezone
    database = open_database(settings)
    try:
        text = sheets.decode(file.read_bytes())
        plan = setting_up.looked_at(database, text, zone)
        if plan.kind not in kinds:
            _fail(f"{file.name} holds {plan.kind}; this command reads {' and '.join(kinds)}.")
        _say(plan)
        if plan.faults:
            raise typer.Exit(1)
        if dry_run or not plan.changes:
            return
        made = setting_up.done(database, OPERATOR, text, zone, plan.mark)
    except Unreadable as problem:
        _fail(setting_up.fault_text(problem.fault, LANGUAGE))
    except Problem as problem:
        _fail(f"Nothing was done: {problem}")
    finally:
        database.close()
    if made is None:
        _fail("Something has changed meanwhile. Nothing was done; please try again.")
    typer.echo("Done.")
    for login, password in made.items():
        typer.echo(f"{login}: password, shown only now: {password}")


def write_file(settings: Settings, kind: Kind) -> None:
    """To the standard output, in UTF-8."""
    database = open_database(settings)
    try:
        sys.stdout.write(database.read(setting_up.written, kind))
    finally:
        database.close()


hours = typer.Typer(name="hours", help="Opening hours and schedules.", no_args_is_help=True)
KINDS: tuple[Kind, ...] = ("calendars", "schedules")
ACCOUNTS: tuple[Kind, ...] = ("staff",)


@hours.callback()
def _hours() -> None:
    """Opening hours and schedules."""


@hours.command("import")
def import_hours(file: File, dry_run: DryRun = False, settings: SettingsFile = None) -> None:
    """Read calendars or schedules of agents; the headings tell which. What the file names becomes as it says."""
    read_file(file, load(settings), KINDS, dry_run=dry_run)


@hours.command("export")
def export_hours(
    kind: Annotated[str, typer.Argument(help=f"One of {', '.join(KINDS)}.")] = "calendars",
    settings: SettingsFile = None,
) -> None:
    """Write all calendars, or all schedules, as `import` reads them."""
    if kind not in KINDS:
        _fail(f"`{kind}` is none of {', '.join(KINDS)}.")
    write_file(load(settings), kind)


def import_users(file: File, dry_run: DryRun = False, settings: SettingsFile = None) -> None:
    """Read staff accounts: new ones are made, those with the same login changed, others stay."""
    read_file(file, load(settings), ACCOUNTS, dry_run=dry_run)


def export_users(settings: SettingsFile = None) -> None:
    """Write all staff accounts, without secrets, as `import` reads them."""
    write_file(load(settings), "staff")


def _say(plan: Plan) -> None:
    for fault in plan.faults:
        typer.echo(setting_up.fault_text(fault, LANGUAGE), err=True)
    for change in plan.changes:
        typer.echo(_line(change))
    if not plan.faults and not plan.changes:
        typer.echo("Everything is so already.")


def _line(change: Change) -> str:
    if change.new:
        return (
            f"{change.name}: new, {', '.join(f'{key} {text}' for key, text in change.after.items() if text)}"
        )
    told = [
        f"{key} {change.before.get(key, '') or '–'} → {text or '–'}" for key, text in change.after.items()
    ]
    return f"{change.name}: {', '.join(told)}"


def _fail(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(1)
