"""Busy and quiet hours: from four weeks of own traffic, before that from what is usual."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from madoguchi.counter.actors import Actor
from madoguchi.counter.contacts import service
from madoguchi.counter.routing import quiet
from madoguchi.engine.database import Database, Transaction
from tests.conftest import StillClock

TOKYO = ZoneInfo("Asia/Tokyo")
OPEN = range(9, 21)


def visit(database: Database, count: int, number: int) -> None:
    def open_all(tx: Transaction) -> None:
        for each in range(count):
            actor = Actor(kind="customer", id=f"vis_{number}_{each}")
            service.open_contact(
                tx, actor=actor, channel="chat", language="ja", client_key=f"key-{number}-{each:05d}"
            )

    database.write(open_all)


@pytest.mark.req("ADV-013", "QUE-005")
def test_hints_come_from_own_traffic_after_four_weeks_and_from_the_usual_before(
    database: Database, clock: StillClock
) -> None:
    usual = quiet.text(database.read(quiet.traffic, TOKYO), OPEN, "ja")
    assert "混みやすい時間帯：9:00–11:00、18:00–21:00" in usual
    local = clock().astimezone(TOKYO)
    clock.forward(hours=(14 - local.hour) % 24)
    for day in range(29):
        visit(database, 12, day)  # at 14
        clock.forward(hours=5)
        visit(database, 1, 1000 + day)  # at 19
        clock.forward(hours=19)
        if day == 20:
            assert not database.read(quiet.traffic, TOKYO).own
    found = database.read(quiet.traffic, TOKYO)
    assert found.own
    busy, calm = quiet.busy_and_quiet(found, OPEN)
    assert busy == [14]
    assert 10 in calm
    assert "混みやすい時間帯：14:00–15:00" in quiet.text(found, OPEN, "ja")
    clock.forward(weeks=9)
    assert not database.read(quiet.traffic, TOKYO).own


def test_a_desk_whose_hours_are_all_alike_gets_no_hint() -> None:
    even = quiet.Traffic(dict.fromkeys(OPEN, 50), own=True)
    assert quiet.text(even, OPEN, "ja") == ""
    assert timedelta(weeks=4) == quiet.ENOUGH
