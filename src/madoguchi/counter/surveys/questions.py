"""What a survey asks: one question, then two of three, in turn, so that nobody is asked more than three (QLT-002). Pure."""

from __future__ import annotations

import zlib
from typing import Literal, get_args

from madoguchi.engine.texts import tr

Aspect = Literal["speed", "kindness", "convenience"]

ASPECTS: tuple[Aspect, ...] = get_args(Aspect)
SCORES = (5, 4, 3, 2, 1)
FIRST = "How was our help?"
_QUESTIONS: dict[Aspect, str] = {
    "speed": "Was it solved quickly?",
    "kindness": "Were you treated kindly?",
    "convenience": "Could you reach us when and how you liked?",
}
_NAMES: dict[Aspect, str] = {"speed": "Speed", "kindness": "Kindness", "convenience": "Convenience"}
_ANSWERS = {5: "Very good", 4: "Good", 3: "Fair", 2: "Poor", 1: "Very poor"}


def following(case_id: str) -> tuple[Aspect, Aspect]:
    """The two aspects that this case's survey asks after the first question; the third one is another case's."""
    left_out = zlib.crc32(case_id.encode()) % len(ASPECTS)
    first, second = (aspect for place, aspect in enumerate(ASPECTS) if place != left_out)
    return first, second


def question(aspect: Aspect, language: str) -> str:
    return tr(language, _QUESTIONS[aspect])


def aspect_name(aspect: Aspect, language: str) -> str:
    return tr(language, _NAMES[aspect])


def answers(language: str) -> list[tuple[str, str]]:
    """(value, words), the best first."""
    return [(str(score), tr(language, _ANSWERS[score])) for score in SCORES]
