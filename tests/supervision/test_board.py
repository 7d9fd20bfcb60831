"""The live board: every number as a slow count says, in a number of queries that does not grow (S1)."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import event, select

from madoguchi.counter.contacts.model import contact
from madoguchi.counter.routing import presence, queues, service
from madoguchi.counter.routing.model import queue_place, wait_sample
from madoguchi.counter.supervision.board import Board, board
from madoguchi.engine.database import Database, Transaction
from tests.conftest import StillClock
from tests.routing.conftest import Desk
from tests.routing.conftest import _cheap_passwords as _cheap_passwords
from tests.routing.conftest import desk as desk
from tests.routing.conftest import quick_desk as quick_desk

ZONE = ZoneInfo("Asia/Tokyo")


def look(desk: Desk) -> Board:
    return desk.database.read(board, desk.rules, ZONE)


def queue_of(found: Board, queue_id: str):  # type: ignore[no-untyped-def]
    return next(row for row in found.queues if row.queue.id == queue_id)


def test_it_tells_who_waits_who_is_there_and_how_today_went(desk: Desk, clock: StillClock) -> None:
    ito = desk.agent("ito", queues=("orders",))
    desk.agent("kato", status="break")
    first = desk.waiting("orders")
    clock.forward(seconds=40)
    second, gone = desk.waiting("orders"), desk.waiting("orders")
    desk.database.write(lambda tx: service.take(tx, first, ito, 2))
    desk.database.write(service.leave, gone)
    found = look(desk)
    row = queue_of(found, "orders")
    assert (row.waiting, row.in_hand, row.free) == (1, 1, 2)
    assert row.since == desk.database.read(
        lambda tx: tx.scalar(select(queue_place.c.entered_at).where(queue_place.c.contact_id == second))
    )
    assert (row.today.served, row.today.left) == (1, 1)
    assert (found.waiting, found.in_hand, found.places) == (1, 1, 6)
    assert {each.name: each.status for each in found.agents} == {"ito": "available", "kato": "break"}
    clock.forward(minutes=6)
    desk.database.write(service.finished, first)
    average = {each.name: each.average_s for each in look(desk).agents}
    assert average == {"ito": 360, "kato": None}


def test_yesterday_does_not_count(quick_desk: Desk, clock: StillClock) -> None:
    ito = quick_desk.agent("ito")
    contact_id = quick_desk.waiting("orders")
    quick_desk.database.write(lambda tx: service.take(tx, contact_id, ito, 2))
    clock.forward(days=1)
    assert look(quick_desk).today.level is None
    assert look(quick_desk).today.abandoned is None


@pytest.mark.req("QUE-003")
@hypothesis_settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.sampled_from(["wait", "take", "leave", "finish", "break", "back"]), st.integers(0, 9)),
        max_size=25,
    )
)
def test_every_number_is_what_a_slow_count_says(sqlite_url: str, deeds: list[tuple[str, int]]) -> None:
    import shutil
    import uuid

    copy = f"{sqlite_url.removeprefix('sqlite:///')}.{uuid.uuid4().hex}"
    shutil.copy(sqlite_url.removeprefix("sqlite:///"), copy)
    clock = StillClock()
    database = Database(f"sqlite:///{copy}", clock=clock, synchronous="OFF")
    desk = Desk(database)
    agents = [desk.agent("ann", queues=("orders",)), desk.agent("bob", capacity=50)]
    known: list[str] = []
    for deed, n in deeds:
        clock.forward(seconds=17 * n)
        _do(desk, deed, n, known, agents)
    _assert_true(desk, look(desk))
    database.close()


def _do(desk: Desk, deed: str, n: int, known: list[str], agents: list) -> None:  # type: ignore[type-arg]
    if deed == "wait":
        known.append(desk.waiting(["orders", "payments"][n % 2]))
    elif deed in ("break", "back"):
        desk.database.write(
            presence.set_status, agents[n % 2].id, "break" if deed == "break" else "available"
        )
    elif known:
        contact_id = known[n % len(known)]
        seen = desk.contact(contact_id)
        if deed == "take" and seen.owner_kind == "queue":
            desk.database.write(lambda tx: service.take(tx, contact_id, agents[1], seen.owner_version))
        elif deed == "leave":
            desk.database.write(service.leave, contact_id)
        elif deed == "finish":
            desk.database.write(service.finished, contact_id)


def _assert_true(desk: Desk, found: Board) -> None:
    def read(tx: Transaction) -> None:
        places = [row._mapping for row in tx.all(select(queue_place))]
        samples = [row._mapping for row in tx.all(select(wait_sample))]
        held = [
            row._mapping
            for row in tx.all(select(contact))
            if row.owner_kind == "agent" and row.state == "open"
        ]
        for row in found.queues:
            here = [each for each in places if each["queue_id"] == row.queue.id]
            waiting = [each for each in here if each["state"] in ("waiting", "offered")]
            assert row.waiting == len(waiting)
            assert row.since == min((each["entered_at"] for each in waiting), default=None)
            taken = [each for each in samples if each["queue_id"] == row.queue.id]
            target = queues.get(tx, row.queue.id).target_seconds
            assert row.today.served == len(taken)
            assert row.today.within == sum(each["wait_s"] <= target for each in taken)
            assert row.today.left == sum(
                each["state"] == "left" and each["taken_at"] is None for each in here
            )
        for agent in found.agents:
            assert agent.in_hand == sum(each["owner_id"] == agent.agent_id for each in held)

    desk.database.read(read)


def test_the_number_of_queries_does_not_grow_with_the_house(quick_desk: Desk) -> None:
    def queries_of(agents: int, waiting: int) -> int:
        for n in range(agents):
            quick_desk.agent(f"agent-{agents}-{n}")
        for _ in range(waiting):
            quick_desk.waiting("orders")
        counted: list[str] = []
        engine = quick_desk.database.engine
        count = lambda *args: counted.append(args[2])  # noqa: E731
        event.listen(engine, "before_cursor_execute", count)
        look(quick_desk)
        event.remove(engine, "before_cursor_execute", count)
        return len(counted)

    assert queries_of(2, 3) == queries_of(15, 30)


def test_silent_desks_take_nothing(quick_desk: Desk, clock: StillClock) -> None:
    quick_desk.agent("ito")
    assert look(quick_desk).places == 3
    clock.now += timedelta(minutes=5)
    assert look(quick_desk).places == 0
    assert [each.present for each in look(quick_desk).agents] == [False]
