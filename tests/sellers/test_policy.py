"""The seller's clock, what passes through the shop, and what the guarantee covers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from madoguchi.connectors.embedded.demo import cast
from madoguchi.counter.orders.rules import Rules, RulesError
from madoguchi.counter.sellers.policy import MASK, answer_by, cover, is_sellers, without_addresses
from madoguchi.faces.house import House

RULES = Rules.load()
FRIDAY = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)  # noon in Tokyo


def _rules(**sellers: object) -> Rules:
    return RULES.model_copy(update={"sellers": RULES.sellers.model_copy(update=sellers)})


@pytest.mark.req("SEL-003", "SLA-032")
def test_a_seller_has_twenty_four_hours() -> None:
    assert answer_by(FRIDAY, RULES) - FRIDAY == timedelta(hours=24)


def test_days_without_business_do_not_count_where_the_shop_says_so() -> None:
    # Saturday, Sunday, and Monday 23 November, a holiday
    by = answer_by(FRIDAY, _rules(counts="business_days"))
    assert by == datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
    on_sunday = answer_by(FRIDAY + timedelta(days=2), _rules(counts="business_days"))
    assert on_sunday == datetime(2026, 11, 24, 15, 0, tzinfo=UTC)  # the end of Tuesday


def test_a_reminder_after_the_end_is_no_policy(tmp_path: object) -> None:
    with pytest.raises(RulesError, match="remind_before_hours"):
        _load("[sellers]\nremind_before_hours = 24\n", tmp_path)


def _load(text: str, folder: object) -> Rules:
    path = folder / "policy.toml"  # type: ignore[operator]
    path.write_text(text, "utf-8")
    return Rules.load(path)


@pytest.mark.req("SEL-002")
@pytest.mark.parametrize(
    "words",
    [
        "naoki.kato@example.jp に返事をください",
        "０９０−１２３４−５６７８ではなく 090-1234-5678 へ",
        "電話は03-1234-5678です",
        "LINEは https://line.example/abc",
        "call +81 90 1234 5678",
        "naoki＠example.co.jp",
    ],
)
def test_addresses_do_not_pass(words: str) -> None:
    passed = without_addresses(words)
    assert MASK in passed
    assert "1234-5678" not in passed and "example" not in passed


@pytest.mark.parametrize(
    "words",
    [
        "503-0001011-0000001 のマグカップ2個",
        "1,980円でした",
        "11月20日 10:30に届きました",
        "サイズは 30-40 cm",
    ],
)
def test_numbers_that_are_no_telephone_pass(words: str) -> None:
    assert without_addresses(words) == words


@pytest.mark.req("SEL-006")
def test_the_guarantee_covers_the_sellers_goods_up_to_its_limit_and_for_a_time(house: House) -> None:
    order = house.shop.order(cast.MARKETPLACE_DELIVERED)
    assert order is not None and is_sellers(order, "seller-kogei") and not is_sellers(order, "seller-yama")
    now = house.database.clock()
    theirs = sum(
        line.unit_price * line.quantity - line.discount
        for line in order.lines
        if line.seller_id == "seller-kogei"
    )
    assert cover(order, "seller-kogei", RULES, now).most == theirs > 0
    assert cover(order, "seller-yama", RULES, now).reason == "nothing_left"
    assert cover(order, "seller-kogei", RULES, now + timedelta(days=100)).reason == "too_late"
    low = RULES.model_copy(update={"guarantee": RULES.guarantee.model_copy(update={"limit": {"JPY": 1000}})})
    assert cover(order, "seller-kogei", low, now).most == 1000
