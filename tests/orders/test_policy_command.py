"""`madoguchi policy` as an operator uses it."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from madoguchi.cli.policy import app
from madoguchi.connectors.embedded.storing import put_order, put_product, put_seller
from madoguchi.counter.orders.rules import Rules
from madoguchi.engine.database import Database
from tests.orders.build import NUMBER, PRODUCTS, SELLERS, delivered, line
from tests.orders.test_rule_book import change


@pytest.fixture
def folder(tmp_path: Path, sqlite_database: Database) -> Path:
    """A data folder with one delivered order in it."""

    def stock(tx: object) -> None:
        for seller in SELLERS.values():
            put_seller(tx, seller)  # type: ignore[arg-type]
        for product in PRODUCTS.values():
            put_product(tx, product)  # type: ignore[arg-type]
        put_order(tx, delivered(line(seller_id="kobo")))  # type: ignore[arg-type]

    sqlite_database.write(stock)
    sqlite_database.close()
    (tmp_path / "test.db").rename(tmp_path / "madoguchi.db")
    return tmp_path


def explain(folder: Path, *words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["explain", NUMBER, *words, "--data", str(folder)])
    return result.exit_code, result.output


def test_explain_prints_the_verdict_the_reasons_and_the_rules_with_their_values(folder: Path) -> None:
    code, said = explain(folder, "return", "--line", "L1", "--on", "2026-11-21")
    assert code == 0
    assert "refused" in said
    assert "返品期間の10日を過ぎています" in said
    assert "seller.return_days" in said
    assert "kobo: 10" in said


def test_explain_speaks_english_and_counts_from_the_day_that_is_named(folder: Path) -> None:
    code, said = explain(
        folder, "return", "--line", "L1", "--reason", "defective", "--on", "2026-11-20", "--language", "en"
    )
    assert code == 0
    assert "allowed" in said
    assert "Day 10 of 10: within the return period." in said
    assert "→ ¥3,000 goes back to credit card (Visa 末尾4242), usually within 3–5 business days." in said
    assert "approval.assistant_limit.JPY" in said
    assert "10000" in said


def test_explain_tries_another_policy_file(folder: Path) -> None:
    other = folder / "mine.toml"
    other.write_text("[returns.sellers.kobo]\nwindow_days = 60\n", "utf-8")
    _, said = explain(folder, "return", "--on", "2026-12-24", "--policy", str(other))
    assert "allowed" in said
    assert "returns.sellers.kobo.window_days" in said


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("shred",), "there is no action 'shred'"),
        (("return", "--reason", "boredom"), "reason"),
        (("return", "--as", "king"), "--as is one of"),
    ],
)
def test_a_wrong_word_is_named(folder: Path, words: tuple[str, ...], hint: str) -> None:
    code, said = explain(folder, *words)
    assert code == 2
    assert hint in said


def test_every_action_can_be_explained(folder: Path) -> None:
    for action in ("cancel", "change_address", "change_lines", "change_payment", "exchange", "reship"):
        code, said = explain(folder, action)
        assert code == 0, said
        assert f"identity.actions.{action}" in said


def test_check_names_the_mistake_and_its_nearest_key(tmp_path: Path) -> None:
    wrong = tmp_path / "policy.toml"
    wrong.write_text("[returns]\nwindow_dais = 14\n", "utf-8")
    result = CliRunner().invoke(app, ["check", str(wrong)])
    assert result.exit_code == 1
    assert "did you mean `returns.window_days`?" in result.output
    wrong.write_text("[returns]\nwindow_days = 14\n", "utf-8")
    result = CliRunner().invoke(app, ["check", str(wrong)])
    assert result.exit_code == 0
    assert "returns.window_days = 14" in result.output


def test_show_prints_the_version_in_force_and_writes_it_as_a_file(folder: Path) -> None:
    database = Database(f"sqlite:///{folder / 'madoguchi.db'}")
    change(database, "returns.window_days = 5\n")
    database.close()
    exported = folder / "in-force.toml"
    result = CliRunner().invoke(app, ["show", "--export", str(exported), "--data", str(folder)])
    assert result.exit_code == 0, result.output
    assert "version 2" in result.output and "returns.window_days = 5" in result.output
    assert Rules.load(exported).returns.window_days == 5
    assert CliRunner().invoke(app, ["show", "--data", str(folder / "nowhere")]).exit_code == 1
