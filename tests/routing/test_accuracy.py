"""What was promised is remembered from the first word on, and compared with what came of it."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.counter.actors import SYSTEM
from madoguchi.counter.contacts import service as contacts
from madoguchi.counter.routing import accuracy, positions, presence, service
from madoguchi.counter.routing.accuracy import Wait, reckoned
from tests.conftest import StillClock
from tests.routing.conftest import Desk
from tests.routing.test_waiting import measured

TOKYO = ZoneInfo("Asia/Tokyo")
NOW = StillClock()()
waits = st.builds(
    lambda wait_s, low, more, told: Wait(
        "orders", "chat", NOW, wait_s, low if told else None, low + more if told else None
    ),
    st.integers(0, 7_200),
    st.integers(60, 3_600),
    st.integers(0, 3_600),
    st.booleans(),
)


@pytest.mark.req("QUE-004")
def test_the_first_promise_is_kept_beside_the_whole_wait(desk: Desk, clock: StillClock) -> None:
    agent = desk.agent("hana", capacity=1)
    measured(desk, "orders", [60] * 8, [300] * 8)
    started = clock.now
    clock.forward(seconds=1)
    first, second, third = (desk.waiting("orders") for _ in range(3))
    desk.offers()
    desk.database.write(positions.refresh_positions, desk.rules)
    desk.accept(first, agent)
    clock.forward(seconds=400)
    desk.database.write(positions.refresh_positions, desk.rules)  # what is left of the wait is told anew
    desk.database.write(lambda tx: (service.finished(tx, first), contacts.end(tx, first, SYSTEM, "done")))
    desk.database.write(lambda tx: (service.leave(tx, third), contacts.end(tx, third, SYSTEM, "gone")))
    desk.database.write(presence.heartbeat, agent.id)
    desk.offers()
    desk.accept(second, agent)
    until = clock.now + timedelta(seconds=1)
    told = {
        each.wait_s: each
        for each in desk.database.read(accuracy.waits, started + timedelta(seconds=1), until)
    }
    assert (told[400].low_s, told[400].high_s, told[400].channel) == (300, 480, "chat")
    for by, key in (("queue", "orders"), ("channel", "chat"), ("hour", "12"), ("day", "2026-11-20")):
        found = desk.database.read(
            accuracy.accuracy,
            started + timedelta(seconds=1),
            until,
            by,  # type: ignore[arg-type]
            TOKYO,
        )[key]
        assert (found.served, found.left, found.promised) == (2, 1, 2), by
        assert found.kept == 1 and found.left_share == pytest.approx(1 / 3)


@given(st.lists(waits, max_size=40), st.integers(0, 9))
def test_shares_are_those_that_one_counts_by_hand(found: list[Wait], left: int) -> None:
    figures = reckoned(found, left)
    told = [each for each in found if each.high_s is not None]
    assert (figures.served, figures.promised, figures.left) == (len(found), len(told), left)
    if told:
        late = sum(each.wait_s > (each.high_s or 0) for each in told)
        early = sum(each.wait_s < (each.low_s or 0) for each in told)
        assert figures.kept == pytest.approx(1 - late / len(told))
        assert figures.inside == pytest.approx(1 - (late + early) / len(told))
        assert figures.off_s is not None and figures.off_s >= 0
    else:
        assert figures.kept is None and figures.inside is None
