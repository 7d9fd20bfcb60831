"""The security page: who we are from the settings, five points, common fakes, a check, and advice with its date."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Page

from madoguchi.counter.actors import Actor
from madoguchi.counter.knowledge import queries, service
from madoguchi.counter.trust.ours import Ours
from madoguchi.engine.settings import Settings
from madoguchi.faces.house import House
from tests.faces.pages.conftest import PHONE, Counter, Visitor

EDITOR = Actor(kind="agent", id="agt_editor", name="佐藤", roles=frozenset({"supervisor"}))
TRUST = {
    "domains": ["midori.example", "mail.midori.example"],
    "senders": ["order@midori.example"],
    "phones": ["0120-111-222", "011-330-3000"],
    "partner_domains": ["kuroyagi.example"],
}


@pytest.fixture
def configured(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same counter, with more names and numbers of its own."""
    _set(counter.house, monkeypatch, trust=TRUST, shop={"url": "https://midori.example/shop"})


def _set(house: House, monkeypatch: pytest.MonkeyPatch, **sections: dict[str, Any]) -> None:
    kept = house.settings.model_dump()
    settings = Settings.model_validate(
        {**kept, **{name: kept[name] | keys for name, keys in sections.items()}}
    )
    monkeypatch.setattr(house, "settings", settings)
    monkeypatch.setattr(house.trust, "ours", Ours.of(settings))


def part(page: str, title: str) -> str:
    """The section under this heading, as words."""
    found = re.search(rf"<section(?:(?!<section).)*?>{title}</h2>(.*?)</section>", page, re.S)
    assert found, title
    return re.sub(r"<[^>]+>", " ", found[1])


@pytest.mark.req("PHI-002")
@pytest.mark.usefixtures("configured")
def test_every_configured_identity_is_listed_and_the_desks_number_after_signing_in(
    visitor: Visitor, misaki: Visitor
) -> None:
    listed = part(visitor.get("/help/security"), "当店の本物のアドレスと電話番号")
    expected = [*TRUST["domains"], *TRUST["senders"], *TRUST["phones"], *TRUST["partner_domains"]]
    for identity in [*expected, "https://midori.example/shop", "help@shop.example"]:
        assert identity in listed
    assert PHONE not in visitor.text
    assert PHONE in part(misaki.get("/help/security"), "当店の本物のアドレスと電話番号")


@pytest.mark.req("PHI-002")
def test_under_another_name_the_list_is_not_shown_but_where_it_is(
    counter: Counter, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    _set(
        counter.house,
        monkeypatch,
        server={"base_url": "https://help.midori.example"},
        trust={"senders": ["order@midori.example"]},
    )
    page = visitor.get("/help/security")
    assert "https://help.midori.example/help/security" in page
    assert "order@midori.example" not in page


@pytest.mark.req("PHI-003")
@pytest.mark.usefixtures("configured")
def test_the_five_points_name_the_configured_domains_and_numbers(visitor: Visitor) -> None:
    page = visitor.get("/help/security")
    points = part(page, "偽物を見分ける5つの点")
    for point in ("差出人", "文面", "リンク", "電話番号", "個人情報"):
        assert point in points
    assert points.count("当店") >= 1
    for ours in ("order@midori.example", "mail.midori.example", "0120-111-222", "011-330-3000"):
        assert ours in points


@pytest.mark.req("PHI-005")
def test_each_common_fake_leads_to_its_check(visitor: Visitor) -> None:
    page = visitor.get("/help/security")
    for says, link in (
        ("アカウントを停止します", "/help/security?about=site#check"),
        ("お支払いに問題があります", "/help/security?about=mail#check"),
        ("ご注文ありがとうございます", "/orders"),
    ):
        row = next(row for row in re.findall(r"<tr.*?</tr>", page, re.S) if says in row)
        assert f'href="{link}"' in row
    assert re.search(r'value="site" checked', visitor.get("/help/security?about=site"))


@pytest.mark.req("PHI-005", "PHI-022")
@pytest.mark.usefixtures("configured")
@pytest.mark.parametrize(
    ("channel", "text", "verdict"),
    [
        ("phone", "011-330-3000", "はっきり確かめられません"),
        ("phone", "0120-999-888", "当店からのものではありません"),
        ("site", "https://midori.example.evil-shop.jp/login", "当店からのものではありません"),
        ("mail", "差出人: info@rnidori.example パスワードを入力", "当店からのものではありません"),
    ],
)
def test_what_was_received_is_judged_without_scripts_or_account(
    visitor: Visitor, channel: str, text: str, verdict: str
) -> None:
    visitor.get("/help/security")
    page = visitor.send("/help/security#check", channel=channel, text=text)
    assert verdict in page
    assert 'href="https://midori.example.evil' not in page


def test_nothing_pasted_says_so_at_the_field(visitor: Visitor) -> None:
    visitor.get("/help/security")
    assert "届いたものを貼り付けてください" in visitor.send("/help/security#check", text="")
    assert visitor.answer.status_code == 422


@pytest.mark.req("PHI-018")
def test_an_editor_renews_the_advice_and_its_date_and_the_history_keeps_each_version(
    counter: Counter, visitor: Visitor
) -> None:
    assert "最近多い手口" in visitor.get("/help/articles/security")
    library, database = counter.house.library, counter.house.database
    shipped = next(each for each in library.articles() if each.id == "security")
    assert set(shipped.texts) == {"ja", "en", "zh-Hans", "zh-Hant", "ko"}

    def renewed(body: str, day: int) -> None:
        text = replace(shipped.texts["ja"], body=f"お守りします。\n\n{body}", updated=date(2027, 1, day))
        database.write(service.put, replace(shipped, texts=shipped.texts | {"ja": text}), EDITOR)

    renewed("- 年末の偽セール", 5)
    renewed("- 確定申告をかたるSMS", 9)
    page = visitor.get("/help/security")
    assert "確定申告をかたるSMS" in page
    assert "年末の偽セール" not in page
    assert re.search(r"最終更新.*2027年1月9日", page)
    kept = database.read(queries.history, "security")
    assert [(each.version, each.actor_name) for each in kept] == [(1, "佐藤"), (2, "佐藤")]
    assert "年末の偽セール" in kept[0].after["texts"]["ja"]["body"]


@pytest.mark.req("PHI-008")
@pytest.mark.parametrize("article", ["fake-site", "verify-message", "vishing", "smishing"])
def test_the_page_and_the_articles_about_impersonation_lead_to_each_other(
    visitor: Visitor, article: str
) -> None:
    page = visitor.get(f"/help/articles/{article}")
    assert "/help/security" in page
    assert "公式" in page or "当店" in page


@pytest.mark.req("A11Y-004")
def test_it_is_used_without_scripts(no_script: Page) -> None:
    no_script.goto("/help/security")
    no_script.get_by_role("radio", name="電話").check()
    no_script.get_by_role("textbox").fill("0120-999-888")
    no_script.get_by_role("button", name="確かめる").click()
    assert no_script.get_by_role("status").inner_text().startswith("当店からのものではありません")


@pytest.mark.parametrize("width", [320, 1280])
def test_the_tables_fit_and_stay_tables(scripted: Page, width: int) -> None:
    scripted.set_viewport_size({"width": width, "height": 800})
    scripted.goto("/help/security")
    assert scripted.get_by_role("table").count() == 2
    assert scripted.get_by_role("row").count() == 10
    assert scripted.evaluate("document.documentElement.scrollWidth") <= width
