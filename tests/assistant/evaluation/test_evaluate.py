"""`madoguchi assistant evaluate`: measured offline, bad lines named, the same figures for each language."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from madoguchi.assistant.evaluation import read_lines
from madoguchi.assistant.evaluation.measures import same
from madoguchi.assistant.evaluation.outcomes import table
from madoguchi.assistant.kinds import kinds
from madoguchi.cli import app
from madoguchi.counter.routing.queues import queue_for

RETURN = {
    "id": "1",
    "lang": "ja",
    "text": "503-1234567-1234567を返品したいです",
    "category": "return_exchange_cancel",
    "subcategory": "return_request",
    "slots": {"order_id": "503-1234567-1234567", "desired_resolution": "return"},
    "expected": {"outcome": "action", "target": "start_return", "ask": ["return_reason"]},
}
HACKED = {
    "id": "2",
    "lang": "en",
    "text": "my account has been hacked",
    "category": "account_security",
    "subcategory": "account_security.account_takeover",
    "slots": {},
    "expected": {"outcome": "handover", "target": "security"},
}
MEASURES = {
    "category_accuracy",
    "subcategory_accuracy",
    "outcome_accuracy",
    "target_accuracy",
    "slot_f1",
    "emergency_recall",
    "false_actions",
    "latency_ms",
}


@pytest.mark.req("BOT-010")
def test_right_lines_are_measured_as_right(tmp_path: Path) -> None:
    told = evaluate(tmp_path, [json.dumps(RETURN), json.dumps(HACKED)], 0)
    assert told.keys() >= {*MEASURES, "by_language"}
    assert told["category_accuracy"] == told["subcategory_accuracy"] == 1
    assert told["outcome_accuracy"] == told["target_accuracy"] == 1
    assert told["slot_f1"] == 1
    assert told["emergency_recall"] == 1
    assert told["false_actions"] == 0
    assert told["latency_ms"]["p50"] <= told["latency_ms"]["p99"]
    assert set(told["by_language"]) == {"ja", "en"}
    assert told["by_language"]["ja"].keys() >= MEASURES


def test_a_wrong_deed_is_a_false_action_and_a_confused_pair(tmp_path: Path) -> None:
    everything = "503-1234567-1234567を返品したいです。未開封で、不要になりました"
    answer = {"outcome": "answer", "target": "answer"}
    wrong = {**RETURN, "text": everything, "subcategory": "return_policy", "expected": answer}
    told = evaluate(tmp_path, [json.dumps(wrong)], 0)
    assert told["false_actions"] == 1
    assert told["outcome_accuracy"] == 0
    assert told["subcategory_accuracy"] == 0
    assert told["confused"] == [
        {
            "expected": "return_exchange_cancel.return_policy",
            "found": "return_exchange_cancel.return_request",
            "lines": 1,
        }
    ]


def test_a_deed_that_was_only_begun_is_no_false_action(tmp_path: Path) -> None:
    """The order is named and the reason is asked for: nothing is offered yet that a yes would do."""
    asked = {**RETURN, "expected": {"outcome": "action", "target": "start_return", "ask": ["return_reason"]}}
    wrong = {**RETURN, "id": "2", "expected": {"outcome": "answer", "target": "answer", "ask": ["symptom"]}}
    told = evaluate(tmp_path, [json.dumps(asked), json.dumps(wrong)], 0)
    assert told["false_actions"] == 0
    assert told["ask_accuracy"] == 0.5


def test_what_is_not_our_business_is_rejected_and_our_own_business_is_not(tmp_path: Path) -> None:
    weather = {
        **RETURN,
        "text": "今日の天気はどうですか",
        "category": "general",
        "subcategory": "out_of_scope",
        "slots": {},
        "expected": {"outcome": "answer", "target": "answer"},
    }
    told = evaluate(tmp_path, [json.dumps(weather), json.dumps(RETURN)], 0)
    assert told["out_of_scope_harmless"] == 1
    assert told["false_rejections"] == 0
    called_ours = {**RETURN, "text": weather["text"], "slots": {}}
    assert evaluate(tmp_path, [json.dumps(called_ours)], 0)["false_rejections"] == 1


def test_a_line_may_name_its_customer_and_whole_orders(tmp_path: Path) -> None:
    """C1004 of the demonstration owns a kettle; nobody else's number is needed in the words."""
    line = {
        **RETURN,
        "text": "電気ケトルを返品したいです。未開封で、不要になりました",
        "customer": "C1004",
        "slots": {},
        "expected": {"outcome": "action", "target": "start_return"},
    }
    told = evaluate(tmp_path, [json.dumps(line)], 0)
    assert told["target_accuracy"] == 1
    assert told["false_actions"] == 0


def test_bad_lines_are_named_with_number_and_reason_and_the_others_measured(tmp_path: Path) -> None:
    rows = ["{", "", json.dumps(RETURN), json.dumps({**RETURN, "subcategory": "no_such_kind"})]
    told = evaluate(tmp_path, rows, 1)
    assert told["lines"] == 1
    assert [each["line"] for each in told["bad_lines"]] == [1, 4]
    assert "no_such_kind" in told["bad_lines"][1]["reason"]


def test_a_file_without_a_usable_line_ends_with_one(tmp_path: Path) -> None:
    (tmp_path / "lines.jsonl").write_text("nothing\n", encoding="utf-8")
    done = CliRunner().invoke(app, ["assistant", "evaluate", str(tmp_path / "lines.jsonl")])
    assert done.exit_code == 1


def test_the_table_for_people_names_every_language(tmp_path: Path) -> None:
    file = tmp_path / "lines.jsonl"
    file.write_text("\n".join([json.dumps(RETURN), json.dumps(HACKED)]), encoding="utf-8")
    done = CliRunner().invoke(app, ["assistant", "evaluate", str(file), "--data", str(tmp_path)])
    assert done.exit_code == 0, done.output
    assert "subcategory accuracy" in done.output


def test_a_line_without_a_text_is_bad() -> None:
    good, bad = read_lines([json.dumps({**RETURN, "text": ""})])
    assert good == []
    assert bad[0].reason.startswith("text")


def test_every_kind_has_an_outcome_and_queues_exist() -> None:
    assert set(table()) == set(kinds())
    queues = {queue_for(kind) for kind in kinds()} | {
        "supervisor",
        "privacy",
        "interpreter",
        "disputes",
        "general",
    }
    for kind, (outcome, target) in table().items():
        assert outcome in ("answer", "action", "handover", "other_channel"), kind
        assert outcome != "handover" or target in queues, kind


@pytest.mark.parametrize(
    ("expected", "found", "right"),
    [
        (3000, 3000, True),
        ("3,000", 3000, True),
        ("090-1234-5678", "09012345678", True),
        ("ヤマト", "やまと", True),
        (["a", "b"], "b", True),
        (True, True, True),
        (3000, 300, False),
        ("x", "y", False),
    ],
)
def test_slot_values_are_compared_by_what_they_mean(expected: object, found: object, right: bool) -> None:
    assert same(expected, found) is right


def evaluate(
    folder: Path, rows: list[str], exit_code: int
) -> dict[str, object] | dict[str, dict[str, object]]:
    file = folder / "lines.jsonl"
    file.write_text("\n".join(rows), encoding="utf-8")
    done = CliRunner().invoke(
        app, ["assistant", "evaluate", str(file), "--json", "--on", "2026-11-21", "--data", str(folder)]
    )
    assert done.exit_code == exit_code, done.output
    return json.loads(done.stdout)  # type: ignore[no-any-return]
