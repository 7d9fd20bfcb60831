"""People who talk, for the tests of search."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import insert

from madoguchi.counter.actors import Actor, Rung
from madoguchi.counter.contacts import service
from madoguchi.counter.customers.model import customer
from madoguchi.counter.search import finding
from madoguchi.counter.search.finding import Found
from madoguchi.counter.search.indexing import Indexer
from madoguchi.counter.search.query import parse
from madoguchi.counter.search.rows import Filters
from madoguchi.counter.team import service as team
from madoguchi.engine.database import Database, Transaction

MISAKI = Actor(kind="customer", id="vis_misaki", customer_id="cus_1", rung=Rung.SIGNED_IN, name="佐藤 美咲")
JOHN = Actor(kind="customer", id="vis_john", customer_id="cus_2", rung=Rung.SIGNED_IN, name="John Smith")
STAFF = Actor(kind="agent", id="agt_x", name="係", roles=frozenset({"agent"}))
NAMES = {
    "cus_1": ("佐藤 美咲", "サトウ ミサキ", "misaki.sato@example.jp", "090-1234-5678"),
    "cus_2": ("John Smith", "", "john@example.com", "+1 202 555 0143"),
}


class House:
    """A counter with two customers and an agent, whose index follows when told."""

    def __init__(self, database: Database, tracking: dict[str, list[str]] | None = None) -> None:
        self.database = database
        self.indexer = Indexer(database, lambda number: (tracking or {}).get(number, ()))
        self._said = 0
        database.write(_people)
        agent = database.write(
            team.add_agent, login="ito", password="corre7t-horse battery", name="窓口の伊藤", roles=("agent",)
        )
        self.ito = Actor(kind="agent", id=agent.id, name="窓口の伊藤", roles=frozenset({"agent"}))

    def open(self, by: Actor = MISAKI, *said: str, **more: Any) -> str:
        given: dict[str, Any] = {"channel": "chat", "language": "ja", **more}
        found = self.database.write(service.open_contact, actor=by, **given)
        for text in said:
            self.say(found.id, text, by)
        return found.id

    def say(self, contact_id: str, text: str, by: Actor = MISAKI) -> int:
        self._said += 1
        if by.kind == "agent":
            entry = self.database.write(
                service.append,
                contact_id,
                "message",
                {"text": text},
                actor=by,
                client_key=f"key-{self._said:08d}",
            )
        else:
            entry = self.database.write(
                service.say, contact_id, actor=by, text=text, client_key=f"key-{self._said:08d}"
            )
        return entry.seq

    def note(self, contact_id: str, text: str) -> int:
        return self.database.write(
            service.append, contact_id, "note.added", {"text": text}, actor=self.ito
        ).seq

    def find(self, text: str, by: Actor = STAFF, *, fresh: bool = True, **filters: Any) -> list[Found]:
        if fresh:
            self.indexer.catch_up()
        return self.database.read(
            finding.find,
            by,
            parse(text),
            Filters(**filters),
            own_since=self.database.clock() - timedelta(days=180),
        ).found

    def contacts(self, text: str, by: Actor = STAFF, **more: Any) -> list[str]:
        return [found.contact.id for found in self.find(text, by, **more)]


def _people(tx: Transaction) -> None:
    for number, (name, kana, mail, phone) in NAMES.items():
        tx.execute(
            insert(customer).values(
                id=number,
                shop_ref=f"shop-{number}",
                name=name,
                kana=kana,
                email=mail,
                email_folded=mail,
                phone=phone,
                language="ja",
                segments=[],
                company="",
                addresses=[],
                created_at=tx.now,
                updated_at=tx.now,
            )
        )
