"""Which own dialogue a run is held with: the one in force when it began, whatever has been put in force since.

A run remembers dialogue and version in its params (`OWN`), so that a replay, also by another process, plays the same steps.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from madoguchi.assistant.flows import Flow
from madoguchi.assistant.flows.general import for_a_person
from madoguchi.assistant.own_flows import keeping
from madoguchi.assistant.own_flows.keeping import Version
from madoguchi.assistant.own_flows.model import Dialogue, DialogueError, Topic, topic_key
from madoguchi.assistant.own_flows.playing import HANDS, Hands, script_of
from madoguchi.counter.contacts import events
from madoguchi.counter.contacts.model import Entry
from madoguchi.engine.database import Transaction

OWN = "own"


@dataclass(frozen=True)
class Serving:
    """`current`: what is in force, by its id; `begun`: versions with which runs of this contact have begun; `hands`: on orders."""

    current: Mapping[str, Version] = field(default_factory=dict)
    begun: Mapping[tuple[str, int], Version] = field(default_factory=dict)
    hands: Hands = HANDS

    def topics(self) -> Iterator[tuple[str, Topic]]:
        """Of every topic of the shop's own: the kind under which it is counted, and the topic."""
        for version in self.current.values():
            dialogue = _readable(version)
            if dialogue is not None and dialogue.topic is not None:
                yield dialogue.kind, dialogue.topic

    def starting(self, kind: str, topic: str = "") -> tuple[dict[str, Any], Topic | None]:
        """What the params of a run that begins now hold beside the usual, and the shop's topic where it is about one."""
        for key in (topic_key(topic) if topic else "", kind):
            version = self.current.get(key)
            dialogue = _readable(version) if version is not None else None
            if version is not None and dialogue is not None and dialogue.kind == kind:
                return {OWN: {"id": version.id, "version": version.version}}, dialogue.topic
        return {}, None

    def flow(self, params: Mapping[str, Any], shipped: Flow) -> Flow:
        """What a run with these params is held with. A version that cannot be read any more leads to a person."""
        named = params.get(OWN)
        if not named:
            return shipped
        key = (str(named["id"]), int(named["version"]))
        version = self.begun.get(key) or self.current.get(key[0])
        dialogue = _readable(version) if version is not None and version.version == key[1] else None
        script = script_of(dialogue, self.hands) if dialogue is not None else for_a_person
        return replace(shipped, script=script, slots=(), scripted=dialogue is not None, at_once=False)


def serving(tx: Transaction, entries: Iterable[Entry]) -> Serving:
    """What holds in this turn, for the contact with these entries."""
    named = [entry.body["params"].get(OWN) for entry in entries if entry.kind == events.FLOW_STARTED]
    wanted = {(str(each["id"]), int(each["version"])) for each in named if each}
    found = {key: keeping.find(tx, *key) for key in wanted}
    return Serving(
        {version.id: version for version in keeping.in_force(tx)},
        {key: version for key, version in found.items() if version is not None},
    )


def _readable(version: Version) -> Dialogue | None:
    try:
        return version.dialogue
    except DialogueError:
        return None
