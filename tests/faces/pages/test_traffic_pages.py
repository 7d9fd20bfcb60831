"""Pages of traffic: promised waits and the forecast for those who lead, the best time to contact for everybody."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser
from sqlalchemy import insert

from madoguchi.counter.actors import Actor
from madoguchi.counter.contacts import service
from madoguchi.counter.routing import forecasting
from madoguchi.counter.routing.model import wait_sample
from madoguchi.engine.database import Transaction
from madoguchi.faces.principal import STAFF_COOKIE
from tests.faces.pages.conftest import Counter, Staff, Visitor, _context

PATHS = ("/console/waits", "/console/forecast", "/console/forecast/csv")


@pytest.fixture(scope="module")
def busy(counter: Counter) -> None:
    """Four promised waits of which three were kept, and contacts of yesterday from which something is forecast."""
    now = counter.house.database.clock()

    def write(tx: Transaction) -> None:
        for wait_s in (60, 120, 180, 900):
            tx.execute(
                insert(wait_sample).values(
                    queue_id="disputes",
                    contact_id="",
                    at=now - timedelta(hours=2),
                    wait_s=wait_s,
                    handle_s=300,
                    agents=1,
                    promised_low_s=120,
                    promised_high_s=300,
                    channel="chat",
                )
            )
        for n in range(40):
            actor = Actor(kind="customer", id=f"vis_forecast_{n}")
            opened = service.open_contact(tx, actor=actor, channel="chat", language="ja")
            yesterday = round((now - timedelta(days=1)).timestamp() * 1_000_000)
            tx.driver("UPDATE contact SET opened_at = ? WHERE id = ?", (yesterday, opened.id)).close()
        forecasting.make(tx, ZoneInfo("Asia/Tokyo"), frozenset())

    counter.house.database.write(write)


@pytest.mark.req("QUE-004")
def test_promised_waits_stand_beside_the_real_ones(busy: None, staff: Staff) -> None:
    page = staff("supervisor").get("/console/waits?days=7&by=queue")
    assert "お伝えした目安の75%が守られました。" in page
    assert "目標の80%に届いていません。" in page
    english = staff("supervisor", "en").get("/console/waits?days=7&by=channel")
    assert "75 % of the promised waits were kept." in english


@pytest.mark.req("QUE-005")
def test_the_forecast_is_shown_and_goes_into_a_spreadsheet(busy: None, staff: Staff) -> None:
    lead = staff("supervisor")
    assert "1時間ごとの予測件数" in lead.get("/console/forecast")
    lead.get("/console/forecast/csv")
    rows = list(csv.DictReader(io.StringIO(lead.answer.text.removeprefix("\ufeff"))))
    assert len(rows) == 14 * 24 and sum(float(row["contacts"]) for row in rows) > 0
    assert "まだありません" in lead.get(
        "/console/forecast?queue=privacy"
    )  # nothing has come: nothing is invented


@pytest.mark.parametrize("path", PATHS)
def test_figures_are_for_those_who_lead(path: str, staff: Staff, counter: Counter) -> None:
    agent, stranger = staff("agent"), counter.visitor()
    agent.get(path)
    assert agent.answer.status_code == 403
    stranger.get(path)
    assert stranger.path.startswith("/desk/sign-in?next=")


@pytest.mark.req("QUE-005")
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ja", "人の担当者につながりやすい時間帯"),
        ("en", "The best time to contact people"),
        ("zh-Hans", "联系人工客服的合适时间"),
        ("zh-Hant", "聯絡專人客服的合適時間"),
        ("ko", "상담원과 연결되기 쉬운 시간"),
    ],
)
def test_the_contact_page_says_when_people_are_easy_to_reach(
    counter: Counter, language: str, words: str
) -> None:
    page = counter.visitor(language).get("/help/contact")
    assert words in page
    table = page.partition('<table class="week">')[2].partition("</table>")[0]
    assert table.count('<th scope="col">') == 8 and table.count('<th scope="row">') >= 8
    assert table.count("<td") == 7 * table.count('<th scope="row">')
    assert table.count("visually-hidden") >= table.count("<td")  # every mark in words, too


def test_the_pages_have_no_violation_and_fit_a_telephone(
    busy: None, browser: Browser, counter: Counter, tokens: dict[str, str], visitor: Visitor
) -> None:
    context = _context(browser, counter, viewport={"width": 320, "height": 700})
    context.add_cookies([{"name": STAFF_COOKIE, "value": tokens["supervisor"], "url": counter.url}])
    page = context.new_page()
    for path in ("/console/waits?days=7", "/console/forecast", "/help/contact"):
        page.goto(counter.url + path)
        for each in page.locator("details > summary").all():
            each.click()
        assert page.evaluate("() => document.documentElement.scrollWidth") <= 320, path
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
    context.close()
