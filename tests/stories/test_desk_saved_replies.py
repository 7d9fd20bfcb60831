"""Saved replies and names in notes, by keyboard only: found by kana, filled, completed, sent with what goes along."""

from __future__ import annotations

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from madoguchi.connectors.embedded.demo import cast
from tests.stories.desk_people import Agent, Asks, Sits


def violations(page: Page) -> list[str]:
    found = Axe().run(page, context="#desk-composer").response["violations"]
    return [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]]


def insert(agent: Agent, wanted: str) -> None:
    agent.press("KeyR")
    expect(agent.words).to_be_focused()
    agent.press("Slash")
    expect(agent.page.get_by_role("combobox", name="定型文を探す")).to_be_focused()
    agent.page.keyboard.type(wanted)
    agent.press("Enter")
    expect(agent.words).to_be_focused()


def test_a_saved_reply_is_found_by_kana_filled_and_followed_by_its_deed(sits: Sits, asks: Asks) -> None:
    agent, customer = sits("kato"), asks(cast.MISAKI, "いつ届きますか", cast.MISAKI_ON_TIME)
    agent.take(customer)
    insert(agent, "オトドケヨテイビ")
    expect(agent.words).to_have_value(re.compile(rf"{cast.MISAKI_ON_TIME} は .+ にお届けの予定です"))
    agent.press("Control+Enter")
    expect(agent.sent.last).to_contain_text("お届けの予定です")
    agent.press("Escape")
    agent.list.focus()
    insert(agent, "later")
    after = agent.page.get_by_role("checkbox", name="送信後：24時間の保留")
    expect(after).to_be_checked()
    assert violations(agent.page) == []
    agent.press("Control+Enter")
    expect(agent.page.locator(".talk-head .chip").filter(has_text="まで保留")).to_be_visible()
    assert any("わかり次第こちらからご連絡します" in words for words in customer.hears())


def test_what_is_not_known_is_marked_and_has_to_be_written_first(sits: Sits, asks: Asks) -> None:
    agent, customer = sits("kato"), asks(cast.SENIOR)
    agent.take(customer)
    agent.list.focus()
    agent.press("KeyR", "Slash")
    agent.page.keyboard.type("late")
    expect(agent.page.locator("#desk-palette-list").get_by_role("option").first).to_contain_text(
        "未入力：{order}"
    )
    agent.press("Enter")
    expect(agent.words).to_be_focused()
    agent.press("Control+Enter")
    expect(agent.page.get_by_role("alert").filter(has_text="{order}")).to_be_visible()
    assert not any("{order}" in words for words in customer.hears())
    agent.page.keyboard.type("503-1")  # the place was chosen: typing replaces it
    agent.press("Control+Enter")
    expect(agent.sent.last).to_contain_text("ご注文 503-1 のお届けが遅れており")


def test_a_colleague_is_named_in_a_note_and_finds_it_by_keys(sits: Sits, asks: Asks) -> None:
    kato, ito, customer = sits("kato"), sits("ito"), asks(cast.SENIOR)
    kato.take(customer)
    kato.list.focus()
    kato.press("KeyN")
    expect(kato.words).to_be_focused()
    kato.page.keyboard.type("@伊")
    expect(kato.page.get_by_role("listbox", name="メンバー")).to_be_visible()
    assert violations(kato.page) == []
    kato.press("Enter")
    expect(kato.words).to_have_value(re.compile("^@伊藤 ?.* $"))
    kato.page.keyboard.type("在庫を見てください")
    kato.press("Control+Enter")
    bell = ito.page.get_by_role("button", name="お知らせ1件")
    expect(bell).to_be_visible()
    assert any("メモであなたを指名" in words for words in ito.spoken())
    ito.list.focus()
    ito.press("KeyG", "KeyN")
    expect(ito.page.get_by_role("heading", name="あなたへ")).to_be_focused()
    ito.press("Tab", "Enter")
    expect(ito.page.get_by_role("heading", name=customer.name)).to_be_visible()
    expect(bell).to_have_count(0)


def test_a_note_on_a_person_is_written_by_keys_and_read_by_a_colleague(sits: Sits, asks: Asks) -> None:
    kato, customer = sits("kato"), asks(cast.SENIOR)
    kato.take(customer)
    summary = kato.page.locator("summary").filter(has_text="お客様についての新しいメモ")
    summary.focus()
    kato.press("Enter", "Tab")
    kato.page.keyboard.type("電話は聞き取りにくいため、文字でのご案内を希望")
    kato.press("Tab", "Enter")
    notes = kato.page.get_by_role("heading", name="お客様についてのメモ")
    expect(notes).to_be_focused()
    pane = kato.page.get_by_role("region", name="お客様", exact=True)
    expect(pane).to_contain_text("文字でのご案内を希望")
    assert "文字でのご案内" not in str(customer.sees())
