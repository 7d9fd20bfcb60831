"""Who turns personal answers off gets none: the assistant asks instead of looking, and every look is logged (PRIV-007)."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from madoguchi.connectors.embedded.demo import cast
from madoguchi.connectors.embedded.demo.load import customer_id
from madoguchi.counter.actors import SYSTEM, Actor, Rung
from madoguchi.counter.cases import queries as cases
from madoguchi.counter.customers import preferences
from madoguchi.engine.audit import audit
from madoguchi.faces.house import House
from madoguchi.rehearsal.chat import Chat

pytestmark = pytest.mark.req("PRIV-007")
MISAKI = cast.MISAKI


def opt_out(house: House, wanted: bool = False) -> None:
    house.database.write(preferences.choose, customer_id(MISAKI), "personal_answers", wanted, SYSTEM)


def uses(house: House) -> list[dict[str, Any]]:
    rows = house.database.read(
        lambda tx: tx.all(select(audit.c.detail).where(audit.c.action == "assistant.records_used"))
    )
    return [row.detail for row in rows]


def orders_shown(chat: Chat) -> list[str]:
    mine = {order.number for order in chat.house.shop.orders_of(MISAKI, limit=100)}
    said = repr(
        [
            entry.body
            for entry in chat.entries
            if entry.author_kind == "assistant" and entry.visibility == "public"
        ]
    )
    return [number for number in mine if number in said]


@pytest.mark.parametrize("language", ["ja", "en", "zh-Hans", "zh-Hant", "ko"])
def test_who_opted_out_is_asked_for_the_number_and_shown_no_order(house: House, language: str) -> None:
    words = {
        "ja": "荷物が届きません", "en": "My parcel has not arrived", "zh-Hans": "我的包裹还没到",
        "zh-Hant": "我的包裹還沒到", "ko": "택배가 아직 안 왔어요",
    }[language]  # fmt: skip
    told = Chat(house, MISAKI, language=language)
    told.say(words)
    assert orders_shown(told), (
        "with the switch on the orders are looked at, so that their absence means something"
    )
    opt_out(house)
    chat = Chat(house, MISAKI, language=language)
    chat.say(words)
    assert orders_shown(chat) == []


def test_what_is_named_here_may_be_used(house: House) -> None:
    opt_out(house)
    number = house.shop.orders_of(MISAKI, limit=100)[0].number
    chat = Chat(house, MISAKI)
    chat.say("荷物が届きません")
    chat.say(number)
    assert orders_shown(chat) == [number] or number in repr(chat.entries[-1].body), chat.text


def test_an_order_of_somebody_else_stays_unknown(house: House) -> None:
    opt_out(house)
    other = house.shop.orders_of(cast.JOHN, limit=1)[0].number
    chat = Chat(house, MISAKI)
    chat.say("荷物が届きません")
    chat.say(other)
    assert orders_shown(chat) == [] and "注文番号をお書きください" in chat.text
    assert chat.contact.order_number == ""


def test_earlier_cases_are_not_spoken_of(house: House) -> None:
    first = Chat(house, MISAKI)
    first.say("荷物が届きません")
    asked = Chat(house, MISAKI)
    asked.say("前回の問い合わせの状況を知りたい")
    opt_out(house)
    chat = Chat(house, MISAKI)
    chat.say("前回の問い合わせの状況を知りたい")
    case = first.contact.case_id
    assert case is not None
    label = _label(house, case)
    assert label in repr([entry.body for entry in asked.entries])
    assert label not in repr([entry.body for entry in chat.entries])


def test_every_use_is_logged_and_no_use_is_not(house: House) -> None:
    Chat(house, MISAKI).say("荷物が届きません")
    before = uses(house)
    assert before and all(each["orders"] > 0 and each["purpose"] == "turn" for each in before)
    opt_out(house)
    Chat(house, MISAKI).say("荷物が届きません")
    assert uses(house) == before


def _label(house: House, case_id: str) -> str:
    return house.database.read(cases.get, case_id).label


@pytest.mark.parametrize(
    "problem",
    ["membership_digital_device.subscription", "membership_digital_device.device_issue"],
)
def test_what_somebody_holds_is_not_looked_up_either(house: House, problem: str) -> None:
    held = house.accounts.holdings(
        Actor(kind="customer", id="vis", customer_id=customer_id(MISAKI), rung=Rung.SIGNED_IN)
    )
    assert held is not None
    names = {each.name["ja"] for each in (*held.devices, *held.services, *held.subscriptions)}
    assert names

    def told(allowed: bool) -> set[str]:
        opt_out(house, allowed)
        before = len(uses(house))
        chat = Chat(house, MISAKI, problem=problem)
        used = [each for each in uses(house)[before:] if each.get("holdings")]
        assert bool(used) is allowed, used
        bodies = repr([e.body for e in chat.entries if e.author_kind == "assistant"])
        return {name for name in names if name in bodies}

    assert told(True), "with the switch on they are named, so that their absence means something"
    assert told(False) == set()
