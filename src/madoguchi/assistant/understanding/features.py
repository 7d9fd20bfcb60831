"""What the models see of a text: character n-grams, words, and ideas (words that mean the same to a shop)."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import combinations, pairwise

_LETTER_RUN = re.compile(r"[a-z0-9']+")
_NUMBER = re.compile(r"\d+")
_APOSTROPHE = re.compile("[’‘`´]")
_NOISE = re.compile(r"[\"“”()（）\[\]「」『』…・*~_^#]+|\.{2,}")
_SENTENCE_MARK = re.compile(r"[。、,.!！?？:;/]+")
_ENDING = re.compile(r"(?:ing|ed|es|s|ly)$")
_ENGLISH_STOP = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "to",
        "is",
        "are",
        "was",
        "it",
        "its",
        "i'm",
        "i",
        "me",
        "my",
        "we",
        "our",
        "you",
        "your",
        "and",
        "or",
        "so",
        "that",
        "this",
        "there",
        "here",
        "for",
        "in",
        "on",
        "at",
        "with",
        "be",
        "been",
        "have",
        "has",
        "had",
        "do",
        "does",
        "did",
        "just",
        "please",
        "hi",
        "hello",
        "would",
        "could",
        "can",
        "will",
        "am",
    ]
)
_MAX_CHARACTERS = 1200
_MAX_WORDS_IN_SPELLING = 5
_IDEA_WEIGHT = 2.2
_NO_IDEA_WEIGHT = 3.3

Vector = dict[str, float]


class Featuriser:
    """Turns folded text into weighted features: `c:` characters, `w:` words, `s:` stems, `§` ideas and their pairs."""

    def __init__(self, concepts: Mapping[str, Sequence[str]]) -> None:
        self._ideas = IdeaFinder(concepts)

    def features(self, folded: str) -> Vector:
        text = _shape(folded[:_MAX_CHARACTERS])
        counts: Counter[str] = Counter()
        for chunk in _SENTENCE_MARK.split(text):
            _count_words(chunk, counts)
            _count_characters(chunk, counts)
        vector = {name: 1.0 + math.log(count) if count > 1 else 1.0 for name, count in counts.items()}
        ideas = self._ideas.find(text)
        if not ideas:
            vector["§none"] = _NO_IDEA_WEIGHT
        for idea in ideas:
            vector[f"§{idea}"] = _IDEA_WEIGHT
        for first, second in combinations(ideas, 2):
            vector[f"§{first}+{second}"] = _IDEA_WEIGHT
        return vector


class IdeaFinder:
    """Which ideas a text holds, by dictionary look-ups at each word (Latin) and each character (the rest)."""

    def __init__(self, concepts: Mapping[str, Sequence[str]]) -> None:
        self._names = tuple(concepts)
        self._exact: dict[str, list[int]] = {}
        self._stems: dict[str, list[int]] = {}
        self._characters: dict[str, list[int]] = {}
        for index, spellings in enumerate(concepts.values()):
            for spelling in spellings:
                self._add(_shape(spelling), index)
        self._lengths = sorted({len(spelling) for spelling in self._characters})
        self._first_characters = frozenset(spelling[0] for spelling in self._characters)
        spellings_of_words = (*self._exact, *self._stems)
        self._heads = {
            " ".join(words[:count]) + " "
            for words in (spelling.split() for spelling in spellings_of_words)
            for count in range(1, len(words))
        }
        self._stem_openings = {_opening(spelling) for spelling in self._stems}

    def _add(self, spelling: str, index: int) -> None:
        if not spelling.isascii():
            self._characters.setdefault(spelling, []).append(index)
        elif spelling.endswith("-"):
            self._stems.setdefault(spelling[:-1], []).append(index)
        else:
            words = " ".join(_LETTER_RUN.findall(spelling))
            self._exact.setdefault(words, []).append(index)

    def find(self, shaped: str) -> list[str]:
        """Names in the order of the concepts file, without repeats. `shaped` as by `Featuriser.features`."""
        found: set[int] = set()
        words = _LETTER_RUN.findall(shaped)
        for start in range(len(words)):
            self._match_words(words, start, found)
        if not shaped.isascii():
            self._match_characters(shaped, found)
        return [self._names[index] for index in sorted(found)]

    def _match_words(self, words: Sequence[str], start: int, found: set[int]) -> None:
        for first in (words[start], "n't") if words[start].endswith("n't") else (words[start],):
            head = ""
            for offset in range(min(_MAX_WORDS_IN_SPELLING, len(words) - start)):
                word = first if offset == 0 else words[start + offset]
                found.update(self._exact.get(head + word, ()))
                if head + word[:3] in self._stem_openings:
                    for end in range(3, len(word) + 1):
                        found.update(self._stems.get(head + word[:end], ()))
                head += word + " "
                if head not in self._heads:
                    break

    def _match_characters(self, text: str, found: set[int]) -> None:
        for start, character in enumerate(text):
            if character not in self._first_characters:
                continue
            for length in self._lengths:
                indices = self._characters.get(text[start : start + length])
                if indices:
                    found.update(indices)


def _opening(stem: str) -> str:
    """All words but the last, and the first three letters of that."""
    head, space, last = stem.rpartition(" ")
    return head + space + last[:3]


def _shape(folded: str) -> str:
    return _NUMBER.sub("0", _NOISE.sub(" ", _APOSTROPHE.sub("'", folded)))


def _count_words(chunk: str, counts: Counter[str]) -> None:
    words = _LETTER_RUN.findall(chunk)
    for word in words:
        if word not in _ENGLISH_STOP:
            counts[f"w:{word}"] += 1
            if len(word) > 4:
                counts[f"s:{_ENDING.sub('', word)}"] += 1
    for first, second in pairwise(words):
        counts[f"w:{first} {second}"] += 1


def _count_characters(chunk: str, counts: Counter[str]) -> None:
    """1- to 3-grams of Japanese runs; 3- and 4-grams of Latin words with their edges."""
    for piece in chunk.split():
        sizes, text = ((3, 4), f" {piece} ") if piece.isascii() else ((1, 2, 3), piece)
        for size in sizes:
            counts.update([f"c:{text[i : i + size]}" for i in range(len(text) - size + 1)])
