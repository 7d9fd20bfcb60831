"""A conversation by plain forms: open once, say once, press buttons, send pictures, ask for a person, rate."""

from __future__ import annotations

import io
import re
import time

import pytest
from PIL import Image

from madoguchi.connectors.embedded.demo import cast
from madoguchi.counter.contacts import queries
from madoguchi.counter.contacts.model import Contact
from tests.faces.pages.conftest import Counter, Visitor


def contact_of(visitor: Visitor) -> Contact:
    contact_id = visitor.path.removeprefix("/contacts/").split("?")[0]
    return visitor.counter.house.database.read(queries.get, contact_id)


def words_of(visitor: Visitor, author: str) -> list[str]:
    found = visitor.counter.house.database.read(queries.entries, contact_of(visitor).id)
    return [entry.body["text"] for entry in found if entry.author_kind == author and entry.kind == "message"]


def test_a_form_sent_twice_opens_one_conversation_and_says_it_once(counter: Counter) -> None:
    customer = counter.visitor().sign_in(cast.NOT_THERE)
    customer.get("/help/other")
    target, fields = customer.form("/contacts")
    values = {**fields, "way": "chat", "text": "届いていません"}
    answers = [customer.client.post(target, data=values) for _ in range(2)]
    assert answers[0].url.path == answers[1].url.path
    customer.answer = answers[1]
    assert words_of(customer, "customer") == ["届いていません"]
    said = {**customer.form("/say")[1], "text": "もう一度お願いします"}
    target = customer.form("/say")[0]
    for _ in range(3):
        customer.answer = customer.client.post(target, data=said)
    assert words_of(customer, "customer") == ["届いていません", "もう一度お願いします"]


def test_the_page_after_a_message_already_holds_the_assistants_answer(counter: Counter) -> None:
    customer = counter.visitor().sign_in(cast.MISAKI)
    customer.get("/help/other")
    page = customer.send("/contacts", way="chat", text="注文した商品はいつ届きますか")
    assert "AIアシスタント" in page
    assert words_of(customer, "assistant")


def test_a_choice_button_is_an_answer_and_pressing_it_twice_is_one(counter: Counter) -> None:
    customer = counter.visitor().sign_in(cast.MISAKI)
    customer.get("/help/other")
    customer.send("/contacts", way="chat", text="荷物が届かない")
    target, fields = customer.form("/choose")
    button = re.search(r'class="btn option" name="value" value="([^"]+)"', customer.answer.text)
    assert button is not None, customer.text
    for _ in range(2):
        customer.answer = customer.client.post(target, data={**fields, "value": button[1]})
    assert customer.answer.status_code == 200
    found = counter.house.database.read(queries.entries, contact_of(customer).id)
    pressed = [entry for entry in found if entry.body.get("choice")]
    assert [entry.body["choice"]["value"] for entry in pressed] == [button[1]]
    assert "（選択済み）" in customer.text


def test_a_message_that_cannot_be_sent_stays_in_the_field(counter: Counter) -> None:
    customer = counter.visitor().sign_in(cast.MISAKI)
    customer.get("/help/other")
    customer.send("/contacts", way="chat", text="質問があります")
    page = customer.send("/say", text="")
    assert customer.answer.status_code == 422
    assert 'id="e-text"' in page
    long = "あ" * 4001
    page = customer.send("/say", text=long)
    assert customer.answer.status_code == 422
    assert long in page


def test_pictures_are_sent_and_other_files_are_named(counter: Counter) -> None:
    customer = counter.visitor().sign_in(cast.MISAKI)
    customer.get("/help/other")
    customer.send("/contacts", way="chat", text="破損していました")
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), "#345").save(picture, "PNG")
    target, fields = customer.form("/say")
    customer.answer = customer.client.post(
        target,
        data={**fields, "text": "写真です"},
        files=[("files", ("箱.png", picture.getvalue(), "image/png"))],
    )
    assert customer.answer.status_code == 200
    image = re.search(r'<img src="(/api/v1/attachments/[^"]+)" alt="箱\.png"', customer.text)
    assert image is not None
    assert customer.client.get(image[1]).headers["content-type"] == "image/png"
    assert counter.visitor().client.get(image[1]).status_code in (401, 404)
    target, fields = customer.form("/say")
    customer.answer = customer.client.post(
        target, data={**fields, "text": "これも"}, files=[("files", ("evil.exe", b"MZ\x90\x00", "image/png"))]
    )
    assert customer.answer.status_code == 422
    assert "evil.exe" in customer.text and "これも" in customer.text


@pytest.mark.req("HND-002")
def test_a_person_is_two_steps_away_and_the_place_is_shown(counter: Counter) -> None:
    customer = counter.visitor().sign_in(cast.NOT_THERE)
    customer.get("/")
    link = re.search(r'<a class="btn person" href="([^"]+)"', customer.answer.text)
    assert link is not None
    customer.get(link[1])
    customer.send("/contacts", way="person", text="荷物が見つかりません")
    seen = contact_of(customer)
    for _ in range(40):
        if "前に" in customer.get(f"/contacts/{seen.id}?wait=yes") or "順番" in customer.text:
            break
        time.sleep(0.1)
    assert contact_of(customer).owner_kind in ("queue", "agent")
    assert 'class="queue" role="status"' in customer.text


@pytest.mark.req("CH-016")
def test_help_from_an_order_line_carries_order_and_item_into_the_case(counter: Counter) -> None:
    customer = counter.visitor().sign_in(cast.MISAKI)
    page = customer.get(f"/orders/{cast.MISAKI_HEADPHONES}")
    link = re.search(r'href="(/help/o/[^"]+\?line=[^"]+)"', page)
    assert link is not None
    line = counter.house.shop.order(cast.MISAKI_HEADPHONES).lines[0]  # type: ignore[union-attr]
    page = customer.get(f"{link[1]}&problem=return_exchange_cancel.defective_item")
    assert f"商品: {line.label('ja')}" in page
    customer.send("/solved", solved="no")
    customer.send("/contacts", way="chat")
    seen = contact_of(customer)
    assert seen.order_number == cast.MISAKI_HEADPHONES
    assert seen.topic == "return_exchange_cancel.defective_item"
    assert line.label("ja") in words_of(customer, "customer")[0]


def test_the_transcript_goes_to_the_address_on_file_after_signing_in(counter: Counter) -> None:
    visitor = counter.visitor()
    visitor.get("/help/other")
    visitor.send("/contacts", way="chat", text="サイトの使い方を教えてください")
    visitor.send("/transcript")
    assert visitor.path.startswith("/sign-in")
    customer = counter.visitor().sign_in(cast.MISAKI)
    customer.get("/help/other")
    customer.send("/contacts", way="chat", text="サイトの使い方を教えてください")
    assert "会話の記録を、ご登録のメールアドレスにお送りしました" in customer.send("/transcript")


def test_the_page_looks_again_by_itself_only_when_asked(counter: Counter) -> None:
    customer = counter.visitor().sign_in(cast.MISAKI)
    customer.get("/help/other")
    customer.send("/contacts", way="chat", text="質問です")
    path = customer.path.split("?")[0]
    assert "http-equiv" not in customer.get(path)
    assert f'<meta http-equiv="refresh" content="30;url={path}?refresh=30#latest">' in customer.get(
        f"{path}?refresh=30"
    )
    assert "http-equiv" not in customer.get(f"{path}?refresh=1")


def test_what_people_write_is_text_and_nothing_else(counter: Counter) -> None:
    customer = counter.visitor().sign_in(cast.MISAKI)
    customer.get("/help/other")
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)> {{ 7*7 }}"
    customer.send("/contacts", way="chat", text=evil)
    assert "<script>alert" not in customer.answer.text and "<img src=x" not in customer.answer.text
    assert evil in customer.text
    assert 'dir="auto"' in customer.answer.text
