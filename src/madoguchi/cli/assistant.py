"""`madoguchi assistant`: learning the model that understands customers, and measuring it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from madoguchi.assistant.understanding import PhraseFileError, Phrases
from madoguchi.assistant.understanding.late import OWN_MODEL
from madoguchi.assistant.understanding.model import SHIPPED
from madoguchi.cli.options import DataFolder, SettingsFile, load

app = typer.Typer(no_args_is_help=True)


@app.command()
def train(
    phrases: Annotated[
        Path | None,
        typer.Option(
            "--phrases", help="Learn from this folder alone, instead of the shipped and own phrases."
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Model file; default: the one in the data folder that is used."),
    ] = None,
    shipped: Annotated[
        bool,
        typer.Option(
            "--shipped", help="Make the model that comes with Madoguchi, from its own phrases alone."
        ),
    ] = False,
    settings: SettingsFile = None,
    data: DataFolder = None,
) -> None:
    """Learn the assistant's model from phrases: those that come with Madoguchi, and the shop's own.

    Takes some minutes; needs the extra `train`. The running counter uses the new model from its next start.
    """
    try:
        from madoguchi.assistant.understanding import training
    except ImportError as error:
        raise _stop("learning needs scikit-learn: pip install 'madoguchi[train]'") from error
    chosen = load(settings, data)
    folder = chosen.data.folder
    try:
        if phrases is not None:
            learnt_from = Phrases.read(phrases)
        else:
            learnt_from = Phrases.shipped()
            own = chosen.assistant.phrases or folder / "phrases"
            if not shipped and own.is_dir():
                learnt_from |= Phrases.read(own)
    except PhraseFileError as error:
        raise _stop(str(error)) from error
    model, held_out = training.train(learnt_from)
    file = out or (SHIPPED if shipped else folder / OWN_MODEL)
    file.parent.mkdir(parents=True, exist_ok=True)
    model.save(file)
    table = Table("language", "held-out lines", "kind right", "category right", box=None, padding=(0, 2))
    for language, lines in held_out.lines.items():
        table.add_row(
            language,
            f"{lines:,}",
            f"{held_out.right[language]:.3f}",
            f"{held_out.category_right[language]:.3f}",
        )
    Console().print(table)
    typer.echo(f"{file}: {len(model.kinds)} kinds, {file.stat().st_size / 1e6:.1f} MB")


def _stop(problem: str) -> typer.Exit:
    typer.secho(problem, fg="red", err=True)
    return typer.Exit(1)
