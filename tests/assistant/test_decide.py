"""The decision table, row by row: one situation that the row is for, and that no row above takes it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.assistant.decide import TABLE, Move, Situation, decide

S = Situation
ROWS = {
    "the button for a person": S(pressed="person", question=True, emergency=True),
    "a button of the open question": S(pressed="open", question=True, wants_person=True),
    "a topic button": S(pressed="topic", question=True),
    "go on with what was put aside": S(pressed="resume"),
    "solved or not": S(pressed="solved", thanks=True),
    "a button of a question that is over": S(pressed="old", question=True),
    "an emergency": S(emergency=True, wants_person=True, question=True, fits=True),
    "a person is wanted": S(wants_person=True, question=True, fits=True, intent="clear"),
    "perhaps an emergency": S(perhaps_emergency=True, strong_words=True, question=True, intent="clear"),
    "legal words": S(legal=True, question=True, fits=True),
    "anger": S(strong_words=True, question=True, fits=True, intent="clear"),
    "stop this": S(question=True, stops=True),
    "one step back": S(question=True, steps_back=True),
    "that was wrong, it is …": S(question=True, correction=True, fits_earlier=True),
    "own words, but another subject": S(question=True, free_question=True, fits=True, intent="clear"),
    "the question is answered": S(question=True, fits=True, intent="clear"),
    "a later question is answered first": S(question=True, volunteers=True, intent="clear"),
    "another subject": S(question=True, intent="clear"),
    "the same subject once more": S(question=True, intent="clear", same_kind=True),
    "the same subject, finished before": S(intent="clear", same_kind=True),
    "nothing wrong, only a no": S(question=True, correction=True),
    "thanks": S(thanks=True),
    "a greeting": S(greeting=True),
    "a person was offered, and again nothing": S(offered_person=True, misses=2),
    "other ways were offered, and again nothing": S(offered_ways=True, crowded=True, misses=3),
    "it would be a person, but many wait": S(offered_person=True, crowded=True, misses=2),
    "not understood too often, and people take over at once": S(at_once=True, misses=1),
    "a language we do not read": S(foreign=True),
    "not understood too often": S(misses=1),
    "one of a few subjects": S(intent="likely"),
    "not understood": S(),
}


@pytest.mark.parametrize("row", [row for row in TABLE if row.name in ROWS], ids=lambda row: row.name)
def test_each_row_takes_the_situation_that_it_is_for(row: object) -> None:
    assert decide(ROWS[row.name]) is row  # type: ignore[attr-defined]


def test_every_row_has_its_example_and_can_be_reached() -> None:
    unreached = {row.name for row in TABLE} - set(ROWS)
    assert unreached <= {"an earlier answer is named anew"}


def test_an_answer_to_the_question_and_an_earlier_one_goes_to_the_open_question() -> None:
    both = Situation(question=True, fits=True, fits_earlier=True, correction=True)
    assert decide(both).move is Move.CONTINUE


situations = st.builds(
    Situation,
    pressed=st.sampled_from(["", "open", "topic", "old", "resume", "solved"]),
    wants_person=st.booleans(),
    emergency=st.booleans(),
    strong_words=st.booleans(),
    question=st.booleans(),
    fits=st.booleans(),
    intent=st.sampled_from(["none", "likely", "clear"]),
    stops=st.booleans(),
    thanks=st.booleans(),
    misses=st.integers(0, 5),
)


@pytest.mark.req("HND-002")
@given(situations)
def test_whoever_says_that_they_want_a_person_gets_one_whatever_else_is_so(seen: Situation) -> None:
    if seen.wants_person and not seen.pressed and not seen.emergency:
        assert decide(seen).move is Move.HAND_OVER


@pytest.mark.req("HND-011")
@given(situations)
def test_an_emergency_in_words_comes_before_every_flow(seen: Situation) -> None:
    if seen.emergency and not seen.pressed:
        assert decide(seen).move is Move.EMERGENCY


@given(situations)
def test_the_table_always_decides_and_only_an_open_question_is_continued(seen: Situation) -> None:
    if decide(seen).move is Move.CONTINUE and not seen.pressed:
        assert seen.question and seen.fits
