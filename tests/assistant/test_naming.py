"""Products are found among the customer's own, though mistyped, in other kana or widths, or named in part."""

from __future__ import annotations

import string
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.assistant.questions import Heard
from madoguchi.assistant.steps.naming import lines_named
from madoguchi.assistant.steps.spelling import nearly
from madoguchi.assistant.understanding import Understander
from madoguchi.connectors.embedded.demo.goods import products
from madoguchi.counter.orders.model import Line

UNDERSTANDER = Understander.load()


def line(id: str, ja: str, en: str, **more: str) -> Line:
    return Line(id=id, product_id=id, sku=id, name={"ja": ja, "en": en, **more}, quantity=1, unit_price=1000)


LINES = [
    line("earbuds", "ワイヤレスイヤホン", "Wireless earbuds"),
    line("shirt", "リネンシャツ", "Linen shirt"),
    line("humidifier", "超音波加湿器", "Ultrasonic humidifier"),
    line("backpack", "デイバッグ 20L", "Daypack 20L"),
    line("violin", "バイオリンの弦", "Violin strings"),
    line("vase", "花器", "Vase", ko="꽃병", **{"zh-Hans": "花瓶"}),
]


def named(words: str) -> list[str]:
    heard = Heard(1, words, UNDERSTANDER.understand(words, today=date(2026, 11, 21)))
    return [found.id for found in lines_named(LINES, heard)]


@pytest.mark.req("BOT-011")
@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("ワイヤレスイヤフォンが壊れました", "earbuds"),
        ("ﾜｲﾔﾚｽｲﾔﾎﾝの件", "earbuds"),
        ("わいやれすいやほん", "earbuds"),
        ("ワイアレスイヤホンです", "earbuds"),
        ("the wireles earbds stopped working", "earbuds"),
        ("my earbud is broken", "earbuds"),
        ("リンネンシャツを返したい", "shirt"),
        ("加湿器", "humidifier"),
        ("the humidifer leaks", "humidifier"),
        ("デイバックの紐", "backpack"),
        ("ヴァイオリンの弦が切れた", "violin"),
        ("ｖｉｏｌｉｎ", "violin"),
        ("꽃병이 깨졌어요", "vase"),
        ("花瓶碎了", "vase"),
    ],
)
def test_a_product_is_found_by_what_people_type(words: str, found: str) -> None:
    assert named(words) == [found]


@pytest.mark.req("LNG-007")
@pytest.mark.parametrize("language", ["ja", "en", "zh-Hans", "zh-Hant", "ko"])
def test_the_goods_of_the_demonstration_are_found_by_their_name_in_any_language(language: str) -> None:
    lines = [
        Line(id=good.id, product_id=good.id, sku=good.id, name=good.name, quantity=1, unit_price=1)
        for good in products()
    ]
    for good in products():
        words = good.name[language]
        heard = Heard(1, words, UNDERSTANDER.understand(words, today=date(2026, 11, 21)))
        assert good.id in [found.id for found in lines_named(lines, heard)], words


@pytest.mark.parametrize(
    "words",
    [
        "返品したい",
        "まだ届きません",
        "where is my parcel",
        "それはいやです",
        "",
        "please cancel the whole order",
    ],
)
def test_no_product_is_found_where_none_is_named(words: str) -> None:
    assert named(words) == []


def test_a_name_written_rightly_goes_before_one_that_is_only_like_it() -> None:
    lines = [line("a", "コーヒーメーカー", "Coffee maker"), line("b", "コーヒーミーカー", "Coffee miker")]
    heard = Heard(1, "coffee miker", UNDERSTANDER.understand("coffee miker", today=date(2026, 11, 21)))
    assert [found.id for found in lines_named(lines, heard)][-1] == "b"


@given(
    st.text(string.ascii_lowercase, min_size=5, max_size=12),
    st.integers(0, 11),
    st.sampled_from(["changed", "left out", "doubled"]),
)
def test_one_slip_of_the_finger_is_forgiven(word: str, at: int, slip: str) -> None:
    at %= len(word)
    typed = {
        "changed": word[:at] + "q" + word[at + 1 :],
        "left out": word[:at] + word[at + 1 :],
        "doubled": word[: at + 1] + word[at:],
    }[slip]
    assert nearly(word, f"my {typed} is broken") >= len(word) - 1


@given(st.text(max_size=400), st.text(max_size=40))
def test_it_never_finds_more_than_there_is(said: str, word: str) -> None:
    assert 0 <= nearly(word, said) <= len(word)
