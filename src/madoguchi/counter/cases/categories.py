"""Categories and states in words: labels for lists, titles and buttons. Data in `categories.toml`. Pure."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from madoguchi.counter.cases.model import CaseState
from madoguchi.engine.texts import tr

_FILE = Path(__file__).with_name("categories.toml")
ORDINARY = 4


@dataclass(frozen=True)
class Category:
    """`id` is `group.name`; `labels` by language, `ja` and `en`; `priority` 1 emergency … 4 ordinary."""

    id: str
    group: str
    labels: dict[str, str]
    priority: int

    def label(self, language: str) -> str:
        return self.labels["ja" if language == "ja" else "en"]


@lru_cache(maxsize=1)
def categories() -> dict[str, Category]:
    """All categories by id, in the order of the file."""
    found = {}
    for group, entries in _read().items():
        for name, entry in entries.items():
            if name == "label":
                continue
            labels = {"ja": entry["ja"], "en": entry["en"]}
            category = Category(f"{group}.{name}", group, labels, entry.get("priority", ORDINARY))
            found[category.id] = category
    return found


def is_category(category_id: str) -> bool:
    return category_id in categories()


def priority_of(category_id: str) -> int:
    """1 emergency … 4 ordinary; what is not yet classified is ordinary."""
    found = categories().get(category_id)
    return found.priority if found else ORDINARY


def category_label(category_id: str, language: str) -> str:
    """In words; empty for what is not classified."""
    found = categories().get(category_id)
    return found.label(language) if found else ""


def group_label(group: str, language: str) -> str:
    entry = _read().get(group)
    return "" if entry is None else str(entry["label"]["ja" if language == "ja" else "en"])


def groups() -> list[str]:
    return list(_read())


def state_label(state: CaseState, language: str) -> str:
    """The state as a customer may read it."""
    return tr(
        language,
        {
            "open": "Open",
            "waiting_for_us": "We are working on it",
            "waiting_for_customer": "Waiting for your reply",
            "resolved": "Solved, please confirm",
            "closed": "Closed",
            "reopened": "Open again",
        }[state],
    )


@lru_cache(maxsize=1)
def _read() -> dict[str, dict[str, dict[str, Any]]]:
    return tomllib.loads(_FILE.read_text("utf-8"))
