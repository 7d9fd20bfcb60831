"""`madoguchi dev torture r01 … r22 | all`: one JSON line for each case; exit code 1 when anything was lost."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.progress import Progress

from madoguchi.cli.dev.torture.report import LOCAL_SERVER, Report

Kind = Literal["sqlite", "postgresql"]
Count = Annotated[int | None, typer.Option(min=1, help="Crash points, cuts or contests to try.")]
Seed = Annotated[int, typer.Option(help="The same seed tries the same things, as far as threads allow.")]
Base = Annotated[Kind, typer.Option("--database", help="The kind of database to stand on.")]
Server = Annotated[str, typer.Option(help="PostgreSQL server on which scratch databases are made.")]

# name → module, what it does, and how much of it when nothing else is asked for
CASES: dict[str, tuple[str, str, int]] = {
    "r01": ("r01_say", "kill -9 while messages are said", 100),
    "r02": ("r02_act", "kill -9 while orders are changed", 100),
    "r03": ("r03_mail", "kill -9 while mails come in and go out", 100),
    "r06": ("r06_cut", "cut live lines, and kill the server under them", 100),
    "r19": ("r19_accept", "many agents take one contact", 200),
    "r20": ("r20_money", "many confirmations of one refund", 200),
    "r21": ("r21_conflicts", "return, cancel and ship together", 200),
    "r22": ("r22_turns", "two assistants and an agent in one contact", 100),
}

app = typer.Typer(
    help="Crash, race and cut the real thing on purpose, and count what was lost.", no_args_is_help=True
)


def _command(name: str) -> Callable[..., None]:
    def torture(
        count: Count = None, seed: Seed = 1, database: Base = "sqlite", server: Server = LOCAL_SERVER
    ) -> None:
        if not run_case(name, database, server, count=count, seed=seed).ok:
            raise typer.Exit(1)

    return torture


for _name, (_module, _what, _times) in CASES.items():
    app.command(_name, help=f"{_what.capitalize()}. Default: {_times} times.")(_command(_name))


@app.command("all")
def run_all(
    count: Count = None, seed: Seed = 1, database: Base = "sqlite", server: Server = LOCAL_SERVER
) -> None:
    """Every case, one after another."""
    reports = [run_case(name, database, server, count=count, seed=seed) for name in CASES]
    if not all(report.ok for report in reports):
        raise typer.Exit(1)


def run_case(name: str, kind: Kind, server: str, *, count: int | None, seed: int) -> Report:
    """Run one case with its progress on stderr and its line on stdout."""
    module, what, usual = CASES[name]
    times = count or usual
    run: Callable[..., Report] = importlib.import_module(f"madoguchi.cli.dev.torture.{module}").run
    # Drawn by hand: the driver forks, and a fork must not inherit a drawing thread.
    with Progress(console=Console(stderr=True), transient=True, auto_refresh=False) as progress:
        task = progress.add_task(f"{name} {what} ({kind})", total=times)

        def tick(done: int) -> None:
            progress.update(task, completed=done, refresh=True)

        report = run(kind, server, count=times, seed=seed, tick=tick)
    typer.echo(report.line())
    return report
