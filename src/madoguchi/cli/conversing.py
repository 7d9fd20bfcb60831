"""`madoguchi assistant converse`: written conversations, held and checked."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from madoguchi.rehearsal.script import ScriptError, play, read_script
from madoguchi.rehearsal.stage import stage


def converse(
    scripts: Annotated[list[Path], typer.Argument(exists=True, help="Script files, or folders of them.")],
) -> None:
    """Hold written conversations over a throw-away copy of the demonstration shop, each on a fresh one.

    Ends with 1 when one does not go as written, with 2 when one cannot be read.
    """
    console = Console()
    files = [file for path in scripts for file in (sorted(path.rglob("*.txt")) if path.is_dir() else [path])]
    try:
        wanted = [read_script(file) for file in files]
    except ScriptError as error:
        typer.secho(str(error), fg="red", err=True)
        raise typer.Exit(2) from error
    failed = 0
    with stage() as built:
        for script in wanted:
            with built.house() as house:
                failure = play(script, house)
            failed += failure is not None
            mark = "[green]✓[/]" if failure is None else "[red]✗[/]"
            console.print(f"{mark} {script.name}", highlight=False, soft_wrap=True)
            if failure is not None:
                console.print(str(failure), markup=False, highlight=False, soft_wrap=True)
    console.print(f"{len(wanted) - failed} of {len(wanted)} conversations went as written")
    raise typer.Exit(1 if failed else 0)
