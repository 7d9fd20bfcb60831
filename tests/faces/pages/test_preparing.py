"""Before, while and after contacting us: what to have at hand, one message of three parts, hints, the note to keep."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from PIL import Image

from madoguchi.assistant.understanding import Understander
from madoguchi.assistant.understanding.wishes import resolution
from madoguchi.connectors.embedded.demo import cast
from madoguchi.counter.actors import Actor
from madoguchi.counter.cases.at_hand import label, needed_for
from madoguchi.counter.contacts import queries, service
from madoguchi.counter.team import service as team
from tests.faces.pages.conftest import PHONE, Counter, Visitor

DAMAGED = "return_exchange_cancel.damaged_item"
NOT_CAME = "order_delivery.item_not_received"


def field(page: str, slot: str) -> str:
    found = re.search(rf'<input id="f-need-{slot}"[^>]*value="([^"]*)"', page)
    assert found, f"no field {slot}"
    return found[1]


def contact_id(visitor: Visitor) -> str:
    found = re.match(r"/contacts/(\w+)", visitor.path)
    assert found, visitor.path
    return found[1]


def first_message(counter: Counter, visitor: Visitor) -> str:
    entries = counter.house.database.read(queries.entries, contact_id(visitor))
    return next(
        str(each.body["text"]) for each in entries if each.author_kind == "customer" and "text" in each.body
    )


@pytest.mark.req("ADV-001")
@pytest.mark.parametrize("kind", [DAMAGED, NOT_CAME, "payment_refund.duplicate_charge"])
def test_what_to_have_at_hand_stands_before_every_channel(misaki: Visitor, kind: str) -> None:
    """Chat, person, telephone and mail: as ticks where the ways are, as fields where a form is."""
    number = cast.MISAKI_LATE
    misaki.get(f"/help/o/{number}/p/{kind}")
    ways = misaki.send("/solved", solved="no")
    block = ways[ways.index('id="ways"') :]
    # Which way is first depends on the hour.
    ways_begin = min(block.index("チャットで相談する"), block.index(PHONE))
    for slot in needed_for(kind):
        assert block.index(label(slot, "ja")) < ways_begin
    assert f"☑</span> 注文番号：{number}" in block
    person = misaki.get(f"/person?order={number}&problem={kind}")
    for slot in needed_for(kind):
        assert f'name="need-{slot}"' in person


@pytest.mark.req("ADV-001", "ADV-011")
def test_what_is_filled_in_and_ticked_is_read_as_slots(counter: Counter, misaki: Visitor) -> None:
    misaki.get(f"/help/other?topic={NOT_CAME}")
    filled = {
        "need-order_id": "５０３ー０００１００１ー０００００１",
        "need-carrier": "ヤマト運輸",
        "need-tracking_number": "4412-3456-7890",
    }
    filled["need-order_id"] = cast.MISAKI_LATE
    misaki.send("/contacts", text="まだ届きません", way="chat", **filled)
    read = counter.house.assistant._understander.understand(
        first_message(counter, misaki), today=counter.house.database.clock().date(), language_hint="ja"
    )
    slots = read.slots()
    assert slots["order_id"] == cast.MISAKI_LATE
    assert str(slots["tracking_number"]).replace("-", "") == "441234567890"
    assert slots["carrier"]
    misaki.get(f"/help/other?topic={DAMAGED}")
    misaki.send("/contacts", text="割れていました", way="chat", **{"need-photo": "yes"})
    read = counter.house.assistant._understander.understand(
        first_message(counter, misaki), today=counter.house.database.clock().date(), language_hint="ja"
    )
    assert read.slots()["photo"] is True


@pytest.mark.req("ADV-006", "ADV-016")
def test_the_template_is_filled_with_the_order_and_makes_four_labelled_lines(
    counter: Counter, misaki: Visitor
) -> None:
    number = cast.MISAKI_HEADPHONES
    kind = "return_exchange_cancel.defective_item"
    page = misaki.get(f"/person?order={number}&problem={kind}")
    assert page.index('class="strip"') < page.index("<textarea"), "the facts come before the form"
    item = field(page, "product_name")
    assert item
    fields = {"need-order_id": field(page, "order_id"), "need-product_name": item}
    misaki.send("/contacts", text="片方から音が出ません", wish="exchange", way="person", **fields)
    assert first_message(counter, misaki).splitlines() == [
        "お困りのこと：片方から音が出ません",
        f"注文番号：{number}",
        f"商品：{item}",
        "ご希望：交換を希望します",
    ]


@pytest.mark.req("ADV-007")
@pytest.mark.parametrize("language", ["ja", "en", "zh-Hans", "zh-Hant", "ko"])
def test_three_parts_become_one_message_and_are_read_again(
    counter: Counter, language: str, understander: Understander
) -> None:
    problem = {"ja": "届いた商品が割れていました", "en": "The item arrived broken", "zh-Hans": "收到的商品破损了",
               "zh-Hant": "收到的商品破損了", "ko": "받은 상품이 파손되어 있어요"}[language]  # fmt: skip
    visitor = counter.visitor(language)
    visitor.get(f"/help/other?topic={DAMAGED}&lang={language}")
    visitor.send("/contacts", text=problem, way="chat", wish="refund", **{"need-order_id": cast.MISAKI_SHIRT})
    message = first_message(counter, visitor)
    assert len(message.splitlines()) == 3
    read = understander.understand(
        message, today=counter.house.database.clock().date(), language_hint=language
    )
    assert read.intent is not None
    assert read.intent.kind == DAMAGED
    assert read.entities.order_numbers == (cast.MISAKI_SHIRT,)
    assert resolution(message) == "refund"


@pytest.fixture(scope="module")
def understander() -> Understander:
    return Understander.load()


@pytest.mark.req("ADV-009")
def test_what_the_account_knows_is_filled_in_and_can_be_changed(counter: Counter, misaki: Visitor) -> None:
    page = misaki.get(f"/person?order={cast.MISAKI_LATE}&problem={NOT_CAME}")
    assert field(page, "order_id") == cast.MISAKI_LATE
    assert field(page, "registered_email") == cast.MISAKI_EMAIL
    assert field(page, "phone_number")
    assert re.search(r"月\d+日", field(page, "order_date"))
    assert field(page, "delivery_status")
    assert not re.search(r'<input id="f-need-[^>]*(?:readonly|disabled)', page)
    misaki.send("/contacts", text="届きません", way="chat", **{"need-phone_number": "090-9999-0000"})
    message = first_message(counter, misaki)
    assert "連絡のつく電話番号：090-9999-0000" in message
    assert cast.MISAKI_EMAIL not in message, "what nobody changed is known to us already"


def test_a_visitor_sees_the_fields_empty_and_nobodys_data(visitor: Visitor) -> None:
    page = visitor.get(f"/person?order={cast.MISAKI_LATE}&problem={NOT_CAME}")
    assert 'name="need-registered_email"' not in page
    assert field(page, "tracking_number") == ""
    assert cast.MISAKI_EMAIL not in page


@pytest.mark.req("HLP-010")
def test_a_wrong_number_is_named_at_its_field_with_where_to_find_it_and_nothing_is_lost(
    misaki: Visitor,
) -> None:
    misaki.get(f"/help/other?topic={DAMAGED}")
    page = misaki.send("/contacts", text="割れていました", way="chat", **{"need-order_id": "12345"})
    assert misaki.answer.status_code == 422
    error = re.search(r'<p class="error" id="e-need-order_id">(.*?)</p>', page, re.S)
    assert error
    assert "123-4567890-1234567" in error[1]
    assert "注文履歴" in error[1]
    assert 'href="#f-need-order_id"' in page
    assert 'aria-invalid="true"' in page
    assert field(page, "order_id") == "12345"
    assert "割れていました" in page


@pytest.mark.req("ADV-003")
def test_several_photos_go_with_one_message_from_camera_or_gallery(counter: Counter, misaki: Visitor) -> None:
    misaki.get("/help/other")
    page = misaki.send("/contacts", text="割れていました", way="chat")
    chooser = re.search(r'<input id="f-files"[^>]*>', page)
    assert chooser
    assert " multiple" in chooser[0]
    assert "image/jpeg" in chooser[0]
    assert "capture" not in chooser[0], "it would shut the gallery"
    action, fields = misaki.form("/say")
    out = io.BytesIO()
    Image.new("RGB", (24, 24), "white").save(out, "PNG")
    files = [("files", (f"写真{n}.png", out.getvalue(), "image/png")) for n in (1, 2)]
    misaki.answer = misaki.client.post(action, data={**fields, "text": "写真です"}, files=files)
    assert "写真1.png" in misaki.text
    assert "写真2.png" in misaki.text


@pytest.mark.req("ADV-008")
def test_the_composer_asks_for_the_main_point_first(visitor: Visitor) -> None:
    assert "結論から、短く" in visitor.get("/help/other")
    assert "結論から、短く" in visitor.get("/person")


@pytest.mark.req("ADV-014")
@pytest.mark.parametrize(
    ("text", "hinted"), [("ふざけるな、いい加減にして", True), ("届いていません。確認してください", False)]
)
def test_strong_words_get_a_gentle_hint_and_are_sent_all_the_same(
    counter: Counter, misaki: Visitor, text: str, hinted: bool
) -> None:
    misaki.get("/help/other")
    page = misaki.send("/contacts", text=text, way="chat")
    assert text in first_message(counter, misaki)
    assert ("ご不便をおかけして申し訳ありません" in page) is hinted
    page = misaki.send("/say", text=text)
    assert page.count(f">{text}</div>") == 2
    assert ("ご不便をおかけして申し訳ありません" in page) is hinted


@pytest.mark.req("ADV-015")
def test_whoever_comes_back_after_a_break_gets_five_tips_once(
    counter: Counter, misaki: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    misaki.get("/person")
    misaki.send("/contacts", text="担当者をお願いします", way="person")
    here = f"/contacts/{contact_id(misaki)}"
    assert "5つのコツ" not in misaki.get(here)
    clock = counter.house.database.clock
    monkeypatch.setattr(counter.house.database, "clock", lambda: clock() + timedelta(minutes=11))
    tips = re.search(r"5つのコツ.*?</ul>", misaki.get(here), re.S)
    assert tips
    assert tips[0].count("<li>") == 5
    assert "5つのコツ" not in misaki.get(here)


@pytest.mark.req("ADV-012", "ADV-017")
def test_contacting_again_shows_number_agent_and_last_words_and_the_note_can_be_kept(
    counter: Counter,
) -> None:
    visitor = counter.visitor().sign_in(cast.JOHN)
    assert "前回のお問い合わせ" not in visitor.get("/person?lang=ja")
    visitor.send("/contacts", text="担当者をお願いします", way="person")
    mine = contact_id(visitor)
    database = counter.house.database
    agent = database.write(
        lambda tx: team.add_agent(
            tx, login="ito", password="corre7t-horse battery", name="伊藤", roles=("agent",), languages=["ja"]
        )
    )
    actor = Actor(kind="agent", id=agent.id, name=agent.display_name, roles=frozenset({"agent"}))

    def answer(tx: object) -> None:
        seen = queries.get(tx, mine)  # type: ignore[arg-type]
        taken = service.set_owner(tx, mine, "agent", agent.id, seen.owner_version)  # type: ignore[arg-type]
        service.say(tx, mine, actor=actor, text="明日までに交換品をお送りします。", client_key="answer-0001", owner_version=taken.owner_version)  # type: ignore[arg-type]  # fmt: skip

    database.write(answer)
    note = visitor.client.get(f"/contacts/{mine}/note")
    number = re.search(r"C-\d+", visitor.get(f"/contacts/{mine}"))
    assert number
    assert note.headers["content-disposition"].startswith("attachment;")
    for words in (
        number[0],
        agent.display_name,
        "明日までに交換品をお送りします。",
        "開始",
        f"/contacts/{mine}",
    ):
        assert words in note.text
    assert counter.visitor().client.get(f"/contacts/{mine}/note").status_code == 404
    database.write(service.end, mine, actor, "solved")
    card = visitor.get("/person")
    card = card[card.index("前回のお問い合わせ") :]
    for words in (number[0], agent.display_name, "明日までに交換品をお送りします。", "もう一度"):
        assert words in card
