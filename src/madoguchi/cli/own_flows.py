"""`madoguchi flow export` and `import`: the shop's own dialogues as files, to be kept and carried to another house."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from madoguchi.assistant.own_flows import keeping
from madoguchi.assistant.own_flows.checking import WORDS, Known, findings
from madoguchi.assistant.own_flows.keeping import DRAFT, IN_FORCE, Version
from madoguchi.assistant.own_flows.model import Dialogue, DialogueError, from_toml, to_toml
from madoguchi.cli.options import DataFolder, SettingsFile, load
from madoguchi.counter.actors import Actor
from madoguchi.counter.problems import Conflict
from madoguchi.counter.routing.queues import queues
from madoguchi.engine.database import Database, Transaction
from madoguchi.engine.migrations import migrate
from madoguchi.engine.opening import open_database
from madoguchi.engine.settings import Settings

OPERATOR = Actor(kind="system", id="command-line")


def export_flows(
    folder: Annotated[Path, typer.Argument(help="Folder for the files; it is made.")],
    drafts: Annotated[bool, typer.Option("--drafts", help="Drafts instead of what is in force.")] = False,
    settings: SettingsFile = None,
    data: DataFolder = None,
) -> None:
    """Write the shop's own dialogues as TOML files, one for each."""
    database = _open(load(settings, data))
    try:
        wanted = DRAFT if drafts else IN_FORCE
        found = [each for each in database.read(keeping.newest) if each.state == wanted]
    finally:
        database.close()
    folder.mkdir(parents=True, exist_ok=True)
    for version in found:
        path = folder / f"{version.id}.toml"
        path.write_text(_file(version), "utf-8")
        typer.echo(str(path))
    typer.echo(f"{len(found)} written")


def import_flows(
    files: Annotated[list[Path], typer.Argument(help="TOML files, as `export` writes them.", exists=True)],
    check: Annotated[
        bool, typer.Option("--check", help="Say what the checks find and write nothing.")
    ] = False,
    settings: SettingsFile = None,
    data: DataFolder = None,
) -> None:
    """Bring dialogues in as drafts; somebody puts them in force in the console. All of them or none.

    A draft that is there already is replaced. Ends with 1 where a file is no dialogue or, with `--check`, is not ready.
    """
    chosen = load(settings, data)
    read = [(path, _read(path)) for path in files]
    database = _open(chosen)
    try:
        known = database.read(_known, chosen)
        ready = [_say(path, dialogue, known) for path, dialogue in read]
        if not check:
            database.write(_draft, [dialogue for _, dialogue in read])
            typer.echo(f"{len(read)} drafted")
    except Conflict as problem:
        raise _stop(f"changed meanwhile: {problem.code}") from problem
    finally:
        database.close()
    if check and not all(ready):
        raise typer.Exit(1)


def _open(chosen: Settings) -> Database:
    if not chosen.data.url:
        chosen.data.folder.mkdir(parents=True, exist_ok=True)
    database = open_database(chosen)
    migrate(database)
    return database


def _file(version: Version) -> str:
    return f"# Version {version.version}, {version.state}\n{to_toml(version.dialogue)}"


def _read(path: Path) -> Dialogue:
    try:
        return from_toml(path.read_text("utf-8"))
    except (DialogueError, UnicodeDecodeError) as error:
        raise _stop(f"{path.name}: {error}") from error


def _known(tx: Transaction, chosen: Settings) -> Known:
    """Articles are looked at in the console, which reads them."""
    return Known(tuple(chosen.shop.languages), {each.id for each in queues(tx)})


def _say(path: Path, dialogue: Dialogue, known: Known) -> bool:
    """What the checks find, a line each; whether it may be put in force."""
    found = findings(dialogue, known)
    for each in found:
        kind = "note" if each.is_warning else "error"
        place = f" {each.step}" if each.step else ""
        typer.echo(f"{path.name}{place}: {kind}: {WORDS[each.code].format(**each.params)}")
    return all(each.is_warning for each in found)


def _draft(tx: Transaction, dialogues: list[Dialogue]) -> None:
    for dialogue in dialogues:
        there = keeping.draft_of(tx, dialogue.id)
        if there is None:
            keeping.begin(tx, OPERATOR, dialogue)
        else:
            keeping.save(tx, OPERATOR, dialogue, there.revision)


def _stop(words: str) -> typer.Exit:
    typer.echo(words, err=True)
    return typer.Exit(1)
