"""A desk to route to: agents on duty, contacts that wait."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest

from madoguchi.counter.actors import Actor
from madoguchi.counter.contacts import queries as contact_queries
from madoguchi.counter.contacts import service as contacts
from madoguchi.counter.contacts.model import Contact
from madoguchi.counter.hours import Hours, parse_spans
from madoguchi.counter.routing import presence, service
from madoguchi.counter.routing.policy import Rules
from madoguchi.counter.routing.queues import ensure_queues
from madoguchi.counter.team import passwords
from madoguchi.counter.team import service as team
from madoguchi.engine.database import Database, Transaction

HOURS = Hours(ZoneInfo("Asia/Tokyo"), (parse_spans("09:00-21:00"),) * 7)
RULES = Rules(offer_seconds=30, away_after_seconds=90, hours=HOURS)


class Desk:
    """Short words for what the tests do over and over."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.rules = RULES
        self._count = 0
        database.write(ensure_queues)

    def agent(
        self,
        name: str,
        *,
        queues: tuple[str, ...] = ("*",),
        languages: tuple[str, ...] = ("ja",),
        capacity: int = 3,
        status: str | None = "available",
        roles: tuple[str, ...] = ("agent",),
    ) -> Actor:
        def hire(tx: Transaction) -> Actor:
            found = team.add_agent(
                tx,
                login=name,
                password=f"kite-harbour-{name}-77",
                name=name,
                roles=roles,  # type: ignore[arg-type]
                queues=queues,
                languages=languages,
                capacity=capacity,
            )
            if status is not None:
                presence.set_status(tx, found.id, status)  # type: ignore[arg-type]
            return team.actor_of(found)

        return self.database.write(hire)

    def waiting(self, queue: str = "general", *, language: str = "ja", priority: int | None = None) -> str:
        """A new contact that waits in a queue."""
        self._count += 1
        visitor = Actor(kind="customer", id=f"vis_{self._count}", language=language)

        def begin(tx: Transaction) -> str:
            opened = contacts.open_contact(tx, actor=visitor, channel="chat", language=language)
            service.enter(tx, opened, queue, priority=priority, reason="asked", actor=visitor)
            return opened.id

        return self.database.write(begin)

    def contact(self, contact_id: str) -> Contact:
        return self.database.read(contact_queries.get, contact_id)

    def offer(self) -> service.Offer | None:
        return self.database.write(service.offer_next, self.rules)

    def offers(self) -> list[service.Offer]:
        """Everything that can be offered now."""
        found = []
        while (offer := self.offer()) is not None:
            found.append(offer)
        return found

    def accept(self, contact_id: str, agent: Actor) -> Contact:
        seen = self.contact(contact_id)
        return self.database.write(service.accept, contact_id, agent, seen.owner_version)

    def kinds(self, contact_id: str) -> list[str]:
        return [entry.kind for entry in self.database.read(contact_queries.entries, contact_id)]


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database)


@pytest.fixture
def quick_desk(sqlite_database: Database) -> Desk:
    """For rules that do not depend on the kind of database."""
    return Desk(sqlite_database)


@pytest.fixture(autouse=True)
def _cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashing on purpose takes its time; here nobody signs in."""
    cheap: Callable[[str], str] = lambda password: f"unusable:{len(password)}"  # noqa: E731
    monkeypatch.setattr(passwords, "hashed", cheap)
