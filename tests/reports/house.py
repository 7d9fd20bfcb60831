"""A counter in which things happen by the real verbs, for the tests of figures."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from madoguchi.counter.actors import ASSISTANT, SYSTEM, Actor, Rung
from madoguchi.counter.cases import service as cases
from madoguchi.counter.contacts import events
from madoguchi.counter.contacts import queries as contact_queries
from madoguchi.counter.contacts import service as contacts
from madoguchi.counter.contacts.model import Contact
from madoguchi.counter.customers import service as customers
from madoguchi.counter.problems import Problem
from madoguchi.counter.reports.following import Follower
from madoguchi.counter.routing import presence
from madoguchi.counter.routing import service as routing
from madoguchi.counter.routing.policy import Rules
from madoguchi.counter.routing.positions import refresh_positions
from madoguchi.counter.routing.queues import ensure_queues
from madoguchi.counter.team import service as team
from madoguchi.engine.database import Database, Transaction
from madoguchi.engine.settings import Settings
from tests.conftest import StillClock

SEGMENTS = (["individual"], ["member"], ["individual", "business"])
BEGAN = datetime(2026, 11, 16, 1, 0, tzinfo=UTC)


class House:
    """Three customers, a stranger, two agents. What cannot be done (`Problem`) is left out, as at a real counter."""

    def __init__(self, database: Database, clock: StillClock, settings: Settings) -> None:
        self.database, self.clock, self.settings = database, clock, settings
        self.clock.now = BEGAN
        self.follower = Follower(database, settings)
        self.rules = Rules.of(settings)
        self.ids: list[str] = []
        self._said = 0
        self.people, self.agents = database.write(self._people)

    def _people(self, tx: Transaction) -> tuple[list[Actor], list[Actor]]:
        ensure_queues(tx)
        people = []
        for number, segments in enumerate(SEGMENTS):
            known = customers.upsert(
                tx,
                shop_ref=f"shop-{number}",
                name="佐藤",
                email=f"c{number}@example.jp",
                segments=segments,  # type: ignore[arg-type]
            )
            people.append(
                Actor(kind="customer", id=f"vis_{number}", customer_id=known.id, rung=Rung.SIGNED_IN)
            )
        people.append(Actor(kind="customer", id="vis_stranger", rung=Rung.VISITOR))
        agents = []
        for name in ("ito", "kato"):
            hired = team.add_agent(
                tx,
                login=name,
                password=f"kite-harbour-{name}-77",
                name=name,
                roles=("agent", "supervisor"),
                queues=("*",),
                languages=("ja", "en"),
                capacity=50,
            )
            presence.set_status(tx, hired.id, "available")
            agents.append(team.actor_of(hired))
        return people, agents

    def open(self, person: int, channel: str = "chat", topic: str = "", language: str = "ja") -> str:
        actor = self.people[person % len(self.people)]
        opened = self.database.write(
            contacts.open_contact,
            actor=actor,
            channel=channel,
            language=language,
            topic=topic,
            owner="assistant" if channel == "chat" else "none",
        )
        self.ids.append(opened.id)
        return opened.id

    def customer_says(self, contact_id: str, text: str = "届きません") -> None:
        self._said += 1
        seen = self.contact(contact_id)
        actor = next(each for each in self.people if each.id == seen.visitor_id)
        self._try(contacts.say, contact_id, actor=actor, text=text, client_key=f"key-{self._said:08d}")

    def assistant_says(self, contact_id: str, question: str = "") -> None:
        body: dict[str, Any] = {"text": "お調べします"}
        if question:
            body["choices"] = {"key": question, "kind": "buttons", "options": []}
        self._append(contact_id, events.MESSAGE, body)

    def flow(self, contact_id: str, run: str, *asked: str, outcome: str = "") -> None:
        """A guided dialogue: begun, these questions asked, the last one unanswered unless it has an outcome."""
        self._append(contact_id, events.FLOW_STARTED, {"run": run, "flow": f"flow_{run}", "params": {}})
        for place, question in enumerate(asked):
            if place:
                answered = {"run": run, "key": asked[place - 1], "value": "yes"}
                self._append(contact_id, events.FLOW_ANSWERED, answered)
            self.assistant_says(contact_id, f"{run}:{question}")
        if outcome:
            self._append(contact_id, events.FLOW_ENDED, {"run": run, "outcome": outcome})

    def hand_over(self, contact_id: str, queue: str = "general", reason: str = "asked") -> None:
        self._with(
            contact_id, lambda tx, seen: routing.enter(tx, seen, queue, reason=reason, actor=ASSISTANT)
        )

    def tell_positions(self) -> None:
        self.database.write(refresh_positions, self.rules)

    def take(self, contact_id: str, agent: int = 0) -> None:
        who = self.agents[agent % 2]
        self._with(contact_id, lambda tx, seen: routing.take(tx, seen.id, who, seen.owner_version))

    def agent_says(self, contact_id: str) -> None:
        self._said += 1
        key = f"key-{self._said:08d}"

        def say(tx: Transaction, seen: Contact) -> None:
            who = next((each for each in self.agents if each.id == seen.owner_id), self.agents[0])
            contacts.say(
                tx, seen.id, actor=who, text="確認します", client_key=key, owner_version=seen.owner_version
            )

        self._with(contact_id, say)

    def transfer(self, contact_id: str, queue: str) -> None:
        self._with(
            contact_id,
            lambda tx, seen: routing.transfer_to_queue(
                tx, seen.id, queue, actor=self.agents[0], owner_version=seen.owner_version
            ),
        )

    def pass_to_agent(self, contact_id: str, agent: int) -> None:
        self._with(
            contact_id,
            lambda tx, seen: routing.transfer_to_agent(
                tx,
                seen.id,
                self.agents[agent % 2].id,
                self.rules,
                actor=self.agents[0],
                owner_version=seen.owner_version,
            ),
        )

    def back_to_assistant(self, contact_id: str) -> None:
        self._with(contact_id, lambda tx, seen: routing.return_to_assistant(tx, seen, SYSTEM))

    def resolve(self, contact_id: str) -> None:
        self._with(contact_id, lambda tx, seen: contacts.resolve(tx, seen.id, SYSTEM, None))

    def deny(self, contact_id: str) -> None:
        def write(tx: Transaction, seen: Contact) -> None:
            contacts.append(tx, seen.id, events.RESOLUTION_DENIED, {}, actor=SYSTEM)
            contacts.reopen(tx, seen.id, SYSTEM)

        self._with(contact_id, write)

    def end(self, contact_id: str) -> None:
        def write(tx: Transaction, seen: Contact) -> None:
            routing.finished(tx, seen.id)
            contacts.end(tx, seen.id, SYSTEM, "solved")

        self._with(contact_id, write)

    def case(self, *contact_ids: str, solved: bool = False) -> None:
        """These contacts belong to one case."""

        def write(tx: Transaction) -> None:
            first = contact_queries.get(tx, contact_ids[0])
            case = cases.open_case(tx, first.customer_id, first.visitor_id, first.topic, "")
            for contact_id in contact_ids:
                contacts.link_case(tx, contact_id, case.id)
            if solved:
                cases.resolve(tx, case.id, SYSTEM)

        self._try(write)

    def classify(self, contact_id: str, topic: str) -> None:
        self.clock.forward(microseconds=1)
        self._try(contacts.classify, contact_id, topic=topic)

    def contact(self, contact_id: str) -> Contact:
        return self.database.read(contact_queries.get, contact_id)

    def _append(self, contact_id: str, kind: str, body: dict[str, Any]) -> None:
        self._try(contacts.append, contact_id, kind, body, actor=ASSISTANT)

    def _with(self, contact_id: str, verb: Any) -> None:
        self._try(lambda tx: verb(tx, contact_queries.get(tx, contact_id)))

    def _try(self, verb: Any, *args: Any, **more: Any) -> None:
        """At one moment only one thing happens, as with a real clock."""
        self.clock.forward(microseconds=1)
        try:
            self.database.write(verb, *args, **more)
        except Problem:
            return
