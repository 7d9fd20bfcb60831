"""What an own dialogue must be: nobody left standing, a person reachable, words for everybody; as data and as a file."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.assistant.own_flows.checking import PROTECTED, WORDS, Known, findings, is_usable
from madoguchi.assistant.own_flows.model import (
    DOES,
    Dialogue,
    DialogueError,
    from_table,
    from_toml,
    to_table,
    to_toml,
)
from madoguchi.assistant.own_flows.places import PLACES, fill, unknown_in
from madoguchi.assistant.own_flows.samples import examples
from madoguchi.kit.languages import NAMES

KIND = "order_delivery.delivery_delay"
JA_EN = Known(languages=("ja", "en"), queues={"orders"}, articles={"late"})


def said(text: str = "言葉") -> dict[str, str]:
    return {"ja": text, "en": "words"}


def dialogue(*steps: dict[str, Any], kind: str = KIND, **more: Any) -> Dialogue:
    return from_table({"kind": kind, "steps": list(steps), **more})


PERSON = {"name": "person", "does": "hand_over"}
END = {"name": "over", "does": "end"}


def asks(name: str, *to: str) -> dict[str, Any]:
    return {"name": name, "does": "ask", "words": said(), "options": [{"to": each, **said()} for each in to]}


def codes(found: Dialogue, known: Known = JA_EN) -> set[tuple[str, str]]:
    return {(each.step, each.code) for each in findings(found, known)}


@pytest.mark.parametrize(
    ("steps", "step", "code"),
    [
        ([], "", "no_steps"),
        ([{"name": "a", "does": "say", "words": said()}, END], "", "no_person"),
        ([asks("a", "person", "gone"), PERSON], "a", "leads_nowhere"),
        ([asks("a", "person"), PERSON, {"name": "b", "does": "say", "words": said()}], "b", "leads_nowhere"),
        ([asks("a", "person"), END, PERSON], "over", "not_reached"),
        ([asks("a"), PERSON], "a", "no_options"),
        ([PERSON, PERSON], "person", "name_twice"),
        ([{"name": "a", "does": "say", "words": {"en": "words"}}, PERSON], "a", "words_missing"),
        ([{"name": "a", "does": "say", "words": {"ja": "言葉"}}, PERSON], "a", "words_english"),
        ([{"name": "a", "does": "say", "words": said("{nonsense}")}, PERSON], "a", "place_unknown"),
        ([{"name": "a", "does": "say", "words": said("{order")}, PERSON], "a", "place_unknown"),
        ([{"name": "a", "does": "say", "words": said("{order}")}, PERSON], "a", "place_needs_order"),
        ([asks("a", "d", "person"), {"name": "d", "does": "deed"}, PERSON], "d", "deed_needs_order"),
        ([{"name": "a", "does": "link", "words": said(), "url": "http://x.jp"}, PERSON], "a", "link_unusable"),
        ([{"name": "a", "does": "link", "words": said(), "url": "//x.jp"}, PERSON], "a", "link_unusable"),
        ([{"name": "a", "does": "link", "words": said(), "url": "https://me@x.jp"}, PERSON], "a", "link_unusable"),
        ([{"name": "a", "does": "say", "article": "none"}, PERSON], "a", "article_unknown"),
        ([{**PERSON, "queue": "nobody"}], "person", "queue_unknown"),
    ],
)  # fmt: skip
def test_what_would_leave_a_customer_standing_is_said_at_its_step(
    steps: list[dict[str, Any]], step: str, code: str
) -> None:
    made = dialogue(*steps)
    assert (step, code) in codes(made)
    assert not is_usable(made, JA_EN) and code in WORDS


def test_a_circle_needs_a_question_in_it() -> None:
    tells = {"name": "a", "does": "say", "words": said(), "to": "b"}
    back = {"name": "b", "does": "say", "words": said(), "to": "a"}
    assert ("a", "circle") in codes(dialogue(tells, back, PERSON))
    assert is_usable(dialogue(tells, asks("b", "a", "person"), PERSON), JA_EN)


def test_an_order_that_only_some_ways_have_chosen_is_not_known() -> None:
    steps = [
        asks("a", "which", "tell"),
        {"name": "which", "does": "order"},
        {"name": "tell", "does": "say", "words": said("{order}")},
        PERSON,
    ]
    assert ("tell", "place_needs_order") in codes(dialogue(*steps))
    assert is_usable(dialogue(*steps[1:]), JA_EN)


def test_missing_translations_are_a_warning_and_emergencies_are_not_the_shops() -> None:
    made = dialogue({"name": "a", "does": "say", "words": said()}, PERSON)
    found = findings(made, Known())
    assert {each.params["language"] for each in found} == {
        NAMES[each] for each in ("zh-Hans", "zh-Hant", "ko")
    }
    assert is_usable(made, Known())
    for kind in PROTECTED:
        assert ("", "kind_protected") in codes(dialogue(PERSON, kind=kind))
    assert ("", "kind_unknown") in codes(dialogue(PERSON, kind="nothing.at_all"))


def test_a_topic_needs_a_name_and_examples() -> None:
    made = dialogue(PERSON, topic={"id": "wrapping", "examples": {"ja": ["包装", "のし"]}})
    assert {("", "topic_name"), ("", "topic_examples")} <= codes(made)
    assert made.id == "own.wrapping"


@pytest.mark.parametrize("name", list(examples()))
def test_the_examples_are_usable_in_every_language_and_stay_the_same_as_files(name: str) -> None:
    made = examples()[name]
    assert findings(made, Known()) == []
    assert from_toml(to_toml(made)) == made


@pytest.mark.parametrize(
    "text",
    [
        "kind = 3",
        "[[steps",
        'kind = "a"\n[[steps]]\nname = "Big"\ndoes = "say"',
        'kind = "a"\n[[steps]]\nname = "a"\ndoes = "refund"',
        'kind = "a"\n[[steps]]\nname = "a"\ndoes = "deed"\ndeed = "guarantee"',
        'kind = "a"\n[[steps]]\nname = "a"\ndoes = "say"\nwords = { fr = "mots" }',
        'kind = "a"\nsteps = "none"',
    ],
)
def test_a_file_that_is_no_dialogue_is_refused(text: str) -> None:
    with pytest.raises(DialogueError):
        from_toml(text)


WORDS_OF = st.dictionaries(st.sampled_from(list(NAMES)), st.text(max_size=30), max_size=5)
NAMES_OF = st.sampled_from(["a", "b", "c", "d", "e"])
OPTIONS = st.lists(st.builds(lambda to, words: {"to": to, "words": words}, st.one_of(st.just(""), NAMES_OF), WORDS_OF), max_size=4)  # fmt: skip
STEPS = st.fixed_dictionaries(
    {"name": NAMES_OF, "does": st.sampled_from(DOES), "words": WORDS_OF},
    optional={
        "to": st.one_of(st.just(""), NAMES_OF),
        "options": OPTIONS,
        "answer": st.sampled_from(["options", "own_words", "photo"]),
        "article": st.just("late"),
        "url": st.sampled_from(["https://x.jp/a", "javascript:alert(1)"]),
        "queue": st.sampled_from(["", "orders"]),
    },
)
ANY = st.builds(
    lambda steps: from_table({"kind": KIND, "steps": steps}), st.lists(STEPS, max_size=8, unique_by=lambda s: s["name"])
)  # fmt: skip


@given(ANY)
def test_any_dialogue_is_the_same_after_being_kept_or_written_to_a_file(made: Dialogue) -> None:
    assert from_table(to_table(made)) == made
    assert from_toml(to_toml(made)) == made
    assert isinstance(findings(made, JA_EN), list)


@given(st.text(max_size=200), st.dictionaries(st.sampled_from(list(PLACES)), st.text(max_size=20)))
def test_places_are_filled_once_and_only_those_that_are_known(text: str, facts: dict[str, str]) -> None:
    if not list(unknown_in(text)):
        filled = fill(text, {place: facts.get(place, "") for place in PLACES})
        assert "{" not in filled or any("{" in each for each in facts.values())
