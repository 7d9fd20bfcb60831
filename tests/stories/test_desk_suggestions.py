"""An agent is helped at the desk, by keyboard alone: next step, replies to start from; nothing is sent by itself."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from madoguchi.connectors.embedded.demo import cast
from tests.stories.desk_people import Agent, Asks, Customer, Sits
from tests.stories.test_desk_access import violations


def returning(agent: Agent, asks: Asks) -> Customer:
    """A customer who wants to return a shirt, in this agent's hands."""
    customer = asks(cast.MISAKI, "シャツを返品したいです", cast.MISAKI_SHIRT)
    agent.take(customer)
    expect(agent.page.locator(".guidance-steps")).to_be_visible()
    return customer


@pytest.mark.req("BOT-017")
def test_a_suggested_reply_is_inserted_by_key_and_goes_out_only_after_it_was_edited(
    sits: Sits, asks: Asks
) -> None:
    agent = sits("kato")
    customer = returning(agent, asks)
    section = agent.page.get_by_role("region", name="提案")
    expect(section.get_by_role("heading", name="提案")).to_be_visible()
    expect(section.locator(".guidance-steps").first).to_contain_text(
        re.compile(r"商品の返品は\d+月\d+日\(.\)まで可能です")
    )
    expect(section.locator(".guidance-replies > li").first).to_contain_text(f"根拠: {cast.MISAKI_SHIRT}")
    source = section.locator(".guidance-replies > li").nth(1).get_by_role("link")
    expect(source).to_have_attribute("href", re.compile("^/help/articles/"))
    agent.list.focus()
    agent.press("KeyI", "Digit1")
    expect(agent.words).to_be_focused()
    expect(agent.words).to_have_value(re.compile("商品の返品は.*まで承れます"))
    agent.press("Control+Enter")
    expect(agent.page.locator("#desk-words-problem")).to_contain_text("編集してから送信")
    assert not any("承れます" in text for text in customer.hears())
    agent.page.keyboard.type("\n森田が承りました。")
    agent.press("Control+Enter")
    expect(agent.sent.last).to_contain_text("森田が承りました。")
    said = [text for text in customer.hears() if "承れます" in text]
    assert len(said) == 1 and said[0].endswith("森田が承りました。")
    assert violations(agent.page) == []


def test_the_next_step_opens_its_dialog_by_key(sits: Sits, asks: Asks) -> None:
    agent = sits("kato")
    returning(agent, asks)
    agent.list.focus()
    agent.press("KeyU")
    expect(agent.page.get_by_role("dialog", name="商品の返品")).to_be_visible()
    agent.press("Escape")
    agent.press("Shift+Slash")
    keys = agent.page.get_by_role("dialog", name="キー")
    for name in ("返信の下書き（続けて1〜9）", "提案された次の対応を開く", "言語モデルで下書き"):
        expect(keys).to_contain_text(name)


def test_without_a_model_neither_drafts_nor_translations_are_offered(sits: Sits, asks: Asks) -> None:
    agent, customer = (
        sits("kato"),
        asks(cast.JOHN, "I want to return the shirt", cast.JOHN_SHIRT, language="en"),
    )
    agent.take(customer)
    section = agent.page.get_by_role("region", name="提案")
    expect(section.locator(".guidance-replies")).to_be_visible()
    expect(section.locator(".guidance-draft")).to_have_count(0)
    expect(agent.page.get_by_role("button", name=re.compile("翻訳"))).to_have_count(0)
    agent.list.focus()
    agent.press("KeyD")
    expect(agent.page.locator(".notice")).to_contain_text("いまは使えません")


def test_in_english_the_desk_says_the_same(sits: Sits, asks: Asks) -> None:
    agent, customer = (
        sits("kato", language="en"),
        asks(cast.MISAKI, "シャツを返品したいです", cast.MISAKI_SHIRT),
    )
    agent.take(customer)
    section = agent.page.get_by_role("region", name="Suggestions")
    expect(section.locator(".guidance-steps").first).to_contain_text(
        re.compile(r"Return items is possible until")
    )
    expect(section.locator(".guidance-words").first).to_have_attribute("lang", "ja")


def test_the_console_is_a_key_away_for_those_whose_role_opens_it(sits: Sits, counter: Any) -> None:
    agent, supervisor = sits("kato"), sits("mori")
    expect(agent.page.get_by_role("link", name="コンソール")).to_have_count(0)
    agent.list.focus()
    agent.press("KeyG", "KeyC")
    expect(agent.page).to_have_url(f"{counter.url}/desk")
    supervisor.list.focus()
    supervisor.press("KeyG", "KeyC")
    expect(supervisor.page).to_have_url(f"{counter.url}/console")
    supervisor.page.get_by_role("link", name="サポートデスク").click()
    expect(supervisor.list).to_be_visible()
