"""Thousands of requests that policy must refuse: each with the right reason, and nothing in the shop has moved.

`MADOGUCHI_TEST_REFUSALS=50000` asks more of them.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from madoguchi.connectors.embedded.demo.load import customer_id, load_demo
from madoguchi.connectors.embedded.model import shop_effect, shop_order, shop_variant, shop_wallet
from madoguchi.connectors.embedded.shop import EmbeddedShop
from madoguchi.connectors.embedded.storing import put_wallet
from madoguchi.counter.orders.model import Method, Order, Wallet
from madoguchi.counter.orders.phrases import REASONS
from madoguchi.counter.orders.rule_book.book import Printed
from madoguchi.counter.orders.tables import proposal
from madoguchi.counter.orders.workflow import OrderDesk
from madoguchi.counter.problems import Conflict, NotFound
from madoguchi.engine.database import Database, Transaction
from tests.conftest import StillClock
from tests.orders.build import NOW, RULES
from tests.orders.refusals import HIDDEN, Request, Shop, owner, requests

WANTED = int(os.environ.get("MADOGUCHI_TEST_REFUSALS", "3200"))


class DemoCustomers:
    def customer_ref(self, of: str) -> str | None:
        return of.removeprefix("cus_").upper()

    def customer_id(self, customer_ref: str) -> str | None:
        return customer_id(customer_ref)


@pytest.fixture(scope="module")
def database(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """The demo shop; nobody pulls the plug of a test, so it does not wait for the disk."""
    path = tmp_path_factory.mktemp("refusals") / "shop.db"
    shutil.copy(sqlite_template, path)
    database = Database(f"sqlite:///{path}", clock=StillClock(), synchronous="OFF")
    load_demo(database, NOW)
    yield database
    database.close()


@pytest.fixture(scope="module")
def shop(database: Database) -> Shop:
    """Every customer has a gift card with one yen on it, and points, which may not be named."""
    connector = EmbeddedShop(database)

    def read(tx: Transaction) -> list[Order]:
        bodies = tx.all(select(shop_order.c.body).order_by(shop_order.c.number))
        return [Order.model_validate(row.body) for row in bodies]

    orders = database.read(read)
    wallets = {
        ref: Wallet(
            customer_ref=ref,
            methods=[
                Method(id=f"{ref}-poor", tender="gift_card", label="ギフト券", balance=1),
                Method(id=f"{ref}-points", tender="points", label="ポイント", balance=100_000),
            ],
        )
        for ref in {order.customer_ref for order in orders}
    }
    for wallet in wallets.values():
        database.write(put_wallet, wallet)
    products = {product.id: product for product in connector.products()}
    return Shop(orders, products, wallets, RULES_TODAY, customer_id)


RULES_TODAY = NOW.astimezone(RULES.zone).date()


@pytest.fixture(scope="module")
def desk(database: Database) -> OrderDesk:
    return OrderDesk(database, EmbeddedShop(database), Printed(RULES), DemoCustomers())


def everything(database: Database) -> list[object]:
    """All that the shop holds: orders, stock, balances, deeds."""

    def read(tx: Transaction) -> list[object]:
        tables = (shop_order, shop_variant, shop_wallet, shop_effect)
        return [
            tuple(row)
            for table in tables
            for row in tx.all(select(table).order_by(*table.primary_key.columns))
        ]

    return database.read(read)


def told(desk: OrderDesk, request: Request) -> set[str]:
    """The reasons of the refusal; `allowed` where there was none."""
    try:
        made = desk.propose(request.actor, request.order.number, request.action)
    except NotFound as missing:
        return {missing.code}
    return {reason.code for reason in made.decision.reasons} if made.state == "refused" else {"allowed"}


@pytest.mark.req("ORD-008", "RET-001", "RET-004", "RET-008", "RET-016", "RET-017")
def test_every_forbidden_request_is_refused_for_its_reason_and_moves_nothing(
    database: Database, shop: Shop, desk: OrderDesk
) -> None:
    before = everything(database)
    asked: Counter[str] = Counter()
    for request in requests(shop, WANTED):
        reasons = told(desk, request)
        assert reasons & request.reasons, (request.about, request.order.number, request.action, reasons)
        assert reasons - {HIDDEN} <= REASONS.keys()
        asked[request.about] += 1
    assert sum(asked.values()) == WANTED
    assert len(asked) >= 25, asked
    assert everything(database) == before


def test_what_was_refused_cannot_be_confirmed(database: Database, shop: Shop, desk: OrderDesk) -> None:
    before = everything(database)
    refused = database.read(
        lambda tx: tx.all(
            select(proposal.c.id, proposal.c.order_number).where(proposal.c.state == "refused").limit(100)
        )
    )
    numbers = {order.number: order for order in shop.orders}
    assert refused
    for row in refused:
        with pytest.raises(Conflict):
            desk.confirm(owner(shop, numbers[row.order_number]), row.id, f"key-{row.id}")
    assert everything(database) == before
