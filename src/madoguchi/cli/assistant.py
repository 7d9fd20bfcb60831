"""`madoguchi assistant`: learning the model that understands customers, and measuring it."""

from __future__ import annotations

import json
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from madoguchi.assistant.evaluation import Judged, Line, Measured, measure, read_lines
from madoguchi.assistant.learning.adopting import CANDIDATE
from madoguchi.assistant.understanding import (
    Model,
    ModelFileError,
    PhraseFileError,
    Phrases,
    Understander,
)
from madoguchi.assistant.understanding.late import OWN_MODEL
from madoguchi.assistant.understanding.model import SHIPPED
from madoguchi.cli import conversing, teaching, words
from madoguchi.cli.accuracy import measure_accuracy
from madoguchi.cli.options import DataFolder, SettingsFile, load
from madoguchi.engine.settings import Settings
from madoguchi.kit.clock import Clock, system_clock
from madoguchi.rehearsal.labelled import say_all
from madoguchi.rehearsal.stage import SHOP, stage

app = typer.Typer(
    help="What the assistant understands and says: learning, measuring, trying.", no_args_is_help=True
)
app.command("converse")(conversing.converse)
app.command("compare")(teaching.compare)
app.command("adopt")(teaching.adopt)
app.command("words")(words.words)
app.command("accuracy")(measure_accuracy)


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
        typer.Option("--out", help="Model file; default: the candidate in the data folder."),
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
    """Learn a new model from phrases: those that come with Madoguchi, the shop's own, and what was labelled.

    Takes some minutes; needs the extra `train`. `compare` tells whether it is better, `adopt` puts it live.
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
            if not shipped:
                teaching.write_phrases(chosen)
            if not shipped and own.is_dir():
                learnt_from |= Phrases.read(own)
    except PhraseFileError as error:
        raise _stop(str(error)) from error
    model, held_out = training.train(learnt_from)
    file = out or (SHIPPED if shipped else folder / CANDIDATE)
    file.parent.mkdir(parents=True, exist_ok=True)
    model.save(file)
    alarms = sorted(held_out.heard)
    table = Table(
        *("language", "held-out lines", "kind right", "category right"),
        *(f"{name} heard" for name in alarms),
        box=None,
        padding=(0, 2),
    )
    for language, lines in held_out.lines.items():
        table.add_row(
            language,
            f"{lines:,}",
            f"{held_out.right[language]:.3f}",
            f"{held_out.category_right[language]:.3f}",
            *(f"{held_out.heard[name].get(language, 0.0):.3f}" for name in alarms),
        )
    Console().print(table)
    typer.echo(f"{file}: {len(model.kinds)} kinds, {file.stat().st_size / 1e6:.1f} MB")


@app.command()
def evaluate(
    file: Annotated[Path, typer.Argument(help="Lines of JSON, one labelled message each.", metavar="FILE")],
    as_json: Annotated[bool, typer.Option("--json", help="Write one JSON object.")] = False,
    model: Annotated[
        Path | None, typer.Option("--model", help="Model file; default: the one that is used.")
    ] = None,
    on: Annotated[
        datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="As if it were this day.")
    ] = None,
    settings: SettingsFile = None,
    data: DataFolder = None,
) -> None:
    """Measure how labelled messages are dealt with. Calls nothing outside.

    Each is said at a counter with the demonstration shop, by a customer who owns the order numbers in it; what the
    first turn led to is judged. A line: {"id", "lang", "text", "category", "subcategory", "slots": {}, "expected": {"outcome", "target", "ask": []}}.
    Ends with 1 if there were lines that could not be read.
    """
    chosen = load(settings, data)
    own = chosen.data.folder / OWN_MODEL
    try:
        rows = file.read_text("utf-8").splitlines()
        by = model or (own if own.is_file() else SHIPPED)
        learnt = Model.load(by)
    except (OSError, UnicodeDecodeError, ModelFileError) as error:
        raise _stop(str(error)) from error
    lines, bad = read_lines(rows)
    for each in bad:
        typer.secho(f"{file}:{each.number}: {each.reason}", fg="yellow", err=True)
    if not lines:
        raise _stop(f"{file}: no line to measure")
    told = measure(_held(lines, learnt, by, chosen, on))
    if as_json:
        left_out = [{"line": each.number, "reason": each.reason} for each in bad]
        typer.echo(json.dumps({**told.as_json(), "bad_lines": left_out}, ensure_ascii=False, indent=2))
    else:
        _print(told)
    raise typer.Exit(1 if bad else 0)


def _held(
    lines: list[Line], learnt: Model, file: Path, chosen: Settings, on: datetime | None
) -> list[Judged]:
    """Every line said at a counter that understands by `learnt`, which is in `file`."""
    clock: Clock = (lambda: on.replace(hour=12, tzinfo=UTC)) if on else system_clock
    shop = {**SHOP, "order_number_pattern": chosen.shop.order_number_pattern}
    with stage(clock=clock, shop=shop) as demo, tempfile.TemporaryDirectory(prefix="evaluate-") as folder:
        if file != SHIPPED:
            shutil.copy(file, Path(folder) / OWN_MODEL)
        with demo.house(Path(folder)) as house:
            understander = Understander(learnt, chosen.shop.order_number_pattern)
            said = say_all(house, understander, lines)
            return list(track(said, "Saying …", len(lines), console=Console(stderr=True)))


def _print(told: Measured) -> None:
    columns = {"all": told.whole, **told.by_language}
    table = Table("", *columns, box=None, padding=(0, 2))
    for name, value in told.whole.items():
        if isinstance(value, dict):
            for part in value:
                table.add_row(f"{name} {part}", *(f"{own[name][part]:.2f}" for own in columns.values()))
        else:
            table.add_row(name.replace("_", " "), *(_figure(own[name]) for own in columns.values()))
    console = Console()
    console.print(table)
    for expected, found, count in told.confused:
        console.print(f"{count:5}  {expected} → {found}", highlight=False, markup=False)


def _figure(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,}" if isinstance(value, int) else f"{value:.3f}"


def _stop(problem: str) -> typer.Exit:
    typer.secho(problem, fg="red", err=True)
    return typer.Exit(1)
