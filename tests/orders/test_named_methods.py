"""Ways of paying that the customer names, several lines in one deed, and deeds that an order allows once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from madoguchi.connectors.embedded.effects import apply, balance_changes
from madoguchi.connectors.embedded.fulfilment import ReturnMoved, fulfil
from madoguchi.connectors.embedded.storing import put_wallet
from madoguchi.counter.actors import Actor
from madoguchi.counter.orders import policy, pricing
from madoguchi.counter.orders.actions import (
    Action,
    CancelOrder,
    ChangeLines,
    ChangePayment,
    ExchangeLine,
    LineChange,
    LineChoice,
    ReturnLines,
    Swap,
)
from madoguchi.counter.orders.model import Decision, Method, Order, Wallet
from madoguchi.counter.orders.rules import Rules
from madoguchi.counter.orders.workflow import OrderDesk
from madoguchi.engine.database import Database
from tests.orders.build import (
    AGENT,
    CUSTOMER,
    FRESH,
    MUG,
    NOW,
    NUMBER,
    PRODUCTS,
    RULES,
    SELLERS,
    SHIRT,
    card,
    codes,
    delivered,
    effects,
    line,
    order,
    with_rules,
)
from tests.orders.shop_double import ShopOnABadLine

GIFT = Method(id="gift", tender="gift_card", label="ギフト券 末尾8001", balance=1000)
VISA = Method(id="visa", tender="card", label="Visa 末尾4242")
OTHER = Method(id="other", tender="card", label="Mastercard 末尾1111")
POINTS = Method(id="points", tender="points", label="ポイント", balance=9000)
OLD = Method(
    id="old", tender="gift_card", label="ギフト券 末尾8002", balance=9000, expires_on=date(2026, 11, 1)
)
WALLET = Wallet(customer_ref="C1", methods=[GIFT, VISA, OTHER, POINTS, OLD])
BIGGER = LineChange(line_id="L1", sku="shirt-xl")  # 300 yen more each
SMALLER = LineChange(line_id="L1", sku="shirt-s")  # 200 yen less each


def decide(
    action: Action, of: Order, actor: Actor = FRESH, rules: Rules = RULES, wallet: Wallet | None = WALLET
) -> Decision:
    return policy.decide(action, of, rules, actor, now=NOW, sellers=SELLERS, products=PRODUCTS, wallet=wallet)


def change(*changes: LineChange, method_id: str = "") -> ChangeLines:
    return ChangeLines(changes=list(changes), method_id=method_id)


def exchange(sku: str, *also: Swap, quantity: int = 1, method_id: str = "") -> ExchangeLine:
    return ExchangeLine(
        line_id="L1", sku=sku, quantity=quantity, reason="does_not_fit", condition="unopened",
        also=list(also), method_id=method_id,
    )  # fmt: skip


# ── a difference by a named method ────────────────────────────────────────────────────────────────


def test_a_higher_price_is_charged_to_the_gift_card_that_was_named() -> None:
    decision = decide(change(BIGGER, method_id="gift"), order())
    assert (decision.verdict, decision.charge) == ("allowed", 600)
    after = apply(order(), change(BIGGER, method_id="gift"), decision, NOW, PRODUCTS)
    assert balance_changes(order(), after) == {"gift": -600}
    assert (after.payments[-1].tender, after.payments[-1].captured) == ("gift_card", 600)
    assert after.total == order().total + 600


def test_a_lower_price_goes_back_to_the_method_that_was_named() -> None:
    decision = decide(change(SMALLER, method_id="gift"), order())
    assert (decision.refund, decision.refund_parts[0]["method_id"]) == (400, "gift")
    after = apply(order(), change(SMALLER, method_id="gift"), decision, NOW, PRODUCTS)
    assert balance_changes(order(), after) == {"gift": 400}
    assert after.refunds[-1].tender == "gift_card"


@pytest.mark.parametrize(
    ("method_id", "wallet", "reason"),
    [
        ("somebody-elses", WALLET, "no_such_method"),
        ("gift", None, "no_such_method"),
        ("points", WALLET, "method_not_offered"),
        ("old", WALLET, "method_expired"),
    ],
)
def test_a_method_that_is_not_theirs_not_offered_or_expired_is_refused(
    method_id: str, wallet: Wallet | None, reason: str
) -> None:
    assert codes(decide(change(BIGGER, method_id=method_id), order(), wallet=wallet)) == [reason]


def test_a_gift_card_must_cover_the_whole_difference() -> None:
    four = change(LineChange(line_id="L1", sku="shirt-xl", quantity=4), method_id="gift")
    decision = decide(four, order())
    assert codes(decision) == ["balance_too_small"]
    assert decision.reasons[0].params["limit"] == 1000


def test_money_that_goes_elsewhere_than_it_came_from_needs_a_fresh_check() -> None:
    assert codes(decide(change(SMALLER, method_id="gift"), order(), CUSTOMER)) == ["identity"]
    assert decide(change(SMALLER, method_id="visa"), order(), CUSTOMER).allowed


@pytest.mark.parametrize(
    ("mode", "method_id", "reason"),
    [("policy", "gift", "method_not_offered"), ("must_name", "", "method_needed")],
)
def test_the_shop_decides_whether_a_method_may_or_must_be_named(
    mode: str, method_id: str, reason: str
) -> None:
    rules = with_rules(settlement={"price_difference": mode})
    assert codes(decide(change(BIGGER, method_id=method_id), order(), rules=rules)) == [reason]


# ── several lines in one deed ─────────────────────────────────────────────────────────────────────


def test_several_changes_are_priced_each_by_itself_and_settled_once() -> None:
    of = order(line(), line("L2", SHIRT, 1), line("L3", MUG, 3))
    wanted = change(BIGGER, LineChange(line_id="L2", sku="shirt-s"), LineChange(line_id="L3", quantity=2))
    decision = decide(wanted, of)
    assert effects(decision).count("set_variant") == 2
    assert (decision.charge, decision.refund) == (0, 600)  # +600, −200, −1,000
    after = apply(of, wanted, decision, NOW, PRODUCTS)
    assert pricing.kept_value(after) == pricing.kept_value(of) - 600


@pytest.mark.req("RET-014")
def test_several_lines_are_exchanged_in_one_deed_and_each_keeps_its_worth() -> None:
    of = delivered(line(quantity=2), line("L2", SHIRT, 1))
    wanted = exchange("shirt-xl", Swap(line_id="L2", sku="shirt-s"), quantity=2, method_id="gift")
    decision = decide(wanted, of)
    assert (decision.charge, decision.refund) == (400, 0)  # +600, −200
    after = apply(of, wanted, decision, NOW, PRODUCTS)
    assert [record.exchange_sku for record in after.returns] == ["shirt-xl", "shirt-s"]
    worth = {each.sku: pricing.line_nets(after)[each.id] for each in after.lines if each.active}
    assert worth == {"shirt-xl": 6600, "shirt-s": 2800}
    assert after.total == of.total + 400
    assert balance_changes(of, after) == {"gift": -400}


def test_an_exchange_is_refused_as_a_whole_when_one_line_cannot_be() -> None:
    of = delivered(line(quantity=2), line("L2", MUG, 1))
    decision = decide(exchange("shirt-xl", Swap(line_id="L2", sku="shirt-s")), of)
    assert "no_such_variant" in codes(decision)
    both = exchange("shirt-l", Swap(line_id="L2", sku="shirt-l"))
    two = delivered(line(quantity=1), line("L2", SHIRT, 1))
    assert codes(decide(both, two)) == ["out_of_stock"]  # one is left for the two of them


def test_the_same_article_again_can_be_forbidden_even_for_a_fault() -> None:
    wish = ExchangeLine(line_id="L1", sku="shirt-m", reason="defective")
    assert decide(wish, delivered()).allowed
    never = with_rules(exchange={"same_variant": "never"})
    assert codes(decide(wish, delivered(), rules=never)) == ["same_variant"]


# ── another payment for a paid order ──────────────────────────────────────────────────────────────


def test_a_paid_order_moves_to_another_method_only_where_the_policy_says_so() -> None:
    rich = WALLET.model_copy(update={"methods": [GIFT.model_copy(update={"balance": 20_000}), VISA, OTHER]})
    wanted = ChangePayment(tender="gift_card", method_id="gift")
    assert codes(decide(wanted, order(), wallet=rich)) == ["already_paid"]
    rules = with_rules(payment={"paid_orders": "yes"})
    decision = decide(wanted, order(), rules=rules, wallet=rich)
    assert (decision.verdict, decision.charge, decision.refund) == ("allowed", 9500, 9500)
    after = apply(order(), wanted, decision, NOW, PRODUCTS)
    assert (after.captured - after.refunded, after.state) == (9500, "processing")
    assert balance_changes(order(), after) == {"gift": -9500}
    assert codes(decide(wanted, order(), rules=rules)) == ["balance_too_small"]
    same = ChangePayment(tender="card", method_id="visa")
    assert codes(decide(same, order(), rules=rules)) == ["same_method"]
    other = ChangePayment(tender="gift_card", method_id="other")
    assert codes(decide(other, order(), rules=rules)) == ["method_differs"]


# ── once per order ────────────────────────────────────────────────────────────────────────────────

ONCE = with_rules(limits={"once_per_order": [["change_lines"], ["return", "exchange"]]})


def test_of_a_group_an_order_allows_one_deed_and_a_person_may_still_do_it() -> None:
    first = decide(change(SMALLER), order(), rules=ONCE)
    after = apply(order(), change(SMALLER), first, NOW, PRODUCTS)
    assert after.deeds == ["change_lines"]
    again = change(LineChange(line_id="L1", quantity=1))
    assert codes(decide(again, after, rules=ONCE)) == ["once_per_order"]
    assert decide(again, after).allowed
    assert decide(again, after, AGENT, rules=ONCE).allowed


def test_after_a_return_nothing_is_exchanged_where_both_are_one_group() -> None:
    of = delivered()
    wish = ReturnLines(lines=[LineChoice(line_id="L2", quantity=1)], reason="no_longer_wanted")
    after = apply(of, wish, decide(wish, of), NOW, PRODUCTS)
    assert codes(decide(exchange("shirt-s"), after, rules=ONCE)) == ["once_per_order"]
    assert decide(exchange("shirt-s"), after).allowed


def test_only_the_reasons_that_the_shop_accepts_cancel_an_order() -> None:
    rules = with_rules(cancel={"reasons": ["no longer needed"]})
    assert codes(decide(CancelOrder(reason="bored"), order(), rules=rules)) == ["reason_not_offered"]
    assert decide(CancelOrder(reason="no longer needed"), order(), rules=rules).allowed


# ── whatever is wished ────────────────────────────────────────────────────────────────────────────

variants = st.sampled_from(["shirt-m", "shirt-l", "shirt-s", "shirt-xl", "shirt-xxl", "mug-1"])
changes = st.lists(
    st.builds(
        LineChange,
        line_id=st.sampled_from(["L1", "L2", "L3"]),
        quantity=st.none() | st.integers(1, 5),
        sku=st.none() | variants,
    ),
    min_size=1,
    max_size=3,
    unique_by=lambda each: each.line_id,
)
methods = st.sampled_from(["", "gift", "visa", "other", "points"])


@given(changes, methods, st.integers(0, 3000), st.integers(0, 900))
@settings(max_examples=300, deadline=None)
def test_what_is_charged_or_given_back_is_the_change_of_the_total_and_no_card_is_overdrawn(
    wanted: list[LineChange], method_id: str, balance: int, discount: int
) -> None:
    wallet = WALLET.model_copy(
        update={"methods": [GIFT.model_copy(update={"balance": balance}), VISA, OTHER]}
    )
    of = order(line(), line("L2", MUG, 3), line("L3", SHIRT, 1), discount=discount)
    action = change(*wanted, method_id=method_id)
    decision = decide(action, of, wallet=wallet)
    if decision.verdict == "refused":
        return
    after = apply(of, action, decision, NOW, PRODUCTS)
    assert decision.charge - decision.refund == pricing.kept_value(after) - pricing.kept_value(of)
    assert after.refunded <= after.captured
    moved = balance_changes(of, after)
    assert moved.get("gift", 0) + balance >= 0
    assert set(moved) <= {method_id}


# ── through the desk and the shop ─────────────────────────────────────────────────────────────────


def test_the_balance_moves_once_with_the_deed_and_with_the_return(
    desk: OrderDesk, shop: ShopOnABadLine, database: Database, put: Callable[[Order], Order]
) -> None:
    database.write(put_wallet, WALLET)
    put(delivered(payments=[card(9500)]))
    wish = ReturnLines(
        lines=[LineChoice(line_id="L2", quantity=1)], reason="no_longer_wanted", method_id="gift"
    )
    made = desk.propose(FRESH, NUMBER, wish)
    assert made.decision.refund_parts[0]["method_id"] == "gift"
    for _ in range(2):
        assert desk.confirm(FRESH, made.id, "key-0001").state == "done"
    assert _balance(shop) == 1000  # nothing before the goods are back
    (record,) = desk.order(FRESH, NUMBER).returns
    fulfil(database, NUMBER, ReturnMoved(record.id, "received"))
    fulfil(database, NUMBER, ReturnMoved(record.id, "refunded"))
    assert _balance(shop) == 1000 + made.decision.refund


def _balance(shop: ShopOnABadLine) -> int:
    wallet = shop.wallet("C1")
    assert wallet is not None
    method = wallet.method("gift")
    assert method is not None and method.balance is not None
    return method.balance
