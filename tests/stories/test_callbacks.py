"""A customer who waits in the chat has us call instead; the agent calls from an own telephone, and twice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.conftest import PATIENCE_MS
from tests.stories.conftest import DESKTOP, PHONE, Counter, running
from tests.stories.desk_people import Agent, sign_in, sit_down
from tests.stories.test_desk_access import violations
from tests.stories.widget_screens import Widget


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    """A demonstration that offers other ways soon, and tries again soon."""
    with running(
        tmp_path_factory.mktemp("callbacks"),
        MADOGUCHI_DESK__OFFER_OTHER_WAYS_SECONDS="10",
        MADOGUCHI_HOURS__PHONE="00:00-24:00",
        MADOGUCHI_CALLBACK__RETRY_DELAY_SECONDS="4",
    ) as opened:
        yield opened


def _device(chromium: Browser, counter: Counter, viewport: dict[str, int] = DESKTOP) -> BrowserContext:
    context = chromium.new_context(
        base_url=counter.url,
        locale="ja-JP",
        timezone_id="Asia/Tokyo",
        viewport=viewport,  # type: ignore[arg-type]
    )
    context.set_default_timeout(PATIENCE_MS)
    return context


def _books_from_the_queue(widget: Widget) -> None:
    panel = widget.panel
    panel.get_by_role("button", name="担当者と話す").click()
    panel.get_by_role("button", name="電話をもらう").click()
    expect(panel).to_contain_text("チャットの順番はそのまま引き継がれ")
    panel.get_by_label("お電話番号").fill("０９０−１２３４−５６７８")
    panel.get_by_label("伝えておきたいこと").fill("玄関の電話に出ます")


def _accepts_the_call(agent: Agent) -> None:
    offer = agent.page.get_by_role("region", name="新しい会話")
    expect(offer).to_contain_text("折り返し電話：こちらからおかけします")
    agent.press("Control+KeyJ")


@pytest.mark.req("CB-001", "CB-003", "CB-004", "CB-010", "A11Y-004")
def test_from_the_queue_of_the_chat_to_a_talk_by_telephone(
    chromium: Browser, quick: Counter, tmp_path: Path
) -> None:
    customer = _device(chromium, quick, PHONE)
    widget = Widget(customer, customer="C1001").open()
    panel = widget.panel
    _books_from_the_queue(widget)
    widget.page.screenshot(path=tmp_path / "form.png")
    assert violations(widget.page) == []
    panel.get_by_role("button", name="この内容で予約する").click()
    card = panel.locator(".waits")
    expect(card).to_contain_text("090-1234-5678")
    expect(card).to_contain_text("0120-000-000")
    expect(card).to_contain_text("順番")
    widget.page.reload()
    expect(card).to_contain_text("090-1234-5678")
    widget.page.screenshot(path=tmp_path / "card.png")
    assert violations(widget.page) == []
    assert widget.page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    http = sign_in(quick.url, "kato", quick.staff["kato"], "ja")
    agent = sit_down(http, quick.url, "kato", lambda **more: _device(chromium, quick))
    agent.status("available")
    _accepts_the_call(agent)
    call = agent.page.locator(".call-card")
    expect(call).to_contain_text("090-1234-5678")
    expect(call).to_contain_text("玄関の電話に出ます")
    expect(call.get_by_role("button", name="電話をかける")).to_be_visible()
    agent.page.screenshot(path=tmp_path / "desk_ready.png")
    agent.press("KeyP", "Digit2")
    expect(
        agent.page.get_by_role("dialog", name="電話の日時を変更").get_by_role("radio").nth(3)
    ).to_be_visible()
    agent.page.screenshot(path=tmp_path / "desk_move.png")
    assert violations(agent.page) == []
    agent.press("Escape")
    agent.press("KeyP", "Digit1")
    expect(call.get_by_role("link", name="090-1234-5678")).to_be_focused()
    expect(call.get_by_role("link", name="090-1234-5678")).to_have_attribute("href", "tel:+819012345678")
    expect(card).to_contain_text("0120-000-000 からおかけしています")
    agent.page.screenshot(path=tmp_path / "desk_calling.png")
    widget.page.screenshot(path=tmp_path / "calling.png")
    assert violations(agent.page) == []
    agent.press("KeyP", "Digit2")
    expect(call).to_contain_text("つながらず再発信待ち")
    expect(call).to_contain_text("応答なし")
    agent.page.screenshot(path=tmp_path / "desk_retrying.png")

    _accepts_the_call(agent)
    expect(call.get_by_role("button", name="電話をかける")).to_be_visible()
    agent.press("KeyP", "Digit1")
    expect(call.get_by_role("button", name="つながった")).to_be_visible()
    agent.press("KeyP", "Digit1")
    expect(call.get_by_role("timer")).to_be_visible()
    expect(card).to_contain_text("お客様と通話中です")
    call.get_by_label("通話のメモ（社内用）").fill("置き場所を案内した")
    agent.page.locator("#desk-call-heading").focus()
    agent.press("KeyP", "Digit1")
    expect(call).to_contain_text("通話終了")
    expect(call).to_contain_text("置き場所を案内した")
    agent.page.screenshot(path=tmp_path / "desk_done.png")
    agent.page.set_viewport_size({"width": 360, "height": 740})
    agent.page.screenshot(path=tmp_path / "desk_narrow.png")
    assert agent.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    customer.close()
    agent.clear()


@pytest.mark.req("CB-001", "CB-003", "CB-006")
def test_a_time_is_booked_from_the_start_changed_and_called_off(
    chromium: Browser, quick: Counter, tmp_path: Path
) -> None:
    customer = _device(chromium, quick)
    widget = Widget(customer, customer="C1004").open()
    panel = widget.panel
    panel.locator(".links").get_by_role("button").first.click()
    slots = panel.locator(".slots").get_by_role("radio")
    expect(slots.nth(4)).to_be_visible()
    panel.get_by_label("お電話番号").fill("12")
    panel.get_by_role("button", name="この内容で予約する").click()
    expect(panel.get_by_label("お電話番号")).to_be_focused()
    expect(panel.get_by_role("alert").first).not_to_be_empty()
    panel.get_by_label("お電話番号").fill("03-3580-3311")
    slots.nth(4).check()
    widget.page.screenshot(path=tmp_path / "slots.png")
    panel.get_by_role("button", name="この内容で予約する").click()
    card = panel.locator(".waits")
    expect(card).to_contain_text("03-3580-3311")
    before = card.locator("dd").first.inner_text()
    widget.page.screenshot(path=tmp_path / "booked.png")
    with widget.page.expect_download() as kept:
        card.get_by_role("button", name="カレンダーに追加").click()
    assert "BEGIN:VEVENT" in kept.value.path().read_text("utf-8")
    card.get_by_role("button", name="日時を変更").click()
    slots.nth(7).check()
    panel.get_by_role("button", name="この時間にする").click()
    expect(card.locator("dd").first).not_to_have_text(before)
    card.get_by_role("button", name="取り消").click()
    expect(card).to_contain_text("取り消")
    expect(card.get_by_role("button")).to_have_count(0)
    widget.page.screenshot(path=tmp_path / "called_off.png")
    customer.close()
