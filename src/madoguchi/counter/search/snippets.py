"""A few words around what was found, and which of them were meant. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from madoguchi.counter.search.cutting import is_script
from madoguchi.counter.search.query import Group, Query
from madoguchi.kit.text import kana_fold

BEFORE, LONGEST = 24, 120
_ANY_SIGNS = r"[\W_]*"
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class Piece:
    """Some of a text, as it was written."""

    text: str
    marked: bool = False


def snippet(text: str, query: Query, *, longest: int = LONGEST) -> list[Piece]:
    """Around the first place that was meant, in one line; from the beginning where none is seen."""
    line = _SPACE.sub(" ", text).strip()
    places = marks(line, query)
    start = max(0, places[0][0] - BEFORE) if places and len(line) > longest else 0
    end = min(len(line), start + longest)
    pieces = [Piece("…")] if start else []
    pieces += _pieces(line, places, start, end)
    return [*pieces, Piece("…")] if end < len(line) else pieces


def marks(text: str, query: Query) -> list[tuple[int, int]]:
    """Where something that was looked for stands in `text`; in order, none touching another."""
    plain, origins = _shape(text)
    found = sorted(
        (origins[each.start()], origins[each.end() - 1] + 1)
        for group in query.groups
        for each in _pattern(group).finditer(plain)
        if each.end() > each.start()
    )
    joined: list[tuple[int, int]] = []
    for begin, end in found:
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((begin, end))
    return [(begin, _with_its_marks(text, end)) for begin, end in joined]


def _pieces(line: str, places: list[tuple[int, int]], start: int, end: int) -> list[Piece]:
    pieces: list[Piece] = []
    at = start
    for begin, stop in places:
        if stop <= start or begin >= end:
            continue
        begin, stop = max(begin, start), min(stop, end)
        if begin > at:
            pieces.append(Piece(line[at:begin]))
        pieces.append(Piece(line[begin:stop], marked=True))
        at = stop
    if at < end:
        pieces.append(Piece(line[at:end]))
    return pieces


def _shape(text: str) -> tuple[str, list[int]]:
    """The text as it is compared, and for each of its characters the one that it came from; ｶﾞ is one character."""
    out: list[str] = []
    origins: list[int] = []
    place = 0
    while place < len(text):
        end = _with_its_marks(text, place + 1)
        for character in kana_fold(unicodedata.normalize("NFKC", text[place:end]).casefold()):
            out.append(character)
            origins.append(place)
        place = end
    return "".join(out), origins


def _with_its_marks(text: str, end: int) -> int:
    """Past the voice marks and accents that belong to the character before."""
    while end < len(text) and (text[end] in "ﾞﾟ" or unicodedata.combining(text[end])):
        end += 1
    return end


@lru_cache(maxsize=256)
def _pattern(group: Group) -> re.Pattern[str]:
    first, last = group.runs[0], group.runs[-1]
    before = "" if is_script(first) else r"(?<![a-z0-9])"
    after = "" if group.open_end or is_script(last) else r"(?![a-z0-9])"
    return re.compile(before + _ANY_SIGNS.join(re.escape(run) for run in group.runs) + after)
