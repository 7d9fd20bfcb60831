"""Putting documents into the embedded shop: new, changed, or the same as before (nothing happens twice)."""

from __future__ import annotations

from typing import Any, Literal

from sqlalchemy import Table, Text, insert, select, type_coerce, update

from madoguchi.connectors.embedded.model import (
    order_row,
    shop_holding,
    shop_order,
    shop_product,
    shop_seller,
    shop_variant,
    shop_wallet,
)
from madoguchi.connectors.embedded.shop import read_order
from madoguchi.counter.customers.holdings import Holdings
from madoguchi.counter.orders.model import Order, Product, Seller, Wallet
from madoguchi.engine.database import Transaction

Stored = Literal["added", "updated", "unchanged"]


def put_order(tx: Transaction, order: Order) -> Stored:
    """Keep the order as given. The version is ours: 1 at first, one more at every change of the content."""
    tx.lock("order", order.number)
    stored = read_order(tx, order.number)
    if stored is None:
        tx.execute(insert(shop_order).values(order_row(order)))
        return "added"
    if stored == order.model_copy(update={"version": stored.version}):
        return "unchanged"
    newer = order.model_copy(update={"version": stored.version + 1})
    tx.execute(update(shop_order).where(shop_order.c.number == order.number).values(order_row(newer)))
    return "updated"


def put_product(tx: Transaction, product: Product) -> Stored:
    """Keep the product. Stock is set only where the given figure differs from the one given last time.

    So an import repeated after a sale does not put the sold pieces back.
    """
    before = tx.scalar(select(type_coerce(shop_product.c.body, Text)).where(shop_product.c.id == product.id))
    earlier = Product.model_validate_json(before) if before else None
    stored = _put(tx, shop_product, product.id, product.model_dump(mode="json"))
    if stored == "unchanged":
        return stored
    given = {variant.sku: variant.stock for variant in earlier.variants} if earlier else {}
    for variant in product.variants:
        row = tx.first(select(shop_variant.c.product_id).where(shop_variant.c.sku == variant.sku))
        values: dict[str, Any] = {"product_id": product.id}
        if row is None:
            tx.execute(insert(shop_variant).values(sku=variant.sku, stock=variant.stock, **values))
            continue
        if given.get(variant.sku) != variant.stock:
            values["stock"] = variant.stock
        tx.execute(update(shop_variant).where(shop_variant.c.sku == variant.sku).values(values))
    return stored


def put_seller(tx: Transaction, seller: Seller) -> Stored:
    return _put(tx, shop_seller, seller.id, seller.model_dump(mode="json"))


def put_wallet(tx: Transaction, wallet: Wallet) -> Stored:
    """Keep what the customer may pay with, balances as given."""
    tx.lock("wallet", wallet.customer_ref)
    body = wallet.model_dump(mode="json")
    mine = shop_wallet.c.customer_ref == wallet.customer_ref
    row = tx.first(select(shop_wallet.c.body).where(mine))
    if row is None:
        tx.execute(insert(shop_wallet).values(customer_ref=wallet.customer_ref, body=body))
        return "added"
    if row.body == body:
        return "unchanged"
    tx.execute(update(shop_wallet).where(mine).values(body=body))
    return "updated"


def put_holdings(tx: Transaction, holdings: Holdings) -> Stored:
    return _put(tx, shop_holding, holdings.customer_ref, holdings.model_dump(mode="json"))


def _put(tx: Transaction, table: Table, key: str, body: dict[str, Any]) -> Stored:
    row = tx.first(select(table.c.body).where(table.c.id == key))
    if row is None:
        tx.execute(insert(table).values(id=key, body=body))
        return "added"
    if row.body == body:
        return "unchanged"
    tx.execute(update(table).where(table.c.id == key).values(body=body))
    return "updated"
