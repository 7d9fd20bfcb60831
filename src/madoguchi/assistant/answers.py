"""How people name an answer in their own words: patterns in folded text, kept per language in `wording/answers`.

Whoever is asked in one language may answer in another, so that a pattern is read in all of them at once. They are data,
because four languages do not fit into a line of code, and because who knows a language need not know the code.
"""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "wording" / "answers"


@lru_cache
def said(key: str) -> str:
    """The pattern of an answer (`condition.unopened`) in every language. Raises KeyError for an unknown one."""
    matter, name = key.split(".")
    return "|".join(f"(?:{patterns[matter][name]})" for patterns in by_language().values())


@lru_cache
def says(key: str) -> re.Pattern[str]:
    return re.compile(said(key))


@lru_cache
def by_language() -> dict[str, dict[str, dict[str, str]]]:
    """Language → matter → name → pattern. Chinese of both scripts is one."""
    return {file.stem: tomllib.loads(file.read_text("utf-8")) for file in sorted(_FOLDER.glob("*.toml"))}
