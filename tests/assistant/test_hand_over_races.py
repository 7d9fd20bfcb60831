"""Nothing that is typed while a contact changes hands is lost, answered twice, or answered by one who has let go of it.

On both databases every deed is one transaction, so that whatever happens at once is the same as some order of deeds.
Here the orders are made by chance, with the real verbs; what happens between an assistant's look and its writing is
put exactly there. `MADOGUCHI_INTERLEAVINGS` sets how many; 10,000 take about a quarter of an hour.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from madoguchi.assistant import turn as turn_module
from madoguchi.channels.chat.inbound import ChatDoor
from madoguchi.counter.actors import Actor
from madoguchi.counter.contacts import events, queries, service
from madoguchi.counter.contacts.model import Contact, Entry
from madoguchi.counter.problems import Problem
from madoguchi.counter.routing import presence, queues
from madoguchi.counter.routing import queries as places
from madoguchi.counter.routing import service as routing
from madoguchi.counter.routing.policy import Rules
from madoguchi.counter.team import service as team
from madoguchi.engine.database import Transaction
from madoguchi.faces.house import House

MANY = int(os.environ.get("MADOGUCHI_INTERLEAVINGS", "250"))
WORDS = (
    "注文した商品がまだ届きません",
    "返品したいです",
    "担当者と話したい",
    "全然解決しません",
    "ほげほげふがふが",
    "Where is my order?",
    "我要转人工",
    "상담원 연결해 주세요",
)
DEEDS = (
    "say",
    "say",
    "turn",
    "turn",
    "person",
    "offer",
    "accept",
    "decline",
    "take",
    "speak",
    "to_queue",
    "to_agent",
)


@dataclass
class Fate:
    """One contact, what was acknowledged in it, and the deeds that are still to come."""

    house: House
    agents: list[Actor]
    chance: random.Random
    visitor: Actor
    contact_id: str
    plan: list[str]
    said: list[str] = field(default_factory=list)
    spoken: list[str] = field(default_factory=list)
    depth: int = 0

    def go_on(self) -> None:
        while self.plan:
            self.do(self.plan.pop())

    def do(self, deed: str) -> None:
        try:
            getattr(self, f"_{deed}")()
        except Problem:
            return  # refused, and told so: nobody relies on it

    @property
    def seen(self) -> Contact:
        return self.house.database.read(queries.get, self.contact_id)

    def _say(self) -> None:
        text = f"{self.chance.choice(WORDS)} {len(self.said)}"
        door: ChatDoor = self.house.chat
        door.say(self.visitor, self.contact_id, text=text, client_key=f"word-{len(self.said):06d}")
        self.said.append(text)

    def _person(self) -> None:
        self.house.chat.ask_person(self.visitor, self.contact_id)

    def _turn(self) -> None:
        self.house.assistant.turn(self.contact_id)

    def meanwhile(self) -> None:
        """Between the assistant's look and its writing; another assistant may look and write in there too."""
        if self.depth >= 2:
            return
        self.depth += 1
        for _ in range(self.chance.choice((0, 0, 1, 1, 2, 3))):
            if self.plan:
                self.do(self.plan.pop())
        self.depth -= 1

    def _offer(self) -> None:
        self.house.database.write(routing.offer_next, Rules.of(self.house.settings))

    def _accept(self) -> None:
        place = self.house.database.read(places.place_of, self.contact_id)
        agent = next((each for each in self.agents if place and each.id == place.offered_to), self._agent())
        self.house.database.write(routing.accept, self.contact_id, agent, self._version())

    def _decline(self) -> None:
        self.house.database.write(routing.decline, self.contact_id, self._agent())

    def _take(self) -> None:
        self.house.database.write(routing.take, self.contact_id, self._agent(), self._version())

    def _speak(self) -> None:
        text = f"担当者です {len(self.spoken)}"
        key = f"agent-{len(self.spoken):06d}"
        by = self._agent()
        self.house.database.write(
            service.say, self.contact_id, actor=by, text=text, client_key=key, owner_version=self._version()
        )
        self.spoken.append(text)

    def _to_queue(self) -> None:
        self.house.database.write(
            routing.transfer_to_queue,
            self.contact_id,
            "returns",
            actor=self._agent(),
            owner_version=self._version(),
        )

    def _to_agent(self) -> None:
        self.house.database.write(
            routing.transfer_to_agent,
            self.contact_id,
            self._agent().id,
            Rules.of(self.house.settings),
            actor=self._agent(),
            owner_version=self._version(),
        )

    def _agent(self) -> Actor:
        return self.chance.choice(self.agents)

    def _version(self) -> int:
        """Mostly what is so; now and then what was so when somebody last looked."""
        return self.seen.owner_version - self.chance.choice((0, 0, 0, 1))


@pytest.fixture
def agents(house: House) -> list[Actor]:
    def hire(tx: Transaction, name: str) -> Actor:
        found = team.add_agent(
            tx,
            login=name,
            password=f"kite-harbour-{name}-77",
            name=name,
            roles=["agent"],
            languages=["ja", "en", "ko", "zh-Hans"],
            queues=["*"],
            capacity=50,
        )
        presence.set_status(tx, found.id, "available")
        return team.actor_of(found)

    house.database.write(queues.ensure_queues)
    return [house.database.write(hire, name) for name in ("hana", "ken")]


@pytest.fixture
def gap(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Fate], None]]:
    """Puts a fate's deeds between look and writing of every turn."""
    current: list[Fate] = []

    def before_write(name: str) -> None:
        if current and name == "assistant.turn.before_write":
            current[0].meanwhile()

    monkeypatch.setattr(turn_module, "failpoint", before_write)

    def of(fate: Fate) -> None:
        current[:] = [fate]

    yield of


@pytest.mark.req("HND-002", "HND-006")
def test_no_word_is_lost_or_answered_twice_however_a_contact_changes_hands(
    house: House, agents: list[Actor], gap: Callable[[Fate], None]
) -> None:
    chance = random.Random(2226)
    handed, overtaken = 0, 0
    for number in range(MANY):
        visitor = Actor(kind="customer", id=f"vis_{number:06d}", language="ja")
        opened = house.database.write(
            service.open_contact, actor=visitor, channel="chat", language="ja", client_key="opening-key"
        )
        plan = [chance.choice(DEEDS) for _ in range(chance.randint(4, 12))]
        fate = Fate(house, agents, chance, visitor, opened.id, plan)
        gap(fate)
        fate.do("say")
        fate.go_on()
        while fate.seen.owner_kind == "assistant" and fate.seen.owes_turn:
            house.assistant.turn(fate.contact_id)
        ledger = house.database.read(queries.entries, fate.contact_id, limit=5000)
        check(fate, ledger)
        handed += any(entry.kind == events.HAND_OVER for entry in ledger)
        overtaken += any(entry.kind == events.JOINED for entry in ledger)
        _finish(house, fate.contact_id)
    assert handed > MANY / 5, "the chances no longer meet hand-overs"
    assert overtaken > MANY / 5, "the chances no longer meet agents"


def check(fate: Fate, ledger: list[Entry]) -> None:
    """What must hold of one contact, whatever happened in it."""
    about = f"{fate.contact_id}: {[(entry.seq, entry.kind, entry.author_id) for entry in ledger]}"
    words = [entry for entry in ledger if entry.kind == events.MESSAGE and entry.author_kind == "customer"]
    typed = [entry.body["text"] for entry in words if not entry.body.get("choice")]
    assert typed == fate.said, about  # each acknowledged word, once, in its order
    spoken = [
        entry.body["text"]
        for entry in ledger
        if entry.author_kind == "agent" and entry.kind == events.MESSAGE
    ]
    assert spoken == fate.spoken, about
    _one_speaks_at_a_time(ledger, about)
    answered = [
        int(entry.client_key.split("/")[1])
        for entry in ledger
        if entry.kind == events.MESSAGE and entry.author_kind == "assistant"
    ]
    turns = list(dict.fromkeys(answered))
    assert turns == sorted(turns), about
    assert answered == sorted(answered), (
        about
    )  # the words of one turn stand together: none comes a second time
    seen = fate.seen
    if seen.owner_kind == "assistant":
        assert not seen.owes_turn, about
        return
    place = fate.house.database.read(places.place_of, fate.contact_id)
    if seen.owner_kind == "queue":
        assert place is not None, about
        assert place.state in ("waiting", "offered"), (
            about
        )  # somebody will be offered it, with everything typed
        assert place.queue_id == seen.owner_id, about
    else:
        assert place is None or place.state in ("taken", "left"), about
    unseen = [entry.seq for entry in words if entry.seq > seen.agent_seen_seq]
    assert fate.house.database.read(queries.unread_of, [fate.contact_id], "agent").get(
        fate.contact_id, 0
    ) == len(unseen), about


def _one_speaks_at_a_time(ledger: list[Entry], about: str) -> None:
    """Read the owners off the ledger; who speaks must be the owner at that moment."""
    owner = "assistant"
    for entry in ledger:
        if entry.kind == events.HAND_OVER:
            owner = "queue"
        elif entry.kind == events.JOINED:
            owner = entry.body["agent_id"]
        elif entry.kind == events.TRANSFERRED:
            owner = entry.body.get("to_agent") or "queue"
        elif entry.kind == events.MESSAGE and entry.author_kind == "assistant":
            assert owner == "assistant", about
        elif entry.kind == events.MESSAGE and entry.author_kind == "agent":
            assert owner == entry.author_id, about


def _finish(house: House, contact_id: str) -> None:
    def end(tx: Transaction) -> None:
        routing.finished(tx, contact_id)
        service.end(tx, contact_id, Actor(kind="system", id="race"), "race")

    house.database.write(end)
