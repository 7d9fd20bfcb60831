"""How many labelled messages are understood, by language and category, and whether it was better before (TECH-007). Pure.

What was reached is kept in a file beside the lines, so that a release that understands less is seen before it is one.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from madoguchi.assistant.evaluation.lines import Line

Place = tuple[str, str]  # language, category; the category "all" is the whole language
ALL = "all"


class FloorsError(ValueError):
    """The file of what was reached cannot be read; the message says where."""


@dataclass(frozen=True)
class Share:
    right: int
    lines: int

    @property
    def value(self) -> float:
        return self.right / self.lines


@dataclass(frozen=True)
class Loss:
    """Fewer lines right than were reached before."""

    language: str
    category: str
    reached: int
    now: Share


def accuracy(lines: Iterable[Line], kind_of: Callable[[Line], str]) -> dict[Place, Share]:
    """The share of lines whose kind `kind_of` finds, of each language and of each category in it."""
    counted: dict[Place, list[bool]] = {}
    for line in lines:
        right = kind_of(line) == line.kind
        for place in ((line.lang, ALL), (line.lang, line.category)):
            counted.setdefault(place, []).append(right)
    return {place: Share(sum(found), len(found)) for place, found in counted.items()}


def losses(now: Mapping[Place, Share], reached: Mapping[Place, int], *, tolerance: int = 0) -> list[Loss]:
    """Where more than `tolerance` lines were lost. Of a whole language not one may be; a place without lines is lost."""
    found = []
    for (language, category), before in sorted(reached.items()):
        share = now.get((language, category), Share(0, 0))
        if share.right < before - (0 if category == ALL else tolerance):
            found.append(Loss(language, category, before, share))
    return found


def read_floors(text: str) -> dict[Place, int]:
    """`[language]` tables of category = lines right. Raises FloorsError."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise FloorsError(str(error)) from error
    floors: dict[Place, int] = {}
    for language, table in tables.items():
        if not isinstance(table, dict):
            raise FloorsError(f"{language}: a table of categories is expected")
        for category, right in table.items():
            if not isinstance(right, int) or isinstance(right, bool) or right < 0:
                raise FloorsError(f"{language}.{category}: a number of lines is expected")
            floors[language, category] = right
    return floors


def write_floors(now: Mapping[Place, Share]) -> str:
    """The text that `read_floors` reads."""
    blocks = []
    for language in dict.fromkeys(language for language, _ in now):
        rows = [
            f"{category} = {share.right}  # of {share.lines}"
            for (own, category), share in now.items()
            if own == language
        ]
        blocks.append("\n".join([f"[{language}]", *rows]))
    return "\n\n".join(blocks) + "\n"
