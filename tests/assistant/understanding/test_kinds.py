"""What a message is about: one-word inputs, the hold-out set, negation, several wishes, rejects."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from madoguchi.assistant.understanding import (
    CONNECT_TO_AGENT,
    OUT_OF_SCOPE,
    Phrases,
    Understander,
    Understanding,
)
from madoguchi.assistant.understanding.clauses import NegationReader, clauses

TODAY = date(2026, 11, 21)
HOLDOUT = tomllib.loads(Path(__file__).with_name("holdout.toml").read_text(encoding="utf-8"))
EMERGENCY_KINDS = (
    "account_security.account_takeover",
    "account_security.card_fraud",
    "account_security.unrecognized_order",
)


@lru_cache
def understander() -> Understander:
    return Understander.load()


def say(text: str, **more: object) -> Understanding:
    return understander().understand(text, today=TODAY, **more)  # type: ignore[arg-type]


def kind(text: str) -> str:
    found = say(text).intents
    return found[0].kind if found else OUT_OF_SCOPE


@pytest.mark.req("BOT-011")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("返品", "return_exchange_cancel.return_request"),
        ("キャンセル", "return_exchange_cancel.cancel_order"),
        ("届かない", "order_delivery.item_not_received"),
        ("領収書", "payment_refund.receipt"),
        ("交換", "return_exchange_cancel.exchange_request"),
        ("返金", "payment_refund.refund_request"),
        ("遅延", "order_delivery.delivery_delay"),
        ("追跡", "order_delivery.track_order"),
        ("不良品", "return_exchange_cancel.defective_item"),
        ("破損", "return_exchange_cancel.damaged_item"),
        ("住所変更", "order_delivery.change_delivery_address"),
        ("二重請求", "payment_refund.duplicate_charge"),
        ("ログインできない", "account_security.login_failure"),
        ("ﾍﾝﾋﾟﾝ", "return_exchange_cancel.return_request"),
        ("ヘンピンお願いします", "return_exchange_cancel.return_request"),
        ("すみません、返品したいのですが", "return_exchange_cancel.return_request"),
        ("return", "return_exchange_cancel.return_request"),
        ("cancel please", "return_exchange_cancel.cancel_order"),
        ("refund", "payment_refund.refund_request"),
        ("receipt", "payment_refund.receipt"),
        ("wismo", "order_delivery.track_order"),
        ("領収書発行", "payment_refund.receipt"),
        ("配送状況確認", "order_delivery.track_order"),
    ],
)
def test_one_word_is_enough(text: str, expected: str) -> None:
    understood = say(text)
    assert understood.intents[0].kind == expected
    assert understood.intents[0].confidence >= 0.9


@pytest.mark.req("BOT-010")
@pytest.mark.parametrize("language", ["ja", "en"])
def test_nine_of_ten_unseen_utterances_get_their_kind(language: str) -> None:
    told = [(expected, kind(text)) for expected, texts in HOLDOUT.items() for text in texts[language]]
    right = sum(expected == found for expected, found in told)
    assert len(told) >= 15 * 29
    assert right / len(told) >= 0.90


@pytest.mark.req("BOT-010")
def test_a_confidence_of_nine_tenths_is_right_nineteen_times_of_twenty() -> None:
    sure = [
        found.intents[0].kind == expected
        for expected, texts in HOLDOUT.items()
        for text in (*texts["ja"], *texts["en"])
        if (found := say(text)).intents and found.intents[0].confidence >= 0.9
    ]
    assert sum(sure) / len(sure) >= 0.95


def test_in_the_hold_out_set_persons_and_emergencies_are_all_found_and_hardly_anything_else() -> None:
    lines = [(kind, text) for kind, texts in HOLDOUT.items() for text in (*texts["ja"], *texts["en"])]
    false: list[str] = []
    for expected, text in lines:
        found = say(text)
        assert found.wants_person or expected != CONNECT_TO_AGENT, text
        assert found.emergency or expected not in EMERGENCY_KINDS, text
        if found.wants_person and expected != CONNECT_TO_AGENT:
            false.append(text)
        if found.emergency and expected not in EMERGENCY_KINDS:
            false.append(text)
    assert len(false) <= len(lines) / 100, false


def test_the_hold_out_set_is_none_of_the_phrases() -> None:
    learnt = {
        text
        for by_language in Phrases.shipped().examples.values()
        for texts in by_language.values()
        for text in texts
    }
    assert not learnt & {
        text for texts in HOLDOUT.values() for language in ("ja", "en") for text in texts[language]
    }


def test_every_kind_has_forty_five_phrases_in_both_languages() -> None:
    for name, by_language in Phrases.shipped().examples.items():
        for language in ("ja", "en"):
            assert len(set(by_language[language])) >= 45, (name, language)


@pytest.mark.parametrize(
    ("text", "negated", "wanted"),
    [
        (
            "返品じゃなくて交換したい",
            "return_exchange_cancel.return_request",
            "return_exchange_cancel.exchange_request",
        ),
        (
            "キャンセルではなく住所変更です",
            "return_exchange_cancel.cancel_order",
            "order_delivery.change_delivery_address",
        ),
        (
            "返品せずに返金してほしい",
            "return_exchange_cancel.return_request",
            "payment_refund.refund_request",
        ),
        (
            "I don't want a refund, I want an exchange",
            "payment_refund.refund_request",
            "return_exchange_cancel.exchange_request",
        ),
        (
            "not a return but an exchange",
            "return_exchange_cancel.return_request",
            "return_exchange_cancel.exchange_request",
        ),
    ],
)
def test_what_is_negated_is_not_wanted(text: str, negated: str, wanted: str) -> None:
    understood = say(text)
    assert understood.negated == (negated,)
    assert understood.intents[0].kind == wanted
    assert negated not in {i.kind for i in understood.intents}


KEYWORDS = {
    "退货": "return_exchange_cancel.return_request",
    "退貨": "return_exchange_cancel.return_request",
    "退款": "payment_refund.refund_request",
    "换货": "return_exchange_cancel.exchange_request",
    "取消": "return_exchange_cancel.cancel_order",
    "반품": "return_exchange_cancel.return_request",
    "환불": "payment_refund.refund_request",
    "교환": "return_exchange_cancel.exchange_request",
    "취소": "return_exchange_cancel.cancel_order",
}


@pytest.mark.parametrize(
    ("text", "negated", "rest"),
    [
        ("不要退货，要换货", "return_exchange_cancel.return_request", "换货"),
        ("不是退貨，是換貨", "return_exchange_cancel.return_request", "換貨"),
        ("我不想退款，想换货", "payment_refund.refund_request", "我 换货"),
        ("退货就不用了，帮我换一个", "return_exchange_cancel.return_request", "帮我换一个"),
        ("别取消我的订单", "return_exchange_cancel.cancel_order", ""),
        ("반품 말고 교환", "return_exchange_cancel.return_request", "교환"),
        ("환불은 필요없고 교환해주세요", "payment_refund.refund_request", "교환해주세요"),
        ("취소하지 마세요", "return_exchange_cancel.cancel_order", ""),
    ],
)
def test_negation_is_heard_in_chinese_and_korean(text: str, negated: str, rest: str) -> None:
    found = NegationReader(KEYWORDS).read(text)
    assert found.kinds == (negated,)
    assert found.rest == rest


@pytest.mark.parametrize(
    "text",
    [
        "不能退货吗",
        "为什么不能取消订单",
        "还没退款",
        "怎么取消",
        "환불이 안 돼요",
        "취소가 안되네요",
        "반품 문의",
        "교환 되나요",
    ],
)
def test_what_could_not_be_done_is_not_negated_in_chinese_and_korean(text: str) -> None:
    assert NegationReader(KEYWORDS).read(text).kinds == ()


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("我要取消订单，另外上一单要开发票", ["我要取消订单", "上一单要开发票"]),
        ("我想退貨，順便問一下什麼時候退款", ["我想退貨", "什麼時候退款"]),
        ("반품하고 싶어요. 그리고 영수증도 주세요", ["반품하고 싶어요", "영수증도 주세요"]),
    ],
)
def test_two_wishes_are_cut_apart_in_chinese_and_korean(text: str, parts: list[str]) -> None:
    assert [part.strip() for part in clauses(text)] == parts


@pytest.mark.parametrize(
    "text", ["キャンセルしないでください", "please don't cancel my order", "返品はしません"]
)
def test_a_refused_deed_is_never_an_intent(text: str) -> None:
    understood = say(text)
    assert understood.negated
    assert not {i.kind for i in understood.intents} & set(understood.negated)


@pytest.mark.parametrize(
    "text", ["you did not refund me", "I can't cancel my order", "返金されていない", "キャンセルできない"]
)
def test_something_that_did_not_happen_is_not_negated(text: str) -> None:
    assert say(text).negated == ()


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        (
            "返品したいです。あと、領収書もください",
            "return_exchange_cancel.return_request",
            "payment_refund.receipt",
        ),
        (
            "I want to cancel my order and also I need a receipt for the last one",
            "return_exchange_cancel.cancel_order",
            "payment_refund.receipt",
        ),
        (
            "荷物がまだ届きません。それと、カード情報を変更したいです。",
            "order_delivery.item_not_received",
            "payment_refund.payment_method_update",
        ),
    ],
)
def test_two_wishes_in_one_message_are_both_found_in_order(text: str, first: str, second: str) -> None:
    kinds = [i.kind for i in say(text).intents]
    assert kinds[0] == first
    assert second in kinds[1:]


@pytest.mark.parametrize(
    "text", ["フガフガモゲラ", "qwertzuiop", "🎉🎉🎉", "。。。", "12345", "今日の天気は?", "tell me a joke"]
)
def test_what_is_not_our_trade_gets_no_kind_of_ours(text: str) -> None:
    assert kind(text) == OUT_OF_SCOPE


def test_context_moves_an_ambiguous_message_but_not_a_clear_one() -> None:
    weights = {"order_delivery.delivery_delay": 6.0}
    plain = {i.kind: i.confidence for i in say("荷物がまだです").intents}
    moved = {i.kind: i.confidence for i in say("荷物がまだです", context=weights).intents}
    assert moved.get("order_delivery.delivery_delay", 0) > plain.get("order_delivery.delivery_delay", 0)
    assert say("領収書を発行してください", context=weights).intents[0].kind == "payment_refund.receipt"


@settings(max_examples=150, deadline=None)
@given(st.text(st.characters(), max_size=80))
def test_understanding_never_raises(text: str) -> None:
    understood = say(text)
    assert all(0 <= i.confidence <= 1 for i in understood.intents)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\ud83d",
        "a\udfffb",
        "\x00",
        "返品" * 2000,
        "a" * 4000,
        "1" * 4000,
        "はい" * 2000,
        "👨‍👩‍👧‍👦" * 500,
        "-" * 4000,
        "no " * 1333,
        "((((" * 900,
    ],
)
def test_hostile_and_huge_texts_are_understood_or_rejected_but_never_raise(text: str) -> None:
    understood = say(text)
    understood.text.encode("utf-8")
    assert len(understood.text) <= 4000
