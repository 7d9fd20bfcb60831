"""Which outcome and target an understanding leads to, from a table by kind, and a flow from what it was told."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from madoguchi.assistant.kinds import queue_of
from madoguchi.assistant.understanding import CONNECT_TO_AGENT, OUT_OF_SCOPE, Understanding


def outcome_of(understood: Understanding) -> tuple[str, str]:
    """(outcome, target) of the leading kind; a person where one is wished for (taxonomy rule 10)."""
    kind = leading_kind(understood)
    if understood.wants_person and kind != CONNECT_TO_AGENT:
        return "handover", queue_of(kind)
    return outcome_of_kind(kind)


def outcome_of_kind(kind: str) -> tuple[str, str]:
    """(outcome, target) to which the flow of a kind leads when nothing stands in its way."""
    return table().get(kind, ("answer", "answer"))


def outcome_of_run(kind: str, answers: Mapping[str, Any]) -> tuple[str, str]:
    """The same for a flow that has begun, with its recorded answers: the first that turns it, else as its kind."""
    turns = _turns().get(kind, {})
    told = (key if answer is True else f"{key}={answer}" for key, answer in answers.items())
    return next((turns[each] for each in told if each in turns), outcome_of_kind(kind))


def leading_kind(understood: Understanding) -> str:
    return understood.intents[0].kind if understood.intents else OUT_OF_SCOPE


@cache
def table() -> dict[str, tuple[str, str]]:
    return {
        f"{group}.{name}": (outcome, target)
        for group, kinds in _read("outcomes.toml").items()
        for name, (outcome, target) in kinds.items()
    }


@cache
def _turns() -> dict[str, dict[str, tuple[str, str]]]:
    """Kind → what is told → outcome and target."""
    return {
        f"{group}.{name}": {told: (outcome, target) for told, (outcome, target) in turns.items()}
        for group, kinds in _read("turns.toml").items()
        for name, turns in kinds.items()
    }


def _read(file: str) -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name(file).read_text(encoding="utf-8"))
