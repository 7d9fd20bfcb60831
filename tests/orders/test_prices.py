"""Prices to the yen: discounts shared out, pieces that come back one by one, decisions over any order."""

from __future__ import annotations

from datetime import date, timedelta
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from madoguchi.counter.actors import Actor
from madoguchi.counter.orders import policy, pricing
from madoguchi.counter.orders.actions import ACTION, Action, LineChoice, ReturnLines
from madoguchi.counter.orders.model import (
    Condition,
    Line,
    Order,
    OrderState,
    Parcel,
    ParcelLine,
    ParcelState,
    Payment,
    ProductClass,
    ReturnReason,
    Tender,
)
from tests.orders.build import (
    AGENT,
    BOT,
    CUSTOMER,
    FRESH,
    GUEST,
    MUG,
    NOW,
    PLACED,
    PRODUCTS,
    RULES,
    SELLERS,
    SHIRT,
    card,
    decide,
    delivered,
    line,
    order,
)

TENDERS = get_args(Tender)


@st.composite
def priced_lines(draw: st.DrawFn) -> list[Line]:
    lines = []
    for number in range(draw(st.integers(1, 4))):
        quantity, price = draw(st.integers(1, 7)), draw(st.integers(1, 99_999))
        discount = draw(st.integers(0, quantity * price))
        lines.append(line(f"L{number}", quantity=quantity, unit_price=price, discount=discount))
    return lines


@given(priced_lines(), st.data())
@settings(max_examples=150, deadline=None)
def test_a_discounted_line_returned_in_steps_gives_back_exactly_what_was_paid(
    lines: list[Line], data: st.DataObject
) -> None:
    gross = sum(each.unit_price * each.quantity - each.discount for each in lines)
    of = delivered(
        *lines, discount=data.draw(st.integers(0, gross)), shipping_fee=data.draw(st.integers(0, 900))
    )
    paid, returned = of.captured - of.shipping_fee, 0
    while left := [each for each in of.lines if pricing.kept(of, each)]:
        chosen = data.draw(st.sampled_from(left))
        count = data.draw(st.integers(1, pricing.kept(of, chosen)))
        action = ReturnLines(lines=[LineChoice(line_id=chosen.id, quantity=count)], reason="late")
        decision = decide(action, of, AGENT, rules=RULES)
        assert decision.allowed
        assert decision.refund == sum(part["amount"] for part in decision.refund_parts)
        returned += decision.refund
        of = _returned(of, chosen, count, decision.refund)
    assert returned == paid + of.shipping_fee  # our fault: the postage comes with the last piece


def _returned(of: Order, chosen: Line, count: int, refund: int) -> Order:
    lines = [
        each.model_copy(update={"returned": each.returned + count}) if each.id == chosen.id else each
        for each in of.lines
    ]
    payment = of.payments[0]
    payments = [payment.model_copy(update={"refunded": payment.refunded + refund})]
    refunds = [
        *of.refunds,
        {
            "id": f"F{len(of.refunds)}",
            "at": NOW,
            "amount": refund,
            "tender": "card",
            "payment_id": payment.id,
        },
    ]
    return Order.model_validate(
        {**of.model_copy(update={"lines": lines, "payments": payments}).model_dump(), "refunds": refunds}
    )


@given(priced_lines(), st.integers(0, 500_000))
@settings(max_examples=100, deadline=None)
def test_the_values_of_all_pieces_sum_to_the_price_of_the_order(lines: list[Line], discount: int) -> None:
    gross = sum(each.unit_price * each.quantity - each.discount for each in lines)
    of = order(*lines, discount=min(discount, gross))
    assert pricing.kept_value(of) == gross - min(discount, gross)


@given(
    st.lists(st.integers(1, 50_000), min_size=1, max_size=5),
    st.integers(0, 200_000),
    st.sampled_from(["money_first", "proportional"]),
)
@settings(max_examples=150, deadline=None)
def test_a_split_refund_sums_exactly_and_never_takes_more_from_a_payment_than_is_there(
    amounts: list[int], wish: int, split: str
) -> None:
    payments = [card(amount, f"P{n}", tender=TENDERS[n % 7]) for n, amount in enumerate(amounts)]
    parts = pricing.split_refund(order(payments=payments), wish, split)
    assert sum(part.amount for part in parts) == min(wish, sum(amounts))
    room = {payment.id: payment.captured for payment in payments}
    assert all(0 < part.amount <= room[part.payment_id or ""] for part in parts)


@pytest.mark.req("PAY-012")
def test_money_goes_back_to_card_first_and_to_points_last() -> None:
    payments = [card(1000, "P1", tender="points"), card(1000, "P2", tender="gift_card"), card(1000, "P3")]
    parts = pricing.split_refund(order(payments=payments), 2500, "money_first")
    assert [(part.tender, part.amount) for part in parts] == [
        ("card", 1000),
        ("gift_card", 1000),
        ("points", 500),
    ]


def test_part_of_a_line_swapped_for_an_equal_price_leaves_the_order_worth_the_same() -> None:
    of = order(line(quantity=3, discount=100), line("L2", MUG, 1), discount=77)
    swapped = pricing.with_variant(of, "L1", 1, SHIRT.variants[1])
    assert pricing.kept_value(swapped) == pricing.kept_value(of)
    assert [(each.id, each.quantity, each.sku) for each in swapped.lines][:2] == [
        ("L1", 2, "shirt-m"),
        ("L1-2", 1, "shirt-l"),
    ]


def test_pieces_added_after_a_cancellation_take_the_cancelled_ones_back_at_their_price() -> None:
    of = order(line(quantity=2, discount=200, cancelled=1))
    more = pricing.with_quantity(of, "L1", 2)
    assert pricing.kept_value(more) - pricing.kept_value(of) == 2900


# ── decide is total ───────────────────────────────────────────────────────────────────────────────

moments = st.integers(-60, 60).map(lambda days: PLACED + timedelta(days=days))


@st.composite
def any_order(draw: st.DrawFn) -> Order:
    """Orders as shops really send them: consistent or not."""
    lines = [
        Line(
            id=f"L{n}",
            product_id=draw(st.sampled_from(["shirt", "mug", "unknown"])),
            sku=draw(st.sampled_from(["shirt-m", "mug-1", "x"])),
            name={"ja": "品"},
            product_class=draw(st.sampled_from(get_args(ProductClass))),
            seller_id=draw(st.sampled_from(["shop", "kobo", "unknown"])),
            quantity=draw(st.integers(1, 5)),
            unit_price=draw(st.integers(0, 50_000)),
            discount=draw(st.integers(0, 60_000)),
            cancelled=draw(st.integers(0, 6)),
            returned=draw(st.integers(0, 6)),
            returnable=draw(st.booleans()),
        )
        for n in range(draw(st.integers(0, 3)))
    ]
    parcels = [
        Parcel(
            id=f"S{n}",
            state=draw(st.sampled_from(get_args(ParcelState))),
            lines=[
                ParcelLine(
                    line_id=draw(st.sampled_from(["L0", "L1", "L9"])), quantity=draw(st.integers(0, 4))
                )
            ],
            promised_to=draw(st.none() | st.dates(date(2026, 10, 1), date(2026, 12, 31))),
            replaces=draw(st.sampled_from([None, "S0"])),
            delivered_at=draw(st.none() | moments),
        )
        for n in range(draw(st.integers(0, 3)))
    ]
    payments = [
        Payment(
            id=f"P{n}",
            tender=draw(st.sampled_from(TENDERS)),
            authorised=draw(st.integers(0, 60_000)),
            captured=draw(st.integers(0, 60_000)),
            refunded=draw(st.integers(0, 60_000)),
            at=draw(moments),
            duplicate_of=draw(st.sampled_from([None, "P0", "P9"])),
        )
        for n in range(draw(st.integers(0, 3)))
    ]
    returns = [
        {
            "id": f"R{n}",
            "at": draw(moments),
            "lines": [{"line_id": "L0", "quantity": draw(st.integers(0, 3))}],
            "reason": "late",
            "condition": "unopened",
            "wish": draw(st.sampled_from(["refund", "exchange"])),
            "state": draw(st.sampled_from(["requested", "received", "refunded", "refused"])),
            "refund_amount": draw(st.integers(0, 60_000)),
        }
        for n in range(draw(st.integers(0, 2)))
    ]
    return Order.model_validate(
        {
            **order().model_dump(),
            "lines": [each.model_dump() for each in lines],
            "parcels": [each.model_dump() for each in parcels],
            "payments": [each.model_dump() for each in payments],
            "returns": returns,
            "state": draw(st.sampled_from(get_args(OrderState))),
            "shipping_fee": draw(st.integers(0, 900)),
            "discount": draw(st.integers(0, 90_000)),
            "currency": draw(st.sampled_from(["JPY", "USD", "XTS"])),
            "promised_to": draw(st.none() | st.dates(date(2026, 10, 1), date(2026, 12, 31))),
        }
    )


line_ids = st.sampled_from(["L0", "L1", "L9", ""])
skus = st.sampled_from(["shirt-m", "shirt-xl", "shirt-xxl", "mug-1", "none"])
reasons = st.sampled_from(get_args(ReturnReason))
conditions = st.sampled_from(get_args(Condition))
choices = st.lists(
    st.fixed_dictionaries({"line_id": line_ids, "quantity": st.integers(1, 6)}), min_size=1, max_size=3
)
any_action = st.one_of(
    st.fixed_dictionaries({"action": st.just("cancel"), "lines": choices | st.just([])}),
    st.fixed_dictionaries(
        {
            "action": st.just("change_address"),
            "address": st.just({**order().address.model_dump(), "line1": "2-2", "country": "JP"}),
        }
    ),
    st.fixed_dictionaries(
        {
            "action": st.just("change_lines"),
            "changes": st.lists(
                st.fixed_dictionaries(
                    {
                        "line_id": line_ids,
                        "quantity": st.none() | st.integers(1, 120),
                        "sku": st.none() | skus,
                    }
                ),
                min_size=1,
                max_size=3,
            ),
        }
    ),
    st.fixed_dictionaries(
        {
            "action": st.just("change_payment"),
            "tender": st.sampled_from(["card", "convenience_store", "pay_later"]),
        }
    ),
    st.fixed_dictionaries(
        {
            "action": st.just("return"),
            "lines": choices,
            "reason": reasons,
            "condition": conditions,
            "refund_to": st.sampled_from(["original", "gift_card"]),
        }
    ),
    st.fixed_dictionaries(
        {
            "action": st.just("exchange"),
            "line_id": line_ids,
            "quantity": st.integers(1, 4),
            "sku": skus,
            "reason": reasons,
            "condition": conditions,
        }
    ),
    st.fixed_dictionaries(
        {
            "action": st.sampled_from(["reship", "refund_missing"]),
            "parcel_id": st.sampled_from(["", "S0", "S1", "S9"]),
        }
    ),
    st.fixed_dictionaries(
        {"action": st.just("refund_duplicate"), "payment_id": st.sampled_from(["P0", "P1", "P9"])}
    ),
).map(ACTION.validate_python)
actors = st.sampled_from([CUSTOMER, FRESH, GUEST, BOT, AGENT])


@given(any_order(), any_action, actors, moments)
@settings(max_examples=400, deadline=None)
def test_decide_never_raises_and_never_promises_more_than_was_taken(
    of: Order, action: Action, actor: Actor, now: object
) -> None:
    decision = policy.decide(action, of, RULES, actor, now=now, sellers=SELLERS, products=PRODUCTS)  # type: ignore[arg-type]
    assert decision.refund == sum(part["amount"] for part in decision.refund_parts)
    assert 0 <= decision.refund <= max(0, of.captured - of.refunded)
    assert decision.charge >= 0
    assert decision.reasons or decision.allowed
    if decision.verdict == "refused":
        assert not decision.effects


@given(any_order(), actors)
@settings(max_examples=60, deadline=None)
def test_every_action_always_has_an_answer(of: Order, actor: Actor) -> None:
    found = policy.possible(of, RULES, actor, now=NOW, sellers=SELLERS, products=PRODUCTS)
    assert all(decision.allowed or decision.reasons for decision in found.values())
    assert len(found) == 9
