"""A shop that calls back: agents, customers, a clock, both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from madoguchi.counter.actors import Actor, Rung
from madoguchi.counter.callbacks import queries, rounds
from madoguchi.counter.callbacks.booking import Wish
from madoguchi.counter.callbacks.model import Call, Callback
from madoguchi.counter.callbacks.own_telephone import OwnTelephone
from madoguchi.counter.callbacks.ports import VoiceEngine
from madoguchi.counter.callbacks.workflow import CallDesk
from madoguchi.counter.contacts import events
from madoguchi.counter.contacts import queries as contacts
from madoguchi.counter.contacts import service as ledger
from madoguchi.counter.contacts.model import Contact
from madoguchi.counter.customers import service as customers
from madoguchi.counter.routing import presence
from madoguchi.counter.routing import queries as routing_queries
from madoguchi.counter.routing import service as routing
from madoguchi.counter.routing.model import Place
from madoguchi.counter.routing.policy import Rules as Routing
from madoguchi.counter.routing.queues import ensure_queues
from madoguchi.counter.team import service as team
from madoguchi.engine.database import Database, Transaction
from madoguchi.engine.keys import Keys
from madoguchi.engine.outbox import Courier
from madoguchi.engine.settings import Settings
from tests.conftest import StillClock

SETTINGS: dict[str, dict[str, Any]] = {
    "callback": {"caller_id": "0120-000-000"},
    "hours": {"phone": "09:00-21:00"},
}


class Shop:
    """Short words for what the tests do over and over."""

    def __init__(
        self,
        database: Database,
        clock: StillClock,
        folder: Path,
        engine: VoiceEngine | None = None,
        **more: Any,
    ) -> None:
        sections = {name: {**SETTINGS.get(name, {}), **more.get(name, {})} for name in {*SETTINGS, *more}}
        self.settings = Settings.load(None, data={"folder": folder}, **sections)
        self.database = database
        self.clock = clock
        self.keys = Keys(folder)
        self.calls = CallDesk(database, self.settings, self.keys, engine or OwnTelephone())
        self.mails: list[str] = []
        self.courier = Courier(
            database,
            {
                "callback.line": self.calls.carry,
                "mail.callback": lambda errand: self.mails.append(errand.payload["what"]),
            },
        )
        self._count = 0
        database.write(ensure_queues)

    def agent(self, name: str, **more: Any) -> Actor:
        def hire(tx: Transaction) -> Actor:
            values: dict[str, Any] = {"queues": ["*"], "languages": ["ja"], "capacity": 5, "roles": ["agent"]}
            found = team.add_agent(
                tx, login=name, password=f"kite-harbour-{name}-77", name=name, **{**values, **more}
            )
            presence.set_status(tx, found.id, "available")
            return team.actor_of(found)

        return self.database.write(hire)

    def customer(self, name: str = "misaki", phone: str = "090-1234-5678") -> Actor:
        found = self.database.write(
            lambda tx: customers.upsert(
                tx, shop_ref=f"S-{name}", name=name, email=f"{name}@example.jp", phone=phone, segments=[]
            )
        )
        return Actor(
            kind="customer", id=f"vis_{name}", customer_id=found.id, rung=Rung.SIGNED_IN, language="ja"
        )

    def wish(self, phone: str = "090-1234-5678", **more: Any) -> Wish:
        self._count += 1
        return Wish(**{"phone": phone, "language": "ja", "client_key": f"key-{self._count}", **more})

    def book(self, actor: Actor, phone: str = "090-1234-5678", **more: Any) -> Callback:
        return self.calls.book(actor, self.wish(phone, **more))

    def now(self, seen: Callback) -> Callback:
        return self.database.read(queries.get, seen.id)

    def place(self, contact_id: str) -> Place:
        found = self.database.read(routing_queries.place_of, contact_id)
        assert found is not None
        return found

    def contact(self, contact_id: str) -> Contact:
        return self.database.read(contacts.get, contact_id)

    def chat(self, actor: Actor, queue: str = "general", **more: Any) -> Contact:
        """A chat that waits for a person."""

        def begin(tx: Transaction) -> Contact:
            opened = ledger.open_contact(tx, actor=actor, channel="chat", language="ja")
            routing.enter(tx, opened, queue, reason="asked", actor=actor, **more)
            return contacts.get(tx, opened.id)

        return self.database.write(begin)

    def offers(self) -> dict[str, str]:
        """Everything that can be offered now: contact → agent."""
        rules, found = Routing.of(self.settings), {}
        while (offer := self.database.write(routing.offer_next, rules)) is not None:
            found[offer.contact_id] = offer.agent_id
        return found

    def accept(self, seen: Callback, agent: Actor) -> None:
        held = self.contact(seen.contact_id)
        self.database.write(routing.take, held.id, agent, held.owner_version)

    def talk(self, seen: Callback, agent: Actor, outcome: str = "talked") -> Callback:
        """The agent takes it, calls, and says what came of it."""
        self.accept(seen, agent)
        self.calls.dial(agent, seen.id)
        return self.calls.report(agent, seen.id, outcome)

    def forward(self, **span: float) -> None:
        self.clock.forward(**span)
        self.heartbeat()
        self.calls.round()

    def heartbeat(self) -> None:
        for member in self.database.read(routing_queries.crew, Routing.of(self.settings)):
            self.database.write(presence.heartbeat, member.agent_id)

    def facts(self, seen: Callback) -> list[str]:
        found = self.database.read(contacts.entries, seen.contact_id, limit=500)
        return [entry.body["what"] for entry in found if entry.kind == events.CALLBACK]

    def notes(self, seen: Callback) -> list[str]:
        found = self.database.read(contacts.entries, seen.contact_id, limit=500)
        return [entry.body["text"] for entry in found if entry.kind == events.NOTE]

    def dialled(self, seen: Callback) -> list[Call]:
        return self.database.read(queries.calls, [seen.id]).get(seen.id, [])

    def to_look_at(self) -> list[str]:
        return self.database.read(rounds.to_look_at, self.calls.rules)


@pytest.fixture
def shop(database: Database, clock: StillClock, tmp_path: Path) -> Iterator[Shop]:
    return Shop(database, clock, tmp_path / "shop")


@pytest.fixture
def sqlite_shop(sqlite_database: Database, clock: StillClock, tmp_path: Path) -> Shop:
    return Shop(sqlite_database, clock, tmp_path / "shop")


def slot_after(shop: Shop, hours: float) -> datetime:
    """The beginning of a slot so many hours from now: the clock of the tests stands at noon in Tokyo."""
    from datetime import timedelta

    at = shop.clock() + timedelta(hours=hours)
    return at.replace(minute=30 if at.minute >= 30 else 0, second=0, microsecond=0)
