"""Orders, goods and people of the order tests: small, named, changed by keyword."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from madoguchi.counter.actors import ASSISTANT, Actor, Rung
from madoguchi.counter.orders import policy
from madoguchi.counter.orders.actions import Action
from madoguchi.counter.orders.model import (
    Address,
    Decision,
    Line,
    Order,
    Parcel,
    ParcelLine,
    Payment,
    Product,
    Seller,
    Variant,
)
from madoguchi.counter.orders.rules import Rules

NUMBER = "503-0000001-0000001"
NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)  # noon in Tokyo
PLACED = datetime(2026, 11, 10, 1, 0, tzinfo=UTC)
HOME = Address(name="佐藤 美咲", postal_code="100-0001", region="東京都", city="千代田区", line1="千代田1-1")
RULES = Rules.load()

CUSTOMER = Actor(kind="customer", id="cust_1", customer_id="cust_1", rung=Rung.SIGNED_IN)
FRESH = Actor(kind="customer", id="cust_1", customer_id="cust_1", rung=Rung.FRESH)
STRANGER = Actor(kind="customer", id="cust_2", customer_id="cust_2", rung=Rung.FRESH)
GUEST = Actor(kind="customer", id="visitor_1", rung=Rung.ORDER, order_numbers=frozenset({NUMBER}))
BOT = ASSISTANT.on_behalf_of("cust_1", Rung.SIGNED_IN, frozenset())
AGENT = Actor(kind="agent", id="agt_1", roles=frozenset({"agent"}), customer_id="cust_1", rung=Rung.FRESH)
UNBOUND_AGENT = Actor(kind="agent", id="agt_1", roles=frozenset({"agent"}))
SUPERVISOR = Actor(kind="agent", id="agt_9", roles=frozenset({"agent", "supervisor"}))

SELLERS = {
    "shop": Seller(id="shop", name="みどり商店", is_shop=True),
    "kobo": Seller(id="kobo", name="山の工房", return_days=10, customer_pays_return=True),
}
SHIRT = Product(
    id="shirt",
    name={"ja": "綿シャツ", "en": "Cotton shirt"},
    product_class="apparel",
    variants=[
        Variant(sku="shirt-m", name={"ja": "M", "en": "M"}, price=3000, stock=5),
        Variant(sku="shirt-l", name={"ja": "L", "en": "L"}, price=3000, stock=1),
        Variant(sku="shirt-s", name={"ja": "S", "en": "S"}, price=2800, stock=3),
        Variant(sku="shirt-xl", name={"ja": "XL", "en": "XL"}, price=3300, stock=4),
        Variant(sku="shirt-xxl", name={"ja": "XXL", "en": "XXL"}, price=3300, stock=0),
    ],
)
MUG = Product(
    id="mug",
    name={"ja": "マグカップ", "en": "Mug"},
    variants=[Variant(sku="mug-1", name={"ja": "白", "en": "White"}, price=1000, stock=10)],
)
PRODUCTS = {"shirt": SHIRT, "mug": MUG}


def line(line_id: str = "L1", product: Product = SHIRT, quantity: int = 2, **changes: Any) -> Line:
    variant = product.variants[0]
    given: dict[str, Any] = {
        "id": line_id,
        "product_id": product.id,
        "sku": variant.sku,
        "name": product.name,
        "product_class": product.product_class,
        "quantity": quantity,
        "unit_price": variant.price,
    }
    return Line.model_validate({**given, **changes})


def order(*lines: Line, **changes: Any) -> Order:
    """Two shirts and three mugs, 9,500 yen with postage, charged to a card, nothing shipped."""
    chosen = list(lines) or [line(), line("L2", MUG, 3)]
    fee = changes.get("shipping_fee", 500)
    total = (
        sum(each.unit_price * each.quantity - each.discount for each in chosen)
        + fee
        - changes.get("discount", 0)
    )
    given: dict[str, Any] = {
        "number": NUMBER,
        "customer_ref": "C1",
        "placed_at": PLACED,
        "lines": chosen,
        "payments": [card(total)],
        "address": HOME,
        "shipping_fee": fee,
        "total": total,
        "promised_to": date(2026, 11, 14),
    }
    return Order.model_validate({**given, **changes})


def card(captured: int, payment_id: str = "P1", **changes: Any) -> Payment:
    given: dict[str, Any] = {
        "id": payment_id,
        "tender": "card",
        "label": "Visa 末尾4242",
        "authorised": captured,
        "captured": captured,
        "at": PLACED,
    }
    return Payment.model_validate({**given, **changes})


def parcel(of: Order, state: str = "in_transit", parcel_id: str = "S1", **changes: Any) -> Parcel:
    """Everything of the order in one parcel, promised for 14 November."""
    given: dict[str, Any] = {
        "id": parcel_id,
        "carrier": "ヤマト運輸",
        "tracking_number": "440000000001",
        "state": state,
        "lines": [ParcelLine(line_id=each.id, quantity=each.quantity) for each in of.lines],
        "shipped_at": PLACED + timedelta(days=1),
        "promised_to": date(2026, 11, 14),
        "delivered_at": PLACED + timedelta(days=3) if state == "delivered" else None,
    }
    return Parcel.model_validate({**given, **changes})


def shipped(of: Order, state: str = "in_transit", **changes: Any) -> Order:
    found = of.model_copy(update={"parcels": [parcel(of, state, **changes)]})
    return found.model_copy(update={"state": "delivered" if state == "delivered" else "shipped"})


def delivered(*lines: Line, **changes: Any) -> Order:
    return shipped(order(*lines, **changes), "delivered")


def decide(
    action: Action, of: Order, actor: Actor = CUSTOMER, *, now: datetime = NOW, rules: Rules = RULES
) -> Decision:
    return policy.decide(action, of, rules, actor, now=now, sellers=SELLERS, products=PRODUCTS)


def codes(decision: Decision) -> list[str]:
    return [reason.code for reason in decision.reasons]


def effects(decision: Decision) -> list[str]:
    return [effect.code for effect in decision.effects]


def with_rules(**tables: dict[str, Any]) -> Rules:
    """The shipped rules with some keys of some tables changed."""
    changed = {
        name: getattr(RULES, name).model_validate({**getattr(RULES, name).model_dump(), **keys})
        for name, keys in tables.items()
    }
    return RULES.model_copy(update=changed)
