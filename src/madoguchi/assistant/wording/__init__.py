"""What the assistant says: keyed templates with named places, a folder per language, in it a file per matter.

A value is a text, or a list of texts that say the same in other words; `turn` picks one, so that the assistant
does not repeat itself. Languages without a folder are served in English.
"""

from __future__ import annotations

import tomllib
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from madoguchi.kit import languages
from madoguchi.kit.money import Money

LANGUAGES = tuple(languages.NAMES)
_FOLDER = Path(__file__).parent


def spoken(language: str) -> str:
    """The language in which the assistant answers somebody who writes in `language`."""
    return language if language in LANGUAGES else "en"


@lru_cache
def catalogue(language: str) -> dict[str, str | list[str]]:
    """Every template of a language by its dotted key. Raises ValueError for a key that stands in two files."""
    found: dict[str, str | list[str]] = {}
    for file in sorted((_FOLDER / language).glob("*.toml")):
        texts = _flat(tomllib.loads(file.read_text("utf-8")))
        if twice := found.keys() & texts.keys():
            raise ValueError(f"{language}/{file.name}: {', '.join(sorted(twice))} stands in another file too")
        found |= texts
    return found


def words(language: str, key: str, /, *, turn: int = 0, **places: Any) -> str:
    """The template `key` with its places filled. Raises KeyError for an unknown key or a missing place."""
    template = catalogue(spoken(language))[key]
    chosen = template if isinstance(template, str) else template[turn % len(template)]
    return chosen.format(**places)


def has_words(key: str) -> bool:
    return key in catalogue("ja")


def day_text(day: date, language: str) -> str:
    """11月22日(日), 11월 22일(일), or Sun, Nov 22."""
    return languages.day_text(day, spoken(language), "EEE, MMM d")


def moment_text(moment: datetime, language: str) -> str:
    """`moment` must be in the zone of the reader already: 11月22日(日) 9:00, or Sun, Nov 22, 9:00."""
    between = ", " if spoken(language) == "en" else " "
    return f"{day_text(moment.date(), language)}{between}{moment.hour}:{moment.minute:02d}"


def span_text(first: date | None, last: date | None, language: str) -> str:
    """A day, or from a day to another; empty where neither is known."""
    known = first or last
    if known is None:
        return ""
    if first is None or last is None or first == last:
        return day_text(known, language)
    return f"{day_text(first, language)}{languages.tilde(spoken(language))}{day_text(last, language)}"


def money_text(minor: int, currency: str, language: str) -> str:
    return Money(minor=minor, currency=currency).text(spoken(language))


def _flat(values: dict[str, Any], before: str = "") -> dict[str, str | list[str]]:
    flat: dict[str, str | list[str]] = {}
    for name, value in values.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{before}{name}.")
        else:
            flat[before + name] = value
    return flat
