"""Putting the demonstration shop into a database, as of now."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select

from madoguchi.connectors.embedded.demo import cast
from madoguchi.connectors.embedded.demo.cast_orders import cast_orders
from madoguchi.connectors.embedded.demo.goods import SELLERS, products
from madoguchi.connectors.embedded.demo.holdings import holdings
from madoguchi.connectors.embedded.demo.orders import more_orders
from madoguchi.connectors.embedded.demo.people import people
from madoguchi.connectors.embedded.demo.visits import sign_ins
from madoguchi.connectors.embedded.demo.wallets import wallets
from madoguchi.connectors.embedded.importing.customers import put_customer
from madoguchi.connectors.embedded.model import order_row, shop_holding, shop_order
from madoguchi.connectors.embedded.shop import read_wallet
from madoguchi.connectors.embedded.stages import SHOP_ZONE
from madoguchi.connectors.embedded.storing import put_holdings, put_product, put_seller, put_wallet
from madoguchi.counter.customers.account_model import sign_in
from madoguchi.counter.orders.model import Order
from madoguchi.engine.database import Database, Transaction


@dataclass(frozen=True)
class DemoSummary:
    """What the demo shop holds; `added` is how many rows this load brought (0: it was all there)."""

    customers: int
    products: int
    sellers: int
    orders: int
    added: int


def demo_orders(now: datetime) -> list[Order]:
    """All orders of the demo, as they would be at `now`; the same for the same `now`."""
    everybody = people()
    by_ref = {person.ref: person for person in everybody}
    others = [person for person in everybody if person.ref >= "C2"]
    return [*cast_orders(now, by_ref), *more_orders(now, others)]


def load_demo(database: Database, now: datetime) -> DemoSummary:
    """Load it once: what is there already stays as people have left it, also when the days have gone on."""
    return database.write(_load, now)


def customer_id(customer_ref: str) -> str:
    """Our id of a demo customer: the same in every installation."""
    return f"cus_{customer_ref.lower()}"


def _load(tx: Transaction, now: datetime) -> DemoSummary:
    done: Counter[str] = Counter()
    everybody = people()
    for seller in SELLERS:
        done[put_seller(tx, seller)] += 1
    for product in products():
        done[put_product(tx, product)] += 1
    for person in everybody:
        done[put_customer(tx, person.given, customer_id=customer_id(person.ref))] += 1
    for wallet in wallets(now):
        if read_wallet(tx, wallet.customer_ref) is None:
            put_wallet(tx, wallet)
    for who, visit in [] if tx.scalar(select(sign_in.c.id).limit(1)) else sign_ins(now):
        tx.execute(insert(sign_in).values(customer_id=customer_id(who), **visit))
    for each in holdings(now.astimezone(SHOP_ZONE).date()):
        if tx.scalar(select(shop_holding.c.id).where(shop_holding.c.id == each.customer_ref)) is None:
            put_holdings(tx, each)
    there = set(tx.connection.execute(select(shop_order.c.number)).scalars())
    orders = [] if cast.MISAKI_LATE in there else [o for o in demo_orders(now) if o.number not in there]
    if orders:
        tx.execute(insert(shop_order), [order_row(order) for order in orders])
    return DemoSummary(
        customers=len(everybody),
        products=len(products()),
        sellers=len(SELLERS),
        orders=len(there) + len(orders),
        added=done["added"] + len(orders),
    )
