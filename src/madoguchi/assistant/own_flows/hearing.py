"""Hears the shop's own topics: words that are like their examples. Taught by the dialogue in force, without training.

A shipped danger, a wish for a person, and a subject that the model is certain of go before it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Protocol

from madoguchi.assistant.own_flows.model import Topic
from madoguchi.assistant.questions import Heard
from madoguchi.assistant.understanding import Intent
from madoguchi.kit.text import fold

ALIKE = 0.42  # cosine from which words are about a topic
CERTAIN = 0.97  # of the model; then only words that are nearly an example lead to a topic
NEARLY = 0.66
_SURE = 0.99  # what the decision table is told
_SHORTEST = 3


class Scales(Protocol):
    """What of a text tells texts apart; an `Understander`."""

    def weighed(self, text: str) -> dict[str, float]: ...

    def weighed_example(self, text: str) -> dict[str, float]: ...


def hear(heard: Heard, topics: Iterable[tuple[str, Topic]], scales: Scales) -> Heard:
    """The same with the topic's kind as its first intent, where the words are about one; else as it is."""
    if heard.key or len(heard.folded) < _SHORTEST or heard.understanding.answer is not None:
        return heard
    found = nearest(heard.text, topics, scales)
    if found is None:
        return heard
    kind, topic, likeness = found
    intents = heard.understanding.intents
    if intents and intents[0].confidence >= CERTAIN and intents[0].kind != kind and likeness < NEARLY:
        return heard
    rest = tuple(
        Intent(each.kind, round(each.confidence * (1 - _SURE), 4)) for each in intents if each.kind != kind
    )
    understood = replace(heard.understanding, intents=(Intent(kind, _SURE), *rest))
    return replace(heard, understanding=understood, own_topic=topic.id)


def nearest(
    text: str, topics: Iterable[tuple[str, Topic]], scales: Scales
) -> tuple[str, Topic, float] | None:
    """Kind, topic, and how alike words and example are (0 to 1); None where nothing is alike enough."""
    wanted = None
    best: tuple[str, Topic, float] | None = None
    for kind, topic in topics:
        wanted = scales.weighed(text) if wanted is None else wanted
        for example in (each for texts in topic.examples.values() for each in texts):
            likeness = (
                1.0 if fold(example) == fold(text) else _cosine(wanted, scales.weighed_example(example))
            )
            if likeness >= ALIKE and (best is None or likeness > best[2]):
                best = kind, topic, likeness
    return best


def _cosine(one: dict[str, float], other: dict[str, float]) -> float:
    return sum(value * other.get(name, 0.0) for name, value in one.items())
