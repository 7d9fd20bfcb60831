"""The orders whose course stands in a timeline, asked of the shop: those of the case's own customer, never another's (HIS-008)."""

from __future__ import annotations

import structlog

from madoguchi.counter.actors import Actor
from madoguchi.counter.cases import orders_of, queries
from madoguchi.counter.customers import queries as customers
from madoguchi.counter.orders.model import Order
from madoguchi.counter.orders.ports import ShopUnreachable
from madoguchi.counter.problems import NotFound
from madoguchi.engine.database import Transaction, outside
from madoguchi.faces.house import House

_MOST = 20
log = structlog.get_logger()


def orders_of_case(house: House, actor: Actor, number: str) -> list[Order]:
    """Raises NotFound for a case that the actor may not see. A shop that does not answer leaves its lines out."""

    def named(tx: Transaction) -> tuple[str, list[str]]:
        case = queries.visible(tx, actor, number)
        found = customers.find(tx, case.customer_id) if case.customer_id else None
        return found.shop_ref if found else "", [each.order_number for each in orders_of.of_case(tx, case)]

    ref, numbers = house.database.read(named)
    if not ref:
        return []
    outside()
    try:
        orders = [house.shop.order(each) for each in numbers[:_MOST]]
    except ShopUnreachable:
        log.warning("timeline.shop_unreachable")
        return []
    return [each for each in orders if each is not None and each.customer_ref == ref]


def orders_of_customer(house: House, customer_id: str) -> list[Order]:
    """Raises NotFound for an unknown customer."""
    found = house.database.read(customers.find, customer_id)
    if found is None:
        raise NotFound("customer_not_found")
    outside()
    try:
        return house.shop.orders_of(found.shop_ref, limit=_MOST) if found.shop_ref else []
    except ShopUnreachable:
        log.warning("timeline.shop_unreachable")
        return []
