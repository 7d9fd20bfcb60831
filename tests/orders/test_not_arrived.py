"""Parcels that did not come, and charges that came twice."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from madoguchi.counter.orders.actions import RefundDuplicate, RefundMissing, ReshipMissing
from madoguchi.counter.orders.model import Order, ParcelState, Refund
from madoguchi.counter.orders.wording import reason_text
from tests.orders.build import (
    AGENT,
    NOW,
    PLACED,
    card,
    codes,
    decide,
    effects,
    line,
    order,
    parcel,
    shipped,
    with_rules,
)


def promised(day: int, state: ParcelState = "in_transit") -> Order:
    """Promised for so many days before today (negative: to come)."""
    return shipped(order(), state, promised_to=date(2026, 11, 20) - timedelta(days=day))


@pytest.mark.req("ORD-004")
def test_three_days_late_the_parcel_is_sent_again_or_refunded() -> None:
    again, money = decide(ReshipMissing(), promised(3)), decide(RefundMissing(), promised(3))
    assert again.verdict == money.verdict == "allowed"
    assert codes(again) == ["overdue"]
    assert effects(again) == ["send_again"]
    assert money.refund == 9500
    assert effects(money)[:2] == ["give_up_parcel", "shipping_fee_back"]


@pytest.mark.req("ORD-004", "ORD-011")
def test_delivered_but_missing_goes_to_a_person_after_the_places_to_look() -> None:
    decision = decide(ReshipMissing(), promised(3, "delivered"))
    assert codes(decision) == ["said_delivered"]
    assert decision.verdict == "refused"
    assert decision.offers_person
    text = reason_text(decision.reasons[0], "ja")
    assert "宅配ボックス" in text
    assert "ご近所" in text
    assert decide(ReshipMissing(), promised(3, "delivered"), AGENT).verdict == "allowed"


@pytest.mark.req("ORD-005")
@pytest.mark.parametrize(
    ("days", "code", "possible"),
    [
        (-2, "on_time", None),
        (0, "on_time", None),
        (1, "late_please_wait", "2026-11-22"),
        (2, "late_please_wait", "2026-11-21"),
    ],
)
def test_a_parcel_in_time_or_a_little_late_gets_its_date(days: int, code: str, possible: str | None) -> None:
    decision = decide(RefundMissing(), promised(days))
    assert codes(decision) == [code]
    assert decision.reasons[0].params.get("possible") == possible


@pytest.mark.req("ORD-005")
def test_an_order_that_is_late_and_still_here_can_be_cancelled() -> None:
    decision = decide(RefundMissing(), order())
    assert codes(decision) == ["late_not_sent"]
    assert decision.alternatives == ["cancel"]


@pytest.mark.parametrize(
    ("state", "verdict", "code"),
    [
        ("lost", "allowed", "parcel_lost"),
        ("delivery_failed", "refused", "undeliverable"),
        ("returned_to_sender", "refused", "undeliverable"),
    ],
)
def test_what_the_carrier_says_decides(state: ParcelState, verdict: str, code: str) -> None:
    decision = decide(RefundMissing(), promised(-2, state))
    assert (decision.verdict, codes(decision)[0]) == (verdict, code)


def test_a_sellers_parcel_is_clarified_by_a_person() -> None:
    of = shipped(order(line(seller_id="kobo")), "lost")
    decision = decide(RefundMissing(), of)
    assert codes(decision)[-1] == "ask_seller"
    assert "山の工房" in reason_text(decision.reasons[-1], "ja")


def test_without_stock_the_money_is_offered() -> None:
    of = shipped(order(line(quantity=6)), "lost")
    decision = decide(ReshipMissing(), of)
    assert codes(decision)[-1] == "out_of_stock"
    assert decision.alternatives == ["refund_missing"]


def test_a_parcel_is_settled_once() -> None:
    of = promised(3)
    again = of.model_copy(update={"parcels": [*of.parcels, parcel(of, "preparing", "S1-R", replaces="S1")]})
    assert codes(decide(RefundMissing(), again)) == ["already_sent_again"]
    gone = order(line(cancelled=2))
    assert codes(decide(RefundMissing(), shipped(gone, "lost"))) == ["already_settled"]


# ── charged twice ─────────────────────────────────────────────────────────────────────────────────


def charged_twice(days_apart: int = 1, **second: object) -> Order:
    later = PLACED + timedelta(days=days_apart)
    return order(payments=[card(9500), card(9500, "P2", at=later, **second)])


@pytest.mark.req("PAY-003")
def test_two_charges_of_one_amount_within_seven_days_are_one_too_many() -> None:
    decision = decide(RefundDuplicate(payment_id="P2"), charged_twice(7))
    assert decision.verdict == "allowed"
    assert codes(decision) == ["charged_twice"]
    assert [(part["payment_id"], part["amount"]) for part in decision.refund_parts] == [("P2", 9500)]
    assert codes(decide(RefundDuplicate(payment_id="P2"), charged_twice(8))) == ["no_second_charge"]


@pytest.mark.req("PAY-003")
def test_a_hold_is_explained_and_not_refunded() -> None:
    of = order(payments=[card(9500), card(0, "P2", authorised=9500)])
    decision = decide(RefundDuplicate(payment_id="P2"), of)
    assert codes(decision) == ["only_held"]
    assert "与信" in reason_text(decision.reasons[0], "ja")


def test_two_equal_parts_of_one_price_are_no_double_charge() -> None:
    of = order(payments=[card(4750), card(4750, "P2")])
    assert codes(decide(RefundDuplicate(payment_id="P2"), of)) == ["no_second_charge"]


def test_of_two_charges_the_one_that_the_shop_marked_is_the_second() -> None:
    of = charged_twice(duplicate_of="P1")
    decision = decide(RefundDuplicate(payment_id="P1"), of)
    assert codes(decision) == ["first_of_two"]
    assert decision.reasons[0].params["payment_id"] == "P2"
    assert decide(RefundDuplicate(payment_id="P2"), of).verdict == "allowed"


def test_a_second_charge_is_given_back_once() -> None:
    back = Refund(id="F1", at=NOW, amount=9500, tender="card", payment_id="P2")
    of = charged_twice().model_copy(update={"refunds": [back]})
    assert codes(decide(RefundDuplicate(payment_id="P2"), of)) == ["already_refunded"]
    # The other one has become the only charge.
    assert codes(decide(RefundDuplicate(payment_id="P1"), of)) == ["no_second_charge"]


def test_a_shop_may_want_a_person_to_look_first() -> None:
    rules = with_rules(duplicate={"decided_by": "person"})
    decision = decide(RefundDuplicate(payment_id="P2"), charged_twice(), rules=rules)
    assert codes(decision) == ["duplicate_person"]
    assert decision.offers_person
