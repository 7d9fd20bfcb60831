"""`madoguchi encrypt` and `decrypt`: bring what is stored under the key of the settings, or out from under it."""

from __future__ import annotations

import contextlib
from pathlib import Path
from types import ModuleType
from typing import Any

import typer
from rich.console import Console
from rich.progress import track

from madoguchi.cli.options import DataFolder, SettingsFile, load
from madoguchi.engine.files import FileStore
from madoguchi.engine.sealing import Seal
from madoguchi.engine.settings import Settings, SettingsError

console = Console()
_PLAIN = b"SQLite format 3\0"


def encrypt(settings: SettingsFile = None, data: DataFolder = None) -> None:
    """Encrypt database file and stored files with data.encryption_key. Stop the counter first.

    Broken off, it is begun again: what is encrypted already stays, and the old database goes when the new one is whole.
    Backups from before are as readable as they were.
    """
    chosen = load(settings, data)
    _rewrite(chosen, _seal_of(chosen), sealed=True)


def decrypt(settings: SettingsFile = None, data: DataFolder = None) -> None:
    """Store everything readable again; the key must still be set. Stop the counter first, and unset the key afterwards."""
    chosen = load(settings, data)
    _rewrite(chosen, _seal_of(chosen), sealed=False)


def _seal_of(chosen: Settings) -> Seal:
    seal = Seal.of(chosen)
    if seal is None:
        raise SettingsError("data.encryption_key is not set: `openssl rand -hex 32` makes one")
    return seal


def _rewrite(chosen: Settings, seal: Seal, *, sealed: bool) -> None:
    done = "encrypted" if sealed else "readable"
    path = Path(chosen.database_url.removeprefix("sqlite:///"))
    if not chosen.database_url.startswith("sqlite"):
        console.print("PostgreSQL keeps its own files: encrypt the disk that they are on.")
    elif path.exists() and _is_plain(path) == sealed:
        _export(path, seal, sealed=sealed)
        console.print(f"[green]✓[/] {path} is {done}")
    store = FileStore(chosen.data.folder / "files", seal)
    keys = list(store.stored())
    changed = sum(
        store.seal_again(key, seal if sealed else None)
        for key in track(keys, "Files", console=console, disable=not keys)
    )
    console.print(f"[green]✓[/] {changed} of {len(keys)} files are now {done}")


def _is_plain(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_PLAIN)) == _PLAIN


def _export(path: Path, seal: Seal, *, sealed: bool) -> None:
    """Write the other form beside the file, compare, and put it in its place. Raises typer.Exit when it is in use."""
    cipher = _sqlcipher()
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    here, there = ("", _pragma(seal)) if sealed else (_pragma(seal), "")
    with contextlib.closing(cipher.connect(str(path), isolation_level=None, timeout=5)) as old:
        if here:
            old.execute(f"PRAGMA key = {here}")
        try:
            old.execute("PRAGMA locking_mode = EXCLUSIVE")
            old.execute("BEGIN EXCLUSIVE")
            old.execute("COMMIT")
            old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except cipher.OperationalError as error:
            typer.secho(f"the database is in use ({error}); stop the counter first", fg="red", err=True)
            raise typer.Exit(1) from error
        old.execute(f"ATTACH DATABASE ? AS other KEY {there or _EMPTY}", (str(part),))
        old.execute("SELECT sqlcipher_export('other')")
        if _counts(old, "main") != _counts(old, "other"):
            raise RuntimeError("the copy is not whole; nothing was changed")
        old.execute("DETACH DATABASE other")
    for leftover in (f"{path}-wal", f"{path}-shm"):
        Path(leftover).unlink(missing_ok=True)
    part.chmod(path.stat().st_mode & 0o777)
    part.replace(path)


_EMPTY = "''"


def _pragma(seal: Seal) -> str:
    return f"\"x'{seal.database_key}'\""


def _counts(connection: Any, schema: str) -> dict[str, int]:
    """Table → rows."""
    names = [
        row[0] for row in connection.execute(f"SELECT name FROM {schema}.sqlite_master WHERE type = 'table'")
    ]
    return {
        name: connection.execute(f'SELECT count(*) FROM {schema}."{name}"').fetchone()[0]
        for name in names
        if not name.startswith("sqlite_")
    }


def _sqlcipher() -> ModuleType:
    import sqlcipher3.dbapi2 as cipher

    return cipher  # type: ignore[no-any-return]
