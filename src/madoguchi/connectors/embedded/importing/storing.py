"""Keeping what was imported: an order's content is taken over once, and never over a deed that was done here.

Every import of an order is noted among its effects with a digest of its content. The same content again is
“unchanged”, even after the order was cancelled here; other content replaces the order only while nothing else has
changed it since the last import.
"""

from __future__ import annotations

import hashlib
import json
from typing import Literal

from sqlalchemy import insert, select, update

from madoguchi.connectors.embedded.importing.customers import GivenCustomer, put_customer
from madoguchi.connectors.embedded.importing.judging import Document
from madoguchi.connectors.embedded.model import shop_effect, shop_order
from madoguchi.connectors.embedded.shop import read_product
from madoguchi.connectors.embedded.storing import (
    Stored,
    put_holdings,
    put_order,
    put_product,
    put_seller,
    put_wallet,
)
from madoguchi.counter.customers.holdings import Holdings
from madoguchi.counter.orders.model import Order, Product, Wallet
from madoguchi.engine.database import Transaction

Kept = Stored | Literal["changed_here"]


def keep(tx: Transaction, document: Document) -> Kept:
    """Add, change or leave one record."""
    if isinstance(document, Order):
        return _keep_order(tx, document)
    if isinstance(document, Product):
        return put_product(tx, document)
    if isinstance(document, GivenCustomer):
        return put_customer(tx, document)
    if isinstance(document, Wallet):
        return put_wallet(tx, document)
    if isinstance(document, Holdings):
        return put_holdings(tx, document)
    return put_seller(tx, document)


def _keep_order(tx: Transaction, order: Order) -> Kept:
    key = f"import:{order.number}"
    digest = _digest(order)
    note = tx.scalar(select(shop_effect.c.receipt).where(shop_effect.c.key == key))
    if note is not None and note["digest"] == digest:
        return "unchanged"
    if note is not None and note["version"] != _version(tx, order.number):
        return "changed_here"
    stored = put_order(tx, _named(tx, order))
    receipt = {"digest": digest, "version": _version(tx, order.number)}
    if note is None:
        values = {
            "key": key,
            "order_number": order.number,
            "action": "import",
            "receipt": receipt,
            "at": tx.now,
        }
        tx.execute(insert(shop_effect).values(values))
    else:
        tx.execute(update(shop_effect).where(shop_effect.c.key == key).values(receipt=receipt, at=tx.now))
    return stored


def _named(tx: Transaction, order: Order) -> Order:
    """With the names of its products in every language that we know: customers name them in their own."""
    products = {line.product_id: read_product(tx, line.product_id) for line in order.lines}
    lines = []
    for line in order.lines:
        product = products[line.product_id]
        variants = product.variants if product else []
        variant = next((each.name for each in variants if each.sku == line.sku), {})
        more = {
            "name": {**(product.name if product else {}), **line.name},
            "variant_name": {**variant, **line.variant_name},
        }
        lines.append(line.model_copy(update=more))
    return order.model_copy(update={"lines": lines})


def _version(tx: Transaction, number: str) -> int | None:
    version: int | None = tx.scalar(select(shop_order.c.version).where(shop_order.c.number == number))
    return version


def _digest(order: Order) -> str:
    content = order.model_dump(mode="json", exclude={"version"})
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
