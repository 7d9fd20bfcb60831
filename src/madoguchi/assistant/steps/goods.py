"""What everyday goods are called in the customer's language, where the shop names them in another. Pure."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from madoguchi.kit.text import fold

_FILE = Path(__file__).parents[1] / "wording" / "goods.toml"


def kind_score(names: Mapping[str, str], said: str) -> int:
    """How many characters of the words name the kind of a good with these names (by language); 0: none of them."""
    return max((_longest(kind, said) for kind in _kinds_of(tuple(names.items()))), default=0)


@lru_cache(maxsize=4096)
def _kinds_of(names: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    """A name is read in its own language: 灯 is a lamp in Chinese, and no lamp in 灯台."""
    found = []
    for kind, ways in _called().items():
        own = [(ways.get(language.partition("-")[0]), fold(name)) for language, name in names]
        if any(called is not None and called.search(name) for called, name in own):
            found.append(kind)
    return tuple(found)


@lru_cache
def _called() -> dict[str, dict[str, re.Pattern[str]]]:
    """Kind → language → how it is called."""
    kinds = tomllib.loads(_FILE.read_text("utf-8"))
    return {kind: {each: re.compile(way) for each, way in ways.items()} for kind, ways in kinds.items()}


def _longest(kind: str, said: str) -> int:
    return max((len(m[0]) for called in _called()[kind].values() for m in called.finditer(said)), default=0)
