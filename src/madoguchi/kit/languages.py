"""Readers' languages: which of those offered a tag means, and how each writes days, lists and quotations. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from babel.dates import format_date

NAMES = {"ja": "日本語", "en": "English", "zh-Hans": "简体中文", "zh-Hant": "繁體中文", "ko": "한국어"}
WIDE = ("ja", "zh-Hans", "zh-Hant")  # signs as wide as a character, and no space between words or sentences
_LOCALES = {"zh-Hans": "zh_CN", "zh-Hant": "zh_TW"}
_DAY = {"ja": "M月d日(E)", "zh-Hans": "M月d日(E)", "zh-Hant": "M月d日(E)", "ko": "M월 d일(E)"}
_YEAR = {"ja": "y年", "zh-Hans": "y年", "zh-Hant": "y年", "ko": "y년 "}
_QUOTES = {"ja": "「」", "zh-Hant": "「」", "ko": "‘’"}
_TRADITIONAL = re.compile(r"-(?:hant|tw|hk|mo)\b")


def nearest(tag: str, offered: Iterable[str]) -> str | None:
    """The language that a tag of a browser or a shop means: `zh-TW` is `zh-Hant`, `ko-KR` is `ko`."""
    lower = tag.strip().lower().replace("_", "-")
    if lower.split("-")[0] == "zh":
        lower = "zh-hant" if _TRADITIONAL.search(lower) else "zh-hans"
    return next((one for one in offered if one.lower() in (lower, lower.split("-")[0])), None)


def locale_of(language: str) -> str:
    """As CLDR names it."""
    return _LOCALES.get(language, language)


def day_pattern(language: str, english: str, *, year: bool = False) -> str:
    """The CLDR pattern of a day with its weekday; `english` is the pattern for everybody else."""
    return (_YEAR[language] if year else "") + _DAY[language] if language in _DAY else english


def day_text(day: date, language: str, english: str) -> str:
    """11月26日(木), 11月26日(周四), 11月26日(週四), 11월 26일(목); in English as the pattern says."""
    return format_date(day, day_pattern(language, english), locale=locale_of(language))


def comma(language: str) -> str:
    """Between the things of a list."""
    return "、" if language in WIDE else ", "


def gap(language: str) -> str:
    """Between two sentences."""
    return "" if language in WIDE else " "


def colon(language: str) -> str:
    return "：" if language in WIDE else ": "


def tilde(language: str) -> str:
    """From … to."""
    return {"ja": "〜", "zh-Hans": "～", "zh-Hant": "～", "ko": "~"}.get(language, " – ")


def quoted(text: str, language: str) -> str:
    marks = _QUOTES.get(language, "“”")
    return marks[0] + text + marks[1]
