"""The house closes as soon as what is in hand is done: nobody sleeps through the end, so nobody has to be cut off."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from madoguchi import work
from madoguchi.building import build_house, workers_of
from madoguchi.engine.settings import Settings
from madoguchi.mailroom import MailRoom


@pytest.mark.parametrize("at_work_s", [0.0, 0.5, 3.0])
def test_everybody_ends_by_themselves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_work_s: float
) -> None:
    monkeypatch.setattr(work, "STOP_S", 9.0)  # below the longest rest of a round, which is ten seconds
    house = build_house(Settings.load(None, data={"folder": tmp_path}))

    async def open_and_close() -> list[asyncio.Task[None]]:
        workers = workers_of(house, MailRoom(house))
        workers.start()
        await asyncio.sleep(at_work_s)
        await workers.stop()
        await asyncio.sleep(0)
        return workers._tasks

    tasks = asyncio.run(open_and_close())
    house.database.close()

    assert len(tasks) > 10
    assert [str(task) for task in tasks if task.cancelled() or not task.done()] == []
