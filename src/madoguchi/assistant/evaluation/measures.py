"""How well a set of lines is dealt with: accuracy, macro F1, slots, emergencies, questions, false actions, latency. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from madoguchi.assistant.evaluation.lines import Line
from madoguchi.assistant.understanding import OUT_OF_SCOPE
from madoguchi.assistant.understanding.emergency import KINDS as EMERGENCIES
from madoguchi.assistant.understanding.emergency import UNRECOGNIZED_ORDER
from madoguchi.kit import text as kit_text

_SLOT_NOISE = re.compile(r"[\s\-‐–—_・,.]+")
_SHOWN_PAIRS = 15


@dataclass(frozen=True)
class Judged:
    """One line beside what was understood of it and what the turn led to.

    `began`: the flow that runs or ran last, if any. `outcome`, `target`: where the assistant went, or where the flow
    that it began leads. `offered`: targets of deeds that were done or whose confirmation was asked for. `asked`: the
    slot that was asked for. `milliseconds`: to understand the line; `turn_milliseconds`: to answer it.
    """

    line: Line
    kind: str
    outcome: str
    target: str
    emergency: bool
    slots: dict[str, Any]
    milliseconds: float
    turn_milliseconds: float
    offered: frozenset[str]
    asked: str
    began: str


@dataclass(frozen=True)
class Measured:
    """`whole` and each of `by_language` hold the same measures; `confused` the commonest mistaken pairs; `slots`
    how often each slot was expected, found, and right.
    """

    whole: dict[str, Any]
    by_language: dict[str, dict[str, Any]]
    confused: list[tuple[str, str, int]]
    slots: dict[str, dict[str, int]]

    def as_json(self) -> dict[str, Any]:
        pairs = [{"expected": a, "found": b, "lines": n} for a, b, n in self.confused]
        return {**self.whole, "confused": pairs, "slots": self.slots, "by_language": self.by_language}


def measure(judged: Sequence[Judged]) -> Measured:
    languages = dict.fromkeys(each.line.lang for each in judged)
    mistaken = Counter((each.line.kind, each.kind) for each in judged if each.line.kind != each.kind)
    return Measured(
        whole=_measures(judged),
        by_language={
            language: _measures([each for each in judged if each.line.lang == language])
            for language in languages
        },
        confused=[(a, b, count) for (a, b), count in mistaken.most_common(_SHOWN_PAIRS)],
        slots=_slot_counts(judged),
    )


def _measures(judged: Sequence[Judged]) -> dict[str, Any]:
    precision, recall, slot_f1 = _slot_measures(judged)
    times = sorted(each.milliseconds for each in judged)
    turns = sorted(each.turn_milliseconds for each in judged)
    questions = [each for each in judged if each.line.expected.ask]
    outside = [each for each in judged if each.line.kind == OUT_OF_SCOPE]
    ours = [each for each in judged if each.line.kind != OUT_OF_SCOPE]
    with_outcome = [each for each in judged if each.line.expected.outcome]
    with_target = [each for each in judged if each.line.expected.target]
    urgent = [each for each in judged if each.line.kind in EMERGENCIES]
    return {
        "lines": len(judged),
        "category_accuracy": _share(judged, lambda each: _category(each.kind) == each.line.category),
        "subcategory_accuracy": _share(judged, lambda each: each.kind == each.line.kind),
        "category_macro_f1": _macro_f1([(each.line.category, _category(each.kind)) for each in judged]),
        "subcategory_macro_f1": _macro_f1([(each.line.kind, each.kind) for each in judged]),
        "outcome_accuracy": _share(with_outcome, lambda each: each.outcome == each.line.expected.outcome),
        "target_accuracy": _share(with_target, lambda each: each.target == each.line.expected.target),
        "slot_precision": precision,
        "slot_recall": recall,
        "slot_f1": slot_f1,
        "emergency_recall": _share(urgent, lambda each: each.emergency),
        "false_emergencies": sum(each.emergency for each in judged if each.line.kind not in EMERGENCIES),
        "ask_accuracy": _share(questions, lambda each: each.asked in each.line.expected.ask),
        "false_actions": sum(_is_false_action(each) for each in with_target),
        "out_of_scope_harmless": _share(outside, _is_harmless),
        "false_rejections": _share(ours, lambda each: each.kind == OUT_OF_SCOPE),
        "latency_ms": {"p50": _percentile(times, 0.50), "p99": _percentile(times, 0.99)},
        "turn_ms": {"p50": _percentile(turns, 0.50), "p99": _percentile(turns, 0.99)},
    }


def _category(kind: str) -> str:
    return kind.partition(".")[0]


def _is_harmless(each: Judged) -> bool:
    """Answered, or asked what is meant; nobody called, nothing begun."""
    return not each.offered and (each.outcome == "answer" or (not each.began and each.outcome != "handover"))


def _is_false_action(each: Judged) -> bool:
    """A deed, or its confirmation, that the line does not want.

    Every emergency wants the lock first (HND-011), and an order of a stranger that it be stopped (ORD-014).
    """
    wanted = {each.line.expected.target}
    if each.line.kind in EMERGENCIES:
        wanted.add("lock_account")
    if each.line.kind == UNRECOGNIZED_ORDER:
        wanted.add("cancel_order")
    return bool(each.offered - wanted)


def _share(judged: Sequence[Judged], right: Callable[[Judged], bool]) -> float | None:
    return round(sum(map(right, judged)) / len(judged), 4) if judged else None


def _macro_f1(pairs: Sequence[tuple[str, str]]) -> float | None:
    """Mean over the classes that occur among the right answers."""
    classes = {expected for expected, _ in pairs}
    hits = Counter(expected for expected, found in pairs if expected == found)
    wanted, given = Counter(expected for expected, _ in pairs), Counter(found for _, found in pairs)
    scores = [2 * hits[name] / (wanted[name] + given[name]) for name in classes]
    return round(sum(scores) / len(scores), 4) if scores else None


def _slot_measures(judged: Sequence[Judged]) -> tuple[float | None, float | None, float | None]:
    counts = _slot_counts(judged).values()
    hits, expected, found = (sum(each[key] for each in counts) for key in ("right", "expected", "found"))
    precision = round(hits / found, 4) if found else None
    recall = round(hits / expected, 4) if expected else None
    both = expected + found
    return precision, recall, round(2 * hits / both, 4) if both else None


def _slot_counts(judged: Sequence[Judged]) -> dict[str, dict[str, int]]:
    expected: Counter[str] = Counter()
    found: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for each in judged:
        wanted = {name: value for name, value in each.line.slots.items() if value is not None}
        expected.update(wanted.keys())
        found.update(each.slots.keys())
        right.update(
            name for name, value in wanted.items() if name in each.slots and same(value, each.slots[name])
        )
    return {
        name: {"expected": expected[name], "found": found[name], "right": right[name]}
        for name in sorted(expected | found)
    }


def same(expected: Any, found: Any) -> bool:
    """Numbers by value, texts without regard to case, width, spaces and hyphens; of a list any one will do."""
    if isinstance(expected, list):
        return any(same(each, found) for each in expected)
    if isinstance(expected, bool) or isinstance(found, bool):
        return bool(expected) == bool(found)
    if isinstance(found, int | float):
        try:
            return float(str(expected).replace(",", "")) == float(found)
        except ValueError:
            return False
    return _plain(str(expected)) == _plain(str(found))


def _plain(text: str) -> str:
    return _SLOT_NOISE.sub("", kit_text.fold(text))


def _percentile(ordered: Sequence[float], share: float) -> float | None:
    if not ordered:
        return None
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 3)
