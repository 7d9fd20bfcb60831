"""Waiting for a person as customers meet it: the promise, other ways, putting it right, closing and coming back, outages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.stories.conftest import DESKTOP, PHONE, Counter, running
from tests.stories.widget_screens import Widget


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    """A demonstration that offers other ways soon, and lets one person begin few chats."""
    with running(
        tmp_path_factory.mktemp("waiting"),
        MADOGUCHI_DESK__OFFER_OTHER_WAYS_SECONDS="10",
        MADOGUCHI_LIMITS__CONTACTS_PER_HOUR="2",
    ) as opened:
        yield opened


def _context(chromium: Browser, counter: Counter, viewport: dict[str, int]) -> BrowserContext:
    return chromium.new_context(base_url=counter.url, locale="ja-JP", viewport=viewport)  # type: ignore[arg-type]


def _supervisor(chromium: Browser, counter: Counter) -> Page:
    page = _context(chromium, counter, DESKTOP).new_page()
    page.goto("/desk/sign-in")
    page.locator("[name=login]").fill("mori")
    page.locator("[name=password]").fill(counter.staff["mori"])
    page.locator("main button").first.click()
    page.wait_for_url("**/desk**")
    return page


@pytest.mark.req("HND-009", "HND-006", "QUE-010", "A11Y-004")
def test_on_a_phone_one_waits_with_other_ways_puts_it_right_leaves_and_comes_back(
    chromium: Browser, quick: Counter
) -> None:
    context = _context(chromium, quick, PHONE)
    widget = Widget(context, customer="C1001").open()
    widget.panel.get_by_role("button", name="担当者と話す").click()
    expect(widget.log).to_contain_text("担当者に引き継ぎました")
    widget.panel.get_by_role("button", name="直す").click()
    widget.panel.get_by_label("どこが違いますか").select_option("wish")
    widget.panel.get_by_label("正しい内容").fill("本日中に届けてほしい")
    widget.panel.get_by_role("button", name="保存").click()
    expect(widget.log).to_contain_text("お客様が引き継ぎ内容を直しました")
    mail = widget.panel.get_by_role("button", name="回答をメールで受け取る")
    expect(mail).to_be_visible()
    expect(widget.panel.get_by_role("button", name="電話をもらう")).to_be_visible()
    mail.click()
    expect(widget.panel).to_contain_text("回答はメールでもお知らせします")
    widget.page.reload()
    expect(widget.page.locator("madoguchi-help [role=status]").first).to_contain_text("前回の続きです")
    expect(widget.log).to_contain_text("本日中に届けてほしい")
    page = context.new_page()
    page.goto(f"/contacts/{widget.remembered('contact')}")
    expect(page.get_by_role("main")).to_contain_text("回答はメールでもお知らせします")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for number in range(3):
        page.goto("/person")
        page.get_by_label("ご用件").or_(page.locator("[name=text]")).first.fill(f"{number}件目です")
        page.get_by_role("button", name="担当者とチャットする").click()
    expect(page.get_by_role("main")).to_contain_text("一時的に制限しています")
    expect(page.get_by_role("main")).to_contain_text("件目です")  # what was typed is given back
    expect(page.get_by_role("link", name="フォームで送る").first).to_be_visible()
    context.close()


@pytest.mark.req("QUE-011", "QUE-006")
def test_what_a_supervisor_declares_is_told_at_once_and_over_when_it_is_over(
    chromium: Browser, quick: Counter, tmp_path: Path
) -> None:
    lead = _supervisor(chromium, quick)
    lead.goto("/console/conditions")
    lead.get_by_text("障害を掲示する", exact=True).click()
    lead.get_by_label("何が使えませんか").select_option("chat")
    lead.locator("[name=cause_ja]").fill("回線の工事中です。")
    lead.get_by_role("button", name="この障害を掲示する").click()
    expect(lead.get_by_role("main")).to_contain_text("掲示中")
    context = _context(chromium, quick, PHONE)
    widget = Widget(context, customer="C1002").open()
    expect(widget.panel).to_contain_text("ただいまチャットをご利用いただけません。回線の工事中です。")
    widget.panel.get_by_role("button", name="担当者と話す").click()
    expect(widget.panel.get_by_role("alert").first).to_contain_text(
        "お問い合わせフォームはお使いいただけます"
    )
    expect(widget.panel.get_by_role("link", name="フォームで送る").first).to_be_visible()
    status = context.new_page()
    status.goto("/help/status")
    expect(status.get_by_role("main")).to_contain_text("回線の工事中です。")
    assert status.evaluate("document.documentElement.scrollWidth <= innerWidth")
    lead.get_by_role("button", name="復旧した").click()
    status.reload()
    expect(status.get_by_role("main")).to_contain_text("すべて正常に動いています。")
    context.close()
    lead.context.close()
