"""What the model sees of a text: words and their pairs, and runs of characters, each as its script needs it."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise

from madoguchi.assistant.understanding.chinese import simplified

_MAX_CHARACTERS = 1200
_LONG_WORD = 4
_NUMBER = re.compile(r"[#a-z]*\d[\d,.:/-]*")
_APOSTROPHE = re.compile("[’‘`´]")
_NOISE = re.compile(r"[\"“”()（）\[\]「」『』…・*~_^#]+|\.{2,}")
_BREAK = re.compile(r"[。、,.!！?？:;/\n]+")
_QUESTION = re.compile("[?？]")
_BEGIN, _END = "^", "$"
_RUN = re.compile(
    r"(?P<latin>[a-z0-9\u00e0-\u024f']+)|(?P<hangul>[\uac00-\ud7a3\u1100-\u11ff0]+)|(?P<other>[^\sa-z\u00e0-\u024f'\uac00-\ud7a3\u1100-\u11ff]+)"
)
_ENDING = re.compile(r"(?:ing|ed|es|s|ly)$")

# How much runs of one, two and three characters count, and characters against words; found by measuring.
_HAN_RUNS = {1: 1.5, 2: 1.3, 3: 0.8}
_HANGUL_RUNS = {1: 1.0, 2: 1.0, 3: 1.0}
_JAMO_RUNS = {3: 1.0, 4: 1.0, 5: 1.0}
_LATIN_RUNS = {2: 0.5, 3: 0.5, 4: 0.5, 5: 0.5}
_APART = 0.5  # pairs of words with one or two between them

Vector = dict[str, float]


def features(folded: str) -> Vector:
    """Weighted features of folded text: `=` words and pairs, `+` stems, `?` a question, else runs of characters."""
    tally = _Tally()
    text = shape(folded[:_MAX_CHARACTERS])
    if _QUESTION.search(text):
        tally.add("?")
    for part in _BREAK.split(text):
        chunk = part.strip()
        words = []
        for run in _RUN.finditer(chunk):
            if run["other"]:
                tally.add_runs(_edged(run, chunk), _HAN_RUNS)
                continue
            words.append(run[0])
            if run["hangul"]:
                tally.add_runs(f" {run[0]} ", _HANGUL_RUNS)
                tally.add_runs(unicodedata.normalize("NFD", run[0]), _JAMO_RUNS)
                continue
            tally.add_runs(f" {run[0]} ", _LATIN_RUNS)
            if len(run[0]) > _LONG_WORD:
                tally.add("+" + _ENDING.sub("", run[0]))
        tally.add_words(words)
    return tally.vector()


def _edged(run: re.Match[str], chunk: str) -> str:
    """With a mark where a clause begins and ends, as words of other scripts have spaces."""
    begins, ends = run.start() == 0, run.end() == len(chunk)
    return f"{_BEGIN if begins else ''}{run[0]}{_END if ends else ''}"


def shape(folded: str) -> str:
    """Chinese in one script, numbers as 0, quotes and ornaments away."""
    text = _NOISE.sub(" ", _APOSTROPHE.sub("'", simplified(folded)))
    return _NUMBER.sub("0", text)


class _Tally:
    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._weights: Vector = {}

    def add(self, name: str, weight: float = 1.0) -> None:
        self._counts[name] += 1
        self._weights[name] = weight

    def add_runs(self, text: str, sizes: Mapping[int, float]) -> None:
        for size, weight in sizes.items():
            for start in range(len(text) - size + 1):
                name = text[start : start + size]
                if name not in (_BEGIN, _END):
                    self.add(name, weight)

    def add_words(self, words: Sequence[str]) -> None:
        for word in words:
            self.add(f"={word}")
        for first, second in pairwise(words):
            self.add(f"={first} {second}")
        for distance in (2, 3):
            for first, second in zip(words, words[distance:], strict=False):
                self.add(f"={first} _ {second}", _APART)

    def vector(self) -> Vector:
        return {name: self._weights[name] * (1.0 + math.log(count)) for name, count in self._counts.items()}
