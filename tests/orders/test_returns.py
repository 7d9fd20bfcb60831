"""What may come back, until when, at whose cost: decision tables over class, seller, condition, reason and days."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from madoguchi.counter.orders import policy
from madoguchi.counter.orders.actions import OFFERED_NAMES, ExchangeLine, LineChoice, ReturnLines
from madoguchi.counter.orders.model import Condition, Order, ProductClass, ReturnReason, ReturnRecord
from madoguchi.counter.orders.wording import reason_text
from tests.orders.build import (
    AGENT,
    CUSTOMER,
    FRESH,
    MUG,
    NOW,
    PLACED,
    PRODUCTS,
    RULES,
    SELLERS,
    card,
    codes,
    decide,
    delivered,
    effects,
    line,
    order,
    shipped,
    with_rules,
)


def give_back(
    line_id: str = "L1",
    quantity: int = 1,
    reason: ReturnReason = "no_longer_wanted",
    condition: Condition = "unopened",
    **more: object,
) -> ReturnLines:
    return ReturnLines.model_validate(
        {
            "lines": [LineChoice(line_id=line_id, quantity=quantity)],
            "reason": reason,
            "condition": condition,
            **more,
        }
    )


def tokyo_day(day: int) -> datetime:
    """Noon in Tokyo, so many days after the order."""
    return PLACED.replace(hour=3) + timedelta(days=day)


@pytest.mark.req("RET-002")
def test_day_30_is_accepted_and_day_31_is_not() -> None:
    assert decide(give_back(), delivered(), now=tokyo_day(30)).verdict == "allowed"
    refused = decide(give_back(), delivered(), now=tokyo_day(31))
    assert refused.verdict == "refused"
    assert codes(refused) == ["window_over"]
    assert "returns.window_days" in refused.rules


@pytest.mark.req("RET-002")
def test_days_are_counted_on_the_shops_calendar() -> None:
    ordered_late = delivered(placed_at=datetime(2026, 11, 9, 14, 59, tzinfo=UTC))  # 23:59 in Tokyo on the 9th
    last_minute = datetime(2026, 12, 9, 14, 59, tzinfo=UTC)
    assert decide(give_back(), ordered_late, now=last_minute).verdict == "allowed"
    assert decide(give_back(), ordered_late, now=last_minute + timedelta(minutes=1)).verdict == "refused"


def test_the_window_may_start_with_the_delivery() -> None:
    rules = with_rules(returns={"base": "delivery_date"})
    assert decide(give_back(), delivered(), now=tokyo_day(33), rules=rules).verdict == "allowed"
    assert decide(give_back(), delivered(), now=tokyo_day(34), rules=rules).verdict == "refused"


@pytest.mark.req("RET-001", "RET-004", "RET-005")
@pytest.mark.parametrize(
    ("product_class", "condition", "reason", "verdict", "code"),
    [
        ("general", "unopened", "no_longer_wanted", "allowed", "within_window"),
        ("general", "opened_unused", "no_longer_wanted", "person", "opened_person"),
        ("general", "used", "not_as_imagined", "refused", "used_not_returnable"),
        ("general", "used", "defective", "allowed", "within_window"),
        ("general", "defective", "no_longer_wanted", "person", "defective_other_reason"),
        ("food", "unopened", "no_longer_wanted", "refused", "class_not_returnable"),
        ("food", "unopened", "damaged", "person", "fault_of_not_returnable"),
        ("software", "unopened", "ordered_by_mistake", "allowed", "within_window"),
        ("software", "opened_unused", "ordered_by_mistake", "refused", "opened_not_returnable"),
        ("software", "opened_unused", "defective", "allowed", "within_window"),
        ("consumable", "unopened", "no_longer_wanted", "allowed", "within_window"),
        ("consumable", "opened_unused", "no_longer_wanted", "person", "opened_person"),
        ("hygiene", "opened_unused", "no_longer_wanted", "refused", "opened_not_returnable"),
        ("apparel", "opened_unused", "does_not_fit", "allowed", "within_window"),
        ("digital", "unopened", "ordered_by_mistake", "refused", "class_not_returnable"),
    ],
)
def test_class_condition_and_reason_decide_and_say_why(
    product_class: ProductClass, condition: Condition, reason: ReturnReason, verdict: str, code: str
) -> None:
    decision = decide(
        give_back(reason=reason, condition=condition), delivered(line(product_class=product_class))
    )
    assert decision.verdict == ("refused" if verdict == "person" else verdict)
    assert decision.offers_person == (verdict != "allowed")
    assert code in codes(decision)
    for language in ("ja", "en"):
        text = reason_text(decision.reasons[0], language)
        assert text
        assert "{" not in text


@pytest.mark.req("RET-005")
def test_an_agent_may_take_back_an_opened_consumable_and_a_policy_may_decide_it() -> None:
    bottle = delivered(line(product_class="consumable", quantity=1))
    action = give_back(condition="opened_unused")
    assert decide(action, bottle, AGENT).verdict == "allowed"
    rules = with_rules(returns={"classes": {"consumable": {"opened": "yes"}}})
    assert decide(action, bottle, rules=rules).verdict == "allowed"


@pytest.mark.req("RET-004")
def test_goods_for_members_only_and_goods_marked_so_stay_sold() -> None:
    members = {"shirt": PRODUCTS["shirt"].model_copy(update={"members_only": True})}
    decision = policy.decide(give_back(), delivered(), RULES, CUSTOMER, now=NOW, products=members)
    assert codes(decision) == ["members_only"]
    assert codes(decide(give_back(), delivered(line(returnable=False)))) == ["not_returnable"]


@pytest.mark.req("RET-003")
def test_a_sellers_goods_follow_the_sellers_own_window_and_postage() -> None:
    theirs = delivered(line(seller_id="kobo"))
    assert decide(give_back(), theirs, now=tokyo_day(10)).verdict == "allowed"
    late = decide(give_back(), theirs, now=tokyo_day(11))
    assert late.verdict == "refused"
    assert late.reasons[0].params["days"] == 10
    assert "seller.return_days" in late.rules
    assert "refund.after_arrival_marketplace" in decide(give_back(), theirs).rules


@pytest.mark.req("RET-003")
def test_what_the_operator_agreed_with_a_seller_goes_before_the_sellers_record() -> None:
    rules = with_rules(returns={"sellers": {"kobo": {"window_days": 20, "customer_pays_return": False}}})
    theirs = delivered(line(seller_id="kobo"))
    decision = decide(give_back(), theirs, now=tokyo_day(20), rules=rules)
    assert decision.verdict == "allowed"
    assert decision.refund == 3000
    assert decide(give_back(), theirs, now=tokyo_day(21), rules=rules).verdict == "refused"


@pytest.mark.req("RET-006")
@pytest.mark.parametrize(
    ("reason", "refund", "pays"),
    [
        ("ordered_by_mistake", 2450, True),
        ("not_as_imagined", 2450, True),
        ("defective", 3000, False),
        ("wrong_item", 3000, False),
        ("damaged", 3000, False),
    ],
)
def test_the_way_back_costs_only_when_the_reason_is_the_customers(
    reason: ReturnReason, refund: int, pays: bool
) -> None:
    decision = decide(give_back(reason=reason), delivered())
    assert decision.refund == refund
    sent = next(effect for effect in decision.effects if effect.code == "send_back")
    assert sent.params["customer_pays_shipping"] is pays
    assert sent.params["return_fee"] == (550 if pays else 0)
    assert ("return_fee" if pays else "return_label_free") in effects(decision)


@pytest.mark.req("RET-010")
def test_a_fault_after_the_window_goes_to_a_person_and_a_change_of_mind_is_declined_politely() -> None:
    fault = decide(give_back(reason="defective"), delivered(), now=tokyo_day(45))
    assert codes(fault) == ["fault_after_window"]
    assert fault.offers_person
    assert decide(give_back(reason="defective"), delivered(), AGENT, now=tokyo_day(45)).verdict == "allowed"
    other = decide(give_back(), delivered(), now=tokyo_day(45))
    assert codes(other) == ["window_over"]
    assert other.offers_person
    assert "過ぎて" in reason_text(other.reasons[0], "ja")


@pytest.mark.req("RET-009")
def test_a_refused_return_is_explained_by_its_rule_and_offers_a_person() -> None:
    decision = decide(give_back(), delivered(line(product_class="food")))
    assert decision.reasons[0].rule == "returns.classes.food.returnable"
    assert "食品" in reason_text(decision.reasons[0], "ja")
    assert decision.offers_person


@pytest.mark.req("RET-008")
def test_the_button_of_a_line_is_there_only_where_a_return_is_possible_and_else_says_why() -> None:
    of = delivered(line(), line("L2", MUG, 1, product_class="food"))
    lines = policy.possible_by_line(of, RULES, CUSTOMER, now=NOW, sellers=SELLERS, products=PRODUCTS)
    assert lines["L1"]["return"].allowed
    assert not lines["L2"]["return"].allowed
    assert codes(lines["L2"]["return"]) == ["class_not_returnable"]
    whole = policy.possible(of, RULES, CUSTOMER, now=NOW, sellers=SELLERS, products=PRODUCTS)
    assert set(whole) == set(OFFERED_NAMES)
    assert whole["return"].allowed
    assert not whole["cancel"].allowed


@pytest.mark.req("RET-013")
def test_a_wrong_item_comes_back_free_and_the_customer_chooses_refund_or_replacement() -> None:
    back = decide(give_back(reason="wrong_item"), delivered())
    swap = decide(ExchangeLine(line_id="L1", sku="shirt-m", reason="wrong_item"), delivered())
    assert back.verdict == swap.verdict == "allowed"
    assert back.refund == 3000
    assert "return_label_free" in effects(back)
    assert "return_label_free" in effects(swap)


@pytest.mark.req("RET-015")
def test_only_reasons_on_the_shops_list_are_taken_and_a_reason_is_needed() -> None:
    rules = with_rules(returns={"reasons": ["defective", "wrong_item"]})
    assert codes(decide(give_back(), delivered(), rules=rules)) == ["reason_not_offered"]
    with pytest.raises(ValueError, match="reason"):
        ReturnLines.model_validate({"lines": [{"line_id": "L1", "quantity": 1}]})
    assert give_back(comment="少し大きかったです").comment == "少し大きかったです"


def test_a_photo_may_be_asked_for() -> None:
    rules = with_rules(returns={"photo_needed_for": ["damaged"]})
    assert codes(decide(give_back(reason="damaged"), delivered(), rules=rules)) == ["photo_needed"]
    assert (
        decide(give_back(reason="damaged", photos=["att_1"]), delivered(), rules=rules).verdict == "allowed"
    )


@pytest.mark.req("RET-014")
def test_without_stock_a_refund_is_offered_instead_of_the_exchange() -> None:
    decision = decide(ExchangeLine(line_id="L1", sku="shirt-xxl", reason="does_not_fit"), delivered())
    assert codes(decision) == ["out_of_stock"]
    assert decision.alternatives == ["return"]
    two = ExchangeLine(line_id="L1", sku="shirt-l", quantity=2, reason="does_not_fit")
    assert "out_of_stock" in codes(decide(two, delivered()))


@pytest.mark.parametrize(
    ("sku", "refund", "charge"), [("shirt-l", 0, 0), ("shirt-s", 200, 0), ("shirt-xl", 0, 300)]
)
def test_an_exchange_settles_the_difference_of_the_prices(sku: str, refund: int, charge: int) -> None:
    decision = decide(ExchangeLine(line_id="L1", sku=sku, reason="does_not_fit"), delivered())
    assert decision.verdict == "allowed"
    assert (decision.refund, decision.charge) == (refund, charge)


def test_a_higher_price_that_cannot_be_charged_goes_to_a_person() -> None:
    of = delivered(line(), payments=[card(6500, tender="convenience_store", label="")])
    decision = decide(ExchangeLine(line_id="L1", sku="shirt-xl", reason="does_not_fit"), of)
    assert codes(decision) == ["cannot_charge"]
    assert decision.offers_person


@pytest.mark.parametrize(
    ("of", "code", "instead"),
    [
        (order(), "not_shipped_cancel_instead", ["cancel"]),
        (shipped(order()), "not_delivered_yet", ["refuse_delivery"]),
        (delivered(line(returned=2)), "already_returning", []),
        (delivered(line(cancelled=2)), "already_cancelled", []),
        (delivered(line(returned=1)), "too_many_pieces", []),
    ],
)
def test_what_is_not_there_cannot_come_back(of: Order, code: str, instead: list[str]) -> None:
    decision = decide(give_back(quantity=2), of)
    assert codes(decision) == [code]
    assert decision.alternatives == instead


def test_an_announced_return_counts_once_whether_or_not_the_shop_counts_its_pieces_already() -> None:
    record = ReturnRecord.model_validate(
        {
            "id": "R1",
            "at": PLACED,
            "lines": [{"line_id": "L1", "quantity": 1}],
            "reason": "defective",
            "condition": "defective",
            "refund_amount": 3000,
        }
    )
    for returned in (0, 1):
        of = delivered(line(returned=returned), returns=[record])
        assert decide(give_back(reason="late"), of).verdict == "allowed"
        assert codes(decide(give_back(quantity=2, reason="late"), of)) == ["too_many_pieces"]


def test_our_fault_gives_the_postage_back_once_nothing_is_kept() -> None:
    of = delivered(line())
    assert decide(give_back(reason="defective"), of).refund == 3000
    assert decide(give_back(reason="defective", quantity=2), of).refund == 6500
    assert decide(give_back(quantity=2), of).refund == 5450


@pytest.mark.req("PAY-012")
def test_a_refund_goes_back_to_the_tenders_it_came_from() -> None:
    tenders = [card(3000, "P2", tender="gift_card", label=""), card(3500)]
    of = delivered(line(), payments=tenders)
    decision = decide(give_back(reason="defective", quantity=2), of)
    assert [(part["payment_id"], part["amount"]) for part in decision.refund_parts] == [
        ("P1", 3500),
        ("P2", 3000),
    ]
    rules = with_rules(refund={"split": "proportional"})
    half = decide(give_back(reason="defective"), of, rules=rules)
    assert [(part["payment_id"], part["amount"]) for part in half.refund_parts] == [
        ("P1", 1615),
        ("P2", 1385),
    ]
    assert sum(part["amount"] for part in half.refund_parts) == half.refund == 3000


def test_a_gift_card_instead_of_the_card_needs_a_fresh_check() -> None:
    action = give_back(refund_to="gift_card")
    asked = decide(action, delivered())
    assert codes(asked) == ["identity"]
    assert asked.rung == 3
    done = decide(action, delivered(), FRESH)
    assert [part["tender"] for part in done.refund_parts] == ["gift_card"]
    assert done.refund_parts[0]["payment_id"] is None


@pytest.mark.req("PAY-019")
def test_a_convenience_store_payment_asks_for_the_way_out_and_takes_business_days() -> None:
    of = delivered(line(), payments=[card(6500, tender="convenience_store", label="")])
    decision = decide(give_back(), of)
    assert "ask_payout_route" in effects(decision)
    part = decision.refund_parts[0]
    assert (part["days"], part["business_days"]) == ([3, 5], True)


def test_what_was_not_paid_yet_is_not_refunded_and_not_asked_for_any_more() -> None:
    later = card(0, tender="pay_later", label="")
    decision = decide(give_back(reason="defective"), delivered(line(), payments=[later]))
    assert (decision.verdict, decision.refund) == ("allowed", 0)
    amounts = [effect.params["amount"] for effect in decision.effects if effect.code == "not_charged"]
    assert amounts == [3000]
    part_paid = delivered(line(), payments=[card(2000, "P2", tender="gift_card"), later])
    assert decide(give_back(reason="defective"), part_paid).refund == 0
    assert decide(give_back(reason="defective", quantity=2), part_paid).refund == 2000


def test_a_refusal_tells_what_stands_against_it_and_nothing_else() -> None:
    decision = decide(ExchangeLine(line_id="L1", sku="shirt-m", reason="does_not_fit"), delivered())
    assert codes(decision) == ["same_variant"]
