"""A case with its conversation, and somebody who keeps its promises."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from madoguchi.counter.actors import ASSISTANT, SYSTEM, Actor, Rung
from madoguchi.counter.cases import queries, service
from madoguchi.counter.cases.keeping import Keeper
from madoguchi.counter.cases.model import Case
from madoguchi.counter.cases.promise_model import CasePromise
from madoguchi.counter.cases.promise_queries import promises_of
from madoguchi.counter.contacts import events
from madoguchi.counter.contacts import queries as contacts
from madoguchi.counter.contacts import service as ledger
from madoguchi.counter.contacts.model import Entry
from madoguchi.counter.customers import service as customers
from madoguchi.counter.routing import service as routing
from madoguchi.counter.routing.queues import ensure_queues
from madoguchi.engine.database import Database, Transaction
from madoguchi.engine.settings import Settings
from madoguchi.kit.ids import new_id

AGENT = Actor(kind="agent", id="agt_1", roles=frozenset({"agent"}))
WEEKDAYS = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), "09:00-18:00")
DESK = {**WEEKDAYS, "saturday": "closed", "sunday": "closed", "holidays": ["2026-11-23"]}


@dataclass
class Told:
    """A case and its one contact, with verbs that say what happens in it."""

    database: Database
    keeper: Keeper
    case_id: str
    contact_id: str
    customer: Actor

    @property
    def case(self) -> Case:
        return self.database.read(queries.get, self.case_id)

    @property
    def promises(self) -> dict[str, CasePromise]:
        """The newest of each kind."""
        return {each.kind: each for each in self.database.read(promises_of, self.case_id)}

    @property
    def told(self) -> list[Entry]:
        return [
            e for e in self.database.read(contacts.entries, self.contact_id) if e.kind == events.CASE_TOLD
        ]

    def read(self) -> dict[str, CasePromise]:
        self.database.write(self.keeper.read, self.case_id)
        return self.promises

    def customer_says(self, text: str = "まだ届きません") -> None:
        self.database.write(
            lambda tx: ledger.say(
                tx, self.contact_id, actor=self.customer, text=text, client_key=new_id("key")
            )
        )

    def agent_says(self, text: str = "お調べします") -> None:
        self.database.write(ledger.append, self.contact_id, events.MESSAGE, {"text": text}, actor=AGENT)

    def assistant_says(self, *bodies: dict[str, object], understood: dict[str, object] | None = None) -> None:
        def write(tx: Transaction) -> None:
            if understood is not None:
                ledger.append(tx, self.contact_id, events.UNDERSTOOD, understood, actor=ASSISTANT)
            for body in bodies:
                ledger.append(tx, self.contact_id, events.MESSAGE, dict(body), actor=ASSISTANT)

        self.database.write(write)

    def hand_over(self, text: str = "担当者におつなぎします") -> None:
        def write(tx: Transaction) -> None:
            ledger.append(tx, self.contact_id, events.MESSAGE, {"text": text}, actor=ASSISTANT)
            routing.enter(tx, contacts.get(tx, self.contact_id), "general", actor=ASSISTANT)

        self.database.write(write)


def begin(
    database: Database,
    keeper: Keeper,
    category: str = "order_delivery.item_not_received",
    *,
    channel: str = "mail",
    email: str = "misaki@example.com",
    segments: Sequence[str] = ("individual",),
    **attributes: str,
) -> Told:
    """`email` "": nobody known, who writes from nowhere unless `mail_from` is given."""

    def write(tx: Transaction) -> Told:
        ensure_queues(tx, False)
        known = (
            customers.upsert(tx, shop_ref=email, name="美咲", email=email, segments=list(segments))
            if email
            else None
        )
        visitor = new_id("vis")
        actor = Actor(
            kind="customer",
            id=visitor,
            customer_id=known.id if known else None,
            rung=Rung.SIGNED_IN if known else Rung.VISITOR,
        )
        opened = ledger.open_contact(
            tx,
            actor=actor,
            channel=channel,
            language="ja",
            owner="assistant" if channel == "chat" else "none",
            attributes=dict(attributes),
        )
        case = service.open_case(tx, actor.customer_id, visitor, category, "503-1234567-1234567")
        ledger.link_case(tx, opened.id, case.id)
        ledger.say(tx, opened.id, actor=actor, text="届きません", client_key="first-words")
        keeper.read(tx, case.id)
        return Told(database, keeper, case.id, opened.id, actor)

    return database.write(write)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.load(
        None, data={"folder": tmp_path}, hours=DESK, server={"base_url": "https://help.shop.example"}
    )


@pytest.fixture
def keeper(settings: Settings) -> Keeper:
    return Keeper.of(settings)


__all__ = ["AGENT", "SYSTEM", "Told", "begin"]
