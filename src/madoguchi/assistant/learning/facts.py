"""Which of a contact's messages were not understood, or understood wrongly, as its ledger tells. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from madoguchi.assistant.decide import Move
from madoguchi.assistant.history import split_key
from madoguchi.assistant.kinds import kinds
from madoguchi.assistant.learning.model import REASONS, Reason
from madoguchi.assistant.steps.topics import TOPIC
from madoguchi.counter.contacts import events
from madoguchi.counter.contacts.model import Entry


@dataclass
class Said:
    """One utterance of the customer, why it is worth a look, and what it may have been about, likeliest first."""

    seq: int
    at: datetime
    text: str
    language: str
    understood: str
    move: str
    likely: list[str]
    reasons: set[Reason] = field(default_factory=set)

    @property
    def reason(self) -> Reason:
        return max(self.reasons, key=REASONS.index)


def mistaken(entries: Sequence[Entry], *, topic: str = "", category: str = "") -> list[Said]:
    """`topic`: what the assistant took the contact for; `category`: what its case is in the end."""
    reader = _Reader()
    for entry in entries:
        reader.read(entry)
    if topic and category and topic != category:
        reader.mark(reader.about, "reclassified", first=category)
    return [said for said in reader.said if said.reasons]


class _Reader:
    """Walks through a ledger once."""

    def __init__(self) -> None:
        self.said: list[Said] = []
        self.about: Said | None = None  # the words that the newest flow began with
        self._waiting: list[Entry] = []
        self._current: Said | None = None
        self._began: dict[str, Said | None] = {}
        self._answered: set[str] = set()
        self._move = ""

    def read(self, entry: Entry) -> None:
        body = entry.body
        match entry.kind:
            case events.MESSAGE if entry.author_kind == "customer":
                self._message(entry)
            case events.UNDERSTOOD:
                self._understood(entry)
            case events.FLOW_STARTED:
                self._began[str(body.get("run"))] = self._current
                self.about = self._current or self.about
            case events.FLOW_ANSWERED:
                self._answered.add(str(body.get("run")))
            case events.FLOW_ENDED if body.get("outcome") == "overtaken":
                self._overtaken(str(body.get("run")))
            case events.HAND_OVER if body.get("reason") == "bot_failed":
                self.mark(self.said[-1] if self.said else None, "bot_failed")
            case events.RESOLUTION_DENIED:
                self.mark(self.about, "denied")

    def mark(self, said: Said | None, reason: Reason, *, first: str = "") -> None:
        if said is None:
            return
        said.reasons.add(reason)
        if first:
            said.likely = list(dict.fromkeys((first, *said.likely)))

    def _message(self, entry: Entry) -> None:
        choice = entry.body.get("choice")
        if not choice:
            self._waiting.append(entry)
            return
        key, value = str(choice.get("key", "")), str(choice.get("value", ""))
        kind = value.removeprefix("topic ")
        owner, _ = split_key(key)
        if owner == TOPIC and kind in kinds() and self.said:
            self.said[-1].likely = list(dict.fromkeys((kind, *self.said[-1].likely)))
        elif owner == "solved" and value == "no":
            self.mark(self.about, "denied")

    def _understood(self, entry: Entry) -> None:
        body = entry.body
        self._move = str(body.get("move", ""))
        words = [waiting for waiting in self._waiting if waiting.seq <= body["seq"]]
        self._waiting = [waiting for waiting in self._waiting if waiting.seq > body["seq"]]
        self._current = _said(words, entry) if words else None
        if self._current is None:
            return
        self.said.append(self._current)
        if body.get("missed"):
            self.mark(self._current, "missed")
        if self._move == Move.CLARIFY:
            self.mark(self._current, "clarified")

    def _overtaken(self, run: str) -> None:
        """Another subject before the first answer: the flow was the wrong one. Not where danger came between."""
        if run not in self._answered and self._move == Move.START:
            meant = self._current.understood if self._current else ""
            self.mark(self._began.get(run), "corrected", first=meant)


def _said(words: Sequence[Entry], understood: Entry) -> Said:
    found = [str(intent["kind"]) for intent in understood.body.get("intents", [])]
    return Said(
        seq=int(understood.body["seq"]),
        at=words[-1].at,
        text=_joined(words),
        language=str(understood.body.get("language", "")),
        understood=found[0] if found else "",
        move=str(understood.body.get("move", "")),
        likely=found,
    )


def _joined(words: Iterable[Entry]) -> str:
    return "\n".join(str(entry.body.get("text", "")) for entry in words).strip()
