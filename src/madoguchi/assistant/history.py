"""What a contact's ledger tells the assistant: flows begun, answers given, questions asked, misunderstandings. Pure.

This is all the state there is. A flow's run is the list of its recorded answers; a run that is answered again at
an earlier question forgets what came after it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from madoguchi.counter.contacts import events
from madoguchi.counter.contacts.model import Entry

MISSED = frozenset({"rephrase", "offer_person", "offer_ways"})


@dataclass
class Run:
    """One run of a flow. `params`: {"topic": kind, "named": bool}, `own` where the shop's own dialogue holds it;
    `since`: seq of the words that started it.
    """

    id: str
    flow: str
    params: dict[str, Any]
    since: int
    answers: dict[str, Any] = field(default_factory=dict)
    again: set[str] = field(default_factory=set)  # to be asked, even where the answer seems plain
    asked: set[str] = field(default_factory=set)
    outcome: str = ""
    tried: list[str] = field(default_factory=list)

    def answer(self, key: str, value: Any) -> None:
        """Record an answer; None takes it back. An answer given anew forgets the ones after it."""
        if key in self.answers:
            keep = list(self.answers).index(key)
            self.answers = dict(list(self.answers.items())[:keep])
        if value is None:
            self.again.add(key)
        else:
            self.answers[key] = value


@dataclass
class History:
    """A contact so far, as the assistant remembers it."""

    runs: list[Run] = field(default_factory=list)
    open_key: str = ""  # of the question under the assistant's last message, if it has one
    open_values: tuple[str, ...] = ()
    last_text: str = ""  # of the assistant's last message
    turns: int = 0  # messages of the assistant
    misses: int = 0
    last_move: str = ""
    first_words: str = ""
    tried: list[str] = field(default_factory=list)  # before this contact, on our pages
    solved_asked: set[str] = field(default_factory=set)
    proposals: dict[str, str] = field(default_factory=dict)  # id → last fact about it

    @property
    def active(self) -> Run | None:
        """The run begun last that has not ended; the ones before it are put aside."""
        return next((run for run in reversed(self.runs) if not run.outcome), None)

    @property
    def aside(self) -> list[Run]:
        return [run for run in self.runs if not run.outcome and run is not self.active]

    def run(self, run_id: str) -> Run | None:
        return next((run for run in self.runs if run.id == run_id), None)


def split_key(choices_key: str) -> tuple[str, str]:
    """Whose question, and which: `<run>:<question>#<time>`, the time only where it was asked before."""
    owner, _, key = choices_key.partition(":")
    return owner, key.partition("#")[0]


def remember(entries: Iterable[Entry]) -> History:
    """Fold a ledger into what the assistant remembers."""
    history = History()
    for entry in entries:
        _take_in(history, entry)
    return history


def _take_in(history: History, entry: Entry) -> None:
    body = entry.body
    if entry.kind == events.MESSAGE:
        _message(history, entry)
    elif entry.kind == events.OPENED:
        history.tried = list(body.get("tried", []))
    elif entry.kind == events.FLOW_STARTED:
        history.runs.append(Run(body["run"], body["flow"], body["params"], body["params"]["since"]))
    elif entry.kind == events.FLOW_ANSWERED:
        if run := history.run(body["run"]):
            run.answer(body["key"], body["value"])
    elif entry.kind == events.FLOW_ENDED:
        if run := history.run(body["run"]):
            run.outcome = body["outcome"]
            run.tried = body.get("tried", [])
    elif entry.kind == events.UNDERSTOOD:
        history.last_move = body.get("move", "")
        history.misses = history.misses + 1 if body.get("missed") else 0
    elif entry.kind.startswith("proposal."):
        history.proposals[body.get("proposal_id", "")] = entry.kind
    elif entry.kind == events.RETURNED_TO_ASSISTANT:
        history.misses = 0


def _message(history: History, entry: Entry) -> None:
    if entry.author_kind == "customer":
        history.first_words = history.first_words or str(entry.body.get("text", ""))
        return
    if entry.author_kind != "assistant":
        history.open_key = ""
        return
    choices = entry.body.get("choices")
    history.last_text = str(entry.body.get("text", ""))
    history.turns += 1
    history.open_key = choices["key"] if choices else ""
    history.open_values = tuple(option["value"] for option in choices["options"]) if choices else ()
    if not choices:
        return
    owner, key = split_key(choices["key"])
    if owner == "solved":
        history.solved_asked.add(key)
    if run := history.run(owner):
        run.asked.add(key)
