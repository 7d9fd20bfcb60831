"""`init`, `migrate` and `doctor`: setting the counter up and finding out what is wrong with it."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer
from pydantic import BaseModel
from rich.console import Console
from rich.markup import escape

from madoguchi.assistant.model import calls
from madoguchi.assistant.model.client import Client, ModelFailed, Question
from madoguchi.cli import mail_health
from madoguchi.cli.mail_health import Finding
from madoguchi.cli.options import DEFAULT_FILE, DataFolder, SettingsFile, load
from madoguchi.counter.orders.rules import Rules, RulesError
from madoguchi.engine.keys import Keys
from madoguchi.engine.migrations import migrate, newest_revision, revision_of
from madoguchi.engine.opening import open_database, open_files
from madoguchi.engine.sealing import Seal
from madoguchi.engine.settings import Settings

console = Console()
FREE_MB = 500
LONG_CALL = 12_000  # tokens of a reading, counted at the most


def init(
    file: Annotated[Path, typer.Argument(help="Settings file to write.")] = DEFAULT_FILE,
    data: DataFolder = None,
    force: Annotated[bool, typer.Option(help="Replace an existing file.")] = False,
) -> None:
    """Write a commented settings file, make the data folder, its key and the empty database."""
    if file.exists() and not force:
        typer.secho(f"{file} exists; --force replaces it", fg="red", err=True)
        raise typer.Exit(1)
    file.write_text(settings_template(data), encoding="utf-8")
    settings = load(file)
    Keys(settings.data.folder)
    database = open_database(settings)
    migrate(database)
    database.close()
    console.print(f"[green]✓[/] {file}\n[green]✓[/] {settings.data.folder}")
    console.print("Next: `madoguchi import …`, `madoguchi users add …`, `madoguchi serve`")


def migrate_command(settings: SettingsFile = None, data: DataFolder = None) -> None:
    """Bring the database to the newest revision; nothing is lost on the way."""
    chosen = load(settings, data)
    database = open_database(chosen)
    before = revision_of(database)
    with console.status("Migrating …"):
        migrate(database)
    console.print(f"{before or 'empty'} → {revision_of(database)}")
    database.close()


def doctor(settings: SettingsFile = None, data: DataFolder = None) -> None:
    """Check settings, database, mail, keys, clock and disk, and say how to mend what is wrong."""
    chosen = load(settings, data)
    checks: list[Callable[[Settings], Finding]] = [
        _python,
        _folder,
        _disk,
        _database,
        _durability,
        _policy,
        mail_health.way_out,
        mail_health.way_in,
        mail_health.template,
        mail_health.records,
        _keys,
        _encryption,
        _clock,
        _address,
        _identity,
        _model,
    ]
    bad = 0
    for check in checks:
        try:
            finding = check(chosen)
        except Exception as error:
            finding = Finding(check.__name__.strip("_"), False, str(error), "see the message")
        bad += not finding.fine
        mark = "[green]✓[/]" if finding.fine else "[red]✗[/]"
        console.print(f"{mark} {finding.what}: {escape(finding.detail)}")
        if not finding.fine:
            console.print(f"  → {escape(finding.mend)}")
    raise typer.Exit(1 if bad else 0)


def settings_template(data: Path | None = None) -> str:
    """The settings file with every key, its default and what it is for; defaults are commented out."""
    lines = [
        "# Settings of Madoguchi. Every key may also be set as MADOGUCHI_SECTION__KEY in the environment.",
        "",
    ]
    defaults = Settings.model_construct()
    for section in Settings.model_fields:
        model: BaseModel = getattr(defaults, section)
        lines += [f"[{section}]", *(f"# {line}" for line in (model.__doc__ or "").strip().splitlines()[:1])]
        for name, field in type(model).model_fields.items():
            if field.description:
                lines.append(f"# {field.description}")
            value = getattr(model, name)
            if section == "data" and name == "folder" and data is not None:
                lines.append(f"{name} = {_toml(str(data))}")
            else:
                lines.append(f"# {name} = {_toml(value)}")
        lines.append("")
    return "\n".join(lines)


def _toml(value: object) -> str:
    if value is None:
        return '""'
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, list):
        return f"[{', '.join(_toml(item) for item in value)}]"
    text = str(value)
    return f"'{text}'" if "\\" in text else f'"{text}"'


def _python(_: Settings) -> Finding:
    version = sys.version_info[:3]
    fine = version >= (3, 11, 0)
    return Finding("python", fine, ".".join(map(str, version)), "install Python 3.11 or newer")


def _folder(settings: Settings) -> Finding:
    folder = settings.data.folder
    fine = folder.is_dir() and os.access(folder, os.W_OK)
    return Finding(
        "data folder", fine, str(folder), "run `madoguchi init`, or give this user the right to write there"
    )


def _disk(settings: Settings) -> Finding:
    free = (
        shutil.disk_usage(settings.data.folder if settings.data.folder.is_dir() else Path.cwd()).free
        // 1_048_576
    )
    return Finding(
        "disk", free > FREE_MB, f"{free} MB free", f"make room; at least {FREE_MB} MB should be free"
    )


def _database(settings: Settings) -> Finding:
    database = open_database(settings)
    try:
        at, newest = revision_of(database), newest_revision()
        detail = f"{'SQLite' if database.is_sqlite else 'PostgreSQL'}, revision {at or 'none'} of {newest}"
        return Finding("database", at == newest, detail, "run `madoguchi migrate`")
    finally:
        database.close()


def _durability(settings: Settings) -> Finding:
    database = open_database(settings)
    try:
        if not database.is_sqlite:
            with database.engine.connect() as connection:
                value = str(connection.exec_driver_sql("SHOW synchronous_commit").scalar())
            return Finding(
                "durability", value != "off", f"synchronous_commit={value}", "set synchronous_commit=on"
            )
        with database.engine.connect() as connection:
            value = str(connection.exec_driver_sql("PRAGMA synchronous").scalar())
        sqlite = sqlite3.sqlite_version
        return Finding(
            "durability",
            value == "2",
            f"SQLite {sqlite}, synchronous={value}",
            "report this: it must be 2 (FULL)",
        )
    finally:
        database.close()


def _policy(settings: Settings) -> Finding:
    try:
        Rules.load(settings.data.policy)
    except (RulesError, OSError) as error:
        return Finding("policy", False, str(error), "mend the file; `madoguchi policy check FILE` tells more")
    return Finding("policy", True, str(settings.data.policy or "the one that comes with Madoguchi"))


def _keys(settings: Settings) -> Finding:
    path = settings.data.folder / "secret.key"
    if not path.exists():
        return Finding(
            "key", False, f"{path} is missing", "run `madoguchi init`, or restore it from the backup"
        )
    open_to_others = bool(path.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH))
    return Finding("key", not open_to_others, str(path), f"chmod 600 {path}")


def _encryption(settings: Settings) -> Finding:
    """Whether what is stored can be read by whoever gets hold of the disk (PRIV-001)."""
    if Seal.of(settings) is None:
        return Finding("encryption", True, "off; set data.encryption_key, or encrypt the disk")
    where = "files; PostgreSQL's own disk is yours to encrypt" if settings.data.url else "database and files"
    store = open_files(settings)
    plain = [key for key in store.stored() if not store.is_sealed(key)]
    return Finding(
        "encryption",
        not plain,
        f"{where}{f', but {len(plain)} files are from before' if plain else ''}",
        "stop the counter and run `madoguchi encrypt`",
    )


def _clock(settings: Settings) -> Finding:
    try:
        ZoneInfo(settings.shop.timezone)
    except ZoneInfoNotFoundError:
        return Finding(
            "clock", False, f"unknown time zone {settings.shop.timezone}", "use a name such as Asia/Tokyo"
        )
    now = datetime.now(UTC)
    first, second = time.monotonic(), time.time()
    steady = abs((time.monotonic() - first) - (time.time() - second)) < 1
    fine = now.year >= 2026 and steady
    return Finding("clock", fine, f"{now:%Y-%m-%d %H:%M:%S} UTC", "set the clock; run an NTP service")


def _address(settings: Settings) -> Finding:
    public = settings.server.host not in ("127.0.0.1", "localhost", "::1")
    fine = not public or settings.base_url.startswith("https://")
    return Finding(
        "address", fine, settings.base_url, "listen on 127.0.0.1 behind a TLS proxy and set server.base_url"
    )


def _identity(settings: Settings) -> Finding:
    secret = settings.identity.shop_token_secret
    if not secret:
        return Finding("identity", True, "own sign-in by mailed code")
    return Finding(
        "identity", len(secret) >= 32, "the shop's signed token", "use a secret of 32 characters or more"
    )


def _model(settings: Settings) -> Finding:
    model = settings.model
    if not model.connected:
        return Finding("language model", True, "none; the assistant works without one")
    where = f"{model.name} at {model.base_url}"
    if calls.price(model, LONG_CALL, model.max_tokens) > model.budget_contact * 1_000_000:
        mend = "raise model.budget_contact, or look at the prices: they are per million tokens"
        return Finding("language model", False, f"{where}: the budget of a contact allows no call", mend)
    client = Client(model)
    try:
        heard = client.complete(Question("Answer with the word ready.", "ready?"), model.total_s)
    except ModelFailed as failed:
        mend = "check [model]: base_url, api_key, name; until then the assistant works without it"
        return Finding("language model", False, f"{where}: {failed}", mend)
    finally:
        client.close()
    return Finding("language model", True, f"{where}, first word after {heard.first_token_ms} ms")
