"""`madoguchi import` as it is typed, and that its document names every column."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from madoguchi.cli.importing import import_command
from madoguchi.connectors.embedded.importing import shopify
from madoguchi.connectors.embedded.importing.csv_files import COLUMNS
from tests.importing.conftest import EXAMPLES

app = typer.Typer()
app.command()(import_command)
Write = Callable[..., Path]
DOCUMENT = Path(__file__).parents[2] / "docs" / "import.md"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")


def run(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.output


def test_the_examples_come_in_and_a_table_says_so(tmp_path: Path) -> None:
    code, output = run(EXAMPLES / "csv", "--data", tmp_path / "data")
    assert code == 0
    assert "注文" in output and "追加" in output and "すべて取り込みました。" in output
    assert (tmp_path / "data" / "madoguchi.db").exists()
    code, output = run(EXAMPLES / "csv", "--data", tmp_path / "data", "--language", "en")
    assert code == 0
    assert "Unchanged" in output and "Everything was taken over." in output


def test_a_problem_ends_with_one_and_says_where_and_why(tmp_path: Path, write: Write) -> None:
    path = write("customers.csv", "shop_ref,name,email\n1,A,no-address\n2,B,b@example.jp\n")
    code, output = run(path, "--data", tmp_path / "data")
    assert code == 1
    assert "customers.csv、2行目、列「email」: 「no-address」はここでは使えません。" in output
    assert "1件の問題がありました。ほかは取り込みました。" in output
    code, output = run(path, "--data", tmp_path / "data2", "--atomic", "--language", "en")
    assert code == 1
    assert "customers.csv, line 2, column email: “no-address” cannot be used here." in output
    assert "1 problem; nothing was taken over (--atomic)." in output


def test_square_brackets_in_a_file_are_not_taken_for_colours(tmp_path: Path, write: Write) -> None:
    path = write("customers.csv", "shop_ref,name,language\n1,A,[bold]\n")
    _, output = run(path, "--data", tmp_path / "data")
    assert "[bold]" in output


@pytest.mark.parametrize("table", COLUMNS)
def test_the_document_names_every_column_of(table: str) -> None:
    text = DOCUMENT.read_text("utf-8")
    part = text.split(f"### {table}.csv", 1)[1].split("### ", 1)[0].split("\n## ", 1)[0]
    named = {line.split("`")[1] for line in part.splitlines() if line.startswith("| `")}
    assert named == {column.name for column in COLUMNS[table]}  # type: ignore[index]


def test_the_document_names_the_columns_that_an_export_needs() -> None:
    text = DOCUMENT.read_text("utf-8")
    assert all(f"`{name}`" in text for name in shopify.NEEDED)
