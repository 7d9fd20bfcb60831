"""Flows as a registry: every one loads only with a way to a person, and has one in fact."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from madoguchi.assistant import flows
from madoguchi.assistant.flows import FlowError, flow
from madoguchi.assistant.talk import Outcome, Talk
from madoguchi.counter.contacts import events
from madoguchi.counter.routing.queues import queues
from madoguchi.faces.house import House
from madoguchi.rehearsal.chat import Chat

NAMED = {
    "order_delivery.track_order", "order_delivery.order_status", "order_delivery.delivery_delay",
    "order_delivery.item_not_received", "order_delivery.change_delivery_address", "order_delivery.change_order",
    "return_exchange_cancel.cancel_order", "return_exchange_cancel.return_request",
    "return_exchange_cancel.return_policy", "return_exchange_cancel.exchange_request",
    "return_exchange_cancel.defective_item", "return_exchange_cancel.damaged_item",
    "return_exchange_cancel.wrong_item", "payment_refund.refund_status", "payment_refund.duplicate_charge",
    "payment_refund.receipt", "payment_refund.payment_method_update", "account_security.account_takeover",
    "account_security.unrecognized_order", "account_security.card_fraud", "support_service.connect_to_agent",
    "support_service.chat_resume", "support_service.contact_channels_hours", "support_service.case_follow_up",
    "support_service.feedback_complaint", "general.out_of_scope",
    "order_delivery.place_order", "order_delivery.misdelivery", "order_delivery.delivery_failed",
    "order_delivery.redelivery", "order_delivery.carrier_issue", "order_delivery.cross_border_delivery",
    "order_delivery.product_inquiry", "order_delivery.delivery_estimate", "payment_refund.incorrect_charge",
    "payment_refund.unrecognized_charge", "payment_refund.payment_failure", "payment_refund.payment_options",
    "payment_refund.gift_card_points", "return_exchange_cancel.return_not_allowed",
    "return_exchange_cancel.return_window_expired", "return_exchange_cancel.return_shipping",
    "return_exchange_cancel.cancel_window_expired",
}  # fmt: skip


def test_every_promised_kind_has_a_flow() -> None:
    assert set(flows.load()) >= NAMED


def test_a_flow_without_a_way_to_a_person_does_not_load(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = flows.load()
    monkeypatch.setattr(flows, "_flows", {"order_delivery.track_order": loaded["order_delivery.track_order"]})

    async def dead_end(talk: Talk) -> Outcome:
        return Outcome("answer")

    with pytest.raises(FlowError, match="no exit to a person"):
        flow("general.site_usage", queue="")(dead_end)
    with pytest.raises(FlowError, match="no kind of enquiry"):
        flow("general.nonsense")(dead_end)
    with pytest.raises(FlowError, match="has a flow already"):
        flow("order_delivery.track_order")(dead_end)


def test_every_way_to_a_person_leads_to_a_queue_that_is_there(house: House) -> None:
    there = {queue.id for queue in house.database.read(queues)}
    assert {each.queue for each in flows.load().values()} <= there


@pytest.mark.req("HND-002")
@pytest.mark.parametrize("kind", sorted(NAMED))
@pytest.mark.parametrize("words", ["担当者につないで", "I want to talk to a person", "상담원 연결해 주세요"])
def test_a_person_is_reached_in_one_turn_from_every_flow(
    kind: str, words: str, chat: Callable[..., Chat]
) -> None:
    talk = chat("C1001", problem=kind)
    if talk.contact.owner_kind == "assistant":
        talk.say(words)
    assert talk.contact.owner_kind == "queue"
    assert talk.facts(events.HAND_OVER)[-1]["summary"]["problem"] or kind.endswith(("agent", "scope"))


@pytest.mark.req("BOT-001", "BOT-003", "CH-034", "BOT-023")
def test_a_contact_without_words_is_greeted_at_any_hour(house: House, chat: Callable[..., Chat]) -> None:
    house.database.clock.forward(hours=15)  # type: ignore[attr-defined]
    greeted = chat("C1001")
    assert "AIアシスタント" in greeted.text and "「" in greeted.text
    assert len(greeted.labels) >= 5 and "担当者と話す" in greeted.labels
    assert greeted.contact.owner_kind == "assistant"
    assert house.assistant.greet(greeted.contact) == greeted.answers[0].body


def test_at_night_a_hand_over_says_honestly_when_people_are_back(
    house: House, chat: Callable[..., Chat]
) -> None:
    house.database.clock.forward(hours=12)  # type: ignore[attr-defined]
    talk = chat("C1001")
    talk.say("担当者と話したい")
    assert "受付時間外" in talk.text and "11月21日(土) 9:00" in talk.text
    assert talk.contact.owner_kind == "queue"


@pytest.mark.req("BOT-013")
def test_the_same_question_gets_each_customer_their_own_facts(chat: Callable[..., Chat]) -> None:
    one, other = chat("C1012"), chat("C1016")
    one.say("荷物はどこですか"), other.say("荷物はどこですか")
    assert "保湿クリーム" in one.text and "保湿クリーム" not in other.text
    assert "炊飯器" in other.text or "お届け" in other.text


@pytest.mark.req("BOT-011")
@pytest.mark.parametrize(
    ("words", "flow_of_it"),
    [
        ("返品", "return_exchange_cancel.return_request"),
        ("キャンセル", "return_exchange_cancel.cancel_order"),
        ("届かない", "order_delivery.item_not_received"),
        ("領収書", "payment_refund.receipt"),
        ("交換", "return_exchange_cancel.exchange_request"),
    ],
)
def test_one_word_leads_to_the_right_flow(words: str, flow_of_it: str, chat: Callable[..., Chat]) -> None:
    talk = chat("C1001")
    talk.say(words)
    assert talk.facts(events.FLOW_STARTED)[-1]["flow"] == flow_of_it


@pytest.mark.req("BOT-010")
def test_every_message_is_classified_with_its_confidence(chat: Callable[..., Chat]) -> None:
    talk = chat("C1001")
    talk.say("ヘッドホンを返品したい")
    (understood,) = talk.facts(events.UNDERSTOOD)
    assert understood["intents"][0]["kind"] == "return_exchange_cancel.return_request"
    assert 0.5 < understood["intents"][0]["confidence"] <= 1 and understood["by"]
    assert talk.contact.topic == "return_exchange_cancel.return_request"


@pytest.mark.req("HND-006", "BOT-015", "BOT-021")
def test_the_summary_holds_problem_order_facts_wish_and_what_was_tried(chat: Callable[..., Chat]) -> None:
    talk = chat("C1001")
    talk.say("ヘッドホンが壊れていて音が出ません")
    talk.say("写真はありません")
    talk.say("担当者と話したいです")
    summary = talk.summary
    assert "音が出ません" in summary["problem"]
    assert summary["order"].startswith("503-0001001-0000004")
    labels = {fact["label"]: fact["value"] for fact in summary["facts"]}
    assert labels["写真"] == "なし" and "音が出ません" in labels["症状"]
    assert summary["wish"] and summary["question"] and summary["reason"] == "お客様のご希望"


@pytest.mark.req("BOT-029")
def test_asked_what_it_can_do_it_lists_it_and_the_way_to_a_person(chat: Callable[..., Chat]) -> None:
    talk = chat("C1001")
    talk.say("AIで何ができる？")
    assert "返品・交換" in talk.text and "担当者と話す" in talk.labels


def test_a_stranger_learns_the_same_of_an_order_that_is_not_theirs_and_one_that_is_not_there(
    chat: Callable[..., Chat],
) -> None:
    theirs, nobodys = chat("C1004"), chat("C1004")
    theirs.say("503-0001001-0000001 の配送状況を教えて")
    nobodys.say("503-9999999-9999999 の配送状況を教えて")
    assert theirs.text.replace("503-0001001-0000001", "N") == nobodys.text.replace("503-9999999-9999999", "N")
