"""The shop that lives in our own database, behind the same port as a remote one.

`perform` is one write transaction: the effect's key makes it happen once, the order's version makes it happen on
the order that was decided on, stock is taken only where there is enough.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Text, insert, select, type_coerce, update

from madoguchi.connectors.embedded.effects import apply, balance_changes, stock_changes
from madoguchi.connectors.embedded.model import (
    ORDER_BODY,
    order_row,
    shop_effect,
    shop_order,
    shop_product,
    shop_seller,
    shop_variant,
    shop_wallet,
)
from madoguchi.counter.orders.actions import Action
from madoguchi.counter.orders.model import Decision, Order, Product, Seller, Wallet
from madoguchi.counter.orders.ports import ShopRefused
from madoguchi.engine.database import Database, Transaction
from madoguchi.kit.clock import Clock

_ESCAPE = "!"


class EmbeddedShop:
    """A `ShopConnector` over the tables of `connectors.embedded.model`."""

    def __init__(self, database: Database, clock: Clock | None = None) -> None:
        self._database = database
        self._clock = clock or database.clock

    # ── reading ───────────────────────────────────────────────────────────────────────────────────

    def order(self, number: str) -> Order | None:
        return self._database.read(read_order, number)

    def orders_of(self, customer_ref: str, *, limit: int = 50, before: datetime | None = None) -> list[Order]:
        """Newest first; `before` is the moment of placing that the page ends before."""
        query = select(ORDER_BODY).where(shop_order.c.customer_ref == customer_ref)
        if before is not None:
            query = query.where(shop_order.c.placed_at < before)
        return self._orders(
            query.order_by(shop_order.c.placed_at.desc(), shop_order.c.number.desc()).limit(limit)
        )

    def placed_since(self, moment: datetime, *, limit: int = 1000) -> list[Order]:
        """The newest first."""
        query = select(ORDER_BODY).where(shop_order.c.placed_at >= moment)
        return self._orders(query.order_by(shop_order.c.placed_at.desc()).limit(limit))

    def search(self, text: str, *, limit: int = 20) -> list[Order]:
        """By order number or tracking number, whole or from the start; nothing for an empty text."""
        text = text.strip()
        if not text:
            return []
        start = _like(text)
        query = select(ORDER_BODY).where(
            shop_order.c.number.ilike(f"{start}%", escape=_ESCAPE)
            | shop_order.c.tracking.ilike(f"%\n{start}%", escape=_ESCAPE)
        )
        return self._orders(query.order_by(shop_order.c.placed_at.desc()).limit(limit))

    def product(self, product_id: str) -> Product | None:
        """With the stock of this moment."""
        return self._database.read(read_product, product_id)

    def products(self, *, limit: int = 500) -> list[Product]:
        """All products by id, with the stock of this moment."""

        def run(tx: Transaction) -> list[Product]:
            ids = tx.all(select(shop_product.c.id).order_by(shop_product.c.id).limit(limit))
            return [product for row in ids if (product := read_product(tx, row.id))]

        return self._database.read(run)

    def seller(self, seller_id: str) -> Seller | None:
        query = select(type_coerce(shop_seller.c.body, Text)).where(shop_seller.c.id == seller_id)
        body = self._database.read(lambda tx: tx.scalar(query))
        return Seller.model_validate_json(body) if body else None

    def wallet(self, customer_ref: str) -> Wallet | None:
        return self._database.read(read_wallet, customer_ref)

    # ── doing ─────────────────────────────────────────────────────────────────────────────────────

    def perform(self, order: Order, action: Action, decision: Decision, *, key: str) -> dict[str, Any]:
        """Do it once. The receipt: {"reference", "order", "version", "action", "at", "refunds", "returns", "parcels"}.

        Raises ShopRefused: `order_changed`, `unknown_order`, `out_of_stock`, and what `effects.apply` raises.
        """
        return self._database.write(_perform, order, action, decision, key, self._clock())

    def outcome(self, key: str) -> dict[str, Any] | None:
        return self._database.read(_receipt_of, key)

    def _orders(self, query: Any) -> list[Order]:
        rows = self._database.read(lambda tx: tx.all(query))
        return [Order.model_validate_json(row.body_text) for row in rows]


def read_order(tx: Transaction, number: str) -> Order | None:
    body = tx.scalar(select(ORDER_BODY).where(shop_order.c.number == number))
    return Order.model_validate_json(body) if body else None


def read_product(tx: Transaction, product_id: str) -> Product | None:
    body = tx.scalar(select(type_coerce(shop_product.c.body, Text)).where(shop_product.c.id == product_id))
    if not body:
        return None
    product = Product.model_validate_json(body)
    rows = tx.all(
        select(shop_variant.c.sku, shop_variant.c.stock).where(shop_variant.c.product_id == product_id)
    )
    stock = {row.sku: row.stock for row in rows}
    variants = [v.model_copy(update={"stock": stock.get(v.sku, v.stock)}) for v in product.variants]
    return product.model_copy(update={"variants": variants})


def read_wallet(tx: Transaction, customer_ref: str) -> Wallet | None:
    query = select(type_coerce(shop_wallet.c.body, Text)).where(shop_wallet.c.customer_ref == customer_ref)
    body = tx.scalar(query)
    return Wallet.model_validate_json(body) if body else None


def move_balances(tx: Transaction, customer_ref: str, changes: dict[str, int]) -> None:
    """Add to (+) or take from (-) methods of a wallet that hold money. Raises ShopRefused `balance_too_small`."""
    if not changes:
        return
    tx.lock("wallet", customer_ref)
    wallet = read_wallet(tx, customer_ref)
    if wallet is None:
        return
    methods = []
    for method in wallet.methods:
        change = changes.get(method.id, 0) if method.balance is not None else 0
        balance = (method.balance or 0) + change
        if balance < 0:
            raise ShopRefused("balance_too_small", label=method.label, amount=-change, limit=method.balance)
        methods.append(method.model_copy(update={"balance": balance}) if change else method)
    body = wallet.model_copy(update={"methods": methods}).model_dump(mode="json")
    tx.execute(update(shop_wallet).where(shop_wallet.c.customer_ref == customer_ref).values(body=body))


def change_order(
    tx: Transaction, number: str, change: Callable[[Order], Order], *, version: int | None = None
) -> Order:
    """The order changed by a pure function and kept with the next version; `version` is the one it must still have.

    Raises ShopRefused `unknown_order` or `order_changed`. Locks the order until the end of the transaction.
    """
    tx.lock("order", number)
    stored = read_order(tx, number)
    if stored is None:
        raise ShopRefused("unknown_order", number=number)
    if version is not None and stored.version != version:
        raise ShopRefused("order_changed", number=number, version=stored.version)
    after = change(stored).model_copy(update={"version": stored.version + 1})
    done = tx.execute(
        update(shop_order)
        .where(shop_order.c.number == number, shop_order.c.version == stored.version)
        .values(order_row(after))
    )
    if done.rowcount != 1:
        raise ShopRefused("order_changed", number=number)
    return after


def move_stock(tx: Transaction, changes: dict[str, int]) -> None:
    """Add to (+) or take from (-) the stock; an unknown article is not counted. Raises ShopRefused `out_of_stock`."""
    for sku, change in sorted(changes.items()):
        wanted = update(shop_variant).where(shop_variant.c.sku == sku, shop_variant.c.stock + change >= 0)
        done = tx.execute(wanted.values(stock=shop_variant.c.stock + change))
        if done.rowcount == 0 and change < 0:
            left = tx.scalar(select(shop_variant.c.stock).where(shop_variant.c.sku == sku))
            if left is not None:
                raise ShopRefused("out_of_stock", sku=sku, left=left)


def _perform(
    tx: Transaction, order: Order, action: Action, decision: Decision, key: str, now: datetime
) -> dict[str, Any]:
    tx.lock("order", order.number)
    known = _receipt_of(tx, key)
    if known is not None:
        return known
    before = read_order(tx, order.number)
    if before is None:
        raise ShopRefused("unknown_order", number=order.number)
    products = {line.product_id: read_product(tx, line.product_id) for line in before.lines}
    after = change_order(
        tx,
        order.number,
        lambda stored: apply(stored, action, decision, now, {k: v for k, v in products.items() if v}),
        version=order.version,
    )
    move_stock(tx, stock_changes(before, after, action))
    move_balances(tx, after.customer_ref, balance_changes(before, after))
    receipt = _receipt(before, after, action, key, now)
    tx.execute(
        insert(shop_effect).values(
            key=key, order_number=order.number, action=action.action, receipt=receipt, at=now
        )
    )
    return receipt


def _receipt_of(tx: Transaction, key: str) -> dict[str, Any] | None:
    row = tx.first(select(shop_effect.c.receipt).where(shop_effect.c.key == key))
    return row.receipt if row else None


def _receipt(before: Order, after: Order, action: Action, key: str, now: datetime) -> dict[str, Any]:
    refunds = {refund.id for refund in before.refunds}
    returns = {record.id for record in before.returns}
    parcels = {parcel.id for parcel in before.parcels}
    return {
        "reference": f"M{hashlib.sha256(key.encode()).hexdigest()[:10].upper()}",
        "order": after.number,
        "version": after.version,
        "action": action.action,
        "at": now.isoformat(),
        "refunds": [
            {"id": r.id, "amount": r.amount, "tender": r.tender, "label": r.label, "state": r.state}
            for r in after.refunds
            if r.id not in refunds
        ],
        "returns": [{"id": r.id, "state": r.state} for r in after.returns if r.id not in returns],
        "parcels": [{"id": p.id, "replaces": p.replaces} for p in after.parcels if p.id not in parcels],
    }


def _like(text: str) -> str:
    for character in (_ESCAPE, "%", "_"):
        text = text.replace(character, _ESCAPE + character)
    return text
