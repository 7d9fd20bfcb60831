"""Prefectures as readers of each language know them, and found in what they write."""

from __future__ import annotations

import pytest

from madoguchi.counter.orders.phrases import address_text
from madoguchi.kit.languages import NAMES
from madoguchi.kit.prefectures import PREFECTURES, named_in, of_region


def test_there_are_forty_seven_each_with_a_name_of_its_own_in_every_language() -> None:
    assert len(PREFECTURES) == 47
    for language in NAMES:
        assert len({each.names[language] for each in PREFECTURES}) == 47
        assert len({each.short(language) for each in PREFECTURES}) == 47


@pytest.mark.parametrize("language", NAMES)
def test_each_is_known_by_all_its_names(language: str) -> None:
    for each in PREFECTURES:
        assert of_region(each.names[language]) is each
        assert of_region(each.short(language)) is each
        assert named_in(each.names[language].lower()) is each
        assert named_in(each.short(language).lower()) is each


@pytest.mark.parametrize(
    ("language", "shown"),
    [("ja", "愛知"), ("en", "Aichi"), ("zh-Hans", "爱知"), ("zh-Hant", "愛知"), ("ko", "아이치")],
)
def test_one_is_shown_as_the_reader_knows_it(language: str, shown: str) -> None:
    found = of_region("愛知県")
    assert found is not None and found.short(language) == shown


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("오사카로 보내 주세요", "大阪"),
        ("아이치현이에요", "愛知"),
        ("나라현까지 얼마나 걸려요", "奈良"),
        ("나라", "奈良"),
        ("寄到东京都涩谷区", "東京"),
        ("要寄到廣島", "広島"),
        ("to kyoto please", "京都"),
        ("東京都です", "東京"),
    ],
)
def test_words_name_one(words: str, key: str) -> None:
    found = named_in(words)
    assert found is not None and found.key == key


@pytest.mark.parametrize(
    "words",
    [
        "어느 나라에서 왔어요",
        "고치고 싶어요",
        "물건을 사가고 싶어요",
        "취미에 맞는 것",
        "우리 나라",
        "there are some",
    ],
)
def test_ordinary_words_name_none(words: str) -> None:
    assert named_in(words) is None


@pytest.mark.req("LNG-007")
def test_an_address_stands_as_it_was_given_and_koreans_are_told_the_prefecture_beside_it() -> None:
    given = {
        "name": "김민준",
        "postal_code": "150-0001",
        "region": "東京都",
        "city": "渋谷区",
        "line1": "神宮前1-2-3",
    }
    assert address_text(given, "ko") == "〒150-0001 東京都渋谷区神宮前1-2-3 김민준 (도쿄도)"
    assert address_text(given, "zh-Hans") == "〒150-0001 東京都渋谷区神宮前1-2-3 김민준"
    abroad = {**given, "region": "서울특별시", "city": "종로구", "line1": "세종대로 1"}
    assert address_text(abroad, "ko").endswith("김민준")
    latin = {**given, "region": "Tokyo", "city": "Shibuya-ku", "line1": "1-2-3 Jingumae"}
    assert "(" not in address_text(latin, "ko")
