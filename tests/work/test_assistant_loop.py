"""When the assistant itself is broken, a person gets the contact: nobody waits for nothing."""

from __future__ import annotations

from madoguchi.counter.actors import Actor
from madoguchi.counter.contacts import events, queries, service
from madoguchi.counter.routing.queues import ensure_queues
from madoguchi.engine.database import Database
from madoguchi.work import TRIES, AssistantLoop

VISITOR = Actor(kind="customer", id="vis_1")


class BrokenAssistant:
    """Dies in every turn."""

    def turn(self, contact_id: str) -> bool:
        raise RuntimeError("no thoughts")


def test_a_contact_that_the_assistant_cannot_answer_reaches_a_queue(database: Database) -> None:
    database.write(ensure_queues)
    contact = database.write(service.open_contact, actor=VISITOR, channel="chat", language="ja")
    loop = AssistantLoop(database, BrokenAssistant())  # type: ignore[arg-type]
    for _ in range(TRIES):
        assert database.read(queries.get, contact.id).owner_kind == "assistant"
        loop.turn(contact.id)
    after = database.read(queries.get, contact.id)
    assert (after.owner_kind, after.owner_id) == ("queue", "general")
    kinds = [entry.kind for entry in database.read(queries.entries, contact.id)]
    assert kinds[-2:] == [events.TURN_FAILED, events.HAND_OVER]
