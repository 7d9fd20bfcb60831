"""The demonstration shop みどり商店 as its customers see it, and the page on which anybody may be one of them.

Both exist only where the demonstration is switched on. The shop page embeds the help just as a real shop does: one
script line, one element, and a token signed by the shop for its signed-in customer.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import jwt
from fastapi import APIRouter
from starlette.responses import Response

from madoguchi.connectors.embedded.shop import EmbeddedShop
from madoguchi.counter.customers import queries as customers
from madoguchi.counter.customers.model import Customer
from madoguchi.counter.customers.wording import segment_label
from madoguchi.counter.orders.cards import headline
from madoguchi.counter.problems import NotFound
from madoguchi.engine.database import Transaction
from madoguchi.faces.customer.visit import Visit, Visiting
from madoguchi.faces.rendering import local_path
from madoguchi.faces.sign_in import demo_sign_in
from madoguchi.kit.ids import new_id
from madoguchi.kit.money import Money

router = APIRouter(include_in_schema=False)
SHOWN_PRODUCTS = 12
SHOWN_CUSTOMERS = 18


@router.get("/demo/shop")
def shop(visit: Visiting) -> Response:
    _demo_only(visit)
    return visit.page(
        "demo/shop.html",
        products=[_product(visit, product) for product in _goods(visit)],
        customer=_customer(visit),
        shop_token=_shop_token(visit),
    )


@router.get("/demo/sign-in-as")
def sign_in_as_page(visit: Visiting) -> Response:
    _demo_only(visit)

    def read(tx: Transaction) -> list[Customer]:
        return customers.first(tx, limit=SHOWN_CUSTOMERS)

    people = [_person(visit, customer) for customer in visit.house.database.read(read)]
    return visit.page("demo/sign_in_as.html", people=people, next=_next(visit))


@router.post("/demo/sign-in-as")
def sign_in_as(visit: Visiting) -> Response:
    _demo_only(visit)
    session = visit.begin().session
    assert session is not None
    visit.enter(demo_sign_in(visit.house, session, visit.form.text("customer_id", longest=60)))
    return visit.redirect(_next(visit))


def _demo_only(visit: Visit) -> None:
    if not visit.settings.demo.enabled:
        raise NotFound("demo_only")


def _next(visit: Visit) -> str:
    return local_path(visit.form.value("next") or visit.request.query_params.get("next", ""), "/demo/shop")


def _customer(visit: Visit) -> Customer | None:
    customer_id = visit.actor.customer_id
    return visit.house.database.read(customers.find, customer_id) if customer_id else None


def _shop_token(visit: Visit) -> str:
    """What a real shop's server would put into its page for a signed-in customer; empty without a shared secret."""
    identity = visit.settings.identity
    customer = _customer(visit)
    if not identity.shop_token_secret or customer is None:
        return ""
    now = visit.clock()
    claims = {
        "iss": identity.shop_token_issuer,
        "aud": identity.shop_token_audience,
        "sub": customer.shop_ref,
        "jti": new_id("jti"),
        "iat": int(now.timestamp()),
        "exp": int((now + timedelta(minutes=identity.shop_token_max_minutes)).timestamp()),
        "auth_time": int(now.timestamp()),
    }
    return jwt.encode(claims, identity.shop_token_secret, "HS256")


def _goods(visit: Visit) -> list[Any]:
    embedded = visit.house.shop
    return embedded.products(limit=SHOWN_PRODUCTS) if isinstance(embedded, EmbeddedShop) else []


def _product(visit: Visit, product: Any) -> dict[str, Any]:
    prices = [variant.price for variant in product.variants] or [0]
    return {
        "name": product.label(visit.language),
        "image": product.image,
        "price": Money(minor=min(prices), currency=visit.settings.shop.currency).text(visit.language),
        "from": min(prices) != max(prices),
        "in_stock": any(variant.stock > 0 for variant in product.variants),
    }


def _person(visit: Visit, customer: Customer) -> dict[str, Any]:
    orders = visit.house.shop.orders_of(customer.shop_ref, limit=4)
    rules = visit.house.orders.rules
    return {
        "id": customer.id,
        "name": customer.name,
        "about": [segment_label(segment, visit.language) for segment in customer.segments],
        "orders": [
            f"{order.lines[0].label(visit.language)}: {headline(order, visit.language, visit.clock(), rules)}"
            for order in orders
            if order.lines
        ],
    }
