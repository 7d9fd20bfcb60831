"""`madoguchi search` makes the index anew, says how far it is, and `doctor` says it too."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from madoguchi.cli import app
from madoguchi.counter.search import finding, service
from madoguchi.counter.search.query import parse
from madoguchi.engine.database import Database
from tests.search.house import MISAKI, STAFF, House


@pytest.fixture
def data(sqlite_template: Path, tmp_path: Path) -> Path:
    """A data folder with two things said that are not in the index."""
    folder = tmp_path / "data"
    folder.mkdir()
    shutil.copy(sqlite_template, folder / "madoguchi.db")
    database = _database(folder)
    House(database).open(MISAKI, "返品したい")
    database.close()
    return folder


def _database(data: Path) -> Database:
    return Database(f"sqlite:///{data / 'madoguchi.db'}")


def _run(*words: str) -> tuple[int, str]:
    told = CliRunner().invoke(app, list(words))
    return told.exit_code, told.output


def test_rebuild_brings_everything_in_and_status_tells_how_far_it_is(data: Path) -> None:
    code, told = _run("search", "status", "--data", str(data))
    assert (code, "2 entries behind" in told) == (1, True)
    code, told = _run("search", "rebuild", "--data", str(data))
    assert code == 0 and "1 contacts" in told
    code, told = _run("search", "status", "--data", str(data))
    assert code == 0 and "0 entries behind" in told
    database = _database(data)
    assert database.read(service.behind) == 0
    assert len(database.read(finding.find, STAFF, parse("返品")).found) == 1
    database.close()
    assert _run("search", "rebuild", "--data", str(data))[0] == 0
    assert _run("search", "scrub", "--data", str(data))[0] == 0


def test_doctor_tells_how_far_behind_the_search_is(data: Path) -> None:
    assert "search: 2 entries behind" in _run("doctor", "--data", str(data))[1]
    _run("search", "rebuild", "--data", str(data))
    assert "✓ search: 0 entries behind" in _run("doctor", "--data", str(data))[1]
