"""`madoguchi assistant accuracy`: what is understood of a folder of labelled lines, beside what was reached before."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from madoguchi.assistant.evaluation import Line, read_lines
from madoguchi.assistant.evaluation.accuracy import (
    ALL,
    FloorsError,
    Place,
    Share,
    accuracy,
    losses,
    read_floors,
    write_floors,
)
from madoguchi.assistant.understanding import OUT_OF_SCOPE, Understander

REACHED = "reached.toml"
_MAY_BE_LOST = 1
_AS_IF = date(2026, 11, 21)


def measure_accuracy(
    folder: Annotated[Path, typer.Argument(help="Holds one file of labelled lines for each language.")],
    model: Annotated[
        Path | None, typer.Option("--model", help="Model file; default: the one that comes with Madoguchi.")
    ] = None,
    write: Annotated[
        bool, typer.Option("--write", help="Keep the figures of now as what must be reached.")
    ] = False,
) -> None:
    """Print how many lines are understood, by language and category, and end with 1 where more were before.

    What was reached stands in the folder, in reached.toml. Of a language not one line may be lost, of a category in
    it one.
    """
    lines = [line for file in sorted(folder.glob("*.jsonl")) for line in _lines(file)]
    if not lines:
        _stop(f"{folder}: no line to measure")
    understander = Understander.load(file=model) if model else Understander.load()

    def kind_of(line: Line) -> str:
        found = understander.understand(line.text, today=_AS_IF).intents
        return found[0].kind if found else OUT_OF_SCOPE

    now = accuracy(lines, kind_of)
    _print(now)
    kept = folder / REACHED
    if write:
        kept.write_text(write_floors(now), "utf-8")
        return
    try:
        reached = read_floors(kept.read_text("utf-8")) if kept.is_file() else {}
    except FloorsError as error:
        _stop(f"{kept}: {error}")
    lost = losses(now, reached, tolerance=_MAY_BE_LOST)
    for each in lost:
        typer.secho(
            f"worse: {each.language} {each.category}, {each.reached} → {each.now.right} of {each.now.lines} lines",
            fg="red",
            err=True,
        )
    raise typer.Exit(1 if lost else 0)


def _lines(file: Path) -> list[Line]:
    good, bad = read_lines(file.read_text("utf-8").splitlines())
    if bad:
        _stop(f"{file}:{bad[0].number}: {bad[0].reason}")
    return good


def _print(now: dict[Place, Share]) -> None:
    languages = list(dict.fromkeys(language for language, _ in now))
    categories = sorted({category for _, category in now} - {ALL})
    table = Table(box=None)
    for heading in ("kind right", *languages):
        table.add_column(heading, no_wrap=True)
    for category in (*categories, ALL):
        table.add_row(category, *(_share(now.get((language, category))) for language in languages))
    Console(width=110).print(table)


def _share(share: Share | None) -> str:
    return f"{share.value:.3f} of {share.lines}" if share else "–"


def _stop(why: str) -> None:
    typer.secho(why, fg="red", err=True)
    raise typer.Exit(1)
