"""Whether a word stands in what was said, mistyped or spelt another way (イヤフォン, headphons). Pure."""

from __future__ import annotations

import re
from functools import lru_cache

_READ = 200  # characters of the message that are searched; who names a thing does so early
_LATIN_WORD = re.compile(r"[a-z0-9]+")
_SHORTEST = 3
_MISTAKES = ((8, 2), (5, 1))  # from so many letters on, so many mistakes
# Sounds that Japanese writes in several ways, in folded text; what is written longest first.
_SOUNDS = (
    ("ふぁ", "は"), ("ふぃ", "ひ"), ("ふぇ", "へ"), ("ふぉ", "ほ"), ("ゔぁ", "ば"), ("ゔぃ", "び"), ("ゔぇ", "べ"), ("ゔぉ", "ぼ"),
    ("ゔ", "ぶ"), ("てぃ", "ち"), ("でぃ", "じ"), ("うぇ", "え"), ("うぃ", "い"), ("うぉ", "お"), ("ぢ", "じ"), ("づ", "ず"),
    ("ー", ""), ("っ", ""),
)  # fmt: skip


@lru_cache(maxsize=4096)
def nearly(word: str, said: str) -> int:
    """How many letters of `word` stand in `said`, both folded; 0 where it would be chance."""
    if word.isascii():
        return max((_alike(word, other) for other in _LATIN_WORD.findall(said[:_READ])), default=0)
    word, said = _as_heard(word), _as_heard(said[:_READ])
    allowed = _allowed(word)
    if not allowed and (len(word) < _SHORTEST or word not in said):
        return 0
    mistakes = _fewest_mistakes(word, said) if allowed else 0
    return len(word) - mistakes if mistakes <= allowed else 0


def _alike(word: str, other: str) -> int:
    allowed = _allowed(word)
    if not allowed or abs(len(word) - len(other)) > allowed:
        return 0
    mistakes = _fewest_mistakes(word, other, whole=True)
    return len(word) - mistakes if mistakes <= allowed else 0


def _allowed(word: str) -> int:
    return next((mistakes for letters, mistakes in _MISTAKES if len(word) >= letters), 0)


def _as_heard(text: str) -> str:
    for written, heard in _SOUNDS:
        text = text.replace(written, heard)
    return text


def _fewest_mistakes(word: str, said: str, *, whole: bool = False) -> int:
    """Letters to change, add or leave out until `word` is `said`, or unless `whole` some piece of it."""
    row = list(range(len(said) + 1)) if whole else [0] * (len(said) + 1)
    for place, letter in enumerate(word, 1):
        before, row = row, [place]
        for at, other in enumerate(said, 1):
            row.append(min(before[at] + 1, row[-1] + 1, before[at - 1] + (letter != other)))
    return row[-1] if whole else min(row)
