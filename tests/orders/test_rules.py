"""The policy file: what is refused, and how an operator is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from madoguchi.counter.orders.rules import Rules, RulesError


def write(folder: Path, text: str) -> Path:
    path = folder / "policy.toml"
    path.write_text(text, "utf-8")
    return path


def test_the_shipped_policy_has_the_figures_of_the_shop() -> None:
    rules = Rules.load()
    assert rules.returns.window_days == 30
    assert rules.approval.assistant_limit["JPY"] == 10000
    assert rules.approval.agent_limit["JPY"] == 30000
    assert rules.refund.tenders["card"].statement_days == 7


def test_a_file_changes_what_it_names_and_nothing_else(tmp_path: Path) -> None:
    path = write(tmp_path, '[returns]\nwindow_days = 14\n[returns.classes.books]\nopened = "yes"\n')
    rules = Rules.load(path)
    assert rules.returns.window_days == 14
    assert rules.returns.classes["books"].opened == "yes"
    assert rules.returns.classes["food"].returnable == "no"
    assert rules.general == Rules.load().general


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("[returns]\nwindow_day = 14\n", "did you mean `returns.window_days`?"),
        ("[retuns]\nwindow_days = 14\n", "did you mean `returns`?"),
        ('[returns.classes.foods]\nreturnable = "no"\n', "did you mean `returns.classes.food`?"),
        ("[identity.actions]\ncancle = 'order'\n", "did you mean `identity.actions.cancel`?"),
        (
            "[refund.tenders]\ncard = { low = 5, high = 3, business_days = true }\n",
            "low (5) is above high (3)",
        ),
        ("[general]\ntimezone = 'Mars/Olympus'\n", "no time zone"),
        ("[calendar]\nweekend = [1,2,3,4,5,6,7]\n", "must be a business day"),
        ("[returns]\nwindow_days = -1\n", "returns.window_days"),
        ("[returns\n", "policy.toml"),
    ],
)
def test_a_mistake_is_named_with_the_nearest_key(tmp_path: Path, text: str, hint: str) -> None:
    with pytest.raises(RulesError) as caught:
        Rules.load(write(tmp_path, text))
    assert hint in str(caught.value)


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(RulesError, match="no such file"):
        Rules.load(tmp_path / "nothing.toml")


def test_every_key_of_the_shipped_file_can_be_looked_up() -> None:
    rules = Rules.load()
    assert rules.value("returns.classes.food.returnable") == "no"
    assert rules.value("approval.assistant_limit.JPY") == 10000
    assert rules.value("seller.return_days") is None
