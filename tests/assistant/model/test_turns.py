"""The model in real turns: it helps where it can, and where it cannot the turn is what it would have been."""

from __future__ import annotations

import json
import time

import pytest

from madoguchi.assistant.model import calls
from madoguchi.assistant.understanding import Model
from madoguchi.counter.actors import Rung
from madoguchi.counter.contacts import events
from madoguchi.faces.house import House
from madoguchi.rehearsal.chat import Chat
from tests.assistant.model import server
from tests.assistant.model.conftest import Furnish
from tests.assistant.model.server import BROKEN, UNUSABLE, Act, Character, InProcess, Request, streamed

UNKNOWN_WORDS = "青いほうのあれがこうなっていまして"
TOTAL_S = 0.8


def reads(kind: str, confidence: float = 0.9, **more: object) -> Character:
    answer = {"intents": [{"kind": kind, "confidence": confidence}], **more}

    def helpful(request: Request) -> Act:
        system = request["messages"][0]["content"]
        if '"intents"' in system:
            return streamed(json.dumps(answer, ensure_ascii=False))
        if '"phrases"' in system:
            phrases = request["messages"][1]["content"].splitlines()[1:-1]
            kinder = [f"恐れ入りますが、{phrase}" for phrase in phrases]
            return streamed(json.dumps({"phrases": kinder}, ensure_ascii=False))
        return streamed("お客様は荷物を待っています。")

    return helpful


def transport(house: House) -> InProcess:
    client = house.colleague.client
    assert client is not None and isinstance(client._transport, InProcess)
    return client._transport


def told(chat: Chat) -> list[tuple[str, object]]:
    """What the customer was told, and by which buttons they may answer."""
    return [
        (entry.body["text"], entry.body.get("choices"))
        for entry in chat.entries
        if entry.kind == events.MESSAGE and entry.author_kind == "assistant"
    ]


@pytest.mark.req("TECH-003", "TECH-009")
def test_words_that_the_rules_do_not_know_are_read_by_the_model(furnish: Furnish) -> None:
    without = Chat(furnish(understanding=False))
    without.say(UNKNOWN_WORDS)
    helped = Chat(furnish(reads("order_delivery.track_order", slots={"product": "青いほうのあれ"})))
    helped.say(UNKNOWN_WORDS)
    assert helped.contact.topic == "order_delivery.track_order" != without.contact.topic
    noted = helped.facts(events.UNDERSTOOD)[-1]
    assert noted["by"] == f"{Model.load().version} + double-1"
    assert noted["slots"] == {"product": "青いほうのあれ"}
    assert without.facts(events.UNDERSTOOD)[-1]["by"] == Model.load().version


def test_what_the_rules_are_sure_of_is_asked_of_nobody(furnish: Furnish) -> None:
    house = furnish(reads("general.out_of_scope"), wording=False)
    chat = Chat(house)
    chat.say("担当者と話したい")
    assert transport(house).calls == 1, "the paragraph of the hand-over alone"
    assert chat.contact.owner_kind == "queue"


def test_set_phrases_are_put_in_other_words_and_facts_stay_to_the_letter(furnish: Furnish) -> None:
    plain, polite = (
        Chat(furnish(wording=False, understanding=False)),
        Chat(furnish(reads("general.site_usage", 0.0), understanding=False)),
    )
    for chat in (plain, polite):
        chat.say("返品したい")
    assert told(plain) != told(polite) and "恐れ入りますが、" in polite.text
    assert [text.replace("恐れ入りますが、", "") for text, _ in told(polite)] == [t for t, _ in told(plain)]
    assert [choices for _, choices in told(polite)] == [choices for _, choices in told(plain)]


def test_a_proposal_and_its_question_are_never_shown_to_the_model(furnish: Furnish) -> None:
    house = furnish(reads("general.site_usage", 0.0), understanding=False)
    chat = Chat(house)
    chat.say("デスクライトをキャンセルしたい")
    assert any(card["kind"] == "proposal" for card in chat.cards)
    with_proposal = next(entry for entry in chat.answers if entry.body.get("card"))
    assert "恐れ入りますが、" not in with_proposal.body["text"]


def test_a_hand_over_gets_a_marked_paragraph_for_staff_beside_its_own_facts(furnish: Furnish) -> None:
    chat = Chat(furnish(reads("order_delivery.item_not_received")))
    chat.say("荷物が届きません")
    chat.say("担当者と話したい")
    notes = [entry for entry in chat.entries if entry.kind == events.NOTE]
    assert [entry.visibility for entry in notes] == ["internal"]
    assert notes[0].body["text"].startswith("言語モデルによる要約（double-1、未確認）")
    assert set(chat.summary) == {"problem", "order", "facts", "tried", "wish", "question", "reason"}


@pytest.mark.parametrize("how", [*BROKEN, *UNUSABLE])
def test_whatever_the_model_does_the_same_turn_answers_as_if_there_were_none(
    how: str, furnish: Furnish
) -> None:
    lines = (UNKNOWN_WORDS, "返品したい", "担当者と話したい")
    house = furnish(understanding=False, wording=False, summaries=False)
    alone = Chat(house)
    with server.endpoint({**BROKEN, **UNUSABLE}[how]) as running:
        troubled = Chat(furnish(base_url=running.base_url, first_token_s=0.2, total_s=0.7, failures=1))
        for line in lines:
            began = time.monotonic()
            alone.say(line)
            between = time.monotonic()
            troubled.say(line)
            assert time.monotonic() - between < 0.7 + 1.3 + 3 * (between - began)
    assert told(troubled) == told(alone)
    assert troubled.contact.owner_kind == "queue" and not troubled.facts(events.TURN_FAILED)


def test_after_failures_in_a_row_the_model_is_left_alone(furnish: Furnish) -> None:
    house = furnish(server.refuses(503), failures=2, pause_s=600)
    for _ in range(4):
        Chat(house).say(UNKNOWN_WORDS)
    assert transport(house).calls == 4, "two calls, each tried once more"


@pytest.mark.parametrize("budget", ["budget_contact", "budget_day", "calls_contact"])
def test_a_budget_of_nothing_stops_every_call(budget: str, furnish: Furnish) -> None:
    house = furnish(reads("order_delivery.track_order"), **{budget: 0})
    chat = Chat(house)
    chat.say(UNKNOWN_WORDS)
    chat.say("担当者と話したい")
    assert transport(house).calls == 0 and chat.contact.owner_kind == "queue"


def test_budgets_hold_and_what_was_used_is_recorded(furnish: Furnish) -> None:
    prices = {"price_in": 100.0, "price_out": 400.0, "budget_contact": 2.0, "calls_contact": 1000}
    house = furnish(reads("order_delivery.track_order", 0.1), **prices)
    chat = Chat(house)
    for _ in range(12):
        chat.say(UNKNOWN_WORDS)
        if chat.contact.owner_kind != "assistant":
            break
    spent = house.database.read(calls.of_contact, chat.id)
    assert 0 < spent.cost <= 2_000_000
    assert spent.cost == spent.tokens_in * 100 + spent.tokens_out * 400


def test_a_day_has_one_budget_for_all_contacts_and_the_next_day_a_new_one(furnish: Furnish) -> None:
    prices = {"price_in": 100.0, "price_out": 100.0, "budget_day": 2.0, "budget_contact": 9.0}
    house = furnish(reads("order_delivery.track_order", 0.1), wording=False, **prices)

    def one_more_calls() -> int:
        before = transport(house).calls
        Chat(house).say(UNKNOWN_WORDS)
        return transport(house).calls - before

    asked = [one_more_calls() for _ in range(60)]
    assert asked[0] == 1 and asked[-3:] == [0, 0, 0]
    house.database.clock.forward(days=1)  # type: ignore[attr-defined]
    assert one_more_calls() == 1


def test_card_numbers_and_other_peoples_orders_do_not_reach_the_model(furnish: Furnish) -> None:
    obedient = server.Obedient()
    house = furnish(obedient)
    chat = Chat(house, rung=Rung.SIGNED_IN)
    chat.say(f"{UNKNOWN_WORDS} 4111 1111 1111 1111 password: hunter2hunter2")
    chat.say("担当者と話したい")
    sent = json.dumps(obedient.asked, ensure_ascii=False)
    assert obedient.asked and "4111 1111" not in sent and "hunter2" not in sent


def answers_with(text: str, cites: list[str]) -> Character:
    """Reads nothing by itself; answers from articles with these words and citations."""

    def answer(request: Request) -> Act:
        system = request["messages"][0]["content"]
        if '"cites"' in system:
            return streamed(json.dumps({"text": text, "cites": cites}, ensure_ascii=False))
        return streamed(json.dumps({"intents": []}))

    return answer


MEMBERSHIP = "会員特典には何が含まれますか"
ARTICLE = "membership-benefits"


@pytest.mark.req("TECH-003")
def test_a_question_is_answered_from_articles_with_the_source_shown(furnish: Furnish) -> None:
    words = "会員限定の商品や送料の特典は、サインインすると購入手続きの画面に出ます。"
    chat = Chat(furnish(answers_with(words, [ARTICLE]), wording=False))
    chat.say(MEMBERSHIP)
    assert words in chat.text
    assert [card["id"] for card in chat.cards if card["kind"] == "article"] == [ARTICLE]


@pytest.mark.parametrize(
    ("text", "cites"),
    [
        ("会費は月額1円で、いつでも全額返金いたします。", [ARTICLE]),
        ("くわしくは https://evil.example/benefits をご覧ください。", [ARTICLE]),
        ("特典があります。", []),
        ("特典があります。", ["an-article-of-its-own"]),
    ],
)
def test_an_answer_that_its_articles_do_not_hold_is_not_said(
    text: str, cites: list[str], furnish: Furnish
) -> None:
    plain = Chat(furnish())
    plain.say(MEMBERSHIP)
    chat = Chat(furnish(answers_with(text, cites), wording=False))
    chat.say(MEMBERSHIP)
    assert told(chat) == told(plain)
    assert any(card["kind"] == "article" for card in chat.cards)
