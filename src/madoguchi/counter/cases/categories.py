"""What people ask about: ninety-six categories in ten groups, from `categories.toml`. Pure."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from madoguchi.kit.languages import NAMES

_FILE = Path(__file__).with_name("categories.toml")
ORDINARY = 4


@dataclass(frozen=True)
class Category:
    """`id` is `group.name`; `labels` by language; `priority` 1 emergency … 4 ordinary."""

    id: str
    group: str
    labels: dict[str, str]
    priority: int

    def label(self, language: str) -> str:
        return self.labels.get(language) or self.labels["en"]


@lru_cache(maxsize=1)
def categories() -> dict[str, Category]:
    """All categories by id, in the order of the file."""
    found = {}
    for group, entries in _read().items():
        for name, entry in entries.items():
            if name == "label":
                continue
            labels = {language: entry[language] for language in NAMES if language in entry}
            category = Category(f"{group}.{name}", group, labels, entry.get("priority", ORDINARY))
            found[category.id] = category
    return found


def is_category(category_id: str) -> bool:
    return category_id in categories()


def priority_of(category_id: str) -> int:
    """1 emergency … 4 ordinary; what is not yet classified is ordinary."""
    found = categories().get(category_id)
    return found.priority if found else ORDINARY


def group_labels() -> dict[str, dict[str, str]]:
    """The groups in the order of the file, with their labels by language."""
    return {group: entries["label"] for group, entries in _read().items()}


@lru_cache(maxsize=1)
def _read() -> dict[str, dict[str, dict[str, Any]]]:
    return tomllib.loads(_FILE.read_text("utf-8"))
