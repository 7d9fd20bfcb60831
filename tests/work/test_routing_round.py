"""The round that routes, as the server runs it: what changes at the desk changes the offers within seconds."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from madoguchi.building import build_house
from madoguchi.counter.actors import Actor
from madoguchi.counter.contacts import events
from madoguchi.counter.contacts import queries as contact_queries
from madoguchi.counter.contacts import service as contacts
from madoguchi.counter.routing import presence, queries, service
from madoguchi.counter.team import service as team
from madoguchi.engine.database import Transaction
from madoguchi.engine.settings import Settings
from madoguchi.faces.house import House
from madoguchi.work import Rounds

WITHIN_S = 5.0
VISITOR = Actor(kind="customer", id="vis_1", language="ja")


@pytest.fixture
def house(tmp_path: Path) -> House:
    return build_house(Settings.load(None, data={"folder": tmp_path}))


@contextmanager
def at_work(house: House) -> Iterator[None]:
    """The round goes on in a thread of its own."""
    ready = threading.Event()
    stop: list[Callable[[], None]] = []

    async def run() -> None:
        rounds = Rounds(
            house.database,
            house.settings,
            house.orders,
            house.accounts,
            house.watch,
            house.privacy,
            house.calls,
        )
        stopping, loop = asyncio.Event(), asyncio.get_running_loop()
        stop.append(lambda: loop.call_soon_threadsafe(stopping.set))
        ready.set()
        await rounds.route(stopping)

    thread = threading.Thread(target=asyncio.run, args=(run(),))
    thread.start()
    ready.wait(5)
    yield
    stop[0]()
    thread.join(10)
    assert not thread.is_alive()


def seconds_until(true: Callable[[], bool]) -> float:
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < WITHIN_S, "not within five seconds"
        time.sleep(0.02)
    return time.monotonic() - began


def hire(house: House, name: str, queue: str) -> Actor:
    def deed(tx: Transaction) -> Actor:
        found = team.add_agent(tx, login=name, password=f"kite-harbour-{name}-77", name=name, queues=[queue])
        return team.actor_of(found)

    return house.database.write(deed)


def ask_for_a_person(house: House, queue: str) -> str:
    def deed(tx: Transaction) -> str:
        opened = contacts.open_contact(tx, actor=VISITOR, channel="chat", language="ja")
        service.enter(tx, opened, queue, actor=VISITOR)
        return opened.id

    return house.database.write(deed)


def offered_to(house: House, contact_id: str) -> str:
    place = house.database.read(queries.place_of, contact_id)
    return place.offered_to if place else ""


@pytest.mark.req("QUE-015")
def test_presence_and_skills_count_within_five_seconds(house: House) -> None:
    agent = hire(house, "hana", "returns")
    waits = ask_for_a_person(house, "payments")
    house.database.write(presence.set_status, agent.id, "available")
    with at_work(house):
        time.sleep(1.5)
        assert offered_to(house, waits) == ""
        house.database.write(team.set_skills, agent.id, queues=["payments"])
        seconds_until(lambda: offered_to(house, waits) == agent.id)
        house.database.write(presence.set_status, agent.id, "break")
        assert offered_to(house, waits) == ""
        colleague = hire(house, "ken", "payments")
        house.database.write(presence.set_status, colleague.id, "available")
        seconds_until(lambda: offered_to(house, waits) == colleague.id)


@pytest.mark.req("SLA-010")
def test_the_decision_who_gets_it_is_in_the_ledger_within_five_seconds_of_the_wish(house: House) -> None:
    agent = hire(house, "hana", "*")
    house.database.write(presence.set_status, agent.id, "available")
    with at_work(house):
        for _ in range(3):
            contact_id = ask_for_a_person(house, "payments")
            seconds_until(lambda wanted=contact_id: offered_to(house, wanted) == agent.id)  # type: ignore[misc]
            facts = {
                entry.kind: entry.at for entry in house.database.read(contact_queries.entries, contact_id)
            }
            took = facts[events.OFFERED] - facts[events.HAND_OVER]
            assert 0 <= took.total_seconds() <= WITHIN_S


def test_who_has_gone_silent_is_found_by_the_round_itself(tmp_path: Path) -> None:
    house = build_house(Settings.load(None, data={"folder": tmp_path}, desk={"release_after_minutes": 1}))
    agent = hire(house, "hana", "*")
    house.database.write(presence.set_status, agent.id, "available")
    contact_id = ask_for_a_person(house, "payments")
    with at_work(house):
        seconds_until(lambda: offered_to(house, contact_id) == agent.id)
        version = house.database.read(contact_queries.get, contact_id).owner_version
        house.database.write(service.accept, contact_id, agent, version)
        for long_ago in (
            "UPDATE agent_status SET last_seen_at = last_seen_at - 61000000",
            "UPDATE ledger_entry SET at = at - 61000000",
        ):
            house.database.write(lambda tx, long_ago=long_ago: tx.driver(long_ago).close())  # type: ignore[misc]
        seconds_until(lambda: house.database.read(contact_queries.get, contact_id).owner_kind == "queue")
