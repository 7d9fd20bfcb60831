"""Wake-ups between processes on PostgreSQL: told after the commit, never for what was rolled back."""

from __future__ import annotations

import asyncio

import pytest

from madoguchi.engine.database import Database, Transaction

pytestmark = pytest.mark.postgres


def ring(tx: Transaction, *topics: str) -> None:
    tx.wake(*topics)


def ring_and_fail(tx: Transaction) -> None:
    tx.wake("wrong")
    raise ValueError


def heard(url: str, topic: str, write: list[object], seconds: float) -> bool:
    """Whether a second process's stream rings on `topic` while the first one writes."""

    async def listen() -> bool:
        other = Database(url)
        other.listen()
        first = Database(url)
        try:
            with other.stream.waiter(topic) as bell:
                await asyncio.sleep(0.3)
                for deed in write:
                    try:
                        await first.awrite(*deed)  # type: ignore[misc]
                    except ValueError:
                        continue
                first.close()
                return await bell.wait(seconds)
        finally:
            await asyncio.to_thread(other.close)

    return asyncio.run(listen())


def test_another_process_hears_what_was_committed_also_when_the_first_ends_at_once(postgres_url: str) -> None:
    many = [(ring, f"topic:{number}") for number in range(20)]
    assert heard(postgres_url, "topic:19", [*many], 5.0)


def test_nobody_hears_of_a_write_that_failed(postgres_url: str) -> None:
    assert not heard(postgres_url, "wrong", [(ring_and_fail,), (ring, "right")], 0.7)
