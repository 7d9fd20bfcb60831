"""A customer sees a model's answer as it is worded; the conversation holds it once, also for whoever reloads meanwhile."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.assistant.model import server
from tests.assistant.model.server import Act, Request
from tests.assistant.model.test_streaming import FIRST, SECOND
from tests.assistant.model.test_turns import ARTICLE, MEMBERSHIP
from tests.stories.conftest import Counter, running


def slowly(request: Request) -> Act:
    """Some seconds for two sentences from the article."""
    if '"cites"' not in request["messages"][0]["content"]:
        return server.streamed(json.dumps({"intents": []}))
    answer = json.dumps({"cites": [ARTICLE], "text": FIRST + SECOND}, ensure_ascii=False)
    return server.streamed(answer, size=3, pause=0.12)


@pytest.fixture(scope="module")
def counter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    with server.endpoint(slowly) as double:
        model = {"MADOGUCHI_MODEL__BASE_URL": double.base_url, "MADOGUCHI_MODEL__NAME": "double-1"}
        with running(tmp_path_factory.mktemp("worded"), **model) as opened:
            yield opened


def asked(page: Page) -> Locator:
    page.goto("/help/articles/membership-benefits")
    page.get_by_role("button", name="お問い合わせ").click()
    field = page.get_by_role("dialog").get_by_role("textbox").first
    field.fill(MEMBERSHIP)
    field.press("Control+Enter")
    return page.get_by_role("log")


@pytest.mark.req("TECH-003")
def test_the_first_sentence_is_seen_before_the_answer_is_whole_and_the_answer_stands_once(
    new_context: Callable[..., BrowserContext],
) -> None:
    page = new_context().new_page()
    log = asked(page)
    typing, answer = log.locator(".typing"), log.locator(".by-assistant").filter(has_text=FIRST)
    expect(typing).to_contain_text(FIRST)
    expect(typing).to_have_attribute("aria-hidden", "true")  # announced once, when it is whole
    assert answer.count() == 0 and SECOND not in typing.inner_text()
    expect(answer).to_contain_text(SECOND)
    expect(answer).to_have_count(1)
    expect(typing).to_have_count(0)
    expect(log.get_by_role("link", name=re.compile("会員特典"))).to_be_visible()  # the source


def test_who_reloads_in_the_middle_finds_the_whole(new_context: Callable[..., BrowserContext]) -> None:
    page = new_context().new_page()
    expect(asked(page).locator(".typing")).to_contain_text(FIRST)
    page.reload()
    answer = page.get_by_role("log").locator(".by-assistant").filter(has_text=FIRST)
    expect(answer).to_contain_text(SECOND)
    expect(answer).to_have_count(1)
