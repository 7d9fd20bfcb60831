"""`madoguchi mail`: look at mails as the counter reads them, and try the whole way on a folder of old ones."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from madoguchi.channels.mail.reading import Mail
from madoguchi.channels.mail.reading.safely import SafeReader
from madoguchi.cli.options import SettingsFile, load
from madoguchi.rehearsal.mails import replay

app = typer.Typer(help="Mails as the counter reads them.", no_args_is_help=True)


@app.command("read")
def read_command(
    files: Annotated[list[Path], typer.Argument(help="Raw mails (.eml).", exists=True, dir_okay=False)],
    as_json: Annotated[bool, typer.Option("--json", help="Write one JSON object a line.")] = False,
) -> None:
    """Show what is read of mails: sender, words, quotes, files, what is wrong with them. Changes nothing.

    Ends with 1 if one of them could not be read.
    """
    unreadable = 0
    with SafeReader() as reader:
        for path in files:
            told = reader.read(path.read_bytes())
            if not isinstance(told, Mail):
                unreadable += 1
                typer.secho(f"{path}: cannot be read ({told.reason})", fg="red", err=True)
            elif as_json:
                typer.echo(json.dumps({"file": str(path), **_facts(told)}, ensure_ascii=False))
            else:
                _show(path, told)
    raise typer.Exit(1 if unreadable else 0)


@app.command("replay")
def replay_command(
    folder: Annotated[
        Path, typer.Argument(help="Folder of raw mails (*.eml, also in folders below).", exists=True)
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Write one JSON object.")] = False,
    settings: SettingsFile = None,
) -> None:
    """Send a folder of mails the whole way through a counter of its own, and count what became of them.

    Nothing of the running counter is touched and nothing is sent. `received`: mails taken. `doubled`: came twice.
    `cases`: began a case. `entries`: stand in a contact. `quarantined`: bulk, kept apart. `lost`: none of these; the
    command then ends with 1. `slowest_ms`: the longest that one mail took to be read and filed, by the clock;
    `cpu_max_ms`: the most processor time that one took.
    """
    told = replay(sorted(folder.rglob("*.eml")), load(settings, None))
    if as_json:
        typer.echo(json.dumps(asdict(told)))
    else:
        for name, value in asdict(told).items():
            typer.echo(f"{name:12} {value:,}" if isinstance(value, int) else f"{name:12} {value:,.1f}")
    raise typer.Exit(1 if told.lost else 0)


def _facts(mail: Mail) -> dict[str, object]:
    return {
        "message_id": mail.message_id,
        "from": mail.sender.address,
        "subject": mail.subject,
        "sent_at": mail.sent_at.isoformat() if mail.sent_at else None,
        "automatic": mail.automatic,
        "text": mail.text,
        "quoted": mail.quoted,
        "files": [{"name": each.name, "bytes": len(each.content)} for each in mail.files],
        "defects": list(mail.defects),
    }


def _show(path: Path, mail: Mail) -> None:
    console = Console(highlight=False, markup=False)
    console.rule(str(path))
    console.print(f"From     {mail.sender.name} <{mail.sender.address}>")
    console.print(f"Subject  {mail.subject}")
    if mail.automatic:
        console.print(f"Machine  {mail.automatic}")
    console.print(f"\n{mail.text}\n")
    if mail.quoted:
        console.print("\n".join(f"│ {line}" for line in mail.quoted.splitlines()) + "\n")
    for each in mail.files:
        console.print(f"File     {each.name} ({len(each.content):,} bytes)")
    for defect in mail.defects:
        console.print(f"Defect   {defect}")
