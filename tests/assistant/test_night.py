"""A night with nobody at the desk: a thousand people write, and every one of them is answered."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from madoguchi.counter.actors import Actor, Rung
from madoguchi.counter.contacts import figures, queries
from madoguchi.counter.contacts.figures import Week
from madoguchi.counter.hours import desk_hours
from madoguchi.engine import sessions
from madoguchi.faces.house import House
from madoguchi.kit.ids import new_id
from madoguchi.work import AssistantLoop
from tests.conftest import StillClock

CONTACTS = 1000
EVENING = datetime(2026, 11, 21, 13, 0, tzinfo=UTC)  # Saturday 22:00 in Tokyo
NIGHT = timedelta(hours=10)
OPENINGS = {
    "ja": [
        "荷物が届きません",
        "返品したい",
        "領収書をください",
        "ログインできません",
        "ああああ",
        "担当者と話したい",
    ],
    "en": ["Where is my parcel?", "I was charged twice", "asdf qwer", "I want to talk to a person"],
    "zh-Hans": ["我的包裹在哪里", "我要退货"],
    "ko": ["환불은 언제 되나요", "주문을 취소하고 싶어요"],
}


def somebody_writes(house: House, dice: random.Random) -> str:
    """A visitor opens a contact in one of four languages."""
    language = dice.choice(list(OPENINGS))
    actor = Actor(kind="customer", id=new_id("vis"), rung=Rung.VISITOR, language=language)
    house.database.write(sessions.begin, "customer", actor.id, {}, timedelta(days=1))
    words = dice.choice(OPENINGS[language])
    return house.chat.open(actor, client_key=new_id("key"), language=language, text=words).id


def this_week(house: House) -> Week:
    zone, hours = ZoneInfo(house.settings.shop.timezone), desk_hours(house.settings)
    return house.database.read(figures.by_week, weeks=1, zone=zone, is_open=hours.is_open)[0]


@pytest.mark.req("BOT-027")
def test_of_a_thousand_contacts_in_a_night_none_goes_unanswered(house: House, clock: StillClock) -> None:
    dice, loop = random.Random(27), AssistantLoop(house.database, house.assistant, workers=1)
    for n in range(CONTACTS):
        clock.now = EVENING + NIGHT * n / CONTACTS
        assert not desk_hours(house.settings).is_open(clock.now)
        somebody_writes(house, dice)
        for owed in house.database.read(queries.owed_turns):
            loop.turn(owed)
    clock.forward(minutes=11)
    week = this_week(house)
    assert (week.all, week.closed_hours, week.unanswered) == (CONTACTS, CONTACTS, 0)
    # and the report does see somebody whom nobody has answered
    somebody_writes(house, dice)
    clock.forward(minutes=11)
    assert this_week(house).unanswered == 1
