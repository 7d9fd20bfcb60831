"""Looking for what was said: an agent at the desk without a mouse, a customer within the chat and on the page."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from madoguchi.connectors.embedded.demo import cast
from tests.stories.desk_people import Asks, Sits
from tests.stories.desk_people import asks as asks
from tests.stories.desk_people import sits as sits
from tests.stories.desk_people import staff_sessions as staff_sessions
from tests.stories.widget_screens import Widget

NewContext = Callable[..., BrowserContext]
FOUND_WITHIN_S = 60


def test_an_agent_finds_a_message_and_opens_its_contact_by_keys_alone(sits: Sits, asks: Asks) -> None:
    agent = sits("kato")
    customer = asks(cast.SENIOR, "むらさきの湯のみが欠けていました")
    keyboard = agent.page.keyboard
    agent.press("Slash")
    dialog = agent.page.get_by_role("dialog", name="やり取りの全文検索")
    box = dialog.get_by_role("combobox").first
    expect(box).to_be_focused()
    _until_found(agent.page, "ムラサキの湯のみ", f'[data-found="{customer.contact_id}"]')
    option = dialog.locator(f'[data-found="{customer.contact_id}"]')
    expect(option).to_have_attribute("aria-selected", "true")
    expect(option.locator("mark").first).to_have_text("むらさきの湯のみ")
    keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    expect(agent.log).to_contain_text("むらさきの湯のみが欠けていました")
    agent.press("Escape", "Slash")
    expect(box).to_have_value("ムラサキの湯のみ")
    keyboard.type("そのような言葉はない")
    expect(dialog.get_by_role("status")).to_contain_text("見つかりませんでした")
    box.fill("")
    expect(dialog.get_by_role("button", name="ムラサキの湯のみ")).to_be_visible()
    keyboard.press("Escape")
    expect(dialog).to_have_count(0)


@pytest.mark.req("HIS-003")
def test_the_chats_history_shows_and_searches_earlier_conversations_without_leaving_it(
    new_context: NewContext, asks: Asks
) -> None:
    asks(cast.JOHN, "My violet teacup arrived broken", language="en")
    widget = Widget(new_context("en"), "en", cast.JOHN).open()
    widget.panel.locator("button.order").first.click()
    widget.panel.get_by_role("region", name="What happened?").get_by_role("button").first.click()
    expect(widget.log).to_be_visible()
    widget.panel.get_by_role("button", name="Earlier enquiries").click()
    expect(widget.heading).to_have_text("Earlier enquiries")
    field = widget.panel.get_by_role("searchbox")
    ends = time.monotonic() + FOUND_WITHIN_S
    while time.monotonic() < ends:
        field.fill("violet tea")
        field.press("Enter")
        expect(widget.panel.get_by_role("status").first).to_contain_text("found")
        if widget.panel.locator("mark").count():
            break
        time.sleep(0.5)
    expect(widget.panel.locator("mark").first).to_have_text("violet")
    widget.panel.get_by_role("button", name=widget.labels["back"]).click()
    expect(widget.log).to_be_visible()
    widget.panel.get_by_role("button", name="Earlier enquiries").click()
    widget.panel.locator(".pick").first.click()
    expect(widget.log).to_be_visible()


@pytest.mark.req("HIS-001")
@pytest.mark.parametrize("phone", [False, True])
def test_the_history_page_is_looked_through_and_fits_a_phone(
    new_context: NewContext, asks: Asks, phone: bool
) -> None:
    asks(cast.SENIOR, "あかむらさきの急須について")
    page = new_context("ja", phone=phone).new_page()
    page.goto("/demo/sign-in-as?lang=ja")
    page.locator(f"[name=customer_id][value=cus_{cast.SENIOR.lower()}]").click()
    ends = time.monotonic() + FOUND_WITHIN_S
    while time.monotonic() < ends:
        page.goto("/history")
        page.get_by_role("searchbox").fill("急須")
        page.get_by_role("button", name="探す").click()
        if page.locator("main mark").count():
            break
        time.sleep(0.5)
    expect(page.locator("main mark").first).to_have_text("急須")
    expect(page.get_by_role("status")).to_contain_text(re.compile(r"\d+件"))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def _until_found(page: Page, words: str, selector: str) -> None:
    """What was just said is found within moments; typed again until it is."""
    ends = time.monotonic() + FOUND_WITHIN_S
    box = page.get_by_role("combobox").first
    while time.monotonic() < ends:
        box.fill("")
        box.press_sequentially(words)
        try:
            page.locator(selector).wait_for(timeout=1500)
            return
        except Exception:
            continue
    raise AssertionError(f"{words} was not found")
