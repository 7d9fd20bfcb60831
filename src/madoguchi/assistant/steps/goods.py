"""What everyday goods are called in the customer's language, where the shop names them in another. Pure."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from madoguchi.kit.text import fold

_FILE = Path(__file__).parents[1] / "wording" / "goods.toml"


def kind_score(names: Iterable[str], said: str) -> int:
    """How many characters of the words name the kind of a good with these names; 0 where they do not."""
    return max((_longest(kind, said) for kind in _kinds_of(tuple(names))), default=0)


@lru_cache(maxsize=4096)
def _kinds_of(names: tuple[str, ...]) -> tuple[str, ...]:
    folded = [fold(name) for name in names]
    return tuple(kind for kind, called in _called().items() if any(called.search(name) for name in folded))


@lru_cache
def _called() -> dict[str, re.Pattern[str]]:
    """Kind → how it is called, in every language."""
    kinds = tomllib.loads(_FILE.read_text("utf-8"))
    return {
        kind: re.compile("|".join(f"(?:{each})" for each in ways.values())) for kind, ways in kinds.items()
    }


def _longest(kind: str, said: str) -> int:
    return max((len(found[0]) for found in _called()[kind].finditer(said)), default=0)
