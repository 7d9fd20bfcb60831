"""What deeds change on an order: totals, counts and money stay legal whatever is done, in whatever order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from madoguchi.connectors.embedded.demo.goods import SELLERS, products
from madoguchi.connectors.embedded.demo.load import demo_orders
from madoguchi.connectors.embedded.effects import apply, stock_changes
from madoguchi.connectors.embedded.fulfilment import (
    Event,
    Moved,
    Paid,
    RefundMoved,
    ReturnMoved,
    Shipped,
    advance,
)
from madoguchi.connectors.embedded.stages import goods_total, state_of
from madoguchi.counter.actors import Actor, Rung
from madoguchi.counter.orders import policy
from madoguchi.counter.orders.actions import (
    Action,
    CancelOrder,
    ChangeAddress,
    ChangeLines,
    ChangePayment,
    ExchangeLine,
    LineChange,
    LineChoice,
    RefundDuplicate,
    RefundMissing,
    ReshipMissing,
    ReturnLines,
)
from madoguchi.counter.orders.model import Decision, Order
from madoguchi.counter.orders.ports import ShopRefused
from madoguchi.counter.orders.rules import Rules
from tests.connectors.conftest import HOME, mug, order, parcel, shirt

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
ORDERS = demo_orders(NOW)
CATALOGUE = {product.id: product for product in products()}
SMALL = {"shirt": shirt(), "mug": mug()}
RULES = Rules.load()
SUPERVISOR = Actor(
    kind="agent", id="a1", customer_id="c", rung=Rung.FRESH, roles=frozenset({"agent", "supervisor"})
)


def allowed(refund: int = 0, *, charge: int = 0, **changes: object) -> Decision:
    return Decision.model_validate({"verdict": "allowed", "refund": refund, "charge": charge, **changes})


def assert_legal(order: Order) -> None:
    """I5 and the sums that must always hold."""
    assert order.total == goods_total(order)
    assert order.refunded <= order.captured
    assert order.refunded == sum(payment.refunded for payment in order.payments)
    for payment in order.payments:
        assert 0 <= payment.refunded <= payment.captured
        assert payment.authorised >= 0
    for line in order.lines:
        assert line.cancelled >= 0 and line.returned >= 0 and line.active >= 0 and line.quantity >= 1
    ids = {line.id for line in order.lines}
    assert len(ids) == len(order.lines)
    assert len({refund.id for refund in order.refunds}) == len(order.refunds)
    assert len({each.id for each in order.parcels}) == len(order.parcels)
    for each in order.parcels:
        assert {item.line_id for item in each.lines} <= ids and each.lines
    for record in order.returns:
        assert {item.line_id for item in record.lines} <= ids
    assert order.state == state_of(order)


def draw_action(data: st.DataObject, order: Order) -> Action:
    line = data.draw(st.sampled_from(order.lines))
    pieces = data.draw(st.integers(1, 3))
    choice = [LineChoice(line_id=line.id, quantity=pieces)]
    skus = [one.sku for one in CATALOGUE[line.product_id].variants]
    sku = data.draw(st.sampled_from(skus))
    parcel_id = data.draw(st.sampled_from(["", *(each.id for each in order.parcels)]))
    payment_id = data.draw(st.sampled_from([payment.id for payment in order.payments]))
    reason = data.draw(st.sampled_from(["no_longer_wanted", "defective", "does_not_fit"]))
    return data.draw(
        st.sampled_from(
            [
                CancelOrder(),
                CancelOrder(lines=choice),
                ChangeAddress(address=HOME),
                ChangeLines(changes=[LineChange(line_id=line.id, quantity=pieces)]),
                ChangeLines(changes=[LineChange(line_id=line.id, sku=sku)]),
                ChangePayment(tender=data.draw(st.sampled_from(["card", "convenience_store", "pay_later"]))),
                ReturnLines(lines=choice, reason=reason),
                ExchangeLine(line_id=line.id, sku=sku, reason=reason),
                ReshipMissing(parcel_id=parcel_id),
                RefundMissing(parcel_id=parcel_id),
                RefundDuplicate(payment_id=payment_id),
            ]
        )
    )


def draw_event(data: st.DataObject, order: Order) -> Event:
    states = ["in_transit", "out_for_delivery", "delivered", "lost", "returned_to_sender"]
    events: list[Event] = [Paid(), Shipped(), Moved(data.draw(st.sampled_from(states)))]
    events += [
        ReturnMoved(record.id, data.draw(st.sampled_from(["in_transit", "received", "refunded", "refused"])))
        for record in order.returns
    ]
    events += [
        RefundMoved(refund.id, data.draw(st.sampled_from(["done", "failed"]))) for refund in order.refunds
    ]
    return data.draw(st.sampled_from(events))


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_whatever_is_decided_and_done_in_whatever_order_the_sums_hold(data: st.DataObject) -> None:
    order = data.draw(st.sampled_from(ORDERS))
    sellers = {seller.id: seller for seller in SELLERS}
    now = NOW
    for _ in range(data.draw(st.integers(1, 6))):
        now += timedelta(hours=5)
        try:
            if data.draw(st.booleans()):
                order = advance(order, draw_event(data, order), now)
                assert_legal(order)
                continue
            action = draw_action(data, order)
            decision = policy.decide(
                action, order, RULES, SUPERVISOR, now=now, sellers=sellers, products=CATALOGUE
            )
            if not decision.allowed:
                continue
            before, order = order, apply(order, action, decision, now, CATALOGUE)
        except ShopRefused as refused:
            assert refused.code  # a refusal changes nothing: the next deed goes on from the same order
            continue
        assert_legal(order)
        paid_at_once = not isinstance(action, ReturnLines)
        assert order.refunded - before.refunded == (decision.refund if paid_at_once else 0)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_what_the_policy_allows_the_shop_carries_out(data: st.DataObject) -> None:
    """The two sides count pieces and money the same way: a first deed on a known order is never refused."""
    order = data.draw(st.sampled_from(ORDERS))
    action = draw_action(data, order)
    sellers = {seller.id: seller for seller in SELLERS}
    decision = policy.decide(action, order, RULES, SUPERVISOR, now=NOW, sellers=sellers, products=CATALOGUE)
    if decision.allowed:
        assert_legal(apply(order, action, decision, NOW, CATALOGUE))


# ── single deeds ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.req("RET-016")
@pytest.mark.parametrize("state", ["shipped", "in_transit", "out_for_delivery", "delivered", "lost"])
def test_after_shipment_nothing_is_cancelled(state: str) -> None:
    gone = order(parcels=[parcel(state=state)], state="shipped")
    for action in (CancelOrder(), CancelOrder(lines=[LineChoice(line_id="L1", quantity=1)])):
        with pytest.raises(ShopRefused, match="already_shipped"):
            apply(gone, action, allowed(3000), NOW)


def test_single_pieces_are_cancelled_and_the_parcel_in_preparation_loses_them() -> None:
    action = CancelOrder(lines=[LineChoice(line_id="L2", quantity=2)])
    after = apply(order(parcels=[parcel(state="preparing")]), action, allowed(2000), NOW)
    assert (after.state, after.lines[1].active, after.refunded, after.total) == ("processing", 1, 2000, 9500)
    assert [(item.line_id, item.quantity) for item in after.parcels[0].lines] == [("L1", 2), ("L2", 1)]


def test_a_cancelled_order_lets_go_of_money_that_was_only_held() -> None:
    held = order().payments[0].model_copy(update={"captured": 0})
    after = apply(order(payments=[held]), CancelOrder(), allowed(), NOW)
    assert (after.state, after.payments[0].authorised, after.refunds) == ("cancelled", 0, [])
    assert after.cancelled_at == NOW


@pytest.mark.req("ORD-008")
def test_the_address_changes_before_shipment_only() -> None:
    other = HOME.model_copy(update={"line1": "丸の内1-1"})
    assert apply(order(), ChangeAddress(address=other), allowed(), NOW).address == other
    gone = order(parcels=[parcel()], state="shipped")
    with pytest.raises(ShopRefused, match="already_shipped"):
        apply(gone, ChangeAddress(address=other), allowed(), NOW)


@pytest.mark.req("RET-007")
def test_a_return_goes_from_label_to_refund_with_its_moments() -> None:
    here = order(parcels=[parcel(state="delivered")], state="delivered")
    action = ReturnLines(lines=[LineChoice(line_id="L1", quantity=1)], reason="no_longer_wanted")
    after = apply(here, action, allowed(2450), NOW)
    (record,) = after.returns
    assert (record.state, record.at, record.refund_amount, after.refunded) == ("label", NOW, 2450, 0)
    with pytest.raises(ShopRefused, match="wrong_step"):
        advance(after, ReturnMoved(record.id, "refunded"), NOW)
    after = advance(after, ReturnMoved(record.id, "in_transit", "440011"), NOW + timedelta(days=1))
    received = NOW + timedelta(days=3)
    after = advance(after, ReturnMoved(record.id, "received"), received)
    assert (after.returns[0].received_at, after.returns[0].tracking_number) == (received, "440011")
    paid = received + timedelta(days=2)
    after = advance(after, ReturnMoved(record.id, "refunded"), paid)
    (refund,) = after.refunds
    assert (after.returns[0].state, after.returns[0].refund_id) == ("refunded", refund.id)
    assert (refund.at, refund.amount, refund.tender, refund.state) == (paid, 2450, "card", "sent")


@pytest.mark.req("PAY-012")
def test_a_return_paid_with_two_tenders_goes_back_to_both() -> None:
    card = order().payments[0].model_copy(update={"authorised": 5000, "captured": 5000})
    points = card.model_copy(update={"id": "P2", "tender": "points", "authorised": 4500, "captured": 4500})
    here = order(payments=[card, points], parcels=[parcel(state="delivered")], state="delivered")
    pieces = [LineChoice(line_id="L1", quantity=2), LineChoice(line_id="L2", quantity=1)]
    after = apply(here, ReturnLines(lines=pieces, reason="defective"), allowed(7000), NOW)
    after = advance(after, ReturnMoved(after.returns[0].id, "received"), NOW)
    after = advance(after, ReturnMoved(after.returns[0].id, "refunded"), NOW)
    assert [(refund.tender, refund.amount) for refund in after.refunds] == [("card", 5000), ("points", 2000)]


@pytest.mark.req("CASE-006")
def test_a_piece_that_is_coming_back_cannot_be_returned_again() -> None:
    here = order(parcels=[parcel(state="delivered")], state="delivered")
    action = ReturnLines(lines=[LineChoice(line_id="L1", quantity=2)], reason="defective")
    after = apply(here, action, allowed(6000), NOW)
    with pytest.raises(ShopRefused, match="not_enough_pieces"):
        apply(after, action, allowed(6000), NOW)
    refused = advance(after, ReturnMoved(after.returns[0].id, "refused"), NOW)
    assert refused.lines[0].active == 2


@pytest.mark.req("RET-014")
def test_an_exchange_sends_the_new_piece_and_keeps_every_value() -> None:
    here = order(parcels=[parcel(state="delivered")], state="delivered")
    wish = ExchangeLine(line_id="L1", sku="shirt-xl", reason="does_not_fit")
    after = apply(here, wish, allowed(charge=300), NOW, SMALL)
    assert (after.state, after.total) == ("delivered", 9800)
    old, rest, new = after.lines[0], after.lines[1], after.lines[3]
    assert (old.returned, old.active, rest.active, new.sku, new.active) == (1, 0, 1, "shirt-xl", 1)
    assert new.unit_price * new.quantity - new.discount == 3300
    assert after.returns[0].lines[0].line_id == old.id
    assert [item.line_id for item in after.parcels[-1].lines] == [new.id]
    assert stock_changes(here, after, wish) == {"shirt-xl": -1}


def test_a_lost_parcel_is_settled_once() -> None:
    late = order(parcels=[parcel()], state="shipped")
    again = apply(late, ReshipMissing(), allowed(), NOW)
    assert (again.parcels[0].state, again.parcels[1].replaces, again.state) == ("lost", "S1", "shipped")
    assert stock_changes(late, again, ReshipMissing()) == {"shirt-m": -2, "mug-1": -3}
    money = apply(late, RefundMissing(), allowed(9500), NOW)
    assert (money.state, money.refunded) == ("cancelled", 9500)
    assert stock_changes(late, money, RefundMissing()) == {}
    for settled in (again, money):
        for action in (ReshipMissing(parcel_id="S1"), RefundMissing(parcel_id="S1")):
            with pytest.raises(ShopRefused, match="already_settled"):
                apply(settled, action, allowed(), NOW)


def test_of_two_parcels_with_the_same_goods_each_is_refunded_once() -> None:
    one = parcel(lines=[{"line_id": "L2", "quantity": 1}])
    two = parcel("S2", lines=[{"line_id": "L2", "quantity": 1}])
    three = parcel(
        "S3", "delivered", lines=[{"line_id": "L2", "quantity": 1}, {"line_id": "L1", "quantity": 2}]
    )
    after = apply(order(parcels=[one, two, three], state="shipped"), RefundMissing(), allowed(2000), NOW)
    assert (after.lines[1].cancelled, after.state) == (2, "delivered")
    for parcel_id in ("S1", "S2"):
        with pytest.raises(ShopRefused, match="already_settled"):
            apply(after, RefundMissing(parcel_id=parcel_id), allowed(1000), NOW)


def test_a_duplicate_charge_is_given_back_once_to_its_own_card() -> None:
    first = order().payments[0]
    second = first.model_copy(update={"id": "P2", "duplicate_of": "P1"})
    twice = order(payments=[first, second])
    after = apply(twice, RefundDuplicate(payment_id="P2"), allowed(9500), NOW)
    assert [payment.refunded for payment in after.payments] == [0, 9500]
    for payment_id in ("P1", "P2"):
        with pytest.raises(ShopRefused, match="already_settled"):
            apply(after, RefundDuplicate(payment_id=payment_id), allowed(9500), NOW)


@pytest.mark.req("PAY-019")
def test_a_cancelled_convenience_store_order_waits_for_a_payout_route() -> None:
    cash = order().payments[0].model_copy(update={"tender": "convenience_store", "label": ""})
    after = apply(order(payments=[cash]), CancelOrder(), allowed(9500), NOW)
    assert [(refund.tender, refund.state) for refund in after.refunds] == [("convenience_store", "requested")]
    points = cash.model_copy(update={"tender": "points"})
    after = apply(order(payments=[points]), CancelOrder(), allowed(9500), NOW)
    assert [(refund.state, refund.done_at) for refund in after.refunds] == [("done", NOW)]


def test_parts_that_do_not_make_the_refund_are_refused() -> None:
    parts = [{"payment_id": "P1", "tender": "card", "label": "", "amount": 9000}]
    with pytest.raises(ShopRefused, match="amounts_differ"):
        apply(order(), CancelOrder(), allowed(9500, refund_parts=parts), NOW)


def test_another_tender_asks_for_the_open_part_and_lets_the_hold_go() -> None:
    held = order().payments[0].model_copy(update={"captured": 0})
    after = apply(order(payments=[held]), ChangePayment(tender="convenience_store"), allowed(), NOW)
    assert [(p.tender, p.authorised) for p in after.payments] == [("convenience_store", 0)]
    assert after.state == "awaiting_payment"
    paid = advance(after, Paid(), NOW)
    assert (paid.state, paid.captured) == ("processing", 9500)
    with pytest.raises(ShopRefused, match="already_paid"):
        apply(order(), ChangePayment(tender="card"), allowed(), NOW)
