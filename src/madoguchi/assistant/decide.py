"""What the assistant does next: one table, read from the top, the first row that fits wins.

Understanding proposes, this table decides. Order of rows: a pressed button is exact; a wish for a person and an
emergency come before everything that is said in words (BOT-024, HND-002, HND-011); then the question on the table,
so that a yes belongs to its proposal; then what the words are about; then what to do when nothing was understood
(BOT-022, HND-001).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

Pressed = Literal["", "person", "topic", "open", "old", "resume", "solved"]
Certainty = Literal["none", "likely", "clear"]


class Move(StrEnum):
    HAND_OVER = "hand_over"
    EMERGENCY = "emergency"
    CONTINUE = "continue"
    CORRECT = "correct"
    BACK_OUT = "back_out"
    STEP_BACK = "step_back"
    START = "start"
    REPEAT = "repeat"
    RESUME = "resume"
    CLOSE = "close"
    CLARIFY = "clarify"
    GREET = "greet"
    THANK = "thank"
    REPHRASE = "rephrase"
    OFFER_PERSON = "offer_person"
    OFFER_WAYS = "offer_ways"


@dataclass(frozen=True)
class Situation:
    """Everything the table looks at. `fits`: the open question can read the words; `fits_earlier`: an answered one can."""

    pressed: Pressed = ""
    wants_person: bool = False
    emergency: bool = False
    perhaps_emergency: bool = False  # the score alone says so, and what the words are about is something else
    strong_words: bool = False
    legal: bool = False
    question: bool = False
    fits: bool = False
    fits_earlier: bool = False
    free_question: bool = False  # the open question takes any words
    only_offered: bool = False  # nothing hangs on the open question: ways out, a person
    correction: bool = False
    denies: bool = False  # begins with a no, and goes on
    only_the_no: bool = False  # and the open question reads nothing but that no
    stops: bool = False
    steps_back: bool = False
    intent: Certainty = "none"
    same_kind: bool = False  # the clear intent is the running flow's own
    puts_aside: bool = False  # begins with "before that, …" or "by the way, …"
    volunteers: bool = False  # a later question of the running flow is answered
    greeting: bool = False
    thanks: bool = False
    offered_person: bool = False  # the last thing we did was to offer a person
    offered_ways: bool = False  # … or ways around a long queue
    crowded: bool = False  # many wait for a person, and the matter is an ordinary one
    at_once: bool = False  # the shop hands over without an offer
    misses: int = 0  # turns in a row that were not understood
    max_misses: int = 2
    foreign: bool = False  # in a language that we can tell but not read


@dataclass(frozen=True)
class Row:
    name: str
    when: Callable[[Situation], bool]
    move: Move


TABLE = (
    # Buttons are exact.
    Row("the button for a person", lambda s: s.pressed == "person", Move.HAND_OVER),
    Row("a button of the open question", lambda s: s.pressed == "open", Move.CONTINUE),
    Row("a topic button", lambda s: s.pressed == "topic", Move.START),
    Row("go on with what was put aside", lambda s: s.pressed == "resume", Move.RESUME),
    Row("solved or not", lambda s: s.pressed == "solved", Move.CLOSE),
    Row("a button of a question that is over", lambda s: s.pressed == "old", Move.REPEAT),
    # At once: people in danger, people who want people
    Row("an emergency", lambda s: s.emergency, Move.EMERGENCY),
    Row("a person is wanted", lambda s: s.wants_person, Move.HAND_OVER),
    Row("perhaps an emergency", lambda s: s.perhaps_emergency, Move.CLARIFY),
    Row("legal words", lambda s: s.legal, Move.START),
    Row("anger", lambda s: s.strong_words, Move.HAND_OVER),
    # The question on the table.
    Row("stop this", lambda s: s.question and s.stops and (s.free_question or not s.fits), Move.BACK_OUT),
    Row("one step back", lambda s: s.question and s.steps_back, Move.STEP_BACK),
    Row(
        "that was wrong, it is …",
        lambda s: (
            s.question
            and s.fits_earlier
            and (
                (s.correction and not s.fits)
                or (s.denies and (s.free_question or s.only_offered or s.only_the_no or not s.fits))
            )
        ),
        Move.CORRECT,
    ),
    Row(
        "own words, but another subject",
        lambda s: (
            (s.free_question or (s.question and s.puts_aside)) and s.intent == "clear" and not s.same_kind
        ),
        Move.START,
    ),
    Row("the question is answered", lambda s: s.question and s.fits, Move.CONTINUE),
    Row(
        "an earlier answer is named anew",
        lambda s: s.question and s.fits_earlier and s.correction,
        Move.CORRECT,
    ),
    Row("a later question is answered first", lambda s: s.question and s.volunteers, Move.REPEAT),
    # What it is about.
    Row("another subject", lambda s: s.intent == "clear" and not s.same_kind, Move.START),
    Row(
        "the same subject once more",
        lambda s: s.question and s.intent == "clear" and s.misses == 0,
        Move.REPEAT,
    ),
    Row("the same subject, finished before", lambda s: not s.question and s.intent == "clear", Move.START),
    Row("nothing wrong, only a no", lambda s: s.question and s.correction and s.misses == 0, Move.STEP_BACK),
    Row("thanks", lambda s: s.thanks and not s.question and s.intent == "none", Move.THANK),
    Row("a greeting", lambda s: s.greeting and s.intent == "none" and s.misses == 0, Move.GREET),
    # Not understood.
    Row("other ways were offered, and again nothing", lambda s: s.offered_ways, Move.HAND_OVER),
    Row(
        "it would be a person, but many wait",
        lambda s: s.crowded and (s.offered_person or (s.at_once and s.misses + 1 >= s.max_misses)),
        Move.OFFER_WAYS,
    ),
    Row("a person was offered, and again nothing", lambda s: s.offered_person, Move.HAND_OVER),
    Row(
        "not understood too often, and people take over at once",
        lambda s: s.at_once and s.misses + 1 >= s.max_misses,
        Move.HAND_OVER,
    ),
    Row("a language we do not read", lambda s: s.foreign and s.intent == "none", Move.OFFER_PERSON),
    Row("not understood too often", lambda s: s.misses + 1 >= s.max_misses, Move.OFFER_PERSON),
    Row("one of a few subjects", lambda s: not s.question and s.intent == "likely", Move.CLARIFY),
    Row("not understood", lambda s: True, Move.REPHRASE),
)


def decide(situation: Situation) -> Row:
    """The first row that fits. Pure."""
    return next(row for row in TABLE if row.when(situation))
