"""The table of desks by kind of customer: exactly what is configured, and only ways that the shop has (QUE-016)."""

from __future__ import annotations

from typing import get_args

import pytest

from madoguchi.counter.cases.ways.desks import UserType, type_of, user_desks
from madoguchi.engine.settings import Settings
from madoguchi.kit.languages import NAMES

SHOP = {"phone": "0120-000-000", "mail_address": "help@example.jp"}


def table(**ways: object) -> dict[str, tuple[str, ...]]:
    return {each.id: each.ways for each in user_desks(Settings.load(shop=SHOP, ways=ways))}


@pytest.mark.req("QUE-016")
def test_each_kind_of_customer_has_exactly_the_ways_that_are_configured() -> None:
    assert table() == {
        "individual": ("assistant", "person", "phone", "callback", "form", "mail"),
        "business": ("person", "form", "mail"),
        "seller": ("person", "form"),
        "multilingual": ("assistant", "person", "phone"),
    }
    own = table(desks={"business": ["mail"], "seller": []})
    assert own["business"] == ("mail",) and "seller" not in own
    assert table(off=["phone", "callback"])["multilingual"] == ("assistant", "person")


def test_every_desk_has_words_in_every_language() -> None:
    desks = user_desks(Settings.load(shop=SHOP))
    assert tuple(each.id for each in desks) == get_args(UserType)
    for each in desks:
        for texts in (each.who, each.desk, each.helps):
            assert texts.keys() == NAMES.keys()


@pytest.mark.req("QUE-016", "PRM-001")
@pytest.mark.parametrize(
    ("segments", "language", "expected"),
    [
        (["individual", "member"], "ja", "individual"),
        (["business", "member"], "en", "business"),
        (["seller"], "ja", "seller"),
        (["individual"], "zh-Hans", "multilingual"),
    ],
)
def test_whose_desk_is_whose(segments: list[str], language: str, expected: str) -> None:
    assert type_of(segments, language, "ja") == expected
