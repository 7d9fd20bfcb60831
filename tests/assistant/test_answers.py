"""Answers in people's own words: every language names every answer, and the four do not get in each other's way."""

from __future__ import annotations

import re

import pytest

from madoguchi.assistant.answers import by_language, said, says
from madoguchi.kit.text import fold


def test_every_language_names_the_same_answers() -> None:
    named = {
        language: {(matter, name) for matter, names in patterns.items() for name in names}
        for language, patterns in by_language().items()
    }
    assert set(named) == {"ja", "en", "zh", "ko"}
    assert all(names == named["ja"] for names in named.values())


def test_patterns_are_written_as_folded_text_reads() -> None:
    for language, matters in by_language().items():
        for matter, names in matters.items():
            for name, pattern in names.items():
                plain = re.sub(r"\\[a-z]", "", pattern)
                assert fold(plain) == plain or " " in plain, (language, matter, name)
                assert not re.search(r"[A-Zァ-ヶ]", plain), (language, matter, name)
                assert re.compile(pattern).search("") is None, (language, matter, name)


@pytest.mark.req("LNG-007")
@pytest.mark.parametrize(
    ("words", "matter", "meant"),
    [
        ("没拆封过", "condition", "unopened"),
        ("還沒拆", "condition", "unopened"),
        ("拆了，但没用过", "condition", "opened_unused"),
        ("拆開了，沒用過", "condition", "opened_unused"),
        ("已经用过了", "condition", "used"),
        ("아직 안 뜯었어요", "condition", "unopened"),
        ("뜯었지만 사용하지 않았어요", "condition", "opened_unused"),
        ("몇 번 사용했어요", "condition", "used"),
        ("尺码不合适", "reason", "does_not_fit"),
        ("尺寸太小了", "reason", "does_not_fit"),
        ("买错了", "reason", "ordered_by_mistake"),
        ("不小心訂錯了", "reason", "ordered_by_mistake"),
        ("不想要了", "reason", "no_longer_wanted"),
        ("收到的时候已经破损", "reason", "damaged"),
        ("打不开机，坏了", "reason", "defective"),
        ("사이즈가 안 맞아요", "reason", "does_not_fit"),
        ("실수로 주문했어요", "reason", "ordered_by_mistake"),
        ("필요 없어졌어요", "reason", "no_longer_wanted"),
        ("다른 상품이 왔어요", "reason", "wrong_item"),
        ("깨져서 왔어요", "reason", "damaged"),
        ("请重新寄一份", "missing", "reship"),
        ("我要退錢", "missing", "refund_missing"),
        ("再等等吧", "missing", "wait"),
        ("没找到", "missing", "not_found"),
        ("找到了，谢谢", "missing", "found"),
        ("다시 보내 주세요", "missing", "reship"),
        ("못 찾았어요", "missing", "not_found"),
        ("찾았어요", "missing", "found"),
        ("整筆都取消", "cancel", "whole"),
        ("只取消一部分", "cancel", "some"),
        ("주문 전체요", "cancel", "whole"),
        ("일부 상품만 할게요", "cancel", "some"),
        ("想换货", "fault", "exchange"),
        ("환불해 주세요", "fault", "return"),
        ("改顏色", "change", "variant"),
        ("사이즈를 바꾸고 싶어요", "change", "variant"),
        ("晚上比较方便", "call", "evening"),
        ("오전이 좋아요", "call", "morning"),
    ],
)
def test_chinese_and_korean_words_name_one_answer(words: str, matter: str, meant: str) -> None:
    folded = fold(words)
    named = [name for name in by_language()["ja"][matter] if says(f"{matter}.{name}").search(folded)]
    assert named == [meant]


@pytest.mark.parametrize(
    ("words", "solved"),
    [
        ("解决了", True),
        ("已經解決了", True),
        ("还没解决", False),
        ("沒有解決", False),
        ("해결됐어요", True),
        ("아직 해결 안 됐어요", False),
    ],
)
def test_solved_and_not_solved_are_told_apart(words: str, solved: bool) -> None:
    folded = fold(words)
    assert bool(says("talk.not_solved").search(folded)) is not solved
    assert bool(says("talk.solved").search(folded)) is solved


def test_an_answer_that_nobody_has_written_down_is_an_error() -> None:
    with pytest.raises(KeyError):
        said("condition.lost")
