"""The share solved without a person, by week: what counts, what does not, what it is too early to tell."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from madoguchi.counter.actors import ASSISTANT, Actor, Rung
from madoguchi.counter.contacts import events, figures, service
from madoguchi.counter.contacts.figures import Week
from madoguchi.engine.database import Database, Transaction
from madoguchi.kit.ids import new_id
from tests.conftest import StillClock

TOKYO = ZoneInfo("Asia/Tokyo")
MONDAY = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)  # 10:00 in Tokyo


@pytest.fixture
def clock() -> StillClock:
    return StillClock(MONDAY)


class Desk:
    """Conversations at chosen moments."""

    def __init__(self, database: Database, clock: StillClock) -> None:
        self.database, self.clock = database, clock

    def talk(self, who: str = "", *, at: timedelta = timedelta(), answered: bool = True) -> str:
        """Somebody asks, the assistant answers at once."""
        self.clock.now = MONDAY + at
        actor = Actor(kind="customer", id=who or new_id("vis"), rung=Rung.VISITOR)

        def write(tx: Transaction) -> str:
            opened = service.open_contact(tx, actor=actor, channel="chat", language="ja")
            service.say(tx, opened.id, actor=actor, text="?", client_key=new_id("key"))
            if answered:
                service.append(tx, opened.id, events.MESSAGE, {"text": "!"}, actor=ASSISTANT)
            return opened.id

        return self.database.write(write)

    def fact(self, contact_id: str, kind: str) -> None:
        self.database.write(service.append, contact_id, kind, {"agent_id": "agt_1"}, actor=ASSISTANT)

    def weeks(self, *, at: timedelta, weeks: int = 2, open_hours: range = range(24)) -> list[Week]:
        self.clock.now = MONDAY + at
        is_open: Callable[[datetime], bool] = lambda moment: moment.astimezone(TOKYO).hour in open_hours  # noqa: E731
        return self.database.read(figures.by_week, weeks=weeks, zone=TOKYO, is_open=is_open)


@pytest.fixture
def desk(tmp_path: Path, database: Database, clock: StillClock) -> Iterator[Desk]:
    yield Desk(database, clock)


@pytest.mark.req("BOT-025")
def test_what_ended_with_the_assistant_and_without_a_return_within_72_hours_is_solved(desk: Desk) -> None:
    desk.talk()
    desk.talk("back")
    desk.talk("back", at=timedelta(hours=71))  # the first is not solved, this one is
    desk.talk("late")
    desk.talk("late", at=timedelta(hours=73))  # both are
    desk.fact(desk.talk(), events.HAND_OVER)
    desk.fact(desk.talk(), events.JOINED)
    desk.fact(desk.talk(), events.RESOLUTION_DENIED)
    desk.fact(desk.talk(), events.REOPENED)
    (_, week) = desk.weeks(at=timedelta(days=6, hours=13))
    assert week.begins.isoformat() == "2026-11-02"
    assert (week.all, week.solved, week.too_early) == (9, 4, 0)
    assert week.share == pytest.approx(4 / 9)


def test_nobody_is_counted_as_solved_before_72_hours_have_gone(desk: Desk) -> None:
    desk.talk()
    desk.fact(desk.talk(), events.HAND_OVER)
    week = desk.weeks(at=timedelta(hours=71))[-1]
    assert (week.all, week.solved, week.too_early, week.share) == (2, 0, 1, 0.0)
    week = desk.weeks(at=timedelta(hours=72))[-1]
    assert (week.all, week.solved, week.too_early, week.share) == (2, 1, 0, 0.5)


def test_weeks_begin_on_monday_in_the_shops_zone_and_a_return_counts_across_them(desk: Desk) -> None:
    desk.talk("sunday", at=timedelta(days=6, hours=13, minutes=59))  # Sunday 23:59
    desk.talk("sunday", at=timedelta(days=6, hours=14))  # Monday 0:00
    first, second = desk.weeks(at=timedelta(days=13))
    assert (first.all, first.solved) == (1, 0)
    assert (second.all, second.solved) == (1, 1)


@pytest.mark.req("BOT-027")
def test_who_got_no_word_within_ten_minutes_is_counted_and_also_when_the_desk_was_closed(desk: Desk) -> None:
    desk.talk(answered=False)
    desk.talk(answered=False, at=timedelta(hours=14))
    week = desk.weeks(at=timedelta(hours=14, minutes=9), open_hours=range(9, 18))[-1]
    assert (week.all, week.closed_hours, week.unanswered) == (2, 1, 1), "the second may still be answered"
    week = desk.weeks(at=timedelta(hours=14, minutes=11), open_hours=range(9, 18))[-1]
    assert (week.unanswered, week.solved) == (2, 0)


def test_a_conversation_in_which_nobody_said_anything_is_none(desk: Desk) -> None:
    actor = Actor(kind="customer", id="vis_silent", rung=Rung.VISITOR)
    desk.database.write(service.open_contact, actor=actor, channel="chat", language="ja")
    assert desk.weeks(at=timedelta(days=5))[-1].all == 0
