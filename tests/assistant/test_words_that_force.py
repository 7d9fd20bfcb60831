"""Where the assistant goes on by itself, it says why, and which words bring a person; those words really do, at once (HND-010)."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from madoguchi.assistant.wording import words
from madoguchi.counter.contacts import queries
from madoguchi.kit.languages import NAMES
from madoguchi.rehearsal.chat import Chat

UNCLEAR = {"ja": ("ほげほげふがふが", "むにゃむにゃぴよ"), "en": ("flurb wibble zonk", "grompf snarl dwim"), "zh-Hans": ("呜哩哇啦嘟嘟", "叽里咕噜咚"), "zh-Hant": ("嗚哩哇啦嘟嘟", "嘰里咕嚕咚"), "ko": ("우랄랄라뿌뿌", "꾸르륵뿅뿅")}  # fmt: skip
_QUOTED = re.compile(r"[「“‘](.+?)[」”’]")


def owner(chat: Chat) -> str:
    return chat.house.database.read(queries.get, chat.id).owner_kind


@pytest.mark.req("HND-010", "HND-002")
@pytest.mark.parametrize("language", NAMES)
def test_not_understood_twice_it_says_why_and_the_words_that_it_names_bring_a_person(
    chat: Callable[..., Chat], language: str
) -> None:
    talk = chat("C1002", language=language)
    for unclear in UNCLEAR[language]:
        talk.say(unclear)
    assert owner(talk) == "assistant"
    assert words(language, "person.why") in talk.text
    named = _QUOTED.search(words(language, "person.phrase"))
    assert named is not None
    assert words(language, "person.phrase") in talk.text
    assert words(language, "button.person") in talk.labels
    talk.say(named[1])
    assert owner(talk) == "queue"


@pytest.mark.req("HND-010")
@pytest.mark.parametrize("language", NAMES)
def test_after_not_solved_it_says_why_nobody_has_come_and_the_button_brings_one(
    chat: Callable[..., Chat], language: str
) -> None:
    talk = chat("C1002", language=language, text=UNCLEAR[language][0])
    talk.house.chat.confirm_resolution(talk.actor, talk.id, False)
    talk.turn()
    assert owner(talk) == "assistant"
    assert words(language, "solved.not") in talk.text
    assert words(language, "person.phrase") in talk.text
    talk.press(words(language, "button.person"))
    assert owner(talk) == "queue"
