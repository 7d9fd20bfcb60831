"""Cards and proposals in words: complete in both languages, named by the deed, true to the decision."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings

from madoguchi.counter.actors import Actor
from madoguchi.counter.orders import phrases, policy, service
from madoguchi.counter.orders.actions import (
    ACTION_NAMES,
    Action,
    CancelOrder,
    ChangePayment,
    LineChoice,
    RefundMissing,
    ReshipMissing,
    ReturnLines,
)
from madoguchi.counter.orders.model import (
    Effect,
    Order,
    OrderState,
    ParcelState,
    Proposal,
    Reason,
    Refund,
    ReturnReason,
    Tender,
)
from madoguchi.counter.orders.wording import order_view, proposal_view, reason_text, stage_text
from madoguchi.engine.texts import catalogue
from tests.orders.build import (
    BOT,
    CUSTOMER,
    NOW,
    NUMBER,
    PRODUCTS,
    RULES,
    SELLERS,
    card,
    decide,
    delivered,
    line,
    order,
    parcel,
    shipped,
)
from tests.orders.test_prices import actors, any_action, any_order

ROOM = Path(phrases.__file__).parent
TABLES = (
    phrases.REASONS,
    phrases.EFFECTS,
    phrases.TENDERS,
    phrases.CLASSES,
    phrases.ACTIONS,
    phrases.RETURN_REASONS,
    phrases.STAGES,
)


def proposed(action: Action, of: Order, actor: Actor = CUSTOMER, **changes: object) -> Proposal:
    decision = decide(action, of, actor)
    given: dict[str, object] = {
        "id": "prop_1",
        "contact_id": None,
        "customer_id": "cust_1",
        "order_number": of.number,
        "order_version": of.version,
        "action": action.action,
        "request": action.model_dump(mode="json"),
        "decision": decision,
        "digest": service.digest(actor.kind, actor.id, of, action.model_dump(mode="json"), decision),
        "state": "offered",
        "actor_kind": actor.kind,
        "actor_id": actor.id,
        "created_at": NOW,
        "expires_at": NOW + timedelta(minutes=15),
    }
    return Proposal.model_validate({**given, **changes})


# ── complete ──────────────────────────────────────────────────────────────────────────────────────


def test_every_text_of_the_room_has_a_japanese_one_with_the_same_places() -> None:
    japanese = catalogue("ja")
    texts = (
        {text for table in TABLES for text in table.values()} | {phrases.UNKNOWN_REASON} | _texts_in_code()
    )
    assert len(texts) > 150
    for text in sorted(texts):
        assert text in japanese, text
        found = japanese[text]
        for translation in [found] if isinstance(found, str) else found:
            assert set(re.findall(r"{\w+}", translation)) <= set(re.findall(r"{\w+}", text)), text
            assert not re.search(r"[A-Za-z]{2,}", re.sub(r"{\w+}", "", translation)), translation


def _texts_in_code() -> set[str]:
    found: set[str] = set()
    for name in ("cards.py", "wording.py", "phrases.py"):
        source = (ROOM / name).read_text("utf-8")
        found |= set(re.findall(r'\btrn?\(\s*language,\s*"([^"]+)"', source))
    return found


def test_every_code_that_the_policy_can_say_has_words() -> None:
    source = "\n".join(path.read_text("utf-8") for path in (ROOM / "policy").glob("*.py"))
    effects = set(re.findall(r'draft\.effect\(\s*"(\w+)"', source)) | set(
        re.findall(r'self\.effect\("(\w+)"', source)
    )
    reasons = set(re.findall(r'\.(?:refuse|note|person_decides|_add)\(\s*"(\w+)"', source))
    assert len(reasons) > 50
    assert reasons <= set(phrases.REASONS)
    assert len(effects) > 15
    assert effects <= set(phrases.EFFECTS)


@pytest.mark.req("ORD-003")
@pytest.mark.parametrize("state", get_args(ParcelState))
def test_every_state_of_a_parcel_is_one_of_the_stages_with_carrier_and_number(state: ParcelState) -> None:
    of = shipped(order(), state)
    for language in ("ja", "en"):
        card_ = order_view(of, language, NOW)["parcels"][0]
        assert card_["state_label"] != stage_text("no such state", language)
        assert (card_["carrier"], card_["tracking_number"]) == ("ヤマト運輸", "440000000001")


@pytest.mark.req("ORD-003")
def test_a_state_that_we_do_not_know_is_said_to_be_so() -> None:
    assert stage_text("teleported", "ja") == "状況を確認できません"
    assert stage_text("teleported", "en") == "State not known"


@pytest.mark.parametrize(
    "names", [get_args(OrderState), ("requested", "label", "received", "refunded", "sent", "done")]
)
def test_all_other_stages_have_words_too(names: tuple[str, ...]) -> None:
    assert all(stage_text(name, "en") != "State not known" for name in names)
    assert set(phrases.ACTIONS) >= set(ACTION_NAMES)
    assert set(phrases.RETURN_REASONS) == set(get_args(ReturnReason))
    assert set(phrases.TENDERS) == set(get_args(Tender))


@given(any_order(), any_action, actors)
@settings(max_examples=150, deadline=None)
def test_whatever_is_decided_can_be_told_without_a_gap_or_an_english_left_over(
    of: Order, action: Action, actor: Actor
) -> None:
    decision = policy.decide(action, of, RULES, actor, now=NOW, sellers=SELLERS, products=PRODUCTS)
    for reason in decision.reasons:
        text = reason_text(reason, "ja")
        assert "{" not in text
        assert re.search(r"[ぁ-ん]", text)
    view = proposal_view(proposed(action, of, actor), of, "ja", RULES)
    assert all("{" not in text for text in view["effects"])
    assert order_view(of, "en", NOW)["number"] == of.number


def test_a_reason_from_a_shop_that_we_have_no_words_for_offers_a_person() -> None:
    assert "担当者" in reason_text(Reason(code="gremlins"), "ja")


# ── named by the deed ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("action", "of", "ja", "en"),
    [
        (CancelOrder(), order(), "注文をすべてキャンセルする", "Cancel the whole order"),
        (
            CancelOrder(lines=[LineChoice(line_id="L2", quantity=2)]),
            order(),
            "2点をキャンセルする",
            "Cancel 2 items",
        ),
        (RefundMissing(), shipped(order(), "lost"), "9,500円を返金する", "Refund ¥9,500"),
        (ReshipMissing(), shipped(order(), "lost"), "もう一度発送する", "Send it again"),
        (
            ReturnLines(lines=[LineChoice(line_id="L1", quantity=1)], reason="late"),
            delivered(),
            "1点を返品する",
            "Return 1 item",
        ),
        (
            ChangePayment(tender="card"),
            order(state="awaiting_payment", payments=[card(0, tender="bank_transfer")]),
            "クレジットカードに変更する",
            "Pay by credit card",
        ),
    ],
)
def test_the_button_names_the_deed(action: Action, of: Order, ja: str, en: str) -> None:
    proposal = proposed(action, of)
    assert proposal_view(proposal, of, "ja")["confirm_label"] == ja
    assert proposal_view(proposal, of, "en")["confirm_label"] == en


def test_a_deed_that_waits_for_a_person_says_so_on_the_button() -> None:
    of = shipped(order(line(quantity=4)), "lost")
    view = proposal_view(proposed(RefundMissing(), of, BOT), of, "ja")
    assert view["needs_approval"]
    assert view["confirm_label"] == "12,500円を返金する（担当者の確認後）"


@pytest.mark.req("PAY-010")
def test_a_card_refund_names_both_dates() -> None:
    view = proposal_view(proposed(CancelOrder(), order()), order(), "ja")
    refund = next(text for text in view["effects"] if "クレジットカード" in text)
    assert refund == (
        "9,500円をクレジットカード（Visa 末尾4242）に返金します（11月30日(月)まで。ご利用明細への反映は11月30日(月)ごろまで）。"
    )
    assert {"label": "返金額", "value": "9,500円"} in view["rows"]


def test_an_effect_tells_what_was_decided_in_both_languages() -> None:
    effect = Effect(
        code="cancel_lines",
        params={"lines": [{"line_id": "L2", "quantity": 2, "item": {"ja": "マグ", "en": "Mug"}}]},
    )
    assert phrases.effect_text(effect, "ja") == "キャンセルする商品：マグ × 2"
    assert phrases.effect_text(effect, "en") == "Cancelled: Mug × 2"


def test_a_finished_proposal_shows_its_receipt_and_a_failed_one_why() -> None:
    done = proposed(CancelOrder(), order(), state="done", receipt={"reference": "M123"}, finished_at=NOW)
    receipt = proposal_view(done, order(), "ja")["receipt"]
    assert receipt["title"] == "注文のキャンセルの手続きが完了しました"
    assert {"label": "受付番号", "value": "M123"} in receipt["rows"]
    failed = proposed(
        CancelOrder(), order(), state="failed", receipt={"reasons": [{"code": "already_shipped"}]}
    )
    assert "発送されています" in proposal_view(failed, order(), "ja")["receipt"]["text"]


# ── order cards ───────────────────────────────────────────────────────────────────────────────────


def test_an_order_card_has_goods_date_states_payments_and_sums() -> None:
    view = order_view(delivered(discount=300), "ja", NOW)
    assert view["placed_text"] == "11月10日(火)"
    assert view["state_label"] == "お届け済み"
    assert [row["label"] for row in view["lines"]] == ["綿シャツ", "マグカップ"]
    assert view["payments"][0]["kind_label"] == "請求済み"
    assert view["total_text"] == "9,200円"


@pytest.mark.req("PAY-002")
def test_what_is_held_and_what_was_charged_are_different_lines() -> None:
    rows = order_view(order(payments=[card(3000, authorised=9500)]), "ja", NOW)["payments"]
    assert [(row["kind"], row["amount"]) for row in rows] == [("charged", 3000), ("held", 6500)]
    assert rows[1]["kind_label"] == "与信のみ（請求なし）"


@pytest.mark.req("PAY-002", "PAY-010")
def test_a_refund_shows_its_stage_and_both_dates() -> None:
    refund = Refund(
        id="F1", at=NOW, amount=3000, tender="card", label="Visa 末尾4242", payment_id="P1", state="sent"
    )
    row = order_view(order(refunds=[refund]), "en", NOW)["refunds"][0]
    assert row["stage_label"] == "Refund sent"
    assert row["expected_text"] == (
        "Expected between Thu 26 Nov and Mon 30 Nov. Your statement shows it by Mon 30 Nov."
    )


@pytest.mark.req("PAY-004")
def test_the_rows_of_the_price_sum_to_its_total() -> None:
    of = order(line(discount=100, tax=509), discount=200, shipping_fee=500)
    rows = order_view(of, "en", NOW)["sums"]
    numbers = {row["label"]: int(re.sub(r"[^\d-]", "", row["value"])) for row in rows}
    assert numbers == {
        "Items": 6000,
        "Discount": -300,
        "Shipping fee": 500,
        "Total": 6200,
        "of this, tax": 509,
    }


@pytest.mark.parametrize(
    ("of", "ja"),
    [
        (order(promised_to=date(2026, 11, 24)), "11月24日(火)までに届く予定です"),
        (order(), "お届け予定日（11月14日(土)）より遅れています"),
        (delivered(), "11月13日(金)にお届け済みです"),
        (order(state="awaiting_payment", payments=[]), "お支払いをお待ちしています。"),
        (shipped(order(), "lost"), "配送状況をご確認ください：紛失"),
    ],
)
def test_the_headline_says_when_it_comes_or_what_is_wrong(of: Order, ja: str) -> None:
    assert order_view(of, "ja", NOW)["headline"] == ja


def test_a_lost_parcel_that_was_sent_again_is_no_trouble_any_more() -> None:
    of = shipped(order(), "lost")
    again = parcel(of, "in_transit", "S1-R", replaces="S1", promised_to=date(2026, 11, 22))
    view = order_view(of.model_copy(update={"parcels": [*of.parcels, again]}), "en", NOW)
    assert view["headline"] == "Expected by Sun 22 Nov"
    assert view["number"] == NUMBER
