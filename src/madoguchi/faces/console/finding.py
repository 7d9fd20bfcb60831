"""Search in the console: pages, rules of the shop and settings, by words or their beginnings, kana of either kind.

Settings are found by key and meaning; their values are never shown, some of them are secrets.
"""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import BaseModel

from madoguchi.counter.actors import Actor
from madoguchi.counter.orders.rule_wording import rule_table
from madoguchi.counter.orders.rules import Rules
from madoguchi.counter.team.policy import may
from madoguchi.engine.settings import Settings
from madoguchi.engine.texts import tr
from madoguchi.faces.console.page_map import PAGES, ConsolePage
from madoguchi.kit.text import fold

_MOST = 20  # of each kind


@dataclass(frozen=True)
class FoundRule:
    """A rule of the shop: where it stands, what it is called and set to."""

    path: str
    label: str
    value: str
    key: str


@dataclass(frozen=True)
class Found:
    """What fits the words. `settings`: key and meaning, in the words of the settings page."""

    pages: list[ConsolePage]
    rules: list[FoundRule]
    settings: list[tuple[str, str]]

    @property
    def is_empty(self) -> bool:
        return not (self.pages or self.rules or self.settings)


def find(words: str, actor: Actor, rules: Rules, language: str) -> Found:
    """What of the console fits every one of the words, and may be seen by this actor."""
    wanted = fold(words).split()
    return Found(
        [page for page in _pages_for(actor) if _fits(wanted, *_names(page, language))],
        _rules(wanted, rules, language)[:_MOST] if may(actor, "figures.read") else [],
        _settings(wanted)[:_MOST] if may(actor, "installation.manage") else [],
    )


def _pages_for(actor: Actor) -> list[ConsolePage]:
    return [page for pages in PAGES.values() for page in pages if may(actor, page.verb)]


def _names(page: ConsolePage, language: str) -> list[str]:
    """Everything by which the page is found, in the reader's language and in English."""
    words = [page.name, page.about, page.found_by]
    return [*words, *(tr(language, each) for each in words if each)]


def _rules(wanted: list[str], rules: Rules, language: str) -> list[FoundRule]:
    return [
        FoundRule(f"/console/policies#topic-{place}", row.label, row.value, row.key)
        for place, (topic, rows) in enumerate(rule_table(rules, language).items(), 1)
        for row in rows
        if _fits(wanted, row.label, row.key, topic)
    ]


def _settings(wanted: list[str]) -> list[tuple[str, str]]:
    found = []
    for section, field in Settings.model_fields.items():
        model = field.annotation
        if isinstance(model, type) and issubclass(model, BaseModel):
            found += [
                (f"{section}.{name}", each.description or "") for name, each in model.model_fields.items()
            ]
    return [(key, meaning) for key, meaning in found if _fits(wanted, key, meaning)]


def _fits(wanted: list[str], *texts: str) -> bool:
    everything = fold(" ".join(texts))
    return all(word in everything for word in wanted)
