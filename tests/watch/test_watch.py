"""The watch over new orders: noticed, held, told to customer and security desk, released by a person; all of it once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from madoguchi.connectors.embedded.demo import cast
from madoguchi.connectors.embedded.storing import put_order
from madoguchi.counter.actors import SYSTEM, Actor
from madoguchi.counter.contacts import events, queries
from madoguchi.counter.orders.model import Order
from madoguchi.counter.orders.rule_book.book import Printed
from madoguchi.counter.orders.rules import Pattern
from madoguchi.counter.problems import Conflict, NotAllowed
from madoguchi.counter.routing import queries as routing
from madoguchi.counter.watch import service
from madoguchi.counter.watch.workflow import OrderWatch
from madoguchi.errands import build_courier
from madoguchi.faces.house import House
from madoguchi.rehearsal.chat import Chat
from tests.conftest import StillClock

NUMBER = "503-7777777-0000001"
AGENT = Actor(kind="agent", id="agt_1", roles=frozenset({"agent"}))


@pytest.fixture(autouse=True)
def pattern(house: House) -> None:
    """Whatever has seven pieces."""
    rules = house.orders.rules
    unusual = rules.unusual.model_copy(update={"patterns": {"seven": Pattern(pieces_from=7)}})
    house.orders.book = Printed(rules.model_copy(update={"unusual": unusual}))


@pytest.fixture
def placed(house: House, clock: StillClock) -> Order:
    """A new order of 佐藤 美咲 with seven pieces, its money only held."""
    like = house.shop.order(cast.MISAKI_UNSHIPPED)
    assert like is not None
    pieces = like.lines[0].model_copy(update={"quantity": 7, "cancelled": 0})
    payment = like.payments[0].model_copy(update={"authorised": like.total, "captured": 0})
    made = like.model_copy(
        update={
            "number": NUMBER,
            "placed_at": clock() - timedelta(minutes=5),
            "lines": [pieces],
            "payments": [payment],
            "parcels": [],
            "state": "processing",
        }
    )
    house.database.write(put_order, made)
    return made


def _now(house: House) -> Order:
    found = house.shop.order(NUMBER)
    assert found is not None
    return found


@pytest.mark.req("ORD-017")
def test_an_unusual_order_is_held_and_security_desk_and_customer_know(
    house: House, placed: Order, chat: Callable[..., Chat]
) -> None:
    assert house.watch.round() == 1
    held = _now(house)
    assert held.held_at is not None and held.payments == placed.payments and held.refunds == []
    contact = house.database.read(service.contact_of, NUMBER)
    assert contact is not None and (contact.owner_kind, contact.owner_id) == ("queue", "security")
    place = house.database.read(routing.place_of, contact.id)
    assert place is not None and (place.queue_id, place.state) == ("security", "waiting")
    handed = house.database.read(queries.newest, contact.id, events.HAND_OVER)
    assert handed.body["summary"]["pattern"] == "seven"
    misaki = chat(cast.MISAKI)
    assert contact.id in [each.id for each in house.chat.history(misaki.actor)]
    seen = house.database.read(queries.newest, contact.id, events.ORDER_HELD)
    assert seen.visibility == "public" and seen.body["order"] == NUMBER
    build_courier(house).deliver_due()
    mails = "".join(path.read_text("utf-8") for path in (house.settings.data.folder / "outbox").glob("*.eml"))
    assert NUMBER in mails and cast.MISAKI_EMAIL in mails


@pytest.mark.req("ORD-017")
def test_it_is_held_once_by_any_number_of_watches_and_after_a_restart(house: House, placed: Order) -> None:
    another = OrderWatch(house.database, house.shop, house.orders, house.orders._customers)
    assert [house.watch.round(), another.round(), house.watch.round(), another.round()] == [1, 0, 0, 0]
    assert _now(house).deeds.count("hold") == 1
    contact = house.database.read(service.contact_of, NUMBER)
    assert contact is not None
    found = house.database.read(queries.entries, contact.id, limit=100)
    assert [entry.kind for entry in found].count(events.ORDER_HELD) == 1


def test_a_crash_after_the_hold_does_not_leave_it_untold(
    house: House, placed: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(service, "tell", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        house.watch.round()
    assert house.database.read(service.contact_of, NUMBER) is None
    house.watch.round()
    assert house.database.read(service.contact_of, NUMBER) is not None


@pytest.mark.req("ORD-017")
def test_a_person_releases_it_the_customer_is_told_and_it_is_not_held_again(
    house: House, placed: Order, chat: Callable[..., Chat]
) -> None:
    house.watch.round()
    assert [order.number for order in house.watch.held(AGENT)] == [NUMBER]
    misaki = chat(cast.MISAKI)
    for actor in (misaki.actor, SYSTEM):
        with pytest.raises(NotAllowed):
            house.watch.release(actor, NUMBER)
        with pytest.raises(NotAllowed):
            house.watch.held(actor)
    assert house.watch.release(AGENT, NUMBER).state == "done"
    assert _now(house).held_at is None and house.watch.held(AGENT) == []
    contact = house.database.read(service.contact_of, NUMBER)
    assert contact is not None
    told = house.database.read(queries.newest, contact.id, events.DONE)
    assert told.visibility == "public" and "ご注文の再開" in str(told.body)
    with pytest.raises(Conflict, match="not_held"):
        house.watch.release(AGENT, NUMBER)
    assert house.watch.round() == 0 and _now(house).held_at is None


def test_the_demonstration_shop_has_nothing_unusual(house: House) -> None:
    house.orders.book = house.book
    assert house.watch.round() == 0
