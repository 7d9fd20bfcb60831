"""`madoguchi assistant words`: what an operator types to see, accept and take back the words of the shop."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from madoguchi.assistant.learning.words import queries, service
from madoguchi.assistant.learning.words.model import Sighting
from madoguchi.cli import app
from madoguchi.engine.database import Database
from madoguchi.engine.migrations import migrate

run = CliRunner().invoke


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    monkeypatch.chdir(tmp_path)
    assert run(app, ["assistant", "words"]).exit_code == 0
    found = Database(f"sqlite:///{next((tmp_path / 'data').glob('*.db'))}")
    migrate(found)
    now = datetime.now(UTC)
    said = [("ストックの件", "登山ポール")] * 4 + [("別の件", "綿シャツ")] * 4
    rows = [
        (f"con_{n}", [Sighting(1, "goods", f"c{n}", "ja", text, chosen, now)])
        for n, (text, chosen) in enumerate(said)
    ]
    found.write(service.keep, rows)
    return found


def test_words_are_printed_accepted_and_taken_back(database: Database) -> None:
    printed = run(app, ["assistant", "words"]).output
    assert "ストック" in printed
    assert "4 of 4" in printed
    accepted = run(app, ["assistant", "words", "--accept", "ストック"])
    assert accepted.exit_code == 0, accepted.output
    assert database.read(queries.accepted) == [("ストック", "登山ポール")]
    assert "✓" in accepted.output
    assert run(app, ["assistant", "words", "--back", "ストック"]).exit_code == 0
    assert database.read(queries.accepted) == []


def test_a_word_that_is_not_suggested_is_refused(database: Database) -> None:
    for option in ("--accept", "--reject", "--back"):
        assert run(app, ["assistant", "words", option, "ほげ"]).exit_code == 1
