"""What a survey asks: one question, then two of those that apply, in turn, so that nobody is asked more than three. Pure.

Speed, kindness and convenience apply to every case (QLT-002), the refund and the history only to some (CMP-003).
"""

from __future__ import annotations

import zlib
from itertools import combinations
from typing import Literal, get_args

from madoguchi.engine.texts import tr

Aspect = Literal["speed", "kindness", "convenience", "refund", "history"]

ASPECTS: tuple[Aspect, ...] = get_args(Aspect)
ALWAYS: tuple[Aspect, ...] = ("speed", "kindness", "convenience")
SCORES = (5, 4, 3, 2, 1)
FIRST = "How was our help?"
_QUESTIONS: dict[Aspect, str] = {
    "speed": "Was it solved quickly?",
    "kindness": "Were you treated kindly?",
    "convenience": "Could you reach us when and how you liked?",
    "refund": "Did the refund or the return go smoothly?",
    "history": "Could you see at a glance what was said before?",
}
_NAMES: dict[Aspect, str] = {
    "speed": "Speed",
    "kindness": "Kindness",
    "convenience": "Convenience",
    "refund": "Smooth refund",
    "history": "History at a glance",
}
_REFUNDS = ("payment_refund.", "return_exchange_cancel.")
_ANSWERS = {5: "Very good", 4: "Good", 3: "Fair", 2: "Poor", 1: "Very poor"}


def applying(category: str, *, has_account: bool) -> tuple[Aspect, ...]:
    """The aspects of which a case of this category can be asked; who has an account finds the conversations there."""
    return (
        *ALWAYS,
        *(("refund",) if category.startswith(_REFUNDS) else ()),
        *(("history",) if has_account else ()),
    )


def following(case_id: str, category: str = "", *, has_account: bool = False) -> tuple[Aspect, Aspect]:
    """The two aspects that this case's survey asks after the first question; the others are other cases'."""
    pairs = list(combinations(applying(category, has_account=has_account), 2))
    return pairs[zlib.crc32(case_id.encode()) % len(pairs)]


def question(aspect: Aspect, language: str) -> str:
    return tr(language, _QUESTIONS[aspect])


def aspect_name(aspect: Aspect, language: str) -> str:
    return tr(language, _NAMES[aspect])


def answers(language: str) -> list[tuple[str, str]]:
    """(value, words), the best first."""
    return [(str(score), tr(language, _ANSWERS[score])) for score in SCORES]
