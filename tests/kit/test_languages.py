"""Which language a tag means, and how readers of each write days and lists."""

from __future__ import annotations

from datetime import date

import pytest

from madoguchi.kit.languages import NAMES, comma, day_text, gap, nearest, quoted


@pytest.mark.req("LNG-002")
@pytest.mark.parametrize(
    ("tag", "meant"),
    [
        ("ja-JP", "ja"),
        ("en-GB", "en"),
        ("zh", "zh-Hans"),
        ("zh-CN", "zh-Hans"),
        ("zh-Hans-SG", "zh-Hans"),
        ("zh-TW", "zh-Hant"),
        ("zh_HK", "zh-Hant"),
        ("zh-Hant-TW", "zh-Hant"),
        ("ko-KR", "ko"),
        ("KO", "ko"),
        ("fr-FR", None),
        ("kok", None),
        ("", None),
    ],
)
def test_a_tag_means_the_language_that_its_reader_reads(tag: str, meant: str | None) -> None:
    assert nearest(tag, NAMES) == meant


def test_a_language_that_is_not_offered_is_none() -> None:
    assert nearest("ko-KR", ("ja", "en")) is None
    assert nearest("zh-TW", ("ja", "zh-Hans")) is None


def test_days_lists_and_quotations_read_as_people_write_them() -> None:
    day = date(2026, 11, 26)
    assert {language: day_text(day, language, "EEE d MMM") for language in NAMES} == {
        "ja": "11月26日(木)",
        "en": "Thu 26 Nov",
        "zh-Hans": "11月26日(周四)",
        "zh-Hant": "11月26日(週四)",
        "ko": "11월 26일(목)",
    }
    assert [comma(language) + gap(language) for language in NAMES] == ["、", ",  ", "、", "、", ",  "]
    assert [quoted("A", language) for language in NAMES] == ["「A」", "“A”", "“A”", "「A」", "‘A’"]
