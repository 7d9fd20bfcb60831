"""What queues ask, what agents and profiles bring: the same rules through the database."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import insert, update

from madoguchi.counter.actors import Actor
from madoguchi.counter.contacts import service as contacts
from madoguchi.counter.problems import Conflict
from madoguchi.counter.routing import presence, queries, service
from madoguchi.counter.routing.model import queue, routing_profile
from madoguchi.counter.routing.policy import Rules
from madoguchi.counter.team.model import agent as agent_table
from madoguchi.engine.database import Transaction
from tests.conftest import StillClock
from tests.routing.conftest import RULES, Desk


def configure(desk: Desk, queue_id: str, **values: Any) -> None:
    desk.database.write(lambda tx: tx.execute(update(queue).where(queue.c.id == queue_id).values(**values)))


def change(desk: Desk, agent: Actor, **values: Any) -> None:
    desk.database.write(
        lambda tx: tx.execute(update(agent_table).where(agent_table.c.id == agent.id).values(**values))
    )


def waiting_by(desk: Desk, channel: str) -> str:
    visitor = Actor(kind="customer", id=f"vis_{channel}", language="ja")

    def begin(tx: Transaction) -> str:
        opened = contacts.open_contact(tx, actor=visitor, channel=channel, language="ja")
        service.enter(tx, opened, "general", actor=visitor)
        return opened.id

    return desk.database.write(begin)


@pytest.mark.req("HND-015")
def test_a_queue_asks_for_its_level_first_and_for_less_later(desk: Desk, clock: StillClock) -> None:
    agent = desk.agent("hana")
    change(desk, agent, levels={"queue:orders": 2})
    configure(desk, "orders", level=4, relaxation=[{"after_s": 60, "level": 3}, {"after_s": 120, "level": 2}])
    desk.waiting("orders")
    clock.forward(seconds=119)
    assert desk.offer() is None
    assert desk.database.read(queries.unserved, RULES) == []
    clock.forward(seconds=1)
    desk.database.write(presence.heartbeat, agent.id)
    assert desk.offer() is not None


def test_a_place_whose_level_nobody_will_ever_reach_is_shown_as_unserved(quick_desk: Desk) -> None:
    agent = quick_desk.agent("hana")
    change(quick_desk, agent, levels={"queue:orders": 2})
    configure(quick_desk, "orders", level=4, relaxation=[{"after_s": 60, "level": 3}])
    contact_id = quick_desk.waiting("orders")
    unserved = quick_desk.database.read(queries.unserved, RULES)
    assert [place.contact_id for place in unserved] == [contact_id]


def test_a_queue_runs_over_into_another_after_its_time(desk: Desk, clock: StillClock) -> None:
    agent = desk.agent("hana", queues=("payments",))
    configure(desk, "orders", overflow=[{"after_s": 90, "queue": "payments"}])
    desk.waiting("orders")
    clock.forward(seconds=89)
    assert desk.offer() is None
    clock.forward(seconds=1)
    offer = desk.offer()
    assert offer is not None and offer.agent_id == agent.id


@pytest.mark.req("HND-016")
def test_a_japanese_contact_goes_to_agents_at_the_level_that_the_settings_ask(quick_desk: Desk) -> None:
    rules = Rules(30, 90, RULES.hours, language_levels={"ja": 4})
    learner, native = quick_desk.agent("emma"), quick_desk.agent("hana", status="break")
    change(quick_desk, learner, levels={"language:ja": 3})
    quick_desk.waiting()
    assert quick_desk.database.write(service.offer_round, rules) == []
    change(quick_desk, learner, levels={"language:ja": 4})
    offers = quick_desk.database.write(service.offer_round, rules)
    assert [offer.agent_id for offer in offers] == [learner.id]
    assert native.id != learner.id


def test_a_profiles_queues_and_capacities_count_instead_of_the_own_ones(desk: Desk) -> None:
    agent = desk.agent("hana", queues=("*",), capacity=9)
    desk.database.write(
        lambda tx: tx.execute(
            insert(routing_profile).values(
                id="chat",
                name="Chat",
                queues={"general": 5, "returns": 2},
                capacity=3,
                channels={"chat": 2, "mail": 5},
                active=True,
            )
        )
    )
    change(desk, agent, profile_id="chat")
    for _ in range(3):
        desk.waiting("general")
    desk.waiting("payments")
    waiting_by(desk, "mail")
    offers = desk.offers()
    assert len(offers) == 3  # two chats, and the mail takes the third place
    chats = [desk.contact(offer.contact_id).channel for offer in offers]
    assert sorted(chats) == ["chat", "chat", "mail"]
    for offer in offers:
        desk.accept(offer.contact_id, agent)
    more = desk.waiting("general")
    with pytest.raises(Conflict, match="at_capacity"):
        desk.database.write(service.take, more, agent, desk.contact(more).owner_version)


def test_on_the_telephone_nothing_else_is_offered_unless_the_house_says_so(quick_desk: Desk) -> None:
    alone = Rules(30, 90, RULES.hours, alone=frozenset({"phone"}))
    quick_desk.agent("hana")
    waiting_by(quick_desk, "phone")
    assert len(quick_desk.database.write(service.offer_round, alone)) == 1
    quick_desk.waiting()
    assert quick_desk.database.write(service.offer_round, alone) == []
    assert len(quick_desk.database.write(service.offer_round, RULES)) == 1


@pytest.mark.req("HND-014")
def test_a_contact_is_kept_for_the_agent_who_helped_before_while_full(desk: Desk, clock: StillClock) -> None:
    rules = Rules(30, 90, RULES.hours, reserve_seconds=20)
    first = desk.agent("hana", capacity=1)
    contact_id = desk.waiting()
    desk.accept(desk.offer().contact_id, first)  # type: ignore[union-attr]
    seen = desk.contact(contact_id)
    desk.database.write(
        lambda tx: service.transfer_to_queue(
            tx, contact_id, "general", actor=first, owner_version=seen.owner_version
        )
    )
    urgent = desk.waiting(priority=1)
    assert [offer.contact_id for offer in desk.database.write(service.offer_round, rules)] == [urgent]
    second = desk.agent("ken")
    assert desk.database.write(service.offer_round, rules) == []
    clock.forward(seconds=20)
    offers = desk.database.write(service.offer_round, rules)
    assert [(offer.contact_id, offer.agent_id) for offer in offers] == [(contact_id, second.id)]


def test_a_round_offers_many_and_the_rest_comes_with_the_next(quick_desk: Desk) -> None:
    quick_desk.agent("hana", capacity=4)
    quick_desk.agent("ken", capacity=4)
    order = [quick_desk.waiting() for _ in range(9)]
    first = quick_desk.database.write(service.offer_round, RULES, 5)
    second = quick_desk.database.write(service.offer_round, RULES, 5)
    assert [offer.contact_id for offer in (*first, *second)] == order[:8]
    assert quick_desk.database.write(service.offer_round, RULES, 5) == []
