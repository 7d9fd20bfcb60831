"""Cancel, address, lines and payment: possible until the goods leave, and what is offered afterwards."""

from __future__ import annotations

from datetime import timedelta

import pytest

from madoguchi.counter.orders.actions import (
    Action,
    CancelOrder,
    ChangeAddress,
    ChangeLines,
    ChangePayment,
    LineChange,
    LineChoice,
)
from madoguchi.counter.orders.model import Address, Order, ParcelLine
from madoguchi.counter.orders.wording import reason_text
from tests.orders.build import (
    AGENT,
    CUSTOMER,
    FRESH,
    HOME,
    MUG,
    NOW,
    PLACED,
    card,
    codes,
    decide,
    delivered,
    effects,
    line,
    order,
    parcel,
    shipped,
    with_rules,
)

OFFICE = HOME.model_copy(update={"postal_code": "150-0002", "city": "渋谷区", "line1": "渋谷2-2-2"})


def pieces(line_id: str, quantity: int) -> CancelOrder:
    return CancelOrder(lines=[LineChoice(line_id=line_id, quantity=quantity)])


def change(line_id: str = "L1", **what: object) -> ChangeLines:
    return ChangeLines(changes=[LineChange.model_validate({"line_id": line_id, **what})])


def part_shipped() -> Order:
    of = order()
    sent = parcel(of, lines=[ParcelLine(line_id="L1", quantity=2)])
    return of.model_copy(update={"parcels": [sent], "state": "part_shipped"})


# ── cancel ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.req("RET-016")
def test_a_whole_order_not_yet_sent_is_cancelled_with_its_postage() -> None:
    decision = decide(CancelOrder(), order())
    assert decision.verdict == "allowed"
    assert decision.refund == 9500
    assert effects(decision)[:2] == ["cancel_order", "shipping_fee_back"]


def test_single_pieces_are_cancelled_and_the_postage_stays_until_the_last_one() -> None:
    first = decide(pieces("L2", 2), order())
    assert (first.refund, effects(first)[0]) == (2000, "cancel_lines")
    rest = order(line(cancelled=2), line("L2", MUG, 3, cancelled=2))
    last = decide(pieces("L2", 1), rest)
    assert last.refund == 1500
    assert effects(last)[0] == "cancel_order"


def test_one_line_named_twice_means_both_numbers_together() -> None:
    twice = CancelOrder(lines=[LineChoice(line_id="L2", quantity=2), LineChoice(line_id="L2", quantity=2)])
    assert codes(decide(twice, order())) == ["too_many_pieces"]


@pytest.mark.req("RET-017")
@pytest.mark.parametrize(
    ("of", "code", "instead"),
    [
        (shipped(order()), "already_shipped", ["refuse_delivery", "return"]),
        (delivered(), "already_delivered", ["return"]),
        (part_shipped(), "part_shipped", ["cancel", "return"]),
    ],
)
def test_what_has_left_cannot_be_cancelled_and_the_other_ways_are_named(
    of: Order, code: str, instead: list[str]
) -> None:
    decision = decide(CancelOrder(), of)
    assert codes(decision) == [code]
    assert decision.alternatives == instead
    assert decision.offers_person


def test_the_unsent_part_of_an_order_can_still_be_cancelled() -> None:
    assert decide(pieces("L2", 3), part_shipped()).refund == 3000
    assert codes(decide(pieces("L1", 1), part_shipped())) == ["already_shipped"]


def test_money_that_was_only_held_is_released_and_not_refunded() -> None:
    of = order(payments=[card(0, authorised=9500)])
    decision = decide(CancelOrder(), of)
    assert decision.refund == 0
    assert "release_hold" in effects(decision)
    unpaid = order(state="awaiting_payment", payments=[card(0, tender="convenience_store")])
    assert "nothing_charged" in effects(decide(CancelOrder(), unpaid))


def test_a_part_that_was_not_charged_yet_is_not_given_back() -> None:
    of = part_shipped().model_copy(update={"payments": [card(6500, authorised=9500)]})
    decision = decide(pieces("L2", 3), of)
    assert decision.refund == 0
    assert [effect.params["amount"] for effect in decision.effects if effect.code == "release_hold"] == [3000]


def test_cancelling_has_the_limits_that_the_operator_sets() -> None:
    rules = with_rules(cancel={"within_hours": 24})
    assert decide(CancelOrder(), order(), now=PLACED + timedelta(hours=24), rules=rules).allowed
    late = decide(CancelOrder(), order(), now=PLACED + timedelta(hours=25), rules=rules)
    assert codes(late) == ["cancel_too_late"]
    assert codes(decide(CancelOrder(), order(line(product_class="digital")))) == ["class_not_cancellable"]


def test_a_cancelled_order_is_not_cancelled_again() -> None:
    gone = order(line(cancelled=2), state="cancelled")
    assert codes(decide(CancelOrder(), gone)) == ["already_cancelled"]
    assert codes(decide(CancelOrder(), delivered(line(returned=2)))) == ["already_returning"]


# ── address ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.req("ORD-008")
def test_the_address_changes_until_the_parcel_leaves_and_then_the_carrier_is_named() -> None:
    assert decide(ChangeAddress(address=OFFICE), order(), FRESH).verdict == "allowed"
    late = decide(ChangeAddress(address=OFFICE), shipped(order()), FRESH)
    assert codes(late) == ["shipped_ask_carrier"]
    assert late.alternatives == ["contact_carrier"]
    assert late.offers_person
    assert "配送業者" in reason_text(late.reasons[0], "ja")


def test_a_new_address_needs_a_fresh_check() -> None:
    decision = decide(ChangeAddress(address=OFFICE), order(), CUSTOMER)
    assert codes(decision) == ["identity"]
    assert decision.rung == 3


@pytest.mark.parametrize(
    ("address", "code"),
    [
        (HOME, "same_address"),
        (OFFICE.model_copy(update={"line1": "  "}), "address_incomplete"),
        (OFFICE.model_copy(update={"country": "KR"}), "other_country"),
    ],
)
def test_an_address_that_helps_nobody_is_not_taken(address: Address, code: str) -> None:
    assert codes(decide(ChangeAddress(address=address), order(), FRESH)) == [code]


# ── lines ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("action", "refund", "charge"),
    [
        (change(quantity=1), 3000, 0),
        (change(quantity=3), 0, 3000),
        (change(sku="shirt-s"), 400, 0),
        (change(sku="shirt-xl"), 0, 600),
        (change(sku="shirt-xl", quantity=1), 2700, 0),
        (change(sku="shirt-l", quantity=1), 3000, 0),
    ],
)
def test_quantity_and_variant_change_before_shipment_and_the_difference_is_settled(
    action: ChangeLines, refund: int, charge: int
) -> None:
    decision = decide(action, order())
    assert decision.verdict == "allowed"
    assert (decision.refund, decision.charge) == (refund, charge)


@pytest.mark.parametrize(
    ("action", "code"),
    [
        (change(sku="shirt-l"), "out_of_stock"),
        (change(quantity=8), "out_of_stock"),
        (change(sku="mug-1"), "no_such_variant"),
        (change(quantity=2), "nothing_to_change"),
        (change("L9", quantity=2), "no_such_line"),
        (change(quantity=100), "too_many_pieces"),
    ],
)
def test_a_change_that_cannot_be_is_said_so(action: Action, code: str) -> None:
    assert codes(decide(action, order())) == [code]


def test_after_shipment_lines_stay_and_returning_is_offered() -> None:
    decision = decide(change(quantity=1), shipped(order()))
    assert codes(decision) == ["already_shipped"]
    assert "return" in decision.alternatives


def test_a_higher_price_is_charged_only_where_it_can_be() -> None:
    card_order = decide(change(quantity=3), order())
    assert "charge" in effects(card_order)
    konbini = order(payments=[card(9500, tender="convenience_store", label="")])
    assert codes(decide(change(quantity=3), konbini))[-1] == "cannot_charge"
    assert decide(change(quantity=3), konbini, AGENT).verdict == "allowed"


# ── payment ───────────────────────────────────────────────────────────────────────────────────────


def unpaid(**changes: object) -> Order:
    return order(
        state="awaiting_payment", payments=[card(0, tender="convenience_store", label="")], **changes
    )


def test_the_open_part_may_be_paid_another_way_and_a_card_is_entered_at_the_shop() -> None:
    decision = decide(ChangePayment(tender="card"), unpaid())
    assert decision.verdict == "allowed"
    assert effects(decision) == ["pay_by", "card_at_the_shop"]


@pytest.mark.parametrize(
    ("of", "tender", "code"),
    [
        (order(), "bank_transfer", "already_paid"),
        (unpaid(), "convenience_store", "same_tender"),
        (unpaid(shipping_fee=60000), "pay_later", "tender_too_small"),
        (shipped(order()), "card", "already_shipped"),
    ],
)
def test_a_payment_that_cannot_change_says_why(of: Order, tender: str, code: str) -> None:
    assert codes(decide(ChangePayment.model_validate({"tender": tender}), of, now=NOW)) == [code]
