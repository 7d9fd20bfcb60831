"""Opening what an installation has stored: its database and its files, with the key that the settings name."""

from __future__ import annotations

import contextlib
import importlib
from pathlib import Path

from madoguchi.engine.database import Database
from madoguchi.engine.files import FileStore
from madoguchi.engine.sealing import Seal
from madoguchi.engine.settings import Settings, SettingsError
from madoguchi.engine.stream import Stream
from madoguchi.kit.clock import Clock, system_clock


def open_database(
    settings: Settings, *, clock: Clock = system_clock, stream: Stream | None = None
) -> Database:
    """The database of these settings. Raises SettingsError when the key does not fit what is there."""
    seal = Seal.of(settings)
    url = settings.database_url
    if not url.startswith("sqlite"):
        return Database(url, clock=clock, stream=stream)
    key = seal.database_key if seal else ""
    _try_key(url.removeprefix("sqlite:///"), key)
    return Database(url, clock=clock, stream=stream, key=key)


def open_files(settings: Settings) -> FileStore:
    """Attachments and raw mails of these settings."""
    return FileStore(settings.data.folder / "files", Seal.of(settings))


def _try_key(path: str, key: str) -> None:
    if not Path(path).exists():
        return
    driver = importlib.import_module("sqlcipher3.dbapi2" if key else "sqlite3")
    with contextlib.closing(driver.connect(path)) as connection:
        if key:
            connection.execute(f"PRAGMA key = \"x'{key}'\"")
        try:
            connection.execute("SELECT count(*) FROM sqlite_master")
        except driver.DatabaseError as error:
            if "not a database" not in str(error):
                raise
            raise SettingsError(
                "the database cannot be opened with this key; one that is not encrypted yet: `madoguchi encrypt`"
                if key
                else "the database is encrypted: set data.encryption_key"
            ) from error
