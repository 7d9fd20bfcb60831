"""The assistant in the help pages: it answers there, a person is a press away, and at night the case and a call-back."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, expect

from tests.stories.conftest import Counter, running

DAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")


@pytest.fixture(scope="module")
def counter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    """A demonstration at whose desk nobody is, at any hour."""
    closed = {f"MADOGUCHI_HOURS__{day}": "" for day in DAYS}
    with running(tmp_path_factory.mktemp("closed"), **closed) as opened:
        yield opened


@pytest.mark.req("BOT-028")
def test_the_help_pages_hold_the_chat_and_when_nobody_is_there_it_offers_the_case_and_a_call_back(
    new_context: Callable[..., BrowserContext],
) -> None:
    page = new_context().new_page()
    page.goto("/help/articles/membership-benefits")
    page.get_by_role("button", name="お問い合わせ").press("Enter")
    panel = page.get_by_role("dialog")
    panel.get_by_role("textbox").first.fill("領収書がほしい")
    panel.get_by_role("textbox").first.press("Control+Enter")
    log = page.get_by_role("log")
    expect(log).to_contain_text("領収書")
    expect(log.locator(".by-assistant").first).to_be_visible()
    panel.get_by_role("button", name="担当者と話す").first.press("Enter")
    expect(log).to_contain_text("受付時間外です")
    expect(log).to_contain_text("お問い合わせ番号はC-")
    expect(log).to_contain_text("折り返し")
    found = Axe().run(page).response["violations"]
    assert [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]] == []
