"""What the assistant says: complete in every language, short, polite, and free of inside words and foreign script."""

from __future__ import annotations

import re
import string
from datetime import date, datetime
from pathlib import Path

import pytest

import madoguchi.assistant
from madoguchi.assistant.kinds import kinds
from madoguchi.assistant.wording import LANGUAGES, catalogue, day_text, moment_text, money_text, span_text
from madoguchi.counter.cases.categories import categories, group_labels

SOURCES = Path(madoguchi.assistant.__file__).parent
BANNED = re.compile(
    r"フロー|インテント|スロット|トークン|ハンドオーバー|エスカレーション|チケット|ユーザー|intent|slot|escalat|ticket|token|"
    r"意图|意圖|插槽|令牌|权杖|權杖|工单|工單|의도|슬롯|토큰|에스컬레이션|티켓"
)
LATIN = re.compile(r"[A-Za-z]{2,}")
ALLOWED_LATIN = {"AI", "PDF", "SMS", "Wi", "Fi", "Yorisoi"}
KANA = re.compile(r"[\u3041-\u309f\u30a1-\u30fa]")
HANGUL = re.compile(r"[\uac00-\ud7a3]")
HAN = re.compile(r"[\u4e00-\u9fff]")
POLITE = {
    "ja": re.compile(
        r"(?:ます|です|ません|ました|でした|ください|でしょうか|ますか|ですか|います|ありがとうございます)。?$|^[^。]*：|。$"
    ),
    "ko": re.compile(r"(?:다|요|세요|까요|나요|가요)[.?]$|:"),
}
LONGEST = {"ja": 75, "zh-Hans": 60, "zh-Hant": 60, "ko": 90}


def _texts(language: str) -> list[tuple[str, str]]:
    return [
        (key, text)
        for key, value in catalogue(language).items()
        for text in (value if isinstance(value, list) else [value])
    ]


def _places(value: str | list[str]) -> list[set[str]]:
    texts = value if isinstance(value, list) else [value]
    return [{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in texts]


def _example_address(text: str) -> str:
    """Without the example of a Japanese address, which every language shows as it is written."""
    return text.replace("〒150-0001 東京都渋谷区神宮前1-2-3 緑ビル405", "").replace(
        "〒150-0001 東京都渋谷區神宮前1-2-3 緑ビル405", ""
    )


@pytest.mark.req("LNG-001")
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_keys_and_places(language: str) -> None:
    japanese, other = catalogue("ja"), catalogue(language)
    assert set(japanese) == set(other)
    for key in japanese:
        assert type(japanese[key]) is type(other[key]), key
        found = {frozenset(places) for places in (*_places(japanese[key]), *_places(other[key]))}
        assert len(found) == 1, f"{key}: {found}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_keeps_its_matters_in_the_same_files(language: str) -> None:
    folder = SOURCES / "wording"
    assert {p.name for p in (folder / language).glob("*.toml")} == {
        p.name for p in (folder / "ja").glob("*.toml")
    }


def test_every_key_that_the_code_names_exists() -> None:
    named = re.compile(
        r"""(?<![a-z_])(?:talk\.say|talk\.words|self\._words|self\._say)\(\s*"([a-z_.]+)"|(?<!own_)words\(\s*\w+, "([a-z_.]+)"|(?:tongue|language), "([a-z_.]+)\""""
    )
    missing = []
    for path in SOURCES.rglob("*.py"):
        if "understanding" in path.parts:
            continue
        for found in named.finditer(path.read_text("utf-8")):
            key = next(group for group in found.groups() if group)
            if key not in catalogue("ja") and not any(name.startswith(key) for name in catalogue("ja")):
                missing.append((path.name, key))
    assert missing == []


@pytest.mark.req("BOT-012")
@pytest.mark.parametrize("language", ["ja", "zh-Hans", "zh-Hant", "ko"])
def test_sentences_are_short_polite_and_without_inside_words(language: str) -> None:
    sentences = []
    for key, text in _texts(language):
        assert not BANNED.search(text), (key, text)
        filled = re.sub(r"\{[a-z_]+\}", "", text)
        leftovers = [word for word in LATIN.findall(filled) if word not in ALLOWED_LATIN]
        assert leftovers == [] or key in ("case.again", "login.email_again"), (key, text)
        assert "○" not in text
        sentences += [
            one for one in re.split(r"(?<=[。？?])|(?<=\.) ", text) if one.endswith(tuple("。？.?"))
        ]
    assert sum(map(len, sentences)) / len(sentences) <= 60
    assert max(map(len, sentences)) <= LONGEST[language], max(sentences, key=len)
    polite = POLITE.get(language)
    assert not polite or [one for one in sentences if not polite.search(one)] == []


@pytest.mark.req("LNG-001")
def test_no_language_says_anything_in_the_script_of_another() -> None:
    for key, text in _texts("en"):
        assert not (KANA.search(text) or HAN.search(text) or HANGUL.search(text)), (key, text)
    for key, text in _texts("ko"):
        plain = _example_address(text)
        assert not (KANA.search(plain) or HAN.search(plain)), (key, text)
    for language in ("zh-Hans", "zh-Hant"):
        for key, text in _texts(language):
            plain = _example_address(text)
            assert not (KANA.search(plain) or HANGUL.search(plain)), (language, key, text)
    for key, text in _texts("ja"):
        assert not HANGUL.search(text), (key, text)


@pytest.mark.req("LNG-002")
def test_simplified_and_traditional_characters_are_not_mixed() -> None:
    for language, charset in (("zh-Hans", "gb2312"), ("zh-Hant", "big5")):
        for key, text in _texts(language):
            for character in HAN.findall(_example_address(text)):
                character.encode(charset)  # a character of the other script is in the other national set only
            assert text, key


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_enquiry_has_a_name_in_every_language(language: str) -> None:
    assert set(kinds()) == set(categories())
    assert all(kind.labels[language] for kind in kinds().values())
    assert all(category.labels[language] for category in categories().values())
    assert all(labels[language] for labels in group_labels().values())


def test_dates_and_amounts_read_as_people_write_them() -> None:
    day = date(2026, 11, 22)
    assert day_text(day, "ja") == "11月22日(日)"
    assert day_text(day, "en") == "Sun, Nov 22"
    assert moment_text(datetime(2026, 11, 22, 9, 5), "ja") == "11月22日(日) 9:05"
    assert moment_text(datetime(2026, 11, 22, 9, 5), "en") == "Sun, Nov 22, 9:05"
    assert span_text(day, date(2026, 11, 24), "ja") == "11月22日(日)〜11月24日(火)"
    assert span_text(None, day, "en") == "Sun, Nov 22"
    assert money_text(5980, "JPY", "ja") == "5,980円"
    assert money_text(5980, "JPY", "fr") == "¥5,980"


@pytest.mark.req("LNG-001")
def test_dates_and_amounts_read_as_people_write_them_in_chinese_and_korean() -> None:
    day, moment = date(2026, 11, 26), datetime(2026, 11, 26, 9, 5)
    assert [day_text(day, language) for language in ("zh-Hans", "zh-Hant", "ko")] == [
        "11月26日(周四)",
        "11月26日(週四)",
        "11월 26일(목)",
    ]
    assert moment_text(moment, "zh-Hant") == "11月26日(週四) 9:05"
    assert moment_text(moment, "ko") == "11월 26일(목) 9:05"
    assert span_text(day, date(2026, 11, 27), "zh-Hans") == "11月26日(周四)～11月27日(周五)"
    assert span_text(day, date(2026, 11, 27), "ko") == "11월 26일(목)~11월 27일(금)"
    assert [money_text(5980, "JPY", language) for language in ("zh-Hans", "zh-Hant", "ko")] == [
        "5,980日元",
        "5,980日圓",
        "5,980엔",
    ]
    assert money_text(5980, "KRW", "ko") == "₩5,980"
