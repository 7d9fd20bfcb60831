"""Which orders are unusual, and that a hold touches no money."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from madoguchi.connectors.embedded.effects import apply
from madoguchi.connectors.embedded.fulfilment import Shipped, advance
from madoguchi.counter.actors import SYSTEM
from madoguchi.counter.orders import policy
from madoguchi.counter.orders.actions import CancelOrder, HoldOrder, ReleaseOrder
from madoguchi.counter.orders.model import Order
from madoguchi.counter.orders.policy.unusual import pattern_of
from madoguchi.counter.orders.ports import ShopRefused
from madoguchi.counter.orders.rules import Rules, RulesError
from tests.orders.build import (
    AGENT,
    CUSTOMER,
    HOME,
    NOW,
    PRODUCTS,
    RULES,
    UNBOUND_AGENT,
    card,
    delivered,
    order,
)

FRESH = NOW - timedelta(hours=1)


def rules(tmp_path: Path, pattern: str) -> Rules:
    """The policy with this pattern and the shipped ones."""
    path = tmp_path / "policy.toml"
    path.write_text(f"[unusual.patterns.ours]\n{pattern}\n", "utf-8")
    return Rules.load(path)


def fresh(number: str = "N1", **changes: object) -> Order:
    return order(number=number, placed_at=FRESH, **changes)


def earlier(number: str = "N0", hours: float = 240, **changes: object) -> Order:
    return order(number=number, placed_at=NOW - timedelta(hours=hours), **changes)


@pytest.mark.req("ORD-017")
@pytest.mark.parametrize(
    ("pattern", "unusual", "ordinary"),
    [
        ("amount_from = { JPY = 9500 }", (fresh(), []), (fresh(shipping_fee=0), [])),
        ("amount_from = { USD = 1 }", (fresh(currency="USD"), []), (fresh(), [])),
        (
            "pieces_from = 5",
            (fresh(), []),
            (fresh(number="N1").model_copy(update={"lines": order().lines[:1]}), []),
        ),
        ("first_order = true", (fresh(), []), (fresh(), [earlier()])),
        (
            "new_address = true",
            (fresh(address=HOME.model_copy(update={"line1": "銀座1-1"})), [earlier()]),
            (fresh(), [earlier()]),
        ),
        ("countries = ['US']", (fresh(address=HOME.model_copy(update={"country": "US"})), []), (fresh(), [])),
        (
            "classes = ['apparel']",
            (fresh(), []),
            (fresh().model_copy(update={"lines": order().lines[1:]}), []),
        ),
        (
            "orders_from = 3\nwithin_hours = 5",
            (fresh(), [earlier("A", 2), earlier("B", 5)]),
            (fresh(), [earlier("A", 2), earlier("B", 7)]),
        ),
    ],
)
def test_an_order_fits_a_pattern_or_does_not(
    tmp_path: Path, pattern: str, unusual: tuple[Order, list[Order]], ordinary: tuple[Order, list[Order]]
) -> None:
    ours = rules(tmp_path, pattern)
    assert pattern_of(*unusual, ours, NOW) == "ours"
    assert pattern_of(*ordinary, ours, NOW) == ""


def test_every_condition_of_a_pattern_has_to_hold(tmp_path: Path) -> None:
    ours = rules(tmp_path, "first_order = true\namount_from = { JPY = 50000 }")
    assert pattern_of(fresh(), [], ours, NOW) == ""


def test_a_pattern_without_a_condition_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RulesError, match="every order"):
        rules(tmp_path, "within_hours = 3")


@pytest.mark.parametrize(
    "of",
    [
        earlier(hours=30),
        delivered().model_copy(update={"placed_at": FRESH}),
        fresh(state="cancelled"),
        fresh(held_at=NOW),
        fresh(deeds=["hold", "release"]),
    ],
)
def test_what_is_old_gone_held_or_released_is_left_alone(tmp_path: Path, of: Order) -> None:
    assert pattern_of(of, [], rules(tmp_path, "pieces_from = 1"), NOW) == ""


@pytest.mark.req("ORD-017")
def test_a_hold_moves_no_money_stops_the_parcel_and_lets_the_customer_cancel() -> None:
    before = fresh(payments=[card(0, authorised=9500)])
    decision = policy.decide(HoldOrder(pattern="ours"), before, RULES, SYSTEM, now=NOW)
    assert (decision.verdict, decision.refund, decision.charge) == ("allowed", 0, 0)
    held = apply(before, HoldOrder(pattern="ours"), decision, NOW)
    assert held.held_at == NOW and held.payments == before.payments and held.refunds == []
    with pytest.raises(ShopRefused, match="order_held"):
        advance(held, Shipped(carrier="ヤマト運輸", tracking_number="1"), NOW)
    gone = policy.decide(CancelOrder(), held, RULES, CUSTOMER, now=NOW, products=PRODUCTS)
    assert gone.allowed
    cancelled = apply(held, CancelOrder(), gone, NOW)
    assert cancelled.state == "cancelled" and sum(each.authorised for each in cancelled.payments) == 0
    freed = policy.decide(ReleaseOrder(), held, RULES, UNBOUND_AGENT, now=NOW)
    released = apply(held, ReleaseOrder(), freed, NOW)
    assert released.held_at is None and released.payments == before.payments
    assert advance(released, Shipped(carrier="ヤマト運輸", tracking_number="1"), NOW).captured == 9500


def test_only_the_house_holds_and_only_its_people_release() -> None:
    held = fresh(held_at=NOW)
    for actor in (CUSTOMER, AGENT):
        assert policy.decide(HoldOrder(pattern="x"), fresh(), RULES, actor, now=NOW).verdict == "refused"
    for actor in (CUSTOMER, SYSTEM):
        assert policy.decide(ReleaseOrder(), held, RULES, actor, now=NOW).verdict == "refused"
    assert policy.decide(ReleaseOrder(), fresh(), RULES, AGENT, now=NOW).verdict == "refused"
    assert not {"hold", "release"} & policy.possible(held, RULES, AGENT, now=NOW).keys()
