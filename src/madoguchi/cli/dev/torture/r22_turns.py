"""R-22: the assistant answers twice, or talks while a person does (I2).

Two assistants in two processes take the same turn at one instant, the customer writes on, and somewhere in between
an agent takes the contact over. At most one reply for each word of the customer; after the agent has joined, none.
"""

from __future__ import annotations

import logging
import random
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import select

from madoguchi.building import build_house
from madoguchi.cli.dev.torture.ground import Crew, Tick, Work, at_once, crew, look, scratch_database
from madoguchi.cli.dev.torture.r19_accept import Hire, agent_id, hire
from madoguchi.cli.dev.torture.report import Report
from madoguchi.counter.actors import Actor
from madoguchi.counter.contacts import events, queries, service
from madoguchi.counter.contacts.model import contact, ledger_entry
from madoguchi.counter.problems import Problem
from madoguchi.counter.routing import service as routing
from madoguchi.engine.database import Transaction
from madoguchi.engine.settings import Settings
from madoguchi.faces.house import House

LATEST_S = 0.06
WORDS = (
    "注文した商品がまだ届きません",
    "返品したいです",
    "Where is my order?",
    "領収書がほしい",
    "二重に請求されています",
    "ありがとうございます",
)


@dataclass(frozen=True)
class Open:
    visitor: str
    text: str


@dataclass(frozen=True)
class Say:
    visitor: str
    contact_id: str
    text: str
    key: str
    delay: float = 0.0


@dataclass(frozen=True)
class Turn:
    contact_id: str
    delay: float = 0.0


@dataclass(frozen=True)
class Take:
    """The agent looks and takes, again where the owner has changed in between."""

    contact_id: str
    agent: str
    delay: float = 0.0


@dataclass(frozen=True)
class End:
    contact_id: str


@dataclass(frozen=True)
class Line:
    """An entry of the ledger, as far as it matters here. `turn`: the word answered, of the assistant's messages."""

    seq: int
    kind: str
    author: str
    turn: int = 0


def run(kind: str, server: str, *, count: int, seed: int, tick: Tick = lambda _: None) -> Report:
    """Hold `count` contests; in two of three an agent takes over."""
    report = Report("R-22", kind, seed)
    chance = random.Random(seed)
    with scratch_database(kind, server) as url, crew(_counter, url) as counters:
        counters.alone(Hire((50,)))
        for place in range(count):
            contest(report, url, counters, chance, f"vis_{place:06d}")
            report.tried += 1
            tick(report.tried)
    return report


def contest(report: Report, url: str, counters: Crew, chance: random.Random, visitor: str) -> None:
    (contact_id,) = counters.alone(Open(visitor, chance.choice(WORDS)))
    takes_over = chance.random() < 0.67
    written = 0
    for place in range(2):
        deeds: list[Any] = [Turn(contact_id, _moment(chance)) for _ in range(4)]
        if place or chance.random() < 0.5:
            word = chance.choice(WORDS)
            deeds.append(Say(visitor, contact_id, word, f"word-{place:06d}", _moment(chance)))
        if takes_over and place:
            deeds.append(Take(contact_id, agent_id(0), _moment(chance)))
        chance.shuffle(deeds)
        written += sum(each is True for each in counters.together(deeds))
    # What is owed now may be said, or not, where an agent has it.
    written += sum(each is True for each in counters.together([Turn(contact_id), Turn(contact_id)]))
    lines, owed = _ledger(url, contact_id)
    report.count("turns_written", written)
    check_turns(report, visitor, lines, written=written, owed=owed)
    counters.alone(End(contact_id))


def check_turns(report: Report, who: str, lines: Sequence[Line], *, written: int, owed: bool) -> None:
    """One reply per word, each after its word, none after an agent has joined, none owed where nobody has taken over.

    `written`: how many turns said that they wrote; `owed`: the assistant owns the contact and has not answered.
    """
    joined = next((line.seq for line in lines if line.kind == events.JOINED), None)
    answered = [line.turn for line in lines if line.turn]
    replies = [turn for place, turn in enumerate(answered) if place == 0 or answered[place - 1] != turn]
    report.acknowledged += len(set(replies))
    report.count("taken_over", joined is not None)
    report.duplicated += len(replies) - len(set(replies))
    if written > len(set(replies)):
        report.duplicated += written - len(set(replies))
        report.note(f"{who}: {written} turns written, {len(set(replies))} words answered")
    report.lost += max(0, len(set(replies)) - written) + owed
    words = {line.seq for line in lines if line.author == "customer"}
    for line in lines:
        if not line.turn:
            continue
        if line.turn not in words or line.turn > line.seq:
            report.misordered += 1
            report.note(f"{who}: {line.seq} answers {line.turn}")
        if joined is not None and line.seq > joined:
            report.note_illegal(f"{who}: the assistant speaks at {line.seq}, an agent has joined at {joined}")


def _counter(url: str) -> Work:
    """A process of the crew: a whole house on the same database, without its faces."""
    folder = Path(tempfile.gettempdir()) / "madoguchi-torture-keys"
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    house = build_house(Settings.model_validate({"data": {"folder": folder, "url": url}}))
    doers: dict[type, Callable[[Any], Any]] = {
        Hire: lambda deed: house.database.write(hire, deed),
        Open: lambda deed: house.database.write(_open, deed),
        Say: lambda deed: _say(house, deed),
        Turn: lambda deed: house.assistant.turn(deed.contact_id),
        Take: lambda deed: _take(house, deed),
        End: lambda deed: house.database.write(_finish, deed),
    }

    def do(deed: Any) -> Any:
        time.sleep(getattr(deed, "delay", 0.0))
        return doers[type(deed)](deed)

    return at_once(do)


def _open(tx: Transaction, deed: Open) -> str:
    actor = Actor(kind="customer", id=deed.visitor)
    made = service.open_contact(tx, actor=actor, channel="chat", language="ja", client_key="opening-key")
    service.say(tx, made.id, actor=actor, text=deed.text, client_key="first-word")
    return made.id


def _say(house: House, deed: Say) -> str:
    actor = Actor(kind="customer", id=deed.visitor)
    house.database.write(service.say, deed.contact_id, actor=actor, text=deed.text, client_key=deed.key)
    return "said"


def _take(house: House, deed: Take) -> str:
    actor = Actor(kind="agent", id=deed.agent, name=deed.agent, roles=frozenset({"agent"}))
    code = ""
    for _ in range(10):
        seen = house.database.read(queries.get, deed.contact_id)
        try:
            house.database.write(routing.take, deed.contact_id, actor, seen.owner_version)
        except Problem as problem:
            code = problem.code
            continue
        return "taken"
    raise RuntimeError(f"ten times not taken: {code}")


def _finish(tx: Transaction, deed: End) -> None:
    service.end(tx, deed.contact_id, Actor(kind="system", id="torture"), "torture")
    routing.finished(tx, deed.contact_id)


def _ledger(url: str, contact_id: str) -> tuple[list[Line], bool]:
    with look(url) as connection:
        rows = connection.execute(
            select(ledger_entry).where(ledger_entry.c.contact_id == contact_id).order_by(ledger_entry.c.seq)
        ).all()
        seen = connection.execute(select(contact).where(contact.c.id == contact_id)).one()
    lines = [
        Line(row.seq, row.kind, row.author_kind, _turn_of(row.client_key) if _speaks(row) else 0)
        for row in rows
    ]
    owed = seen.owner_kind == "assistant" and seen.last_customer_seq > seen.answered_seq
    return lines, owed


def _speaks(row: Any) -> bool:
    return bool(row.author_kind == "assistant" and row.kind == events.MESSAGE)


def _turn_of(client_key: str) -> int:
    return int(client_key.split("/")[1])


def _moment(chance: random.Random) -> float:
    return chance.choice((0.0, chance.random() * LATEST_S))
