"""What the assistant says: complete in both languages, short, polite, and free of inside words."""

from __future__ import annotations

import re
import string
from datetime import date, datetime
from pathlib import Path

import pytest

import madoguchi.assistant
from madoguchi.assistant.kinds import kinds
from madoguchi.assistant.wording import catalogue, day_text, moment_text, money_text, span_text
from madoguchi.counter.cases.categories import categories

SOURCES = Path(madoguchi.assistant.__file__).parent
BANNED = re.compile(
    r"フロー|インテント|スロット|トークン|ハンドオーバー|エスカレーション|チケット|ユーザー|intent|slot|escalat|ticket|token"
)
LATIN = re.compile(r"[A-Za-z]{2,}")
ALLOWED_LATIN = {"AI", "PDF", "SMS"}


def _texts(language: str) -> list[tuple[str, str]]:
    return [
        (key, text)
        for key, value in catalogue(language).items()
        if not key.startswith("kinds")
        for text in (value if isinstance(value, list) else [value])
    ]


def _places(value: str | list[str]) -> list[set[str]]:
    texts = value if isinstance(value, list) else [value]
    return [{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in texts]


def test_both_languages_have_the_same_keys_and_places() -> None:
    japanese, english = catalogue("ja"), catalogue("en")
    assert set(japanese) == set(english)
    for key in japanese:
        found = {frozenset(places) for places in (*_places(japanese[key]), *_places(english[key]))}
        assert len(found) == 1, f"{key}: {found}"


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
def test_japanese_sentences_are_short_polite_and_without_inside_words() -> None:
    sentences = []
    for key, text in _texts("ja"):
        assert not BANNED.search(text), (key, text)
        filled = re.sub(r"\{[a-z_]+\}", "", text)
        leftovers = [word for word in LATIN.findall(filled) if word not in ALLOWED_LATIN]
        assert leftovers == [] or key in ("case.again",), (key, text)
        assert "○" not in text
        sentences += [one for one in re.split(r"(?<=[。？])", text) if one.endswith(("。", "？"))]
    assert sum(map(len, sentences)) / len(sentences) <= 60
    assert max(map(len, sentences)) <= 75, max(sentences, key=len)
    polite = re.compile(
        r"(?:ます|です|ません|ました|でした|ください|でしょうか|ますか|ですか|います|ありがとうございます)。?$|^[^。]*：|。$"
    )
    assert all(polite.search(one) for one in sentences)


def test_every_kind_of_enquiry_has_a_name_in_both_languages() -> None:
    assert set(kinds()) == set(categories())
    assert all(kind.labels["ja"] and kind.labels["en"] for kind in kinds().values())


def test_dates_and_amounts_read_as_people_write_them() -> None:
    day = date(2026, 11, 22)
    assert day_text(day, "ja") == "11月22日(日)"
    assert day_text(day, "en") == "Sun, Nov 22"
    assert moment_text(datetime(2026, 11, 22, 9, 5), "ja") == "11月22日(日) 9:05"
    assert span_text(day, date(2026, 11, 24), "ja") == "11月22日(日)〜11月24日(火)"
    assert span_text(None, day, "en") == "Sun, Nov 22"
    assert money_text(5980, "JPY", "ja") == "5,980円"
    assert money_text(5980, "JPY", "ko") == "¥5,980"
