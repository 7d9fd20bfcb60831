"""`madoguchi knowledge`: what an operator or lead types to bring articles in and to try them."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from madoguchi.cli import app

run = CliRunner().invoke
ASKED = "\n".join(f"ペンギン便の集荷{number}" for number in range(10))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, "午後に伺います。")
    (tmp_path / "ours" / "articles.toml").write_text(
        'penguin = { kinds = ["order_delivery.carrier_issue"] }\n', "utf-8"
    )
    return tmp_path / "ours"


def write(home: Path, body: str) -> None:
    path = home / "ours" / "ja" / "penguin.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    head = f'title = "ペンギン便の集荷"\nupdated = 2026-11-20\nasked_as = """\n{ASKED}\n"""'
    path.write_text(f"+++\n{head}\n+++\n{body}\n", "utf-8")


def test_articles_come_in_are_listed_found_and_remembered(folder: Path) -> None:
    first = run(app, ["knowledge", "import", str(folder), "--by", "佐藤"])
    assert "1 articles, 1 changed" in first.output, first.output
    assert "1 articles, 0 changed" in run(app, ["knowledge", "import", str(folder)]).output
    write(folder.parent, "夕方に伺います。")
    assert "1 changed" in run(app, ["knowledge", "import", str(folder)]).output
    assert "penguin" in run(app, ["knowledge", "list"]).output
    assert "penguin" in run(app, ["knowledge", "search", "ペンギン便の集荷"]).output
    history = run(app, ["knowledge", "history", "penguin"]).output
    assert "佐藤  created" in history
    assert "command-line  changed" in history


def test_a_folder_with_a_mistake_changes_nothing(folder: Path) -> None:
    write(folder.parent, "{shop.nam}が伺います。")
    refused = run(app, ["knowledge", "import", str(folder)])
    assert refused.exit_code == 1
    assert "did you mean {shop.name}?" in refused.output
    assert "penguin" not in run(app, ["knowledge", "search", "ペンギン便の集荷"]).output


def test_the_shipped_articles_pass_their_check(folder: Path) -> None:
    checked = run(app, ["knowledge", "check"])
    assert checked.exit_code == 0, checked.output
    assert "missing" not in checked.output


def test_a_question_without_an_answer_ends_with_one(folder: Path) -> None:
    assert run(app, ["knowledge", "search", "tell me a joke", "--language", "en"]).exit_code == 1
