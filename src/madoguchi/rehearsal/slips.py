"""Slips of the finger, as they are made in each writing: never in a number, an address or a Latin name among Han characters."""

from __future__ import annotations

import random
import re

_SHORTEST = {"en": 24, "ja": 12, "zh-Hans": 8, "zh-Hant": 8, "ko": 12}
_WORD = re.compile(r"(?<![\w.@-])[a-z]{5,}(?![\w.@-])")
_KANA = re.compile(r"[ぁ-ん]{4,}")
_SOUNDS_ALIKE = {  # what an input method offers beside the right one
    "zh-Hans": {"在": "再", "的": "得", "做": "作", "已": "以", "那": "哪", "像": "象"},
    "zh-Hant": {"在": "再", "的": "得", "做": "作", "已": "以", "那": "哪", "像": "象"},
    "ko": {
        "돼": "되",
        "됐": "됬",
        "데": "대",
        "했는데": "햇는데",
        "있": "잇",
        "없어": "업어",
        "주세요": "주세여",
    },
}


def with_slip(text: str, language: str, rng: random.Random) -> str:
    """The text with one slip, where it is long enough for one."""
    if len(text) < _SHORTEST[language]:
        return text
    if language == "en":
        return _swapped(text, _WORD, rng)
    if language == "ja":
        return _swapped(text, _KANA, rng)
    found = [pair for pair in _SOUNDS_ALIKE[language].items() if pair[0] in text]
    if found:
        right, wrong = rng.choice(found)
        return text.replace(right, wrong, 1)
    return text.replace(" ", "", 1) if language == "ko" else text


def _swapped(text: str, word: re.Pattern[str], rng: random.Random) -> str:
    """Two neighbours inside of a word change places."""
    words = list(word.finditer(text))
    if not words:
        return text
    chosen = rng.choice(words)
    at = rng.randrange(chosen.start() + 1, chosen.end() - 2)
    return f"{text[:at]}{text[at + 1]}{text[at]}{text[at + 2 :]}"
