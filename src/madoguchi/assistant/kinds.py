"""The 96 kinds of enquiry by which everything is classified: how they are named in a sentence, and who deals with them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from madoguchi.assistant.wording import LANGUAGES, spoken
from madoguchi.counter.routing.queues import queue_for


@dataclass(frozen=True)
class Kind:
    """`wish` is what a customer mostly wants (cases.service.WISHES)."""

    id: str
    labels: dict[str, str]
    wish: str = ""

    def label(self, language: str) -> str:
        return self.labels[spoken(language)]


@lru_cache
def kinds() -> dict[str, Kind]:
    """Every kind by its id, in the order of the taxonomy."""
    with (Path(__file__).parent / "wording" / "kinds.toml").open("rb") as file:
        groups = tomllib.load(file)
    found = {}
    for group, entries in groups.items():
        for name, entry in entries.items():
            found[f"{group}.{name}"] = Kind(
                id=f"{group}.{name}",
                labels={language: entry[language] for language in LANGUAGES},
                wish=entry.get("wish", ""),
            )
    return found


def kind_label(kind: str, language: str) -> str:
    """What people call it; empty for an unknown kind."""
    found = kinds().get(kind)
    return found.label(language) if found else ""


def queue_of(kind: str) -> str:
    """The desk that gets a hand-over about this kind."""
    return queue_for(kind)
