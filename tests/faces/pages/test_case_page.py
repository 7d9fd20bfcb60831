"""The page of a case: for its owner only, with what comes next; notes of what happened when, without scripts."""

from __future__ import annotations

import os
import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from madoguchi.connectors.embedded.demo import cast
from madoguchi.counter.actors import SYSTEM
from madoguchi.counter.cases import joining, memos, queries, service
from madoguchi.counter.cases.model import Case
from madoguchi.engine.database import Transaction
from madoguchi.kit.languages import NAMES
from tests.faces.pages.conftest import Counter, Visitor
from tests.faces.pages.test_browser import sign_in


def brought(customer: Visitor, text: str = "箱がつぶれていました") -> Case:
    """A new enquiry by the page; its case."""
    customer.get("/help/other")
    customer.send("/contacts", way="chat", text=text)
    found = re.search(r'href="/cases/(C-\d+)"', customer.text)
    assert found is not None, customer.text
    case = customer.counter.house.database.read(queries.by_number, found[1])
    assert case is not None
    return case


@pytest.mark.req("CASE-007")
def test_the_page_tells_state_next_step_and_due_time_in_words(counter: Counter) -> None:
    customer = counter.visitor().sign_in(cast.NOT_THERE)
    case = brought(customer)
    counter.house.database.write(
        lambda tx: service.classify(tx, case.id, category="order_delivery.delivery_delay", wish="refund")
    )
    page = customer.get(f"/cases/{case.label}")
    assert "これから内容を確認いたします" in page
    assert "最初の回答は" in page and "ご回答の予定" not in page, "one time for one promise"
    assert "チャット ・ " in page and f"/cases/{case.label}/record.pdf" in page
    assert "返金" in page
    assert case.label in customer.get("/history")
    counter.house.database.write(service.wait_for_customer, case.id)
    assert "ご返信をお待ちしております" in customer.get(f"/cases/{case.label}")


@pytest.mark.req("CASE-004")
def test_for_anybody_else_the_case_does_not_exist(counter: Counter) -> None:
    case = brought(counter.visitor().sign_in(cast.MISAKI))
    john = counter.visitor().sign_in(cast.JOHN)
    told = []
    for number in (case.label, "C-999999"):
        page = john.get(f"/cases/{number}")
        assert john.answer.status_code == 404
        told.append(page.replace(number, "C"))
    assert told[0] == told[1]
    nobody = counter.visitor()
    nobody.get(f"/cases/{case.label}")
    assert nobody.path.startswith("/sign-in")


@pytest.mark.req("CASE-015", "ADV-004")
def test_a_note_is_kept_once_and_stands_in_order(counter: Counter) -> None:
    customer = counter.visitor().sign_in(cast.MISAKI)
    case = brought(customer)
    for day, clock, text in (("2026-01-03", "14:30", "電話しました"), ("2026-01-02", "", "届きました")) * 2:
        customer.get(f"/cases/{case.label}")
        page = customer.send("/memos", day=day, time=clock, text=text)
    assert page.index("届きました") < page.index("電話しました")
    assert "メモを保存しました" in page
    found = counter.house.database.read(memos.of_case, case.id)
    assert [each.text for each in found] == ["届きました", "電話しました"]
    assert found[1].happened_at.isoformat() == "2026-01-03T05:30:00+00:00"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"day": "", "text": "届きました"}, "日付を選んでください"),
        ({"day": "昨日", "text": "届きました"}, "日付は「2026-11-20」のようにお書きください"),
        ({"day": "2026-01-02", "time": "夕方", "text": "届きました"}, "時刻は「14:30」のように"),
        ({"day": "2999-01-02", "text": "届きました"}, "まだ先の日時です"),
    ],
)
def test_a_note_that_cannot_be_kept_says_why_beside_the_field_and_loses_nothing(
    counter: Counter, values: dict[str, str], words: str
) -> None:
    customer = counter.visitor().sign_in(cast.MISAKI)
    case = brought(customer)
    customer.get(f"/cases/{case.label}")
    page = customer.send("/memos", **{"time": "", **values})
    assert customer.answer.status_code == 422
    assert words in page
    assert "届きました</textarea>" in page
    assert counter.house.database.read(memos.of_case, case.id) == []


@pytest.mark.req("CASE-011")
def test_one_goes_on_from_the_page_within_the_same_case(counter: Counter) -> None:
    customer = counter.visitor().sign_in(cast.MISAKI)
    case = brought(customer)
    page = customer.get(f"/cases/{case.label}")
    assert re.search(r'class="btn primary" href="/contacts/con_[^"]+#latest"', page)


def test_a_merged_number_shows_the_case_that_goes_on(counter: Counter) -> None:
    customer = counter.visitor().sign_in(cast.MISAKI)
    first, second = brought(customer), brought(customer, "領収書がほしいです")

    def merge(tx: Transaction) -> None:
        joining.merge(tx, second.id, first.id, SYSTEM)

    counter.house.database.write(merge)
    page = customer.get(f"/cases/{second.label}")
    assert first.label in page
    assert "まとめたお問い合わせ" in page
    assert len(re.findall(r'href="/contacts/con_[0-9a-z]+">', page)) == 2


@pytest.mark.parametrize("language", NAMES)
def test_the_page_speaks_its_readers_language(counter: Counter, language: str) -> None:
    customer = counter.visitor(language).sign_in(cast.SENIOR)  # whose language it is from now on
    case = brought(customer)
    page = customer.get(f"/cases/{case.label}?lang={language}")
    english = "We look at your enquiry next. You need not do anything."
    assert (english in page) == (language == "en")


@pytest.mark.req("A11Y-004")
def test_on_a_telephone_without_scripts_nothing_scrolls_sideways(
    no_script: Page, counter: Counter, scripted: Page
) -> None:
    customer = counter.visitor().sign_in(cast.MISAKI)
    case = brought(customer)
    happened = counter.house.database.clock() - timedelta(days=1)
    counter.house.database.write(memos.add, case.id, happened, "玄関に箱が置かれていました。", SYSTEM)
    for page in (no_script, scripted):
        sign_in(page, counter, cast.MISAKI, f"/cases/{case.label}")
    no_script.goto(f"/cases/{case.label}")
    no_script.get_by_label("できごと").fill("受け取りました")
    no_script.get_by_role("button", name="メモを保存する").click()
    expect(no_script.get_by_role("status")).to_contain_text("メモを保存しました")
    scripted.set_viewport_size({"width": 320, "height": 640})
    scripted.goto(f"/cases/{case.label}")
    assert scripted.evaluate("() => document.documentElement.scrollWidth") <= 320
    assert scripted.locator("h1").count() == 1
    if folder := os.environ.get("MADOGUCHI_SCREENSHOTS"):
        for width in (360, 1280):
            scripted.set_viewport_size({"width": width, "height": 900})
            scripted.screenshot(path=f"{folder}/case-{width}.png", full_page=True)
