"""How to contact us: the table from settings and live data, the recommended way, and nothing lost on the way."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from playwright.sync_api import Page, expect

from madoguchi.connectors.embedded.demo import cast
from madoguchi.counter.cases.ways.channels import channels
from madoguchi.counter.cases.ways.desks import user_desks
from madoguchi.counter.contacts import queries
from madoguchi.counter.contacts.model import Contact
from madoguchi.counter.hours import always_open
from madoguchi.engine.settings import Settings
from madoguchi.faces.best_time import is_busy_now
from madoguchi.faces.house import House
from madoguchi.kit.languages import NAMES
from tests.faces.pages.conftest import PHONE, Counter, Visitor

TAKEOVER = "account_security.account_takeover"
DAMAGED = "return_exchange_cancel.damaged_item"


def change(house: House, monkeypatch: pytest.MonkeyPatch, **sections: dict[str, Any]) -> None:
    kept = house.settings.model_dump()
    for name, keys in sections.items():
        kept[name] = kept[name] | keys
    monkeypatch.setattr(house, "settings", Settings.model_validate(kept))


def table(page: str) -> dict[str, list[str]]:
    """Way → its cells, as words."""
    found = re.findall(r'<tr role="row"><th scope="row"[^>]*>(.*?)</th>(.*?)</tr>', page, re.S)
    return {
        name: [re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", cells, re.S)]
        for name, cells in found
    }


def contact_of(visitor: Visitor) -> Contact:
    found = re.match(r"/contacts/(\w+)", visitor.path)
    assert found, visitor.path
    return visitor.counter.house.database.read(queries.get, found[1])


def said(visitor: Visitor) -> list[str]:
    found = visitor.counter.house.database.read(queries.entries, contact_of(visitor).id)
    return [
        entry.body["text"] for entry in found if entry.author_kind == "customer" and entry.kind == "message"
    ]


@pytest.mark.req("CH-001", "CH-002", "CH-036")
def test_all_six_ways_are_compared_from_the_settings(
    counter: Counter, misaki: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(counter.house, monkeypatch, shop={"phone_cost": "通話料無料"})
    rows = table(misaki.get("/help/contact"))
    assert rows.keys() == {channel.name["ja"] for channel in channels().values()}
    now, hours, answer, cost, good_for, merit, demerit = rows["電話"]
    assert hours == "毎日 9:00–21:00"
    assert cost == "通話料無料"
    assert all((now, answer, good_for, merit, demerit))
    assert rows["AIアシスタントとのチャット"][3].startswith("無料")
    change(counter.house, monkeypatch, hours={"phone": "00:00-24:00"})
    rows = table(misaki.get("/help/contact"))
    busy = is_busy_now(counter.house.database, counter.house.settings, always_open("Asia/Tokyo"))
    assert rows["電話"][:2] == ["混み合っています" if busy else "受付中", "24時間・年中無休"]


@pytest.mark.req("CH-001", "CH-060")
def test_chat_person_and_call_back_each_open_a_case_with_what_was_typed(counter: Counter) -> None:
    for way in ("chat", "person", "callback"):
        reader = counter.visitor().sign_in(cast.MISAKI)
        reader.get(f"/help/contact?topic=order_delivery.carrier_issue&order={cast.MISAKI_LATE}")
        reader.send("/contacts", way=way, text="配送員の対応について")
        opened = contact_of(reader)
        assert opened.case_id
        assert (opened.topic, opened.order_number) == ("order_delivery.carrier_issue", cast.MISAKI_LATE)
        assert "配送員の対応について" in said(reader)[0]


@pytest.mark.req("CH-056")
def test_a_call_back_is_asked_for_the_number_in_the_same_conversation(counter: Counter) -> None:
    reader = counter.visitor()
    reader.get("/help/contact")
    page = reader.send("/contacts", way="callback")
    assert said(reader) == ["折り返し電話をお願いします。"]
    assert "電話番号" in page


@pytest.mark.req("CH-003")
def test_changing_the_way_keeps_category_order_and_words(counter: Counter) -> None:
    reader = counter.visitor().sign_in(cast.MISAKI)
    address = f"/help/contact?topic=order_delivery.carrier_issue&order={cast.MISAKI_LATE}"
    reader.get(address)
    _, fields = reader.form("/contacts")
    words = {**fields, "text": "箱が濡れていました"}
    sent = reader.client.post("/help/contact", data={**words, "way": "form"}, follow_redirects=False)
    assert sent.status_code == 303
    parts = urlsplit(sent.headers["location"])
    assert parts.path == "/help/form"
    assert parse_qs(parts.query) == {
        "topic": ["order_delivery.carrier_issue"],
        "order": [cast.MISAKI_LATE],
    }
    assert "箱が濡れていました" in reader.get(f"/help/form/write?{parts.query}")
    reader.answer = reader.client.post("/help/contact", data={**words, "way": "mail"})
    draft = re.search(r'id="draft".*?href="(mailto:[^"]+)"', reader.answer.text, re.S)
    assert draft
    mail = unquote(draft[1].replace("&amp;", "&"))
    assert mail.startswith("mailto:help@shop.example?subject=")
    assert cast.MISAKI_LATE in mail
    assert "配送業者とのトラブル" in mail
    assert "箱が濡れていました" in mail
    assert ">箱が濡れていました</textarea>" in reader.text
    long = {**words, "way": "form", "text": "あ" * 3000}
    reader.answer = reader.client.post("/help/contact", data=long)
    assert "あ" * 3000 in reader.text
    assert "/help/form?topic=" in reader.text


@pytest.mark.req("CH-004", "CH-007")
def test_the_recommended_way_stands_first_with_its_reason_and_what_to_have_at_hand(visitor: Visitor) -> None:
    page = visitor.get(f"/help/contact?topic={DAMAGED}")
    best = page.index("おすすめ")
    card = page[best : page.index("</div>", best)]
    assert "お問い合わせフォーム" in card
    assert "写真や資料" in card
    assert "/help/form?topic=" in card
    assert page.index("ご用意いただくとよいもの") < best < page.index('id="say"')
    assert next(iter(table(page))) == "お問い合わせフォーム"


@pytest.mark.req("CH-059", "CH-038")
def test_security_taken_out_of_the_chat_changes_what_a_customer_sees(
    counter: Counter, misaki: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = "AIアシスタントとのチャット"
    assert table(misaki.get(f"/help/contact?topic={TAKEOVER}"))[chat][0] == "受付中"
    change(counter.house, monkeypatch, ways={"serves": {"account_security": ["phone", "mail"]}})
    page = misaki.get(f"/help/contact?topic={TAKEOVER}")
    rows = table(page)
    assert rows[chat][0] == "このご用件は、この方法では承っておりません。"
    assert {name for name, cells in rows.items() if "承っておりません" not in cells[0]} == {"電話", "メール"}
    assert 'name="way" value="chat"' not in page.partition('id="say"')[2]
    assert table(misaki.get("/help/contact"))[chat][0] == "受付中"


@pytest.mark.req("CH-057", "CH-037")
def test_without_the_chat_and_with_the_telephone_closed_the_rest_is_listed_with_a_line_each(
    counter: Counter, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(counter.house, monkeypatch, ways={"off": ["assistant", "person"]}, hours={"phone": "closed"})
    page = visitor.get("/help/contact")
    assert "チャットをはじめる" not in page.partition('id="ways"')[2].partition("</section>")[0]
    note = page.partition("ただいまご利用いただけない")[2].partition("</div>")[0]
    assert "電話：ただいま受付時間外です" in note
    for name in ("お問い合わせフォーム", "メール"):
        feature = next(each.feature["ja"] for each in channels().values() if each.name["ja"] == name)
        assert f"{name}：{feature}" in note
    assert "/help/articles" in note


@pytest.mark.req("CH-014")
def test_a_closed_telephone_shows_its_number_to_nobody_who_is_not_signed_in(
    counter: Counter, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    for phone in ("closed", "00:00-24:00"):
        change(counter.house, monkeypatch, hours={"phone": phone})
        assert PHONE not in visitor.get("/help/contact")
        assert PHONE not in visitor.client.get("/api/v1/shop").text
        assert PHONE in counter.visitor().sign_in(cast.JOHN).get("/help/contact")
    change(counter.house, monkeypatch, ways={"phone_visibility": "public"})
    assert PHONE in visitor.get("/help/contact")


@pytest.mark.req("CH-003", "HLP-008")
def test_the_number_is_shown_after_a_sign_in_that_comes_back_here(
    counter: Counter, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(counter.house, monkeypatch, hours={"phone": "00:00-24:00"})
    page = visitor.get(f"/help/contact?topic={TAKEOVER}")
    link = re.search(r'href="(/sign-in\?next=[^"]+)">ログインして電話番号を見る', page)
    assert link
    assert unquote(link[1]).endswith(f"next=/help/contact?topic={TAKEOVER}")


@pytest.mark.req("CH-056")
def test_from_a_chat_to_another_way_and_back_it_stays_one_case(counter: Counter) -> None:
    reader = counter.visitor().sign_in(cast.MISAKI)
    reader.get(f"/help/contact?topic=order_delivery.carrier_issue&order={cast.MISAKI_LATE}")
    page = reader.send("/contacts", way="chat", text="配送員の対応について")
    before = contact_of(reader)
    case = before.case_id
    other = re.search(r'href="(/help/contact\?[^"]+)"', page)
    assert other
    page = reader.get(other[1].replace("&amp;", "&"))
    assert "case=C-" in page
    reader.send("/contacts", way="callback", text="電話で話したい")
    again = contact_of(reader)
    assert again.case_id == case
    assert again.topic == "order_delivery.carrier_issue"
    of_case = counter.house.database.read(queries.of_case, case)
    assert {seen.id for seen in (before, again)} <= {each.id for each in of_case}


@pytest.mark.parametrize("language", list(NAMES))
def test_the_page_speaks_every_language(counter: Counter, language: str) -> None:
    rows = table(counter.visitor(language).get(f"/help/contact?lang={language}"))
    assert rows.keys() == {channel.name[language] for channel in channels().values()}


@pytest.mark.req("CH-002")
@pytest.mark.parametrize("width", [320, 1280])
def test_the_table_is_a_table_for_those_who_hear_it_and_fits_a_phone(
    counter: Counter, no_script: Page, width: int
) -> None:
    no_script.set_viewport_size({"width": width, "height": 800})
    no_script.goto("/help/contact?topic=order_delivery.track_order")
    rows = no_script.get_by_role("row")
    expect(rows).to_have_count(1 + len(channels()))
    expect(no_script.get_by_role("rowheader")).to_have_count(len(channels()))
    box = no_script.get_by_role("table").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width


@pytest.mark.req("QUE-016")
@pytest.mark.parametrize("who", ["individual", "business", "seller", "multilingual"])
def test_the_page_lists_the_desk_of_each_kind_of_customer(counter: Counter, who: str) -> None:
    text = counter.visitor().get("/help/contact")
    row = re.search(rf'data-desk="{who}">(.*?)</div>', text, re.S)
    assert row is not None
    wanted = {each.id: each for each in user_desks(counter.house.settings)}[who]
    said = {way for way, channel in channels().items() if channel.text("name", "ja") in row[1]}
    assert said == set(wanted.ways)
    assert ("あなたの窓口" in row[1]) == (who == "individual")
