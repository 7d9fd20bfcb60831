"""The assistant about a thread that has moved on: answered, overdue, taken up already."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from madoguchi.connectors.embedded.demo import cast
from madoguchi.counter.actors import Actor
from madoguchi.counter.contacts import events
from madoguchi.errands import build_courier
from madoguchi.faces.house import House
from madoguchi.rehearsal.chat import Chat
from tests.conftest import StillClock

KOGEI = Actor(kind="seller", id="agt_kogei", seller_id="seller-kogei")
SILENT = "marketplace.seller_no_response"
Open = Callable[..., Chat]


@pytest.fixture
def thread_id(house: House, chat: Open) -> str:
    asked = chat(
        cast.MARKETPLACE, problem="marketplace.contact_seller", order_number=cast.MARKETPLACE_DELIVERED
    )
    asked.say("取っ手が欠けていました")
    asked.press("送る")
    (fact,) = asked.facts(events.SELLER_ASKED)
    return str(fact["thread"])


def _open(chat: Open) -> Chat:
    return chat(cast.MARKETPLACE, problem=SILENT, order_number=cast.MARKETPLACE_DELIVERED)


@pytest.mark.req("SEL-003")
def test_while_there_is_time_the_deadline_is_told(thread_id: str, chat: Open) -> None:
    later = _open(chat)
    assert "返信期限は11月21日(土) 12:00" in later.text
    assert later.contact.owner_kind == "assistant"


@pytest.mark.req("SEL-003", "SEL-004")
def test_an_answer_that_does_not_solve_it_goes_to_the_disputes_desk(
    thread_id: str, house: House, chat: Open
) -> None:
    house.sellers.answer(KOGEI, thread_id, "object", "発送時は問題ありませんでした", "a1")
    later = _open(chat)
    assert "発送時は問題ありませんでした" in later.text
    later.press("引き継ぐ")
    assert (later.contact.owner_kind, later.contact.owner_id) == ("queue", "disputes")
    assert "発送時は問題ありませんでした" in str(later.summary)
    thread = house.sellers.threads(later.actor, cast.MARKETPLACE_DELIVERED)[0]
    assert (thread.state, thread.why, thread.contact_id) == ("escalated", "unsolved", later.id)


def test_what_the_shop_has_taken_up_by_itself_is_not_taken_up_twice(
    thread_id: str, house: House, chat: Open, clock: StillClock
) -> None:
    clock.forward(hours=25)
    build_courier(house).deliver_due()
    later = _open(chat)
    assert "すでにお預かりしています" in later.text
    assert later.contact.owner_kind == "assistant"


def test_a_turn_that_is_thought_again_writes_to_the_seller_once(house: House, chat: Open) -> None:
    asked = chat(
        cast.MARKETPLACE, problem="marketplace.contact_seller", order_number=cast.MARKETPLACE_DELIVERED
    )
    asked.say("取っ手が欠けていました")
    seen = asked.entries[-1].seq
    asked.press("送る")
    asked.turn()
    assert len([e for e in asked.entries if e.kind == events.SELLER_ASKED and e.seq > seen]) == 1
