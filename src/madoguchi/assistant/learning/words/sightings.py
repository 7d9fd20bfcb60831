"""What a customer said before they picked a good or a subject, as the ledger tells. Pure.

Goods: the assistant had to ask which order or line, and one was picked or said. Articles: words that were not
understood (nothing was found for them either), or an answer that did not help, and then a subject was picked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from madoguchi.assistant.history import split_key
from madoguchi.assistant.kinds import kinds
from madoguchi.assistant.learning.words.model import Matter
from madoguchi.assistant.steps.topics import TOPIC
from madoguchi.assistant.wording import words
from madoguchi.counter.contacts import events
from madoguchi.counter.contacts.model import Entry

_SHOWN_AS = frozenset({"orders", "lines"})
_VARIANT = re.compile(r"\s*[（(][^（）()]*[）)]\s*$")


@dataclass(frozen=True)
class Pick:
    """As it was said: not veiled yet."""

    seq: int
    matter: Matter
    language: str
    text: str
    chosen: str
    said_at: datetime


def picks(entries: Sequence[Entry]) -> Iterator[Pick]:
    """In the order of the ledger; of a question that was answered anew each answer by itself."""
    reader = _Reader()
    for entry in entries:
        pick = reader.read(entry)
        if pick is not None and pick.text:
            yield pick


class _Reader:
    """Walks through a ledger once."""

    def __init__(self) -> None:
        self._said: list[Entry] = []
        self._since: dict[str, int] = {}  # run → seq of the words that began it
        self._offered: dict[tuple[str, str], tuple[str, dict[str, str]]] = {}  # question → language, labels
        self._lost: tuple[str, list[Entry]] | None = None  # language and words that led nowhere
        self._language = ""
        self._about: list[Entry] = []

    def read(self, entry: Entry) -> Pick | None:
        body = entry.body
        match entry.kind:
            case events.MESSAGE if entry.author_kind == "customer":
                return self._message(entry)
            case events.MESSAGE if entry.author_kind == "assistant":
                self._asked(body)
            case events.UNDERSTOOD:
                self._understood(body)
            case events.FLOW_STARTED:
                self._since[str(body["run"])] = int(body["params"].get("since", 0))
            case events.FLOW_ANSWERED:
                return self._answered(entry)
            case events.RESOLUTION_DENIED if self._about:
                self._lost = (self._language, self._about)
        return None

    def _message(self, entry: Entry) -> Pick | None:
        choice = entry.body.get("choice")
        if not choice:
            self._said.append(entry)
            return None
        owner, _ = split_key(str(choice.get("key", "")))
        value = str(choice.get("value", ""))
        if owner == "solved" and value == "no" and self._about:
            self._lost = (self._language, self._about)
        kind = value.removeprefix("topic ")
        if owner != TOPIC or kind not in kinds() or self._lost is None:
            return None
        (language, lost), self._lost = self._lost, None
        return _pick(entry, "articles", language, lost, kind)

    def _understood(self, body: dict[str, Any]) -> None:
        self._language = str(body.get("language", "")) or self._language
        heard = [said for said in self._said[-3:] if said.seq <= int(body["seq"])]
        if heard and heard[-1].seq == int(body["seq"]):
            self._about = heard[-1:]
            self._lost = (self._language, self._about) if body.get("missed") else None

    def _asked(self, body: dict[str, Any]) -> None:
        choices = body.get("choices") or {}
        if choices.get("kind") in _SHOWN_AS:
            labels = {str(each["value"]): str(each["label"]) for each in choices["options"]}
            self._offered[split_key(str(choices["key"]))] = (str(body.get("lang", "")), labels)

    def _answered(self, entry: Entry) -> Pick | None:
        run = str(entry.body["run"])
        language, labels = self._offered.get((run, str(entry.body["key"])), ("", {}))
        value = entry.body["value"]
        value = value[0] if isinstance(value, list) and len(value) == 1 else value
        chosen = _product(labels.get(value, ""), language) if isinstance(value, str) else ""
        if not chosen or run not in self._since:
            return None
        heard = [said for said in self._said if self._since[run] <= said.seq < entry.seq]
        return _pick(entry, "goods", language, heard, chosen)


def _pick(entry: Entry, matter: Matter, language: str, heard: Sequence[Entry], chosen: str) -> Pick:
    text = "\n".join(str(said.body.get("text", "")) for said in heard).strip()
    return Pick(entry.seq, matter, language, text, chosen, entry.at)


def _product(label: str, language: str) -> str:
    """The one product of a label, without its variant; "" where the label stands for several goods."""
    if language and _and_more(language).search(label):
        return ""
    return _VARIANT.sub("", label) or label


@lru_cache
def _and_more(language: str) -> re.Pattern[str]:
    """How an order with more than one good is named."""
    sample = re.escape(words(language, "order.and_more", label="\1", n="\2"))
    return re.compile(sample.replace(re.escape("\1"), ".+").replace(re.escape("\2"), r"\d+"))
