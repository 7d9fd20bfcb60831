"""What an operator types: init, doctor, migrate, users, backup and restore, on a real data folder."""

from __future__ import annotations

import stat
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from madoguchi.cli import app
from madoguchi.counter.actors import Actor
from madoguchi.counter.contacts import queries, service
from madoguchi.engine.database import Database

run = CliRunner().invoke
VISITOR = Actor(kind="customer", id="vis_1")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    assert run(app, ["init"]).exit_code == 0
    return tmp_path


def say_something(folder: Path) -> str:
    database = Database(f"sqlite:///{folder / 'madoguchi.db'}")
    contact = database.write(service.open_contact, actor=VISITOR, channel="chat", language="ja")
    database.write(service.say, contact.id, actor=VISITOR, text="こんにちは", client_key="key-00000001")
    database.close()
    return contact.id


def words(folder: Path, contact_id: str) -> list[str]:
    database = Database(f"sqlite:///{folder / 'madoguchi.db'}")
    found = [entry.body.get("text", "") for entry in database.read(queries.entries, contact_id)]
    database.close()
    return found


def test_init_makes_everything_that_serve_needs_and_doctor_agrees(home: Path) -> None:
    key = home / "data" / "secret.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    result = run(app, ["doctor"])
    assert result.exit_code == 0, result.output
    assert "✗" not in result.output


def test_init_replaces_nothing_unasked(home: Path) -> None:
    before = (home / "madoguchi.toml").read_text("utf-8")
    assert run(app, ["init"]).exit_code == 1
    assert (home / "madoguchi.toml").read_text("utf-8") == before


def test_doctor_says_what_is_wrong_and_how_to_mend_it(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "data" / "secret.key").chmod(0o644)
    monkeypatch.setenv("MADOGUCHI_SERVER__HOST", "0.0.0.0")
    monkeypatch.setenv("MADOGUCHI_MAIL__SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("MADOGUCHI_MAIL__SMTP_PORT", "9")
    result = run(app, ["doctor"])
    assert result.exit_code == 1
    assert "chmod 600" in result.output
    assert "TLS proxy" in result.output
    assert "[mail]" in result.output


def test_an_unknown_setting_stops_every_command_with_the_nearest_name(home: Path) -> None:
    (home / "madoguchi.toml").write_text("[shop]\nnmae = 'x'\n", "utf-8")
    result = run(app, ["migrate"])
    assert result.exit_code != 0
    assert "shop.name" in str(result.exception)


def test_a_backup_brings_every_word_back(home: Path) -> None:
    contact_id = say_something(home / "data")
    assert run(app, ["backup", "night.zip"]).exit_code == 0
    assert stat.S_IMODE((home / "night.zip").stat().st_mode) == 0o600
    key = (home / "data" / "secret.key").read_bytes()
    assert run(app, ["restore", "night.zip"]).exit_code == 1, "a folder in use is not replaced unasked"
    result = run(app, ["restore", "night.zip", "--data", str(home / "elsewhere")])
    assert result.exit_code == 0, result.output
    assert words(home / "elsewhere", contact_id) == ["", "こんにちは"]
    assert (home / "elsewhere" / "secret.key").read_bytes() == key


def test_a_backup_with_a_strange_path_is_refused(home: Path) -> None:
    run(app, ["backup", "night.zip"])
    with zipfile.ZipFile(home / "night.zip", "a") as archive:
        archive.writestr("data/../../evil", "x")
    result = run(app, ["restore", "night.zip", "--data", str(home / "elsewhere")])
    assert result.exit_code == 1
    assert not (home / "evil").exists()


def test_migrate_twice_is_migrate_once(home: Path) -> None:
    first, second = run(app, ["migrate"]), run(app, ["migrate"])
    assert first.exit_code == second.exit_code == 0
    assert first.output == second.output
