"""The embedded shop's tables on both databases, and one small shop to act on."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from madoguchi.connectors.embedded.shop import EmbeddedShop
from madoguchi.connectors.embedded.storing import put_order, put_product, put_seller
from madoguchi.counter.orders.model import (
    Address,
    Line,
    Order,
    Parcel,
    ParcelLine,
    Payment,
    Product,
    Seller,
    Variant,
)
from madoguchi.engine.database import Database, Transaction

HOME = Address(name="佐藤 美咲", postal_code="100-0001", region="東京都", city="千代田区", line1="千代田1-1")
PLACED = datetime(2026, 11, 10, 1, 0, tzinfo=UTC)


@pytest.fixture
def shop(database: Database) -> EmbeddedShop:
    database.write(_stock_up)
    return EmbeddedShop(database)


def _stock_up(tx: Transaction) -> None:
    put_seller(tx, Seller(id="shop", name="みどり商店", is_shop=True))
    put_product(tx, shirt())
    put_product(tx, mug())
    put_order(tx, order())


def shirt() -> Product:
    return Product(
        id="shirt",
        name={"ja": "綿シャツ", "en": "Cotton shirt"},
        product_class="apparel",
        variants=[
            Variant(sku="shirt-m", name={"ja": "M", "en": "M"}, price=3000, stock=5),
            Variant(sku="shirt-l", name={"ja": "L", "en": "L"}, price=3000, stock=1),
            Variant(sku="shirt-xl", name={"ja": "XL", "en": "XL"}, price=3300, stock=0),
        ],
    )


def mug() -> Product:
    return Product(
        id="mug",
        name={"ja": "マグカップ", "en": "Mug"},
        variants=[Variant(sku="mug-1", name={"ja": "白", "en": "White"}, price=1000, stock=10)],
    )


def order(number: str = "503-0000001-0000001", **changes: object) -> Order:
    """Two shirts and three mugs, 9,500 yen with postage, charged to a card, nothing shipped."""
    given: dict[str, object] = {
        "number": number,
        "customer_ref": "C1",
        "placed_at": PLACED,
        "lines": [
            Line(id="L1", product_id="shirt", sku="shirt-m", name=shirt().name, quantity=2, unit_price=3000),
            Line(id="L2", product_id="mug", sku="mug-1", name=mug().name, quantity=3, unit_price=1000),
        ],
        "payments": [
            Payment(id="P1", tender="card", label="Visa 末尾4242", authorised=9500, captured=9500, at=PLACED)
        ],
        "address": HOME,
        "shipping_fee": 500,
        "total": 9500,
        "promised_to": date(2026, 11, 14),
    }
    return Order.model_validate({**given, **changes})


def parcel(parcel_id: str = "S1", state: str = "in_transit", **changes: object) -> Parcel:
    """A parcel with everything of `order` in it."""
    given: dict[str, object] = {
        "id": parcel_id,
        "carrier": "ヤマト運輸",
        "tracking_number": "440000000001",
        "state": state,
        "lines": [ParcelLine(line_id="L1", quantity=2), ParcelLine(line_id="L2", quantity=3)],
        "shipped_at": PLACED,
        "promised_to": date(2026, 11, 14),
    }
    return Parcel.model_validate({**given, **changes})
