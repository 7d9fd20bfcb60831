"""`madoguchi flow` and `madoguchi assistant converse` as an operator types them."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from madoguchi.assistant.kinds import kinds
from madoguchi.cli import app

TRANSCRIPTS = Path(__file__).parents[1] / "assistant" / "transcripts"


def run(*words: str, typed: str = "") -> Result:
    return CliRunner().invoke(app, list(words), input=typed, env={"COLUMNS": "160"})


def test_the_list_names_every_kind_and_its_queue() -> None:
    said = run("flow", "list").output
    assert all(kind in said for kind in kinds())
    line = next(line for line in said.splitlines() if "payment_refund.refund_status" in line)
    assert "返金の状況" in line and "payments" in line


def test_a_flow_is_shown_as_it_is_written() -> None:
    result = run("flow", "show", "order_delivery.order_status", "--language", "en")
    assert result.exit_code == 0
    assert "your order details" in result.output
    assert "await choose_order(talk)" in result.output


def test_an_unknown_kind_is_refused() -> None:
    for command in ("show", "try"):
        result = run("flow", command, "order_delivery.nothing")
        assert result.exit_code == 2
        assert "flow list" in result.output


def test_a_flow_is_tried_with_words_and_numbers() -> None:
    result = run("flow", "try", "--language", "en", typed="show me my order 503-0001001-0000002\n\n")
    assert result.exit_code == 0
    assert "understood: order_delivery.order_status" in result.output
    assert "move: start" in result.output
    assert "ended: order_delivery.order_status: answer" in result.output


def test_a_conversation_that_goes_as_written_ends_with_nought() -> None:
    result = run("assistant", "converse", str(TRANSCRIPTS / "ja_card_fraud.txt"))
    assert result.exit_code == 0
    assert "1 of 1" in result.output


def test_a_conversation_that_goes_otherwise_says_where(tmp_path: Path) -> None:
    script = tmp_path / "wrong.txt"
    script.write_text(
        "who: C1001 en\ncustomer: I want to talk to a person\nresult: queue=payments\n", "utf-8"
    )
    result = run("assistant", "converse", str(tmp_path))
    assert result.exit_code == 1
    assert "line 3" in result.output and "queue is 'general'" in result.output


@pytest.mark.parametrize("text", ["客: こんにちは\n", "who: C1001\nsomebody: hello\n"])
def test_a_script_that_cannot_be_read_ends_with_two(text: str, tmp_path: Path) -> None:
    script = tmp_path / "odd.txt"
    script.write_text(text, "utf-8")
    assert run("assistant", "converse", str(script)).exit_code == 2
