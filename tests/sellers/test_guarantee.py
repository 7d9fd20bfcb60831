"""A granted claim is paid once, as every change of an order is made, and what it paid for brings nothing twice."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from madoguchi.connectors.embedded.demo import cast
from madoguchi.counter.actors import Actor, Rung
from madoguchi.counter.contacts import events
from madoguchi.counter.orders.actions import CancelOrder, LineChoice, PayGuarantee, ReturnLines
from madoguchi.counter.orders.model import Order
from madoguchi.counter.orders.rule_book.book import Printed
from madoguchi.counter.problems import Conflict
from madoguchi.counter.sellers.model import Thread
from madoguchi.engine.outbox import Courier
from madoguchi.errands import build_courier
from madoguchi.faces.house import House
from madoguchi.rehearsal.chat import Chat
from tests.conftest import StillClock

SELLER, ORDER = "seller-kogei", cast.MARKETPLACE_DELIVERED
KOGEI = Actor(kind="seller", id="agt_kogei", seller_id=SELLER)
AGENT = Actor(kind="agent", id="agt_1", roles=frozenset({"agent"}))


@pytest.fixture
def buyer(chat: Callable[..., Chat]) -> Chat:
    return chat(cast.MARKETPLACE)


@pytest.fixture
def courier(house: House) -> Courier:
    return build_courier(house)


def _granted(house: House, buyer: Chat, amount: int) -> Thread:
    made = house.sellers.claim(buyer.actor, ORDER, SELLER, amount, "偽物です", contact_id=buyer.id)
    return house.sellers.decide(AGENT, made.id, amount, "調査の結果、お支払いします")


def _order(house: House) -> Order:
    found = house.shop.order(ORDER)
    assert found is not None
    return found


def _most(house: House, buyer: Chat) -> int:
    return house.sellers.cover(buyer.actor, ORDER, SELLER).most


@pytest.mark.req("SEL-006")
def test_a_granted_claim_is_paid_and_both_sides_read_it(house: House, buyer: Chat, courier: Courier) -> None:
    before = _order(house)
    thread = _granted(house, buyer, _most(house, buyer))
    assert _order(house).refunds == before.refunds and thread.claim is not None
    courier.deliver_due()
    after = _order(house)
    assert after.refunded - before.refunded == thread.claim["granted"] > 0
    assert {refund.reason for refund in after.refunds} == {"guarantee"}
    assert sum(payment.refunded for payment in after.payments) == after.refunded
    assert buyer.facts(events.GUARANTEE_PAID)[0]["amount"] == thread.claim["granted"]
    assert len(buyer.facts(events.DONE)) == 1
    seen = house.sellers.sellers_view(KOGEI, thread.id)
    assert seen.said[-1].fact == events.GUARANTEE_PAID
    assert seen.thread.claim is not None and seen.thread.claim["payment"] == "done"
    (shown,) = house.orders.refund_status(buyer.actor, ORDER)
    assert shown.amount == thread.claim["granted"]


@pytest.mark.req("SEL-006")
def test_however_often_it_is_delivered_it_is_paid_once(house: House, buyer: Chat) -> None:
    thread = _granted(house, buyer, 1000)
    for _ in range(3):
        house.sellers.pay(thread.id)
    assert _order(house).refunded == 1000
    assert len(buyer.facts(events.GUARANTEE_PAID)) == 1


def test_after_a_crash_between_doing_and_noting_the_same_proposal_is_confirmed(
    house: House, buyer: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    thread = _granted(house, buyer, 1000)
    done = house.orders.confirm

    def and_die(actor: Actor, proposal_id: str, key: str) -> None:
        done(actor, proposal_id, key)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(house.orders, "confirm", and_die)
        house.sellers.pay(thread.id)
    assert _order(house).refunded == 1000 and not buyer.facts(events.GUARANTEE_PAID)
    paid = house.sellers.pay(thread.id)
    assert paid.claim is not None and paid.claim["payment"] == "done"
    assert _order(house).refunded == 1000


def test_an_order_that_moved_on_in_between_is_proposed_anew(
    house: House, buyer: Chat, courier: Courier, clock: StillClock
) -> None:
    thread = _granted(house, buyer, 1000)
    done = house.orders.confirm

    def too_late(actor: Actor, proposal_id: str, key: str) -> object:
        clock.forward(minutes=20)
        return done(actor, proposal_id, key)

    house.orders.confirm = too_late  # type: ignore[method-assign,assignment]
    with pytest.raises(Conflict, match="proposal_outdated"):
        house.sellers.pay(thread.id)
    house.orders.confirm = done  # type: ignore[method-assign]
    assert _order(house).refunded == 0
    courier.deliver_due()
    assert _order(house).refunded == 1000


def test_what_can_no_longer_be_paid_comes_back_to_the_desk(
    house: House, buyer: Chat, courier: Courier
) -> None:
    thread = _granted(house, buyer, _most(house, buyer))
    rules = house.orders.rules
    lower = rules.guarantee.model_copy(update={"limit": {"JPY": 100}})
    house.orders.book = Printed(rules.model_copy(update={"guarantee": lower}))
    courier.deliver_due()
    assert _order(house).refunded == 0
    assert buyer.facts(events.GUARANTEE_UNPAID)[0]["reasons"][0]["code"] == "guarantee_too_much"
    assert (buyer.contact.owner_kind, buyer.contact.owner_id) == ("queue", "disputes")
    again = house.sellers.decide(AGENT, thread.id, 100, "上限までお支払いします")
    courier.deliver_due()
    assert again.claim is not None and _order(house).refunded == 100


@pytest.mark.parametrize("rung", [Rung.SIGNED_IN, Rung.FRESH])
def test_nobody_but_the_house_proposes_it(house: House, buyer: Chat, rung: Rung) -> None:
    wish = PayGuarantee(seller_id=SELLER, amount=100)
    for actor in (buyer.actor, AGENT.on_behalf_of(buyer.actor.customer_id, rung, frozenset())):
        refused = house.orders.propose(actor, ORDER, wish)
        assert refused.state == "refused"
        assert [reason.code for reason in refused.decision.reasons] == ["guarantee_needs_claim"]
        assert "guarantee" not in house.orders.possible(actor, ORDER)


def test_what_it_has_paid_for_is_not_given_back_again(house: House, buyer: Chat, courier: Courier) -> None:
    line = next(line for line in _order(house).lines if line.seller_id == SELLER)
    back = ReturnLines(lines=[LineChoice(line_id=line.id, quantity=1)], reason="no_longer_wanted")
    assert house.orders.propose(buyer.actor, ORDER, back).decision.refund > 0
    _granted(house, buyer, 1000)
    courier.deliver_due()
    for deed in (back, CancelOrder()):
        refused = house.orders.propose(buyer.actor, ORDER, deed)
        assert refused.state == "refused"
    codes = [reason.code for reason in house.orders.propose(buyer.actor, ORDER, back).decision.reasons]
    assert codes == ["guarantee_paid"]
    assert _most(house, buyer) == 0
