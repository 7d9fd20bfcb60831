"""The outbox: an errand is done once its cause is committed, in order within its lane, until it succeeds."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from madoguchi.engine import outbox
from madoguchi.engine.database import CalledOutInsideTransaction, Database, Transaction, outside
from madoguchi.engine.outbox import Courier, Errand, GiveUp


def put(database: Database, *args: object, **more: object) -> bool:
    return database.write(outbox.put, *args, **more)  # type: ignore[arg-type]


def state_of(database: Database, topic: str) -> list[str]:
    query = select(outbox.outbox.c.state).where(outbox.outbox.c.topic == topic).order_by(outbox.outbox.c.id)
    return [row.state for row in database.read(lambda tx: tx.all(query))]


def test_a_rolled_back_cause_sends_nothing(database: Database) -> None:
    def fail(tx: Transaction) -> None:
        outbox.put(tx, "mail", {"n": 1})
        raise RuntimeError("no")

    with pytest.raises(RuntimeError):
        database.write(fail)
    assert state_of(database, "mail") == []


def test_errands_are_delivered_once_by_many_couriers(database: Database) -> None:
    for n in range(30):
        put(database, "mail", {"n": n})
    seen: list[int] = []
    couriers = [
        Courier(database, {"mail": lambda errand: seen.append(errand.payload["n"])}) for _ in range(4)
    ]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda courier: courier.deliver_due(), couriers))
    assert sorted(seen) == list(range(30))


def test_the_same_key_is_one_errand(database: Database) -> None:
    assert put(database, "mail", {"n": 1}, key="welcome/1")
    assert not put(database, "mail", {"n": 1}, key="welcome/1")
    assert state_of(database, "mail") == ["waiting"]


def test_a_failing_errand_is_tried_again_later_and_holds_its_lane_back(database: Database, clock) -> None:  # type: ignore[no-untyped-def]
    put(database, "hook", {"n": 1}, lane="a")
    put(database, "hook", {"n": 2}, lane="a")
    put(database, "hook", {"n": 3}, lane="b")
    seen: list[int] = []
    broken = True

    def deliver(errand: Errand) -> None:
        if broken and errand.payload["n"] == 1:
            raise OSError("unreachable")
        seen.append(errand.payload["n"])

    courier = Courier(database, {"hook": deliver})
    courier.deliver_due()
    assert seen == [3]
    broken = False
    clock.forward(seconds=30)
    courier.deliver_due()
    assert seen == [3, 1, 2]


def test_what_cannot_help_is_given_up_at_once(database: Database) -> None:
    put(database, "mail", {})

    def refuse(_: Errand) -> None:
        raise GiveUp("no address")

    Courier(database, {"mail": refuse}).deliver_due()
    assert state_of(database, "mail") == ["failed"]


def test_an_errand_of_a_dead_courier_is_taken_up_again(database: Database, clock) -> None:  # type: ignore[no-untyped-def]
    put(database, "mail", {"n": 1})
    assert database.write(outbox._lease_next, ("mail",)) is not None
    seen: list[int] = []
    courier = Courier(database, {"mail": lambda errand: seen.append(errand.attempt)})
    courier.deliver_due()
    assert seen == []
    clock.now += outbox.LEASE + timedelta(seconds=1)
    courier.deliver_due()
    assert seen == [2]


def test_a_later_errand_waits_for_its_moment(database: Database, clock) -> None:  # type: ignore[no-untyped-def]
    put(database, "mail", {}, due_at=clock.now + timedelta(minutes=5))
    courier = Courier(database, {"mail": lambda _: None})
    assert courier.deliver_due() == 0
    clock.forward(minutes=6)
    assert courier.deliver_due() == 1


def test_nothing_calls_out_inside_a_transaction(database: Database) -> None:
    with pytest.raises(CalledOutInsideTransaction):
        database.write(lambda tx: outside())
    with pytest.raises(CalledOutInsideTransaction):
        database.read(lambda tx: outside())
    outside()
