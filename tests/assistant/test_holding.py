"""An order that its customer does not know is cancelled, or stays in the house until a person has looked (ACC-021)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from madoguchi.connectors.embedded.demo import cast
from madoguchi.faces.house import House
from madoguchi.rehearsal.chat import Chat

Open = Callable[..., Chat]


@pytest.mark.req("ACC-021")
def test_marking_an_order_as_unknown_holds_it_and_opens_a_case_at_the_security_desk(
    house: House, chat: Open
) -> None:
    talk = chat(cast.MISAKI)
    talk.say(f"注文番号{cast.MISAKI_UNSHIPPED}は身に覚えのない注文です")
    before = house.shop.order(cast.MISAKI_UNSHIPPED)
    assert before is not None
    assert before.held_at is None  # nothing is done before the customer has answered
    talk.say("いいえ")
    order = house.shop.order(cast.MISAKI_UNSHIPPED)
    assert order is not None
    assert order.held_at is not None
    assert order.state == "processing"
    assert not order.refunds
    assert any("発送されません" in str(entry.body.get("text", "")) for entry in talk.entries)
    assert talk.contact.owner_id == "security"
    assert talk.contact.case_id is not None


def test_an_unknown_order_is_cancelled_where_its_customer_wishes_so(house: House, chat: Open) -> None:
    talk = chat(cast.MISAKI)
    talk.say(f"注文番号{cast.MISAKI_UNSHIPPED}は身に覚えのない注文です")
    talk.say("はい、キャンセルしてください")
    order = house.shop.order(cast.MISAKI_UNSHIPPED)
    assert order is not None
    assert order.state == "cancelled"
    assert talk.contact.owner_id == "security"


def test_a_sent_order_is_not_held(house: House, chat: Open) -> None:
    talk = chat(cast.MISAKI)
    talk.say(f"注文番号{cast.MISAKI_SHIRT}は身に覚えのない注文です")
    order = house.shop.order(cast.MISAKI_SHIRT)
    assert order is not None
    assert order.held_at is None
    assert talk.contact.owner_id == "security"
