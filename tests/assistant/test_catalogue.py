"""Entries of the catalogue that need a whole conversation to be proved."""

from __future__ import annotations

import email
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email import policy

import pytest
from sqlalchemy import select

from madoguchi.channels.mail.letters import Letters
from madoguchi.channels.mail.outbound import Postman
from madoguchi.counter.actors import Actor, Rung
from madoguchi.counter.cases import queries as cases
from madoguchi.counter.contacts import attachments, events, queries
from madoguchi.counter.contacts.model import attachment
from madoguchi.engine.outbox import Courier
from madoguchi.faces.house import House
from madoguchi.rehearsal.chat import Chat
from tests.conftest import StillClock

Open = Callable[..., Chat]
JAPANESE = re.compile(r"[ぁ-んァ-ヶ]")


@pytest.mark.req("ACC-002")
def test_a_suspected_break_in_gets_the_steps_in_order_and_an_urgent_case(chat: Open, house: House) -> None:
    talk = chat("C1005")
    talk.say("アカウントを乗っ取られたみたいです")
    text = "\n".join(entry.body.get("text", "") for entry in talk.entries if entry.author_kind == "assistant")
    places = [text.find(word) for word in ("パスワード", "2段階認証", "すべての端末")]
    assert -1 not in places
    assert places == sorted(places)
    talk.press("停止せずに担当者と話す")
    contact = house.database.read(queries.get, talk.id)
    assert house.database.read(cases.get, contact.case_id).priority == 1


@pytest.mark.req("HND-004", "HND-002")
@pytest.mark.parametrize("words", ["荷物が見つかりません", "注文をキャンセルしたい", "こんにちは"])
def test_the_standing_button_brings_a_person_also_in_the_same_breath(house: House, words: str) -> None:
    actor = Actor(kind="customer", id="vis_at_once", customer_id="cus_c1008", rung=Rung.FRESH)
    opened = house.chat.open(actor, client_key="open-00000001", language="ja", text=words, want_person=True)
    house.assistant.turn(opened.id)
    assert house.database.read(queries.get, opened.id).owner_kind == "queue"


@pytest.mark.req("CH-060")
def test_words_that_fit_no_kind_are_still_taken_and_numbered(chat: Open, house: House) -> None:
    talk = chat("C1001")
    talk.say("ほげほげふがふが、むにゃむにゃ")
    contact = house.database.read(queries.get, talk.id)
    assert house.database.read(cases.get, contact.case_id).label.startswith("C-1")
    assert talk.entries[-1].author_kind == "assistant"


@pytest.mark.req("CH-030")
def test_the_chat_answers_at_every_hour_of_a_holiday(house: House, clock: StillClock) -> None:
    clock.now = datetime(2027, 1, 1, tzinfo=UTC) - timedelta(hours=9)
    for _ in range(24):
        talk = Chat(house, "", rung=Rung.VISITOR, text="返品の条件を教えてください")
        assert any(entry.author_kind == "assistant" for entry in talk.answers)
        clock.forward(hours=1)


@pytest.mark.req("LNG-007")
@pytest.mark.parametrize(
    ("words", "topic"),
    [
        ("Where is my desk lamp order?", "order_delivery"),
        ("I want to return my linen shirt", "return_exchange_cancel"),
        ("Someone logged in to my account, it was hacked", "account_security"),
        ("What are your opening hours?", "support_service"),
    ],
)
def test_orders_returns_account_and_questions_are_served_in_english(
    chat: Open, words: str, topic: str
) -> None:
    talk = chat("C1002", language="en")
    talk.say(words)
    assert talk.house.database.read(queries.get, talk.id).topic.startswith(topic)
    said = [
        entry for entry in talk.entries if entry.author_kind == "assistant" and entry.kind == events.MESSAGE
    ]
    assert said
    for entry in said:
        shown = [entry.body["text"], *(o["label"] for o in entry.body.get("choices", {}).get("options", []))]
        assert not any(JAPANESE.search(text) for text in shown)


@pytest.mark.req("ORD-016")
def test_asking_when_it_arrives_tells_the_promised_day(chat: Open, house: House) -> None:
    order = house.shop.order("503-0001001-0000005")
    assert order is not None and order.promised_to is not None
    talk = chat("C1001", order_number=order.number)
    talk.say("いつ届きますか")
    day = f"{order.promised_to.month}月{order.promised_to.day}日"
    assert any(
        day in entry.body.get("text", "") for entry in talk.entries if entry.author_kind == "assistant"
    )


@pytest.mark.req("HIS-007")
def test_a_mailed_transcript_holds_every_message_the_case_number_and_the_time_zone(
    chat: Open, house: House
) -> None:
    talk = chat("C1001")
    talk.say("担当者と話したいです")
    house.chat.send_transcript(talk.actor, talk.id)
    letters = Letters(
        house.database, house.settings, house.keys, house.orders, house.accounts, Postman(house.settings)
    )
    Courier(house.database, {"mail.transcript": letters.transcript}).deliver_due()
    (path,) = (house.settings.data.folder / "outbox").glob("*.eml")
    mail = _text_of(path.read_bytes())
    contact = house.database.read(queries.get, talk.id)
    assert house.database.read(cases.get, contact.case_id).label in mail
    assert "Asia/Tokyo" in mail
    for entry in talk.entries:
        if entry.kind == events.MESSAGE and entry.visibility == "public":
            assert "\n".join(entry.body["text"].split("\n")) in mail


@pytest.mark.req("CASE-008")
def test_evidence_is_kept_with_hash_time_and_uploader(chat: Open, house: House) -> None:
    talk = chat("C1001")
    kept = house.chat.attach(talk.actor, talk.id, "明細.pdf", b"%PDF-1.7 statement")
    row = house.database.read(lambda tx: tx.first(select(attachment).where(attachment.c.id == kept)))
    assert row is not None
    assert len(row.sha256) == 64
    assert (row.author_kind, row.author_id) == ("customer", talk.actor.id)
    assert row.created_at == house.database.clock()
    assert attachments.MEDIA_TYPES[-1] == row.media_type


@pytest.mark.req("PAY-013")
def test_card_data_never_passes_through_the_chat(chat: Open, house: House) -> None:
    talk = chat("C1001")
    talk.say("登録しているクレジットカードを新しいものに変更したい。番号は4111 1111 1111 1111です")
    links = [entry.body["card"] for entry in talk.entries if entry.body.get("card", {}).get("kind") == "link"]
    assert [link["url"] for link in links] == [house.settings.shop.account_url]
    everything = "".join(str(entry.body) for entry in house.database.read(queries.entries, talk.id))
    assert "1111" not in everything


def _text_of(raw: bytes) -> str:
    message = email.message_from_bytes(raw, policy=policy.default)
    return message.get_content()
