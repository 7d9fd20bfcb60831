"""Tables of the embedded shop. An order is one document with its version beside it; the rest are look-ups."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Index, Integer, String, Table, Text, type_coerce

from madoguchi.counter.orders.model import Order
from madoguchi.engine.ownership import OfHouse, OfPerson, Through, belongs
from madoguchi.engine.schema import JsonText, Moment, metadata

shop_order = Table(
    "shop_order",
    metadata,
    Column("number", String(60), primary_key=True),
    Column("customer_ref", String(120), nullable=False),
    Column("placed_at", Moment, nullable=False),
    Column("state", String(20), nullable=False),
    Column("version", Integer, nullable=False),
    Column("tracking", Text, nullable=False),  # tracking numbers, each after a line break: "\nAAA\nBBB"
    Column("body", JsonText, nullable=False),
    Index("ix_shop_order_customer_ref", "customer_ref", "placed_at"),
    Index("ix_shop_order_placed_at", "placed_at"),
    info=belongs(
        OfPerson(
            through=Through("customer_ref", "customer", "shop_ref"),
            erase="keep",
            why="A record of business that the shop has to keep for as long as tax law says.",
            stays={
                "tracking": "Numbers of parcels.",
                "body": "The order itself, with its addresses and payments.",
            },
        )
    ),
)

shop_product = Table(
    "shop_product",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("body", JsonText, nullable=False),
    info=belongs(OfHouse("Goods.")),
)

shop_variant = Table(
    "shop_variant",
    metadata,
    Column("sku", String(80), primary_key=True),
    Column("product_id", String(60), nullable=False),
    Column(
        "stock", Integer, nullable=False
    ),  # the stock that counts; the one in the product's body is a start value
    Index("ix_shop_variant_product_id", "product_id"),
    info=belongs(OfHouse("Stock.")),
)

shop_wallet = Table(
    "shop_wallet",
    metadata,
    Column("customer_ref", String(120), primary_key=True),
    Column("body", JsonText, nullable=False),
    info=belongs(
        OfPerson(
            through=Through("customer_ref", "customer", "shop_ref"),
            erase="keep",
            why="What the shop owes or is owed: it ends with the account at the shop.",
            stays={"body": "Balances and ways to pay, without card numbers."},
        )
    ),
)

shop_seller = Table(
    "shop_seller",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("body", JsonText, nullable=False),
    info=belongs(OfHouse("Sellers on the marketplace.")),
)

shop_holding = Table(
    "shop_holding",
    metadata,
    Column("id", String(120), primary_key=True),  # the customer's number
    Column("body", JsonText, nullable=False),
    info=belongs(
        OfPerson(
            through=Through("id", "customer", "shop_ref"),
            erase="keep",
            why="Membership, subscriptions and guarantees run on: they end with the account at the shop.",
            stays={"body": "Membership, subscriptions, devices and services."},
        )
    ),
)

shop_effect = Table(
    "shop_effect",
    metadata,
    Column("key", String(120), primary_key=True),  # our idempotency key: one row is one deed
    Column("order_number", String(60), nullable=False),
    Column("action", String(40), nullable=False),
    Column("receipt", JsonText, nullable=False),
    Column("at", Moment, nullable=False),
    Index("ix_shop_effect_order_number", "order_number"),
    info=belongs(
        OfPerson(
            through=Through("order_number", "shop_order", "number"),
            erase="keep",
            why="A record of business that the shop has to keep for as long as tax law says.",
            stays={"receipt": "The proof that it was done."},
        )
    ),
)

# The order's document as text: parsed once, by the model itself.
ORDER_BODY = type_coerce(shop_order.c.body, Text).label("body_text")


def order_row(order: Order) -> dict[str, Any]:
    """The columns of `shop_order` for `order`."""
    return {
        "number": order.number,
        "customer_ref": order.customer_ref,
        "placed_at": order.placed_at,
        "state": order.state,
        "version": order.version,
        "tracking": "".join(
            f"\n{parcel.tracking_number}" for parcel in order.parcels if parcel.tracking_number
        ),
        "body": order.model_dump(mode="json"),
    }
