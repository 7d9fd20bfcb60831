"""A query in the words of each database: FTS5, tsquery, and plain patterns over the terms of a few contacts."""

from __future__ import annotations

from madoguchi.counter.search.query import Group, Phrase


def fts5(groups: tuple[Group, ...], *marks: str) -> str:
    """Terms hold letters and digits only, so that nothing of what was typed can be an operator."""
    wanted = [" OR ".join(_fts5_phrase(phrase) for phrase in group.phrases) for group in groups]
    return " AND ".join([*(f'"{mark}"' for mark in marks), *(f"({each})" for each in wanted)])


def tsquery(groups: tuple[Group, ...], *marks: str) -> str:
    wanted = [" | ".join(_ts_phrase(phrase) for phrase in group.phrases) for group in groups]
    return " & ".join([*(f"'{mark}'" for mark in marks), *(f"({each})" for each in wanted)])


def patterns(group: Group) -> list[str]:
    """For LIKE over the terms with a space on either side; any of them will do."""
    return [f"% {' '.join(phrase.terms)}{'' if phrase.open_end else ' '}%" for phrase in group.phrases]


def _fts5_phrase(phrase: Phrase) -> str:
    return f'"{" ".join(phrase.terms)}"' + (" *" if phrase.open_end else "")


def _ts_phrase(phrase: Phrase) -> str:
    last = len(phrase.terms) - 1
    return " <-> ".join(
        f"'{term}'" + (":*" if phrase.open_end and place == last else "")
        for place, term in enumerate(phrase.terms)
    )
