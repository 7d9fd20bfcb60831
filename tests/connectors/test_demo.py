"""The demonstration shop: its size, its figures, its people, and that it can be loaded again and again."""

from __future__ import annotations

import re
import time
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from madoguchi.connectors.embedded.demo import cast
from madoguchi.connectors.embedded.demo.goods import SELLERS, products
from madoguchi.connectors.embedded.demo.load import customer_id, demo_orders, load_demo
from madoguchi.connectors.embedded.demo.people import people
from madoguchi.connectors.embedded.demo.pictures import FOLDER, picture
from madoguchi.connectors.embedded.fulfilment import Moved, fulfil
from madoguchi.connectors.embedded.model import shop_order
from madoguchi.connectors.embedded.shop import EmbeddedShop
from madoguchi.connectors.embedded.stages import goods_total, shop_day, state_of
from madoguchi.counter.customers.model import customer
from madoguchi.counter.orders.model import Order
from madoguchi.engine.database import Database
from madoguchi.kit.languages import NAMES

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
ORDERS = demo_orders(NOW)
BY_NUMBER = {order.number: order for order in ORDERS}
PAID_LATER = {"convenience_store", "bank_transfer", "cash_on_delivery", "pay_later"}


def test_the_shop_is_big_enough_to_be_believed() -> None:
    assert len(people()) >= 60
    assert len(products()) >= 40
    assert len(SELLERS) >= 4
    assert len(ORDERS) >= 300 and len(BY_NUMBER) == len(ORDERS)
    segments = {segment for person in people() for segment in person.given.segments}
    assert segments >= {"individual", "member", "business", "student", "senior", "foreign_resident"}
    assert {person.given.language for person in people()} >= {"ja", "en", "zh-Hans", "ko"}


@pytest.mark.parametrize("language", NAMES)
def test_every_reader_sees_goods_in_their_own_language(language: str) -> None:
    script = {"en": r"^[ -~]+$", "zh-Hans": r"[一-鿿]", "zh-Hant": r"[一-鿿]", "ko": r"[가-힣]"}.get(
        language, ""
    )
    for product in products():
        assert set(product.name) == set(NAMES), product.id
        shown = product.label(language)
        assert shown and re.search(script, shown), product.id
        assert language == "ja" or not re.search(r"[ぁ-ヿ]", shown), product.id
        for variant in product.variants:
            assert set(variant.name) in (set(), set(NAMES)), variant.sku
            assert language == "ja" or not re.search(r"[ぁ-ヿ]", variant.name.get(language, "")), variant.sku
    for order in ORDERS:
        for parcel in order.parcels:
            for event in parcel.events:
                for told in (event.text, event.place):
                    assert not told or told[language], (order.number, event.state)


def test_no_two_goods_have_the_same_name_in_any_language() -> None:
    for language in NAMES:
        assert len({product.label(language) for product in products()}) == len(products())
        for product in products():
            kinds = {variant.name.get(language, "") for variant in product.variants}
            assert len(kinds) == len(product.variants), (product.id, language)


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("ja", "リネンシャツ（ネイビー / M）"),
        ("en", "Linen shirt (Navy / M)"),
        ("zh-Hans", "亚麻衬衫（藏青色 / M）"),
        ("zh-Hant", "亞麻襯衫（深藍色 / M）"),
        ("ko", "리넨 셔츠 (네이비 / M)"),
    ],
)
def test_a_line_of_an_order_is_named_in_the_readers_language(language: str, shown: str) -> None:
    lines = [line for order in ORDERS for line in order.lines if line.sku == "linen-shirt-navy-m"]
    assert {line.label(language) for line in lines} == {shown}


def test_every_kind_of_order_is_there() -> None:
    assert {order.state for order in ORDERS} == {
        "awaiting_payment", "processing", "part_shipped", "shipped", "delivered", "cancelled",
    }  # fmt: skip
    parcels = {parcel.state for order in ORDERS for parcel in order.parcels}
    assert parcels >= {
        "shipped", "in_transit", "out_for_delivery", "delivered", "delivery_failed", "returned_to_sender", "lost",
    }  # fmt: skip
    returns = {record.state for order in ORDERS for record in order.returns}
    assert returns == {"requested", "label", "in_transit", "received", "refunded", "refused"}
    assert {record.wish for order in ORDERS for record in order.returns} == {"refund", "exchange"}
    refunded = {refund.tender for order in ORDERS for refund in order.refunds}
    assert refunded >= {"card", "gift_card", "points", "convenience_store", "bank_transfer"}
    assert any(len({refund.tender for refund in order.refunds}) > 1 for order in ORDERS)
    assert any(payment.duplicate_of for order in ORDERS for payment in order.payments)
    sellers = Counter(line.seller_id for order in ORDERS for line in order.lines)
    assert all(sellers[seller.id] for seller in SELLERS)
    tenders = {payment.tender for order in ORDERS for payment in order.payments}
    assert tenders == {
        "card", "gift_card", "points", "convenience_store", "bank_transfer", "cash_on_delivery", "pay_later",
    }  # fmt: skip


def test_every_figure_of_every_order_is_exact() -> None:
    for order in ORDERS:
        assert_exact(order)


def assert_exact(order: Order) -> None:
    assert order.total == goods_total(order) > 0, order.number
    assert order.state == state_of(order)
    assert order.refunded == sum(payment.refunded for payment in order.payments) <= order.captured
    for payment in order.payments:
        assert 0 <= payment.refunded <= payment.captured <= max(payment.authorised, payment.captured)
    for line in order.lines:
        assert 0 <= line.active <= line.quantity
        assert 0 <= line.tax < line.unit_price * line.quantity
    covered = sum(
        max(payment.authorised, payment.captured) for payment in order.payments if not payment.duplicate_of
    )
    is_open = any(payment.tender in PAID_LATER and not payment.captured for payment in order.payments)
    assert covered == order.total or is_open or (order.state == "cancelled" and covered == 0)
    moments = [event.at for parcel in order.parcels for event in parcel.events]
    moments += [refund.at for refund in order.refunds] + [record.at for record in order.returns]
    assert all(order.placed_at <= moment <= NOW for moment in moments)


def test_the_same_moment_makes_the_same_orders_and_another_day_moves_them() -> None:
    assert demo_orders(NOW) == ORDERS
    later = {order.number: order for order in demo_orders(NOW + timedelta(days=30))}
    moved = {later[order.number].placed_at - order.placed_at for order in ORDERS}
    assert min(moved) >= timedelta(days=29) and max(moved) <= timedelta(days=31)


def test_at_any_hour_of_the_day_nothing_lies_in_the_future() -> None:
    for hour in (0, 14, 15, 23):
        now = NOW.replace(hour=hour)
        for order in demo_orders(now):
            assert order.placed_at < now
            assert all(event.at <= now for parcel in order.parcels for event in parcel.events)


def test_nobody_in_the_demo_can_be_reached() -> None:
    for person in people():
        assert re.search(r"@([a-z-]+\.)?example\.(jp|com)$", person.given.email), person.given.email
        assert re.fullmatch(r"090-0000-\d{4}", person.given.phone)
    assert len({person.given.email for person in people()}) == len(people())


def test_the_cast_has_what_the_stories_need() -> None:
    today = shop_day(NOW)
    for ref, email in ((cast.MISAKI, cast.MISAKI_EMAIL), (cast.JOHN, cast.JOHN_EMAIL)):
        person = next(person for person in people() if person.ref == ref)
        assert person.given.email == email
        late, unshipped, shirt, headphones = (BY_NUMBER[cast.number(ref, n)] for n in (1, 2, 3, 4))
        assert late.parcels[0].state == "in_transit"
        assert late.parcels[0].promised_to == today - timedelta(days=4)
        assert (unshipped.state, unshipped.total, unshipped.captured) == ("processing", 5980, 5980)
        assert unshipped.payments[0].tender == "card"
        assert shirt.state == "delivered" and shirt.lines[0].product_class == "apparel"
        assert (NOW - shirt.placed_at).days < 30 and shirt.lines[0].variant_name["ja"].endswith("M")
        assert headphones.state == "delivered" and headphones.lines[0].product_class == "electronics"
    twice = BY_NUMBER[cast.CHARGED_TWICE_ORDER].payments
    assert twice[1].duplicate_of == twice[0].id and twice[1].captured == twice[0].captured
    (overdue,) = BY_NUMBER[cast.OVERDUE_REFUND].refunds
    assert overdue.state == "sent" and NOW - overdue.at > timedelta(days=20)
    missing = BY_NUMBER[cast.DELIVERED_BUT_MISSING]
    assert missing.state == "delivered" and "受領印" in missing.parcels[0].events[-1].text["ja"]
    assert BY_NUMBER[cast.CONVENIENCE_UNPAID].state == "awaiting_payment"
    assert BY_NUMBER[cast.CONVENIENCE_REFUND].refunds[0].tender == "convenience_store"
    stranger = BY_NUMBER[cast.VICTIM_UNRECOGNISED]
    assert stranger.address.name != "高橋 翔" and stranger.customer_ref == cast.VICTIM
    assert BY_NUMBER[cast.BUSINESS_BULK].lines[0].quantity == 50
    named = [value for value in vars(cast).values() if isinstance(value, str) and value.startswith("503-")]
    assert len(named) > 25 and all(number in BY_NUMBER for number in named)


def test_every_product_has_a_small_picture_of_ours() -> None:
    for product in products():
        path = FOLDER / f"{product.id}.svg"
        assert product.image == f"/static/demo/{path.name}"
        assert path.read_text("utf-8") == picture(product.id)
        assert path.stat().st_size <= 1536
        assert set(product.name) == set(NAMES)
    skus = [variant.sku for product in products() for variant in product.variants]
    assert len(set(skus)) == len(skus)


def test_loading_is_quick_and_loading_again_changes_nothing(database: Database) -> None:
    started = time.process_time()  # other work on the machine must not fail this
    first = load_demo(database, NOW)
    assert time.process_time() - started < 5
    assert (first.customers, first.orders) == (len(people()), len(ORDERS))
    assert first.added == first.customers + first.products + first.sellers + first.orders
    shop = EmbeddedShop(database)
    touched = fulfil(database, cast.MISAKI_LATE, Moved("delivered"))
    again = load_demo(database, NOW + timedelta(days=3))
    assert (again.added, again.orders) == (0, first.orders)
    assert shop.order(cast.MISAKI_LATE) == touched
    count = database.read(lambda tx: tx.scalar(select(func.count()).select_from(shop_order)))
    assert count == len(ORDERS)


def test_a_demo_customer_has_the_same_id_everywhere(database: Database) -> None:
    load_demo(database, NOW)
    row = database.read(lambda tx: tx.first(select(customer).where(customer.c.shop_ref == cast.MISAKI)))
    assert row is not None
    assert (row.id, row.name, row.kana) == (customer_id(cast.MISAKI), "佐藤 美咲", "サトウ ミサキ")
    assert row.addresses[0]["postal_code"]
