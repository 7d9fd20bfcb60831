"""`madoguchi assistant compare` and `adopt`: whether a new model is better, and putting it live or taking it back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy.engine import make_url

from madoguchi.assistant.evaluation import read_lines
from madoguchi.assistant.learning import adopting, comparing, phrase_files, queries
from madoguchi.assistant.learning.comparing import Compared, Example, Share
from madoguchi.assistant.learning.model import LearningTurn
from madoguchi.assistant.understanding import Model, ModelFileError, Phrases, Understander
from madoguchi.cli.options import DataFolder, SettingsFile, load
from madoguchi.engine import audit
from madoguchi.engine.database import Database, Transaction
from madoguchi.engine.migrations import migrate
from madoguchi.engine.opening import open_database
from madoguchi.engine.settings import Settings

_SHOWN = 30

Files = Annotated[
    list[Path] | None,
    typer.Argument(help="Evaluation files (JSON lines) to measure with, besides the held-out labels."),
]


def compare(
    files: Files = None,
    settings: SettingsFile = None,
    data: DataFolder = None,
) -> None:
    """Measure the model learnt last beside the one that serves: languages, dangers, wishes for a person, lines worse.

    Ends with 1 where `adopt` would refuse.
    """
    chosen = load(settings, data)
    compared = _compare(chosen, _candidate(chosen), files or [])
    _print(compared)
    raise typer.Exit(1 if _objected(chosen, compared) else 0)


def adopt(
    files: Files = None,
    back: Annotated[
        bool, typer.Option("--back", help="Let the model serve again that served before.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Adopt it although something got worse.")] = False,
    settings: SettingsFile = None,
    data: DataFolder = None,
) -> None:
    """Put the model learnt last live, if it hears every danger and wish for a person and is not less accurate.

    A running counter takes it over with the next message; the one before is kept for `--back`.
    """
    chosen = load(settings, data)
    if back:
        _go_back(chosen)
        return
    learnt = _candidate(chosen)
    compared = _compare(chosen, learnt, files or [])
    _print(compared)
    if _objected(chosen, compared) and not force:
        raise _stop("not adopted; --force adopts it all the same")
    adopting.adopt(chosen.data.folder)
    _note(chosen, "learning.adopted", learnt.digest)
    typer.echo("adopted; `madoguchi assistant adopt --back` takes it back")


def write_phrases(chosen: Settings) -> None:
    """The labels as phrases of the shop, before they are learnt."""
    folder = chosen.assistant.phrases or chosen.data.folder / "phrases"
    lines = phrase_files.write_phrases(labels_of(chosen), folder)
    if lines:
        typer.echo(f"{folder}: {lines} lines from labels")


def labels_of(chosen: Settings) -> list[LearningTurn]:
    with _database(chosen) as database:
        return database.read(queries.labelled) if database else []


def _go_back(chosen: Settings) -> None:
    try:
        adopting.go_back(chosen.data.folder)
    except adopting.NothingThere:
        raise _stop("nothing was adopted: the model that comes with Madoguchi serves") from None
    except ModelFileError as error:
        raise _stop(str(error)) from error
    digest = adopting.serving(chosen.data.folder).digest
    _note(chosen, "learning.went_back", digest)
    typer.echo("the model before serves again; the other one is a candidate again")


def _candidate(chosen: Settings) -> Model:
    try:
        return adopting.candidate(chosen.data.folder)
    except adopting.NothingThere:
        raise _stop("there is no new model: madoguchi assistant train") from None
    except ModelFileError as error:
        raise _stop(str(error)) from error


def _compare(chosen: Settings, learnt: Model, files: Sequence[Path]) -> Compared:
    examples = [
        *comparing.of_labels(labels_of(chosen)),
        *_of_files(files),
        *comparing.guards(Phrases.shipped()),
    ]
    pattern = chosen.shop.order_number_pattern
    serving = Understander(adopting.serving(chosen.data.folder), pattern)
    return comparing.compare(serving, Understander(learnt, pattern), examples, date.today())  # noqa: DTZ011


def _of_files(files: Sequence[Path]) -> Iterator[Example]:
    for file in files:
        try:
            lines, bad = read_lines(file.read_text("utf-8").splitlines())
        except (OSError, UnicodeDecodeError) as error:
            raise _stop(str(error)) from error
        for each in bad:
            typer.secho(f"{file}:{each.number}: {each.reason}", fg="yellow", err=True)
        yield from comparing.of_lines(lines)


def _print(compared: Compared) -> None:
    console = Console(width=110)
    table = Table("", "lines", "serves", "new", box=None, padding=(0, 2))
    for share in (*compared.accuracy, compared.emergencies, compared.persons):
        table.add_row(
            share.name, f"{share.lines:,}", _part(share, share.running), _part(share, share.candidate)
        )
    console.print(table)
    console.print(f"better: {len(compared.better)} lines, worse: {len(compared.worse)} lines")
    for each in compared.worse[:_SHOWN]:
        was, now = comparing.leading(each.running), comparing.leading(each.candidate)
        console.print(f"  {each.example.text}: {was} → {now}", highlight=False, markup=False)
    if not compared.accuracy[0].lines:
        console.print("No labels held out and no file: accuracy was not measured.")


def _part(share: Share, right: int) -> str:
    return f"{right / share.lines:.3f}" if share.lines else "–"


def _objected(chosen: Settings, compared: Compared) -> bool:
    found = compared.objections(chosen.assistant.accuracy_may_fall)
    for share in found:
        typer.secho(
            f"worse: {share.name}, {share.running} → {share.candidate} of {share.lines} lines",
            fg="red",
            err=True,
        )
    return bool(found)


def _note(chosen: Settings, action: str, digest: str) -> None:
    with _database(chosen) as database:
        if database is not None:
            database.write(_record, action, digest)


def _record(tx: Transaction, action: str, digest: str) -> None:
    audit.record(
        tx,
        actor_kind="system",
        actor_id="command-line",
        action=action,
        object_kind="model",
        object_id=digest,
    )


@contextmanager
def _database(chosen: Settings) -> Iterator[Database | None]:
    """The counter's memory, where there is one: a model can be learnt on a machine without it."""
    url = make_url(chosen.database_url)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        yield None
        return
    database = open_database(chosen)
    try:
        migrate(database)
        yield database
    finally:
        database.close()


def _stop(problem: str) -> typer.Exit:
    typer.secho(problem, fg="red", err=True)
    return typer.Exit(1)
