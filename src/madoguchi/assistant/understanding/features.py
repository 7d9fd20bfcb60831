"""What the model sees of a text: words and their pairs, and runs of characters, each as its script needs it."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from itertools import pairwise

from madoguchi.assistant.understanding.chinese import simplified

_MAX_CHARACTERS = 1200
_NUMBER = re.compile(r"[#a-z]*\d[\d,.:/-]*")
_APOSTROPHE = re.compile("[’‘`´]")
_NOISE = re.compile(r"[\"“”()（）\[\]「」『』…・*~_^#]+|\.{2,}")
_BREAK = re.compile(r"[。、,.!！?？:;/\n]+")
_RUN = re.compile(
    r"(?P<latin>[a-z0-9\u00e0-\u024f']+)|(?P<hangul>[\uac00-\ud7a3\u1100-\u11ff0]+)|(?P<other>[^\sa-z\u00e0-\u024f'\uac00-\ud7a3\u1100-\u11ff]+)"
)
_ENDING = re.compile(r"(?:ing|ed|es|s|ly)$")

Vector = dict[str, float]


def features(folded: str) -> Vector:
    """Weighted features of folded text: `=` words, `+` stems, everything else characters."""
    counts: Counter[str] = Counter()
    for chunk in _BREAK.split(shape(folded[:_MAX_CHARACTERS])):
        words = []
        for run in _RUN.finditer(chunk):
            if run["other"]:
                _count_grams(run["other"], (1, 2, 3), counts)
                continue
            words.append(run[0])
            if run["latin"]:
                _count_latin(run[0], counts)
            else:
                _count_grams(f" {run[0]} ", (1, 2, 3), counts)
                _count_grams(unicodedata.normalize("NFD", run[0]), (3, 4, 5), counts)
        counts.update(f"={word}" for word in words)
        counts.update(f"={first} {second}" for first, second in pairwise(words))
    return {name: 1.0 + math.log(count) if count > 1 else 1.0 for name, count in counts.items()}


def shape(folded: str) -> str:
    """Chinese in one script, numbers as 0, quotes and ornaments away."""
    text = _NOISE.sub(" ", _APOSTROPHE.sub("'", simplified(folded)))
    return _NUMBER.sub("0", text)


def _count_latin(word: str, counts: Counter[str]) -> None:
    if len(word) > 4:
        counts[f"+{_ENDING.sub('', word)}"] += 1
    _count_grams(f" {word} ", (2, 3, 4, 5), counts)


def _count_grams(text: str, sizes: tuple[int, ...], counts: Counter[str]) -> None:
    for size in sizes:
        counts.update([text[i : i + size] for i in range(len(text) - size + 1)])
