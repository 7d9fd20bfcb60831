"""With nothing but keys in the chat: an earlier conversation is looked for, found, and gone on with."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, expect

from madoguchi.connectors.embedded.demo import cast
from tests.stories.desk_people import Asks
from tests.stories.desk_people import asks as asks
from tests.stories.desk_people import staff_sessions as staff_sessions
from tests.stories.people import Keyboard
from tests.stories.widget_screens import Widget

FOUND_WITHIN_S = 60
WORDS = {
    "ja": {"said": "もえぎいろの風呂敷がほつれていました", "asked": "もえぎいろ", "earlier": "これまでのお問い合わせ", "more": "写真を送ります"},
    "en": {"said": "My chartreuse scarf has a loose thread", "asked": "chartreuse", "earlier": "Earlier enquiries", "more": "I will send a photo"},
}  # fmt: skip


@pytest.mark.req("HIS-003", "HIS-004", "A11Y-003")
@pytest.mark.parametrize(("language", "customer"), [("ja", cast.SENIOR), ("en", cast.JOHN)])
def test_an_old_conversation_is_found_and_gone_on_with_by_keys(
    new_context: Callable[..., BrowserContext], asks: Asks, language: str, customer: str
) -> None:
    words, keys = WORDS[language], Keyboard()
    asks(customer, words["said"], language=language)
    widget = Widget(new_context(language), language, customer)
    panel = widget.panel
    keys.press(widget.page.get_by_role("button", name=widget.labels["open"]))
    expect(panel.locator(".waiting")).to_have_count(0)
    keys.press(panel.get_by_role("button", name=words["earlier"]).first)
    expect(widget.heading).to_have_text(words["earlier"])
    field = panel.get_by_role("searchbox")
    ends = time.monotonic() + FOUND_WITHIN_S
    while time.monotonic() < ends and not panel.locator("mark").count():
        keys.write(field, words["asked"])
        widget.page.keyboard.press("Enter")
        widget.page.wait_for_timeout(700)
    expect(panel.locator("mark").first).to_have_text(words["asked"])
    found = Axe().run(widget.page).response["violations"]
    assert [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]] == []
    keys.press(panel.locator(".pick").first)
    expect(widget.log).to_contain_text(words["said"])
    keys.write(widget.field, words["more"])
    widget.page.keyboard.press("Enter")
    expect(widget.log.locator("li.near").filter(has_text=words["more"])).to_be_visible()
    assert widget.log.locator("li.near").filter(has_text=words["said"]).count(), "in the same conversation"
