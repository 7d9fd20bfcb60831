"""What somebody typed into a search field, as phrases that must all be met. Pure.

Words are joined by "and"; "…" and 「…」 hold a phrase together; the end of a word or number may be left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from madoguchi.counter.search.cutting import cut_run, folded, glued_codes, is_script, runs

MOST_GROUPS = 12
SHORTEST_START = 3  # letters or digits from which on the rest of a word may be left out
_PARTS = re.compile(r'"([^"]*)"|「([^」]*)」|“([^”]*)”|([^\s"「」“”]+)')


@dataclass(frozen=True)
class Phrase:
    """Terms that follow each other; with `open_end` the last one may go on."""

    terms: tuple[str, ...]
    open_end: bool = False


@dataclass(frozen=True)
class Group:
    """One thing that must be found, in any of its shapes; `runs` is how it looks in a text, for marking it."""

    phrases: tuple[Phrase, ...]
    runs: tuple[str, ...]
    open_end: bool


@dataclass(frozen=True)
class Query:
    groups: tuple[Group, ...]

    def __bool__(self) -> bool:
        return bool(self.groups)


def parse(text: str) -> Query:
    """The query of a text as typed; empty where it holds nothing that could be found."""
    groups: list[Group] = []
    for *quoted, bare in _PARTS.findall(text.replace("＂", '"')):
        phrase = next(filter(None, quoted), "")
        if phrase:
            groups += _quoted(folded(phrase))
        elif bare:
            groups += _bare(folded(bare))
    return Query(tuple(dict.fromkeys(groups))[:MOST_GROUPS])


def _quoted(plain: str) -> list[Group]:
    found = runs(plain)
    if not found:
        return []
    begins = len(found[-1]) == 1 and is_script(found[-1])  # of a pair
    return [Group((Phrase(_terms(found), begins),), tuple(found), open_end=is_script(found[-1]))]


def _bare(plain: str) -> list[Group]:
    """A number with hyphens is one thing; everything else falls into its words and stretches."""
    groups: list[Group] = []
    for piece in re.split(r"\s+", plain):
        glued = glued_codes(piece)
        if len(glued) == 1 and re.fullmatch(r"[a-z0-9-]+", piece):
            parts = runs(piece)
            whole = Phrase((glued[0],), open_end=True)
            groups.append(Group((_phrase(parts), whole), tuple(parts), open_end=True))
            continue
        groups += [_single(run) if len(run) == 1 else _group(run) for run in runs(piece)]
    return groups


def _group(run: str) -> Group:
    return Group((_phrase([run]),), (run,), open_end=is_script(run) or len(run) >= SHORTEST_START)


def _phrase(parts: list[str]) -> Phrase:
    last = parts[-1]
    return Phrase(_terms(parts), open_end=not is_script(last) and len(last) >= SHORTEST_START)


def _single(character: str) -> Group:
    """One character of a script begins a pair or stands alone; one letter is a word."""
    return Group((Phrase((character,), open_end=is_script(character)),), (character,), is_script(character))


def _terms(parts: list[str]) -> tuple[str, ...]:
    """The terms of runs that follow each other; the text may go on where the last one ends."""
    before = [term for run in parts[:-1] for term in cut_run(run)]
    return (*before, *cut_run(parts[-1], whole=False))
