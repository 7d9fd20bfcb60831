"""Pieces of a message that may be what a thing is called. Without a dictionary: script, particles, stop words. Pure.

Generous: what stands before many different choices is no name of any, and falls away when it is counted.
"""

from __future__ import annotations

import re

from madoguchi.counter.knowledge.cutting import CHINESE_GRAMMAR, STOP_WORDS
from madoguchi.kit.text import normalise

_MOST_CHARACTERS = 4
_JAPANESE = re.compile(r"[ァ-ヺー]{2,}|[一-龯々]{1,8}")
_NO_NAMES = frozenset("件別物品私僕方時前後他何")
_HIRAGANA = re.compile(r"(?<![一-龯々ぁ-ん])[ぁ-ん]+")  # not the ending of a verb
_AFTER_A_NOUN = ("を", "が", "は", "の", "も", "に", "で", "と", "って")
_MOST_KANA = 6
_HAN = re.compile(r"[一-鿿]+")
_LATIN = re.compile(r"[a-z][a-z0-9]{2,}")
_HANGUL = re.compile(r"[가-힣]+")
_PLURAL = re.compile(r"(?:(?<=ss|sh|ch)e|(?<=[a-z]{2}[a-rtv-z]))s$")
_PARTICLES = re.compile(
    r"(?:이에요|예요|이요|인데요|인데|입니다|에서|에게|한테|으로|까지|부터|이랑|처럼|하고|[을를이가은는의에도로만랑와과요])$"
)


def nouns(text: str, language: str) -> set[str]:
    """Lower case; kana and characters as written, English without its plural, Korean without its particle."""
    written = normalise(text).lower()
    found = {_singular(word) for word in _LATIN.findall(written) if word not in STOP_WORDS}
    if language == "ja":
        in_kana = {word for run in _HIRAGANA.findall(written) for word in _before_particles(run)}
        return (found | in_kana | set(_JAPANESE.findall(written))) - _NO_NAMES
    if language.startswith("zh"):
        return found | {piece for run in _HAN.findall(written) for piece in _grams(run)}
    if language == "ko":
        words = _HANGUL.findall(written)
        return found | {word for word in (*words, *map(_bare, words)) if len(word) >= 2}
    return found


def _before_particles(run: str) -> set[str]:
    """いすを → いす, and the whole where it is short: nobody can say where its noun ends."""
    return {
        run[:end]
        for end in range(2, min(len(run), _MOST_KANA) + 1)
        if end == len(run) or run[end:].startswith(_AFTER_A_NOUN)
    }


def _grams(run: str) -> set[str]:
    """Up to four characters in a row that neither begin nor end with one that only joins others."""
    return {
        run[at : at + size]
        for size in range(1, _MOST_CHARACTERS + 1)
        for at in range(len(run) - size + 1)
        if not CHINESE_GRAMMAR.intersection(run[at : at + size])
    }


def _singular(word: str) -> str:
    return _PLURAL.sub("", word)


def _bare(word: str) -> str:
    return _PARTICLES.sub("", word)
