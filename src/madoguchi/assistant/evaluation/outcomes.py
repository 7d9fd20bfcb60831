"""Which outcome and target an understanding leads to, from a table by kind."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

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


def leading_kind(understood: Understanding) -> str:
    return understood.intents[0].kind if understood.intents else OUT_OF_SCOPE


@cache
def table() -> dict[str, tuple[str, str]]:
    groups = tomllib.loads(Path(__file__).with_name("outcomes.toml").read_text(encoding="utf-8"))
    return {
        f"{group}.{name}": (outcome, target)
        for group, kinds in groups.items()
        for name, (outcome, target) in kinds.items()
    }
