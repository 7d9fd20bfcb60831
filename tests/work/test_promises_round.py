"""The round that keeps promises: it hears what happens, reads every case, and one that cannot be read holds up no other."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from madoguchi.building import build_house
from madoguchi.counter.cases import service
from madoguchi.counter.cases.keeping import Keeper
from madoguchi.counter.cases.promise_queries import promises_of
from madoguchi.counter.contacts import events
from madoguchi.engine.database import Database, Transaction
from madoguchi.engine.settings import Settings
from madoguchi.faces.house import House
from madoguchi.work import Rounds
from tests.cases.conftest import AGENT, Told, begin
from tests.conftest import StillClock


@pytest.fixture
def house(tmp_path: Path, clock: StillClock) -> House:
    return build_house(Settings.load(None, data={"folder": tmp_path}), clock=clock)


def work(house: House, seconds: float, meanwhile: object = None) -> None:
    """Let the round run for so long."""

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
        stopping = asyncio.Event()
        task = asyncio.create_task(rounds.keep_promises(stopping))
        await asyncio.sleep(0.3)
        if callable(meanwhile):
            await asyncio.to_thread(meanwhile)
        await asyncio.sleep(seconds)
        stopping.set()
        house.database.stream.wake(["inbox"])
        await asyncio.wait_for(task, 5)

    asyncio.run(run())


@pytest.mark.req("SLA-007", "SLA-030")
def test_what_is_said_is_heard_within_seconds_and_what_is_late_is_told(
    house: House, clock: StillClock
) -> None:
    told = begin(house.database, Keeper.of(house.settings))
    clock.forward(hours=2)
    work(house, 4.5, told.agent_says)
    assert told.promises["first_answer"].state == "kept"
    clock.forward(days=4)
    work(house, 0.5)
    assert told.promises["solution"].state == "broken"
    assert [entry.body["kind"] for entry in told.told] == ["solution"]


def test_a_case_that_cannot_be_read_holds_up_no_other(house: House, clock: StillClock) -> None:
    keeper = Keeper.of(house.settings)
    broken, sound = (begin(house.database, keeper, email=f"{n}@example.com") for n in range(2))

    def spoil(tx: Transaction) -> None:
        service.investigate(tx, broken.case_id, AGENT)
        tx.driver("UPDATE case_event SET body = '{' WHERE case_id = ?", (broken.case_id,)).close()

    house.database.write(spoil)
    sound.agent_says()
    work(house, 0.5)
    assert sound.promises["first_answer"].state == "kept"
    assert broken.promises["first_answer"].state == "running"


def test_many_keepers_at_once_write_each_promise_once(
    database: Database, clock: StillClock, tmp_path: Path
) -> None:
    settings = Settings.load(None, data={"folder": tmp_path})
    keeper = Keeper.of(settings)
    cases = [begin(database, keeper, email=f"{n}@example.com") for n in range(6)]
    for told in cases:
        told.agent_says()
    clock.forward(minutes=1)
    for told in cases:
        told.customer_says()

    async def all_at_once() -> None:
        ids = [told.case_id for told in cases]
        await asyncio.gather(*(database.awrite(keeper.read_all, ids) for _ in range(6)))

    asyncio.run(all_at_once())
    for told in cases:
        assert isinstance(told, Told)
        found = database.read(promises_of, told.case_id)
        assert [(each.kind, each.state) for each in found] == [
            ("first_answer", "kept"),
            ("solution", "running"),
            ("next_answer", "running"),
        ]
    assert events.CASE_TOLD not in {e.kind for told in cases for e in told.told}
