"""The embedded shop behind the connector port: reading, doing a thing once, on the version it was decided on."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest

from madoguchi.connectors.embedded.fulfilment import Moved, Shipped, fulfil
from madoguchi.connectors.embedded.shop import EmbeddedShop
from madoguchi.connectors.embedded.storing import put_order
from madoguchi.counter.orders.actions import CancelOrder, ChangeLines, ExchangeLine, LineChange
from madoguchi.counter.orders.model import Decision, Order
from madoguchi.counter.orders.ports import ShopRefused
from madoguchi.engine.database import Database
from tests.connectors.conftest import PLACED, order, parcel

NUMBER = "503-0000001-0000001"
CANCELLED = Decision(verdict="allowed", refund=9500)


def stored(shop: EmbeddedShop, number: str = NUMBER) -> Order:
    found = shop.order(number)
    assert found is not None
    return found


def stock(shop: EmbeddedShop, product_id: str) -> dict[str, int]:
    product = shop.product(product_id)
    assert product is not None
    return {variant.sku: variant.stock for variant in product.variants}


def test_an_order_comes_back_as_it_was_put_in(shop: EmbeddedShop) -> None:
    assert stored(shop) == order()
    assert shop.order("503-0000009-0000009") is None


@pytest.mark.req("ORD-002")
def test_the_orders_of_a_customer_come_newest_first_in_pages(shop: EmbeddedShop, database: Database) -> None:
    for day in range(1, 4):
        database.write(put_order, order(f"A{day}", placed_at=PLACED + timedelta(days=day)))
    database.write(put_order, order("B1", customer_ref="C2"))
    first = shop.orders_of("C1", limit=2)
    assert [each.number for each in first] == ["A3", "A2"]
    rest = shop.orders_of("C1", before=first[-1].placed_at)
    assert [each.number for each in rest] == ["A1", NUMBER]
    newest = first[0]
    assert (newest.lines[0].label("ja"), newest.placed_at.date().isoformat(), newest.state) == (
        "綿シャツ",
        "2026-11-13",
        "processing",
    )
    assert newest.payments[0].captured == newest.total
    assert newest.lines[0].returnable


@pytest.mark.parametrize("text", ["503-0000001", NUMBER, "440000", "440000000001"])
def test_staff_find_an_order_by_the_start_of_its_number_or_tracking_number(
    shop: EmbeddedShop, database: Database, text: str
) -> None:
    database.write(put_order, order(parcels=[parcel(state="preparing")]))
    assert [found.number for found in shop.search(text)] == [NUMBER]


@pytest.mark.parametrize("text", ["", "  ", "%", "_", "03-0000001", "0000000001", "503%"])
def test_a_search_never_matches_inside_or_by_wildcard(
    shop: EmbeddedShop, database: Database, text: str
) -> None:
    database.write(put_order, order(parcels=[parcel(state="preparing")]))
    assert shop.search(text) == []


@pytest.mark.req("TECH-005")
def test_the_same_key_is_one_effect_and_gives_the_first_receipt(shop: EmbeddedShop) -> None:
    before = stored(shop)
    first = shop.perform(before, CancelOrder(), CANCELLED, key="key-1")
    again = shop.perform(before, CancelOrder(), CANCELLED, key="key-1")
    assert again == first == shop.outcome("key-1")
    after = stored(shop)
    assert (after.version, after.state, after.refunded) == (2, "cancelled", 9500)
    assert [refund["amount"] for refund in first["refunds"]] == [9500]


def test_the_outcome_of_a_key_that_was_never_performed_is_none(shop: EmbeddedShop) -> None:
    assert shop.outcome("never") is None


@pytest.mark.req("CASE-006")
def test_a_second_refund_of_the_same_order_under_another_key_is_refused(shop: EmbeddedShop) -> None:
    before = stored(shop)
    shop.perform(before, CancelOrder(), CANCELLED, key="key-1")
    with pytest.raises(ShopRefused, match="order_changed"):
        shop.perform(before, CancelOrder(), CANCELLED, key="key-2")
    with pytest.raises(ShopRefused, match=r"nothing_to_cancel|already"):
        shop.perform(stored(shop), CancelOrder(), CANCELLED, key="key-3")
    assert stored(shop).refunded == 9500
    assert shop.outcome("key-2") is None


def test_a_refusal_leaves_no_trace(shop: EmbeddedShop) -> None:
    too_much = Decision(verdict="allowed", refund=9501)
    with pytest.raises(ShopRefused, match="over_refund"):
        shop.perform(stored(shop), CancelOrder(), too_much, key="key-1")
    assert stored(shop) == order()
    assert stock(shop, "mug") == {"mug-1": 10}
    assert shop.outcome("key-1") is None


def test_cancelled_pieces_go_back_into_the_stock(shop: EmbeddedShop) -> None:
    shop.perform(stored(shop), CancelOrder(), CANCELLED, key="key-1")
    assert stock(shop, "mug") == {"mug-1": 13}
    assert stock(shop, "shirt")["shirt-m"] == 7


@pytest.mark.req("ORD-013")
def test_a_changed_variant_moves_stock_and_money(shop: EmbeddedShop, database: Database) -> None:
    database.write(put_order, order("A1", lines=[order().lines[1]], total=3500, payments=[]))
    change = ChangeLines(changes=[LineChange(line_id="L2", quantity=5)])
    shop.perform(stored(shop, "A1"), change, Decision(verdict="allowed", charge=2000), key="key-1")
    after = stored(shop, "A1")
    assert (after.total, after.lines[0].quantity) == (5500, 5)
    assert stock(shop, "mug") == {"mug-1": 8}


def test_an_exchange_without_stock_is_refused_and_changes_nothing(
    shop: EmbeddedShop, database: Database
) -> None:
    database.write(put_order, order("A1", parcels=[parcel(state="delivered")], state="delivered"))
    wish = ExchangeLine(line_id="L1", quantity=2, sku="shirt-l", reason="does_not_fit")
    with pytest.raises(ShopRefused, match="out_of_stock"):
        shop.perform(stored(shop, "A1"), wish, Decision(verdict="allowed"), key="key-1")
    assert stored(shop, "A1").returns == []
    assert stock(shop, "shirt")["shirt-l"] == 1


def race(*deeds: Callable[[], object]) -> list[object]:
    """What each deed gave or raised, all started at one moment."""
    barrier = threading.Barrier(len(deeds))
    results: list[object] = [None] * len(deeds)

    def run(index: int) -> None:
        barrier.wait()
        try:
            results[index] = deeds[index]()
        except ShopRefused as refused:
            results[index] = refused

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(deeds))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return results


@pytest.mark.req("RET-016")
def test_of_a_cancel_and_a_shipment_exactly_one_wins(shop: EmbeddedShop, database: Database) -> None:
    winners = set()
    for round_ in range(20):
        number = f"R{round_}"
        database.write(put_order, order(number))
        before = stored(shop, number)
        deeds: list[Callable[[], object]] = [
            lambda before=before, key=number: shop.perform(before, CancelOrder(), CANCELLED, key=key),  # type: ignore[misc]
            lambda number=number: fulfil(database, number, Shipped(carrier="ヤマト運輸")),  # type: ignore[misc]
        ]
        results = race(*(deeds if round_ % 2 else reversed(deeds)))
        refused = [result for result in results if isinstance(result, ShopRefused)]
        after = stored(shop, number)
        assert len(refused) == 1 and after.version == 2
        assert (after.state, after.refunded) in {("cancelled", 9500), ("shipped", 0)}
        winners.add(after.state)
        assert refused[0].code in {"order_changed", "nothing_to_ship"}
    assert winners <= {"cancelled", "shipped"}


def test_of_many_deeds_on_one_version_exactly_one_wins(shop: EmbeddedShop) -> None:
    before = stored(shop)
    results = race(
        *[
            lambda key=key: shop.perform(before, CancelOrder(), CANCELLED, key=key)  # type: ignore[misc]
            for key in "abcdefgh"
        ]
    )
    assert sum(isinstance(result, dict) for result in results) == 1
    assert {result.code for result in results if isinstance(result, ShopRefused)} == {"order_changed"}
    assert stored(shop).refunded == 9500


def test_one_key_from_many_threads_is_one_effect(shop: EmbeddedShop) -> None:
    before = stored(shop)
    results = race(*[lambda: shop.perform(before, CancelOrder(), CANCELLED, key="one")] * 8)
    assert all(result == results[0] for result in results)
    assert stored(shop).version == 2


@pytest.mark.req("ORD-003")
@pytest.mark.parametrize(
    ("parcel_state", "order_state"),
    [
        ("preparing", "processing"),
        ("shipped", "shipped"),
        ("in_transit", "shipped"),
        ("out_for_delivery", "shipped"),
        ("delivered", "delivered"),
        ("delivery_failed", "shipped"),
        ("returned_to_sender", "shipped"),
        ("lost", "shipped"),
    ],
)
def test_every_parcel_state_makes_a_state_of_the_order(
    shop: EmbeddedShop, database: Database, parcel_state: str, order_state: str
) -> None:
    if parcel_state != "preparing":
        fulfil(database, NUMBER, Shipped(carrier="ヤマト運輸", tracking_number="440000000001"))
        fulfil(database, NUMBER, Moved(parcel_state))  # type: ignore[arg-type]
    found = stored(shop)
    assert found.state == order_state
    if parcel_state != "preparing":
        assert (found.parcels[0].state, found.parcels[0].carrier) == (parcel_state, "ヤマト運輸")
        assert found.parcels[0].tracking_number == "440000000001"
        assert [event.state for event in found.parcels[0].events] == ["shipped", parcel_state]
