"""Words cut for search: letters as words, Han, kana and Hangul as single characters and pairs. Pure.

No dictionary: pairs find 返品, 退款 and 환불 as surely as a tokenizer would, and cannot be wrong about a new word
(measured in docs/decisions/0010-articles.md). Widths, kana and, for Chinese, traditional characters are folded first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from madoguchi.counter.knowledge.spelling import kana_of
from madoguchi.kit.text import fold

_RUN = re.compile(
    r"(?P<letters>[a-z0-9à-öø-ÿ]+(?:['’][a-z]+)?)"
    r"|(?P<script>[\u3041-\u3096ー々〆\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+)"
    r"|(?P<hangul>[\uac00-\ud7a3\u1100-\u11ff\u3130-\u318f]+)"
)
_LETTERS = re.compile(r"(?<![a-z0-9])[a-z]{3,}(?![a-z0-9])")
_KANA = re.compile(r"[\u3041-\u3096ー]+")
_ENDINGS = ("ations", "ation", "ings", "ing", "ies", "ied", "ed", "es", "s", "ly", "e", "y")
_SHORTEST_STEM = 3
_SHORTEST_NOUN = 2  # Korean, in syllables
_PARTICLES = frozenset("がをにはでとのもへや")
_GRAMMAR, _ACROSS, _SOUND, _SINGLE = 0.15, 0.25, 0.6, 0.8
_FOLDER = Path(__file__).parent
CHINESE_GRAMMAR = frozenset((_FOLDER / "chinese_grammar.txt").read_text("utf-8").split())
STOP_WORDS = frozenset((_FOLDER / "english_stop.txt").read_text("utf-8").split())


def cut(text: str, language: str) -> list[str]:
    """The terms of `text`, in order, repeated as often as they occur."""
    terms: list[str] = []
    for run in _RUN.finditer(_folded(text, language)):
        word = run[0]
        if run["letters"]:
            terms.append(word if word in STOP_WORDS else _stem(word))
        else:
            terms += _characters_and_pairs(_without_particle(word) if run["hangul"] else word)
    return terms


def weight(term: str) -> float:
    """How much a term can say at all, before it is known how rare it is: grammar and numbers say little."""
    if term in STOP_WORDS or term in _endings() or term.isdigit() or CHINESE_GRAMMAR.issuperset(term):
        return _GRAMMAR
    if len(term) == 1:
        return _SINGLE
    if len(term) == 2 and (term[0] in _PARTICLES or (term[1] in _PARTICLES and not _KANA.fullmatch(term[0]))):
        return _ACROSS
    return _SOUND if _KANA.fullmatch(term) else 1.0


class Synonyms:
    """Groups of words that mean the same; each is read as the first of its group, in articles and in questions.

    A group that shares a word with an earlier one joins it.
    """

    def __init__(self, groups: Iterable[Iterable[str]], language: str) -> None:
        first_of: dict[str, str] = {}
        for group in groups:
            words = [_folded(word, language) for word in group]
            first = next((first_of[word] for word in words if word in first_of), words[0])
            for word in words:
                first_of.setdefault(word, first)
        self._language = language
        self._first_of = first_of
        self._replace = _replacer(first_of)

    def cut(self, text: str) -> list[str]:
        folded = _folded(text, self._language)
        if self._language == "ja":
            folded = _LETTERS.sub(self._kana, folded)
        return cut(self._replace(folded), self._language)

    def _kana(self, word: re.Match[str]) -> str:
        """henpin is read as へんぴん where that is a word of a group; letters that are no Japanese stay."""
        kana = kana_of(word[0])
        return kana if kana in self._first_of else word[0]


def _replacer(first_of: dict[str, str]) -> Callable[[str], str]:
    if not first_of:
        return lambda text: text
    longest_first = sorted(first_of, key=len, reverse=True)
    pattern = re.compile("|".join(_bounded(word) for word in longest_first))
    return lambda text: pattern.sub(lambda found: f" {first_of[found[0]]} ", text)


def _bounded(word: str) -> str:
    """Letters only as whole words; in scripts without spaces anywhere."""
    return rf"\b{re.escape(word)}\b" if word.isascii() else re.escape(word)


def _folded(text: str, language: str) -> str:
    folded = fold(text)
    return folded.translate(_to_simplified()) if language.startswith("zh") else folded


def _characters_and_pairs(word: str) -> list[str]:
    """Single kana say nothing, single Han characters and syllables much."""
    singles = [c for c in word if not _KANA.fullmatch(c)]
    return singles + [first + second for first, second in pairwise(word)]


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word[: -len(ending)]
    return word


def _without_particle(word: str) -> str:
    """환불을, 환불하려고 → 환불. One syllable is taken off only where two are left: 사과 is no 사."""
    for particle in _particles():
        left = len(word) - len(particle)
        if word.endswith(particle) and left >= (_SHORTEST_NOUN if len(particle) == 1 else 1):
            return word[:left]
    return word


@lru_cache(maxsize=1)
def _particles() -> tuple[str, ...]:
    """What follows a Korean noun or stem, longest first."""
    words = (_FOLDER / "korean_particles.txt").read_text("utf-8").split()
    return tuple(sorted(words, key=len, reverse=True))


@lru_cache(maxsize=1)
def _endings() -> frozenset[str]:
    """Pairs of the endings of Japanese and Korean sentences: 〜のですが, 〜してほしい, 〜하고 싶습니다."""
    texts = ((_FOLDER / f"{name}_endings.txt").read_text("utf-8") for name in ("japanese", "korean"))
    words = fold(" ".join(texts)).split()
    return frozenset(first + second for word in words for first, second in pairwise(word))


@lru_cache(maxsize=1)
def _to_simplified() -> dict[int, str]:
    """Traditional characters that differ, as `traditional simplified` pairs in a text file."""
    pairs = (_FOLDER / "traditional.txt").read_text("utf-8").split()
    return {ord(pair[0]): pair[1] for pair in pairs}
