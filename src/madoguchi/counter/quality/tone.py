"""Whether somebody is upset or abusive, by the words of each language (QLT-008). Pure.

A list of words and not a model: an agent can see why a message is flagged, and a shop can read the whole rule. "Upset"
asks for patience; "abusive" is what nobody at work has to bear: insults to a person, threats, sexual words.
"""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from pathlib import Path

from madoguchi.counter.quality.model import StrainKind
from madoguchi.kit.text import fold

_FILE = Path(__file__).with_name("tone.toml")
_KINDS: tuple[StrainKind, ...] = ("abusive", "upset")


def tone_of(text: str) -> StrainKind | None:
    """The worst that the text shows, in whatever language it is written; None for anything else."""
    folded = fold(text)
    return next((kind for kind in _KINDS if _patterns()[kind].search(folded)), None)


@lru_cache(maxsize=1)
def _patterns() -> dict[StrainKind, re.Pattern[str]]:
    lists = tomllib.loads(_FILE.read_text("utf-8"))
    return {
        kind: re.compile("|".join(_pattern(phrase) for words in lists[kind].values() for phrase in words))
        for kind in _KINDS
    }


def _pattern(phrase: str) -> str:
    """A phrase of letters with gaps between words stands alone; one of characters stands anywhere."""
    escaped = re.escape(fold(phrase))
    return rf"(?<![a-z]){escaped}(?![a-z])" if phrase.isascii() else escaped
