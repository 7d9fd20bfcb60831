"""Numbers of pieces and places in a list, as Chinese and Korean speakers write them; a no before the wish."""

from __future__ import annotations

from datetime import date

import pytest

from madoguchi.assistant.steps.goods import kind_score
from madoguchi.assistant.understanding.understander import Understander

_TODAY = date(2026, 11, 20)


@pytest.fixture(scope="module")
def understander() -> Understander:
    return Understander.load()


@pytest.mark.req("LNG-007")
@pytest.mark.parametrize(
    ("words", "language", "pieces"),
    [
        ("2个", "zh-Hans", (2,)),
        ("改成两个", "zh-Hans", (2,)),
        ("从1个改成3个", "zh-Hans", (1, 3)),
        ("두 개로요", "ko", (2,)),
        ("2개로 해 주세요", "ko", (2,)),
        ("하나요", "ko", (1,)),
        ("3개월 됐어요", "ko", ()),
        ("其中一件", "zh-Hans", (1,)),
    ],
)
def test_a_number_of_pieces(
    words: str, language: str, pieces: tuple[int, ...], understander: Understander
) -> None:
    read = understander.understand(words, today=_TODAY, language_hint=language)
    assert read.entities.quantities == pieces


@pytest.mark.req("LNG-007")
@pytest.mark.parametrize(
    ("words", "language", "places"),
    [
        ("第二个", "zh-Hans", (2,)),
        ("最后一个", "zh-Hans", (-1,)),
        ("最新的那笔", "zh-Hans", (1,)),
        ("第二次了", "zh-Hans", ()),
        ("두 번째 거요", "ko", (2,)),
        ("세번째요", "ko", (3,)),
        ("제일 최근 거요", "ko", (1,)),
        ("2번이요", "ko", (2,)),
    ],
)
def test_a_place_in_a_list(
    words: str, language: str, places: tuple[int, ...], understander: Understander
) -> None:
    read = understander.understand(words, today=_TODAY, language_hint=language)
    assert read.entities.ordinals == places


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("違います。デイパックの届け先を変更してください", "ja"),
        ("No, that is not what I want. Please change the delivery address", "en"),
        ("不对。我要改收货地址", "zh-Hans"),
        ("그게 아니라요. 배송지를 변경하고 싶어요", "ko"),
    ],
)
def test_a_no_before_the_wish_is_not_what_it_is_about(
    words: str, language: str, understander: Understander
) -> None:
    read = understander.understand(words, today=_TODAY, language_hint=language)
    assert read.intent is not None
    assert read.intent.kind == "order_delivery.change_delivery_address"


def test_a_number_alone_is_about_nothing(understander: Understander) -> None:
    assert understander.understand("448800112233이에요", today=_TODAY, language_hint="ko").intents == ()


@pytest.mark.parametrize(
    ("name", "said", "fits"),
    [
        ({"en": "Electric kettle, 0.8 l"}, "电热水壶坏了", True),
        ({"ja": "電気ケトル 0.8L"}, "전기 주전자요", True),
        ({"ja": "小説『灯台の手紙』"}, "台灯", False),
        ({"en": "Desk lamp"}, "비누요", False),
    ],
)
def test_a_good_is_known_by_its_kind_in_another_language(name: dict[str, str], said: str, fits: bool) -> None:
    assert bool(kind_score(name, said)) is fits
