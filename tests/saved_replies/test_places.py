"""Places of saved replies: filled with facts, refused when unknown, never sent empty; and what ships is sound."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.counter.cases.categories import is_category
from madoguchi.counter.problems import Invalid
from madoguchi.counter.saved_replies import places
from madoguchi.counter.saved_replies.shipped import FOLDERS, shipped
from madoguchi.kit.languages import NAMES

plain = st.text(st.characters(exclude_characters="{}"), max_size=12)
known = st.sampled_from(sorted(places.PLACES))
pieces = st.lists(st.tuples(plain, known), max_size=5)
facts = st.dictionaries(known, plain.filter(bool), max_size=6)


@given(pieces, plain, facts)
def test_every_place_with_a_fact_is_filled_and_every_other_is_named(
    parts: list[tuple[str, str]], tail: str, told: dict[str, str]
) -> None:
    text = "".join(f"{words}{{{place}}}" for words, place in parts) + tail
    places.check(text, "text")
    filled = places.fill(text, told)
    expected = "".join(words + told.get(place, f"{{{place}}}") for words, place in parts) + tail
    assert filled.text == expected
    assert set(filled.missing) == {place for _, place in parts} - told.keys()
    assert set(places.left_in(filled.text)) == {f"{{{place}}}" for place in filled.missing}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{orders}", "unknown_place"),
        ("{ order }", "unknown_place"),
        ("{}", "unknown_place"),
        ("{order", "place_unclosed"),
        ("order}", "place_unclosed"),
        ("{{order}}", "place_unclosed"),
    ],
)
def test_what_cannot_be_filled_is_refused(text: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        places.check(text, "text_ja")
    assert (refused.value.code, refused.value.params["field"]) == (code, "text_ja")


def test_a_fact_with_a_bracket_is_not_filled_again() -> None:
    assert places.fill("{customer}", {"customer": "{agent}", "agent": "伊藤"}).text == "{agent}"


@pytest.mark.req("LNG-001")
def test_what_ships_speaks_every_language_with_the_same_places() -> None:
    replies = shipped()
    assert len(replies) >= 12
    assert len({reply.shortcut for reply in replies.values()}) == len(replies)
    for name, reply in replies.items():
        assert set(reply.texts) == set(NAMES), name
        assert reply.folder in FOLDERS and reply.reading, name
        assert not reply.deeds.kind or is_category(reply.deeds.kind), name
        used = {tuple(sorted(places.left_in(text))) for text in reply.texts.values()}
        assert len(used) == 1, f"{name}: {used}"
        for language, text in reply.texts.items():
            places.check(text, language)
