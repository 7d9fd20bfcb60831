"""An order desk over a small shop on a bad line, with a journal that remembers what it was told."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from madoguchi.connectors.embedded.storing import put_order, put_product, put_seller
from madoguchi.counter.orders.model import Order, Proposal
from madoguchi.counter.orders.rule_book.book import Printed
from madoguchi.counter.orders.workflow import OrderDesk
from madoguchi.engine.database import Database, Transaction
from tests.orders.build import PRODUCTS, RULES, SELLERS
from tests.orders.shop_double import ShopOnABadLine


class Customers:
    """cust_1 is the shop's C1, and so on."""

    def customer_ref(self, customer_id: str) -> str | None:
        return f"C{customer_id.removeprefix('cust_')}"

    def customer_id(self, customer_ref: str) -> str | None:
        return f"cust_{customer_ref.removeprefix('C')}"


class Journal:
    def __init__(self) -> None:
        self.facts: list[tuple[str, str]] = []

    def proposal_changed(self, tx: Transaction, proposal: Proposal, fact: str) -> None:
        self.facts.append((proposal.id, fact))

    def of(self, proposal_id: str) -> list[str]:
        return [fact for about, fact in self.facts if about == proposal_id]


@pytest.fixture
def journal() -> Journal:
    return Journal()


@pytest.fixture
def shop(database: Database) -> ShopOnABadLine:
    def stock_up(tx: Transaction) -> None:
        for seller in SELLERS.values():
            put_seller(tx, seller)
        for product in PRODUCTS.values():
            put_product(tx, product)

    database.write(stock_up)
    return ShopOnABadLine(database)


@pytest.fixture
def put(database: Database) -> Callable[[Order], Order]:
    def keep(order: Order) -> Order:
        database.write(put_order, order)
        return order

    return keep


@pytest.fixture
def desk(database: Database, shop: ShopOnABadLine, journal: Journal) -> OrderDesk:
    return OrderDesk(database, shop, Printed(RULES), Customers(), journal)
