"""The console's reports: by people of every role, without scripts, in Japanese; looked at on a desk and on a telephone."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, timedelta
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page

from madoguchi.building import follower_of
from madoguchi.counter.actors import ASSISTANT, Actor
from madoguchi.counter.contacts import events
from madoguchi.counter.contacts import queries as contact_queries
from madoguchi.counter.contacts import service as contacts
from madoguchi.counter.routing import presence
from madoguchi.counter.routing import service as routing
from madoguchi.counter.team import queries as team
from madoguchi.engine.database import Transaction
from madoguchi.faces.principal import STAFF_COOKIE
from tests.faces.pages.conftest import Counter, Staff

HOME = "/console/reports"


def today(counter: Counter) -> date:
    return counter.house.database.clock().date()


def address(counter: Counter, page: str = "", **more: str) -> str:
    """A report that has today in it."""
    first, last = today(counter) - timedelta(days=2), today(counter) + timedelta(days=1)
    query = {"period": "own", "first": first.isoformat(), "last": last.isoformat(), **more}
    return f"{HOME}{page}?{urlencode(query)}"


@pytest.fixture(scope="module")
def talked(counter: Counter) -> str:
    """A chat that the assistant answered and handed over; counted. Its id."""
    visitor = Actor(kind="customer", id="vis_reports")

    def write(tx: Transaction) -> str:
        opened = contacts.open_contact(
            tx, actor=visitor, channel="chat", language="ja", topic="order_delivery.item_not_received"
        )
        contacts.say(tx, opened.id, actor=visitor, text="届きません", client_key="reports-1")
        contacts.append(tx, opened.id, events.MESSAGE, {"text": "お調べします"}, actor=ASSISTANT)
        routing.enter(tx, contact_queries.get(tx, opened.id), "general", reason="asked", actor=ASSISTANT)
        return opened.id

    contact_id = counter.house.database.write(write)
    follower_of(counter.house).catch_up()
    return contact_id


@pytest.mark.req("QLT-001", "QLT-004")
def test_the_report_says_in_words_what_happened_and_defines_every_figure(
    counter: Counter, staff: Staff, talked: str
) -> None:
    lead = staff("supervisor")
    text = lead.get(address(counter, against="before"))
    assert lead.answer.status_code == 200
    assert "件のお問い合わせ" in text
    assert "24時間以内" in text
    assert text.count("<svg") >= 3
    assert text.count("表で見る") == text.count('<figure class="chart"')
    assert "比較" in text and "増減" in text
    assert not re.search(r"<script|style=", text)


def test_nothing_in_a_period_is_said_and_nothing_is_drawn(counter: Counter, staff: Staff) -> None:
    text = staff("supervisor").get(f"{HOME}?period=own&first=2020-01-01&last=2020-01-31")
    assert '<svg class="chart-picture' not in text
    assert "お問い合わせはありません" in text


def test_dates_that_cannot_be_used_are_said_and_the_usual_period_stands_in(
    counter: Counter, staff: Staff
) -> None:
    for dates in ("first=2026-02-01&last=2026-01-01", "first=x&last=", "first=1999-01-01&last=2026-01-01"):
        lead = staff("supervisor")
        text = lead.get(f"{HOME}?period=own&{dates}")
        assert lead.answer.status_code == 200 and 'role="alert"' in text


@pytest.mark.req("QLT-001")
def test_whoever_may_read_contacts_sees_those_behind_a_figure_and_an_operator_only_numbers(
    counter: Counter, staff: Staff, talked: str
) -> None:
    lead = staff("supervisor")
    assert f"{HOME}/contacts?figure=contacts" in lead.get(address(counter))
    assert f"/desk#contact={talked}" in lead.get(address(counter, "/contacts", figure="contacts"))
    operator = staff("operator")
    text = operator.get(address(counter))
    assert operator.answer.status_code == 200 and f"{HOME}/contacts" not in text
    operator.get(address(counter, "/contacts", figure="contacts"))
    assert operator.answer.status_code == 403 and talked not in operator.text
    for role in ("agent", "editor"):
        nobody = staff(role)
        nobody.get(HOME)
        assert nobody.answer.status_code == 403


@pytest.mark.req("QLT-007", "QLT-006")
def test_every_table_is_there_for_a_spreadsheet(counter: Counter, staff: Staff, talked: str) -> None:
    lead = staff("supervisor")
    found = {}
    for name in ("figures", "groups", "time", "channels", "reasons", "steps", "staff", "forecast"):
        text = lead.get(address(counter, "/csv", sheet=name))
        assert lead.answer.headers["content-type"].startswith("text/csv")
        found[name] = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    days = found["channels"]
    assert len(days) == 1 + 4 and "chat" in days[0]
    whole = {row[0]: row[2] for row in found["figures"]}
    assert sum(int(cell) for row in days[1:] for cell in row[1:]) == int(whole["contacts"])
    assert found["forecast"][0] == ["day", "hour", "forecast", "came", "difference"]
    assert found["staff"][0][:4] == ["agent", "status", "own status", "seconds"]
    lead.get(address(counter, "/csv", sheet="everything"))
    assert lead.answer.status_code == 404


@pytest.mark.req("QUE-015", "QUE-005")
def test_the_time_of_staff_stands_by_agent_and_status_and_other_filters_say_why_not(
    counter: Counter, staff: Staff, talked: str
) -> None:
    def work(tx: Transaction) -> None:
        found = team.by_login(tx, "test-agent")
        assert found is not None
        presence.set_status(tx, found.id, "available")

    counter.house.database.write(work)
    lead = staff("supervisor")
    table = lead.get(address(counter)).partition('id="family-staff"')[2].partition("</section>")[0]
    assert "担当者別の稼働" in table and "担当 agent" in table and "対応可能" in table
    assert "担当者以外の絞り込みがなく" in lead.get(address(counter, channel="chat"))


def test_a_report_is_saved_for_all_who_lead_and_found_again(counter: Counter, staff: Staff) -> None:
    lead = staff("supervisor")
    lead.get(f"{HOME}?period=7&channel=chat&against=before")
    lead.send("/saved", name="")
    assert lead.answer.status_code == 422 and "名前" in lead.text
    lead.send("/saved", name="週のチャット")
    other = staff("operator")
    text = other.get(HOME)
    assert "週のチャット" in text
    assert "period=7&against=before&channel=chat" in text
    other.send("/saved/remove")
    assert "週のチャット" not in other.get(HOME)


@pytest.mark.req("CMP-001", "CMP-002")
def test_published_times_of_others_are_compared_edited_and_name_their_source(
    counter: Counter, staff: Staff, talked: str
) -> None:
    lead = staff("supervisor")
    text = lead.get(address(counter, "/others"))
    assert "楽天市場" in text and "Yahoo!ショッピング" in text and "2025年1月1日" in text
    assert '<svg class="chart-picture' in text
    lead.send(
        "/others", shop="例の店", channel="phone", low="20", high="10", source="新聞", as_of="2026-10-01"
    )
    assert lead.answer.status_code == 422
    lead.send(
        "/others", shop="例の店", channel="phone", low="10", high="20", source="新聞", as_of="2026-10-01"
    )
    assert "例の店" in lead.text and "10分" in lead.text
    assert lead.get(HOME + "/others").count("例の店 (2026)") >= 1


def test_a_report_is_mailed_to_those_who_were_chosen(counter: Counter, staff: Staff, talked: str) -> None:
    lead = staff("supervisor")
    lead.get(f"{HOME}/mails?period=yesterday")
    lead.send("/mails", name="毎日の数字", rhythm="daily", hour="8")
    assert lead.answer.status_code == 422 and "宛先" in lead.text
    reader = next(value for value in re.findall(r'name="to" value="([^"]+)"', lead.text))
    lead.send(
        "/mails",
        **{
            "name": "毎日の数字",
            "rhythm": "daily",
            "hour": "8",
            "to": reader,
            f"address-{reader}": "boss@shop.example",
        },
    )
    assert lead.answer.status_code == 200 and "boss@shop.example" in lead.text
    lead.send("/remove")
    assert "boss@shop.example" not in lead.text


@pytest.mark.req("A11Y-003")
@pytest.mark.parametrize("page", ["", "/others", "/mails"])
def test_nothing_scrolls_sideways_on_a_telephone(
    counter: Counter, tokens: dict[str, str], scripted: Page, talked: str, page: str
) -> None:
    scripted.context.add_cookies([{"name": STAFF_COOKIE, "value": tokens["supervisor"], "url": counter.url}])
    scripted.set_viewport_size({"width": 320, "height": 740})
    scripted.goto(address(counter, page))
    scripted.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert scripted.evaluate("document.documentElement.scrollWidth") <= 320
