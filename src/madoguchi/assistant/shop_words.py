"""What the customers of this shop call its goods, where the goods have another name: リュック for a デイバッグ. Pure.

Accepted by an editor (`learning.words`), or written by hand into `words.toml` of the data folder, one table a language:

    [ja]
    "デイバッグ" = ["リュック", "リュックサック"]   # a product's name, or a part of it = what people say

A word counts whatever language a message is in, and only where no product is named rightly.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from madoguchi.assistant.language import LANGUAGES
from madoguchi.kit.text import fold

FILE = "words.toml"
SHORTEST = {
    True: 3,
    False: 1,
}  # of a word, by whether it is in Latin letters; 包 is a word, "it" is none of a good


class WordsError(ValueError):
    """The file cannot be used; the message says what is wrong."""


class ShopWords:
    """Pairs of (what people say, the name or part of a name that they mean)."""

    def __init__(self, pairs: Iterable[tuple[str, str]] = ()) -> None:
        self._means: dict[str, set[str]] = {}
        for word, means in pairs:
            self._means.setdefault(fold(word), set()).add(fold(means))
        longest_first = sorted(self._means, key=len, reverse=True)
        self._said = re.compile("|".join(map(_within, longest_first))) if longest_first else None

    def score(self, names: Iterable[str], said: str) -> int:
        """How many characters of the words (folded) mean a good with one of these names; 0: none."""
        if self._said is None:
            return 0
        folded = [fold(name) for name in names]
        found = (match[0] for match in self._said.finditer(said))
        return max((len(word) for word in found if self._is_meant(word, folded)), default=0)

    def _is_meant(self, word: str, names: list[str]) -> bool:
        return any(re.search(_within(means), name) for means in self._means[word] for name in names)


NONE = ShopWords()


def read(path: Path) -> list[tuple[str, str]]:
    """The pairs of a file written by hand; none where there is no file. Raises WordsError."""
    if not path.is_file():
        return []
    try:
        tables = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WordsError(f"{path.name}: {error}") from error
    return list(_pairs(path.name, tables))


def _pairs(file: str, tables: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    for language, names in tables.items():
        if language not in LANGUAGES or not isinstance(names, dict):
            raise WordsError(f"{file}: [{language}] is no language; one of {', '.join(LANGUAGES)}")
        for means, words in names.items():
            if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
                raise WordsError(f"{file}: {language}: {means}: a list of words is needed")
            for word in words:
                if not is_word(word) or not means.strip():
                    raise WordsError(f"{file}: {language}: {means}: {word!r} is too short to be a word")
                yield word, means


def is_word(word: str) -> bool:
    """Long enough to be looked for in what people say."""
    folded = fold(word)
    return any(c.isalpha() for c in folded) and len(folded) >= SHORTEST[folded.isascii()]


def _within(word: str) -> str:
    """Letters from the beginning of a word on, with its plural; in scripts without spaces anywhere."""
    return rf"\b{re.escape(word)}(?=(?:e?s)?\b)" if word.isascii() else re.escape(word)
