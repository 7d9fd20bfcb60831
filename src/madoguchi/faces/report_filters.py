"""The filters that a report can be given, in the reader's words: what the shop has, and what is chosen."""

from __future__ import annotations

from dataclasses import dataclass

from madoguchi.counter.cases.categories import categories
from madoguchi.counter.reports.model import DIMENSIONS
from madoguchi.counter.routing import queues
from madoguchi.counter.team import queries as team
from madoguchi.engine.database import Transaction
from madoguchi.engine.texts import tr
from madoguchi.faces.report_query import Question
from madoguchi.faces.report_words import DIMENSION_NAMES, SEGMENTS, label_of
from madoguchi.faces.wording import CHANNELS
from madoguchi.kit.languages import NAMES

NOBODYS = "-"  # in an address: contacts without this


@dataclass(frozen=True)
class Filter:
    """`options`: value → words, "" for all of them."""

    name: str
    label: str
    options: dict[str, str]
    chosen: str


def filters(tx: Transaction, asked: Question, language: str) -> list[Filter]:
    """One for each dimension, and one for who had the contact last."""
    names = {each.id: each.label(language) for each in queues.queues(tx)}
    values = {
        "channel": list(CHANNELS),
        "language": list(NAMES),
        "queue": [*names, NOBODYS],
        "kind": [*categories(), NOBODYS],
        "segment": list(SEGMENTS),
    }
    found = [
        Filter(
            name,
            tr(language, DIMENSION_NAMES[name]),
            {
                "": tr(language, "All of them"),
                **{
                    value: label_of(name, "" if value == NOBODYS else value, language, names)
                    for value in values[name]
                },
            },
            asked.typed.get(name, ""),
        )
        for name in DIMENSIONS
    ]
    people = {each.id: each.display_name for each in team.agents(tx)}
    agents = Filter(
        "agent", tr(language, "Agent"), {"": tr(language, "All of them"), **people}, asked.asked.agent
    )
    return [*found, agents]
