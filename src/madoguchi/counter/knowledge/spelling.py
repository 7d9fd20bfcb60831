"""Words as people mistype them: a strange word of letters is read as the known word one slip away; romaji as kana. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

_SHORTEST = 4  # shorter words have too many neighbours to guess
_PAIR = 2
_ROMAJI = re.compile(
    r"(?:(?:kk|ss|tt|pp|cch|tch|ssh)(?=[aiueoyh])|n(?![aiueoy])|"
    r"(?:ky|gy|sh|sy|j|jy|zy|ch|ty|ny|hy|by|py|my|ry|ts|[kgsztdnhbpmyrwf])?[aiueo])+"
)


class Speller:
    """Knows the words of letters, and the pairs of Hangul, in an index. Two are one slip apart: a letter wrong, missing,
    too many, or two that changed places.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._known: dict[str, str] = {}
        self._shortened: dict[str, set[str]] = {}
        for word in words:
            letters = _letters(word)
            if len(letters) >= _SHORTEST:
                self._known[letters] = word
                for short in (letters, *_one_less(letters)):
                    self._shortened.setdefault(short, set()).add(letters)

    def near(self, word: str) -> list[str]:
        """Known words one slip away; none for a word that is known, short, or no word."""
        letters = _letters(word)
        if len(letters) < _SHORTEST or letters in self._known:
            return []
        found: set[str] = set()
        for short in (letters, *_one_less(letters)):
            found |= self._shortened.get(short, set())
        return sorted(self._known[each] for each in found if _one_slip(letters, each))


def kana_of(word: str) -> str:
    """henpin → へんぴん; empty where the letters are no Japanese."""
    if not _ROMAJI.fullmatch(word):
        return ""
    kana, place = "", 0
    while place < len(word):
        if word[place] == word[place + 1 : place + 2] and word[place] in "kstpc":
            kana, place = f"{kana}っ", place + 1
            continue
        if word[place : place + 3] == "tch":
            kana, place = f"{kana}っ", place + 1
            continue
        for size in (3, 2, 1):
            if syllable := _SYLLABLES.get(word[place : place + size]):
                kana, place = kana + syllable, place + size
                break
        else:
            return ""
    return kana


def _letters(word: str) -> str:
    """What somebody types one by one, Hangul by its parts; empty for what is not mistyped so."""
    if word.isascii():
        return word if word.isalpha() else ""
    if len(word) == _PAIR and all("가" <= c <= "힣" for c in word):
        return unicodedata.normalize("NFD", word)
    return ""


def _one_less(word: str) -> Iterator[str]:
    return (word[:place] + word[place + 1 :] for place in range(len(word)))


def _one_slip(a: str, b: str) -> bool:
    """The words differ, in one place only: what they begin and end with alike leaves one letter, or two that changed."""
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    end = 0
    while end < min(len(a), len(b)) - start and a[-1 - end] == b[-1 - end]:
        end += 1
    left, right = a[start : len(a) - end], b[start : len(b) - end]
    return max(len(left), len(right)) == 1 or (len(left) == len(right) == 2 and left == right[::-1])


def _syllables() -> dict[str, str]:
    rows = {
        "": "あいうえお",
        "k": "かきくけこ",
        "g": "がぎぐげご",
        "s": "さしすせそ",
        "z": "ざじずぜぞ",
        "t": "たちつてと",
        "d": "だぢづでど",
        "n": "なにぬねの",
        "h": "はひふへほ",
        "b": "ばびぶべぼ",
        "p": "ぱぴぷぺぽ",
        "m": "まみむめも",
        "r": "らりるれろ",
    }
    found = {
        f"{head}{vowel}": kana for head, row in rows.items() for vowel, kana in zip("aiueo", row, strict=True)
    }
    glides = {"ky": "き", "gy": "ぎ", "sy": "し", "sh": "し", "ty": "ち", "ch": "ち", "ny": "に", "hy": "ひ"}
    glides |= {"by": "び", "py": "ぴ", "my": "み", "ry": "り", "jy": "じ", "zy": "じ", "j": "じ"}
    for head, kana in glides.items():
        found |= {f"{head}{vowel}": kana + small for vowel, small in zip("auo", "ゃゅょ", strict=True)}
    found |= {
        "shi": "し",
        "chi": "ち",
        "tsu": "つ",
        "ji": "じ",
        "fu": "ふ",
        "n": "ん",
        "wa": "わ",
        "wo": "を",
    }
    found |= {"ya": "や", "yu": "ゆ", "yo": "よ", "she": "しぇ", "che": "ちぇ", "je": "じぇ"}
    return found


_SYLLABLES = _syllables()
