"""The round that looks for what is amiss, as the server runs it: goals that the reports say are missed alarm too."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from madoguchi.building import build_house, follower_of
from madoguchi.counter.actors import Actor
from madoguchi.counter.contacts import service as contacts
from madoguchi.counter.reports.goals import FEWEST
from madoguchi.counter.supervision import alerts
from madoguchi.engine.database import Transaction
from madoguchi.engine.settings import Settings
from madoguchi.work import Rounds


@pytest.mark.req("QLT-001")
def test_enquiries_that_nobody_answers_within_a_day_alarm_the_live_board(tmp_path: Path) -> None:
    now = datetime(2026, 11, 24, 3, tzinfo=UTC)
    house = build_house(Settings.load(None, data={"folder": tmp_path}), clock=lambda: now)

    def ask(tx: Transaction) -> None:
        for number in range(FEWEST):
            who = Actor(kind="customer", id=f"vis_{number}")
            opened = contacts.open_contact(tx, actor=who, channel="chat", language="ja")
            contacts.say(tx, opened.id, actor=who, text="届きません", client_key=f"asked-{number}")

    house.database.write(ask)
    now += timedelta(hours=25)
    follower_of(house).catch_up()

    async def one_round() -> None:
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
        working = asyncio.create_task(rounds.alarm(stopping))
        async with asyncio.timeout(10):
            while not await house.database.aread(alerts.open_alerts):
                await asyncio.sleep(0.02)
        stopping.set()
        await working

    asyncio.run(one_round())
    raised = {(each.kind, each.subject): each.value for each in house.database.read(alerts.open_alerts)}
    assert raised[("goal_missed", "within_day")] == 100
