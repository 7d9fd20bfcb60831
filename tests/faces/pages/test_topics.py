"""What we help with and how, in which languages, for which countries; and what to do when the chat does not load."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from madoguchi.connectors.embedded.demo import cast
from madoguchi.counter.actors import SYSTEM
from madoguchi.counter.cases.categories import categories, group_labels
from madoguchi.counter.cases.ways.channels import serving
from madoguchi.counter.customers import service as customers
from madoguchi.counter.team import service as team
from madoguchi.engine.settings import Settings
from madoguchi.faces.house import House
from tests.faces.pages.conftest import Counter, Visitor
from tests.faces.pages.test_looking import code_from_mail, mails


def _set(house: House, monkeypatch: pytest.MonkeyPatch, **shop: Any) -> None:
    kept = house.settings.model_dump()
    monkeypatch.setattr(house, "settings", Settings.model_validate({**kept, "shop": kept["shop"] | shop}))


def rows(page: str) -> dict[str, str]:
    """First cell of a table's row → its other cells, as words."""
    found = re.findall(r'<tr role="row"><th scope="row"[^>]*>(.*?)</th>(.*?)</tr>', page, re.S)
    return {re.sub(r"<[^>]+>", "", name): re.sub(r"<[^>]+>", " ", cells) for name, cells in found}


@pytest.mark.req("HLP-013", "CH-059")
def test_every_group_and_kind_is_listed_with_the_ways_that_are_configured(
    counter: Counter, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = rows(visitor.get("/help/topics"))
    for group, labels in group_labels().items():
        cells = table[labels["ja"]]
        for kind in (each for each in categories().values() if each.group == group):
            assert kind.label("ja") in cells
            assert f"/help/g/{group}/{kind.id.partition('.')[2]}" in visitor.text
        served = serving(counter.house.settings, group)
        ways = cells.rpartition("AIアシスタントとのチャット")[2]
        assert "電話" in ways
        assert "担当者とのチャット" in ways
        assert ("メール" in ways) == ("mail" in served)
    _set(counter.house, monkeypatch, phone="", mail_address="")
    table = rows(visitor.get("/help/topics"))
    assert "電話" not in table
    assert "メール" not in table
    for labels in group_labels().values():
        ways = table[labels["ja"]].rpartition("AIアシスタントとのチャット")[2]
        assert "電話" not in ways.replace("折り返し電話", "")
        assert "メール" not in ways


@pytest.mark.req("LNG-003")
def test_each_way_speaks_what_its_people_speak_and_what_is_missing_names_another(counter: Counter) -> None:
    database = counter.house.database

    def hire(login: str, *languages: str) -> None:
        database.write(
            lambda tx: team.add_agent(
                tx,
                login=login,
                password="corre7t-horse battery",
                name=login,
                roles=("agent",),
                languages=list(languages),
            )
        )

    hire("taro", "ja")
    table = rows(counter.visitor("en").get("/help/topics?lang=en"))
    assert "English" in table["Chat with the AI assistant"]
    assert "English" not in table["Chat with a person"]
    assert "English" not in table["Telephone"]
    visitor = counter.visitor("en")
    page = visitor.get("/help/topics?lang=en")
    assert "Telephone: not in your language. Please use: Chat with the AI assistant" in page
    hire("mary", "en")
    table = rows(visitor.get("/help/topics"))
    assert "English" in table["Chat with a person"]
    assert "English" in table["Telephone"]
    assert "Telephone: not in your language" not in visitor.text
    assert "中文" not in table["Telephone"]


@pytest.mark.req("LNG-008")
def test_a_customer_abroad_sees_only_what_is_served_there_and_a_resident_everything(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    _set(counter.house, monkeypatch, groups_abroad=["order_delivery", "return_exchange_cancel"])
    visitor = counter.visitor().sign_in(cast.SENIOR)
    everything = {labels["ja"] for labels in group_labels().values()}
    assert everything <= rows(visitor.get("/help/topics")).keys()
    address = {
        "name": "高橋",
        "postal_code": "10001",
        "region": "NY",
        "city": "New York",
        "line1": "1 Main St",
    }
    counter.house.database.write(
        customers.change_default_address,
        counter.customer_id(cast.SENIOR),
        {**address, "country": "US"},
        SYSTEM,
    )
    page = visitor.get("/help/topics")
    here = {group_labels()[group]["ja"] for group in ("order_delivery", "return_exchange_cancel")}
    assert rows(page).keys() & everything == here
    assert "お住まいの国では承っていないもの" in page
    front = visitor.get("/")
    assert "/help/g/return_exchange_cancel/return_request" in front
    assert "/help/g/payment_refund/receipt" not in front
    assert visitor.client.get("/help/g/payment_refund").status_code == 404


@pytest.mark.req("HLP-008")
def test_a_sign_in_asked_for_in_the_chat_comes_back_to_the_same_conversation(counter: Counter) -> None:
    visitor = counter.visitor()
    visitor.get("/help/other?topic=account_security.login_history")
    page = visitor.send("/contacts", text="ログイン履歴を見たい", way="chat")
    contact = re.match(r"/contacts/\w+", visitor.path)
    assert contact
    link = re.search(rf'href="(/sign-in\?[^"]*next={re.escape(contact[0]).replace("/", "%2F")}[^"]*)"', page)
    assert link, page
    visitor.get(link[1].replace("&amp;", "&"))
    assert contact[0] in visitor.form("/sign-in")[1]["next"]
    before = mails(counter)
    visitor.send("/sign-in", email=cast.MISAKI_EMAIL)
    assert contact[0] in visitor.form("/sign-in/code")[1]["next"]
    code = code_from_mail(counter, before)
    visitor.send("/sign-in/code", code=code)
    assert visitor.path.startswith(contact[0])
    assert "ログイン履歴を見たい" in visitor.text


@pytest.mark.req("HLP-007")
def test_the_self_test_reports_server_line_memory_and_parts(scripted: Page) -> None:
    scripted.goto("/help/connection")
    for name in ("api", "socket", "storage", "parts"):
        expect(scripted.locator(f'[data-test="{name}"]')).to_have_attribute("data-result", "fine")
    expect(scripted.locator("[data-reload]")).to_be_hidden()


@pytest.mark.req("HLP-007")
def test_what_is_in_the_way_is_named_with_what_helps(scripted: Page) -> None:
    scripted.route("**/api/v1/shop", lambda route: route.abort())
    scripted.add_init_script(
        "window.WebSocket = class { constructor() { setTimeout(() => this.onerror(), 1) } }"
    )
    scripted.add_init_script("Storage.prototype.setItem = () => { throw new Error('denied') }")
    scripted.goto("/help/connection")
    for name, advice in (("api", "ルーターを再起動"), ("socket", "別の環境"), ("storage", "Cookie")):
        expect(scripted.locator(f'[data-test="{name}"]')).to_contain_text(advice)


@pytest.mark.req("HLP-009")
def test_old_parts_in_the_cache_are_found_and_a_reload_is_offered(scripted: Page) -> None:
    asked: list[str] = []

    def answer(route: Route) -> None:
        """The first answer is what an old cache holds."""
        asked.append(route.request.url)
        old = asked.count(route.request.url) == 1
        route.fulfill(body="old" if old else "new", content_type="text/javascript")

    scripted.route("**/static/panel.js*", answer)
    scripted.goto("/help/connection")
    parts = scripted.locator('[data-test="parts"]')
    expect(parts).to_have_attribute("data-result", "bad")
    expect(parts).to_contain_text("キャッシュ")
    scripted.get_by_role("button", name="新しいものを取り込んで").click()
    expect(scripted.locator('[data-test="parts"]')).to_have_attribute("data-result", "fine")


@pytest.mark.req("HLP-007", "HLP-008", "HLP-009", "HLP-010")
def test_without_scripts_the_steps_for_each_trouble_are_there(no_script: Page) -> None:
    no_script.goto("/help/connection")
    steps = no_script.get_by_role("listitem").filter(has_text="とき：")
    assert steps.count() == 4
    expect(no_script.locator("#self-test")).to_be_hidden()
    no_script.get_by_role("link", name="チャットを使わずに問い合わせる").click()
    expect(no_script.get_by_role("heading", level=1)).to_be_visible()


@pytest.mark.req("HLP-011")
def test_one_page_has_the_four_troubles_of_the_chat_each_with_a_button_that_leads_on(
    visitor: Visitor,
) -> None:
    page = visitor.get("/help/connection")
    troubles = re.findall(r'<li class="card" id="([\w-]+)">(.*?)</li>', page, re.S)
    assert [name for name, _ in troubles] == ["not-there", "closed", "no-person", "slow"]
    for _, trouble in troubles:
        assert re.search(r"<h3>[^<]+</h3><p>[^<]+", trouble)
        assert re.search(r'class="btn" href="/', trouble)
    for path in ("/history", "/person", "/help/contact?topic=support_service.slow_reply"):
        assert f'href="{path}"' in page
