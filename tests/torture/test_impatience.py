"""A caller who stops waiting for a write must never stop the writer."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import text

from madoguchi.engine.database import Database, Transaction


@pytest.fixture
def open_database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.close()


def test_a_caller_who_goes_away_does_not_stop_the_writes_of_others(open_database: Database) -> None:
    started, go_on = threading.Event(), threading.Event()

    def slow(tx: Transaction) -> None:
        started.set()
        go_on.wait(5)

    async def leave_twice() -> int:
        running = asyncio.create_task(open_database.awrite(slow))
        await asyncio.to_thread(started.wait, 5)
        waiting = asyncio.create_task(open_database.awrite(_one))
        await asyncio.sleep(0.02)
        running.cancel()
        waiting.cancel()
        await asyncio.sleep(0.02)
        go_on.set()
        return await asyncio.wait_for(open_database.awrite(_one), 5)

    assert asyncio.run(leave_twice()) == 1


def _one(tx: Transaction) -> int:
    return int(tx.scalar(text("SELECT 1")))
