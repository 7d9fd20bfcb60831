"""`backup` and `restore`: everything in one file, made while the counter runs."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import tempfile
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track

from madoguchi import __version__
from madoguchi.cli.options import DataFolder, SettingsFile, load
from madoguchi.engine.database import Database
from madoguchi.engine.migrations import migrate, revision_of
from madoguchi.engine.opening import open_database

console = Console()
MANIFEST = "madoguchi.json"


def backup(
    file: Annotated[Path, typer.Argument(help="Where to write the backup (.zip).")],
    settings: SettingsFile = None,
    data: DataFolder = None,
) -> None:
    """Write database, attachments, mails and the key into one file; the counter may keep running."""
    chosen = load(settings, data)
    database = open_database(chosen)
    part = file.with_name(f"{file.name}.part")
    with (
        zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive,
        tempfile.TemporaryDirectory() as scratch,
    ):
        archive.writestr(
            MANIFEST,
            json.dumps(
                {
                    "version": __version__,
                    "revision": revision_of(database),
                    "kind": "sqlite" if database.is_sqlite else "postgresql",
                    "at": datetime.now(UTC).isoformat(),
                }
            ),
        )
        archive.write(_dump(database, Path(scratch)), "database")
        files = [path for path in chosen.data.folder.rglob("*") if path.is_file() and _is_kept(path)]
        for path in track(files, "Files", console=console, disable=not files):
            archive.write(path, f"data/{path.relative_to(chosen.data.folder)}")
    part.chmod(0o600)
    part.replace(file)
    database.close()
    console.print(
        f"[green]✓[/] {file} ({file.stat().st_size // 1024} KiB). It holds the key that signs links: keep it safe."
    )
    if chosen.data.encryption_key.get_secret_value() or chosen.data.encryption_key_file:
        console.print("It is encrypted, and data.encryption_key is not in it: keep that elsewhere.")


def restore(
    file: Annotated[Path, typer.Argument(help="The backup to bring back.")],
    settings: SettingsFile = None,
    data: DataFolder = None,
    force: Annotated[bool, typer.Option(help="Replace what is in the data folder now.")] = False,
) -> None:
    """Bring a backup back into an empty data folder (or, with --force, in place of what is there)."""
    chosen = load(settings, data)
    folder = chosen.data.folder
    if folder.exists() and any(folder.iterdir()) and not force:
        typer.secho(f"{folder} is not empty; --force replaces what is in it", fg="red", err=True)
        raise typer.Exit(1)
    with zipfile.ZipFile(file) as archive:
        manifest = json.loads(archive.read(MANIFEST))
        kind = "sqlite" if chosen.database_url.startswith("sqlite") else "postgresql"
        if manifest["kind"] != kind:
            typer.secho(f"the backup is of {manifest['kind']}, the settings name {kind}", fg="red", err=True)
            raise typer.Exit(1)
        names = [name for name in archive.namelist() if name.startswith("data/")]
        _refuse_strange(names, folder)
        if folder.exists() and force:
            shutil.rmtree(folder)
        folder.mkdir(parents=True, exist_ok=True)
        for name in track(names, "Files", console=console, disable=not names):
            target = folder / name.removeprefix("data/")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(archive.read(name))
        (folder / "secret.key").chmod(0o600)
        _load(chosen.database_url, archive.read("database"))
    database = open_database(chosen)
    migrate(database)
    console.print(f"[green]✓[/] restored {manifest['at']} at revision {revision_of(database)}")
    database.close()


def _is_kept(path: Path) -> bool:
    return not path.name.startswith("madoguchi.db") and path.suffix not in (".part", ".zip")


def _dump(database: Database, scratch: Path) -> Path:
    target = scratch / "database"
    if database.is_sqlite:
        with database.engine.connect() as connection:
            connection.exec_driver_sql("VACUUM INTO ?", (str(target),))  # under the same key, if there is one
        return target
    subprocess.run(["pg_dump", "--format=custom", f"--file={target}", database.url], check=True)
    return target


def _load(url: str, content: bytes) -> None:
    if url.startswith("sqlite"):
        Path(url.removeprefix("sqlite:///")).write_bytes(content)
        return
    subprocess.run(
        ["pg_restore", "--clean", "--if-exists", "--no-owner", f"--dbname={url}"],
        input=io.BytesIO(content).getvalue(),
        check=True,
    )


def _refuse_strange(names: list[str], folder: Path) -> None:
    root = folder.resolve()
    for name in names:
        if not (root / name.removeprefix("data/")).resolve().is_relative_to(root):
            typer.secho(f"strange path in the backup: {name}", fg="red", err=True)
            raise typer.Exit(1)
