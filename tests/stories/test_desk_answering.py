"""An agent's day at the desk: accept, reply, note, transfer, hold, resolve; and two who want the same contact."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from madoguchi.connectors.embedded.demo import cast
from tests.stories.desk_people import Asks, Sits


@pytest.mark.req("HND-006")
def test_an_offer_is_accepted_by_key_from_within_a_field_and_the_hand_over_is_read_first(
    sits: Sits, asks: Asks
) -> None:
    agent = sits("mori")
    agent.page.locator("#desk-search").focus()
    agent.status("available")
    customer = asks(cast.NOT_THERE, "配達済みなのに届いていません", cast.DELIVERED_BUT_MISSING)
    toast = agent.page.get_by_role("region", name="新しい会話")
    expect(toast).to_contain_text(customer.name)
    assert agent.focused() == "desk-search"  # what comes in never moves the focus
    assert [words for words in agent.spoken() if customer.name in words and "Control J" in words] == [
        words for words in agent.spoken() if words.startswith("新しい会話")
    ]
    assert len([words for words in agent.spoken() if words.startswith("新しい会話")]) == 1

    agent.press("Control+KeyJ")

    heading = agent.page.get_by_role("heading", name="引き継ぎ")
    expect(heading).to_be_focused()
    expect(toast).to_have_count(0)
    card = agent.page.locator(".handover")
    expect(card).to_contain_text(cast.DELIVERED_BUT_MISSING)
    expect(card).to_contain_text("配達済みなのに届いていません")
    expect(agent.log).to_contain_text("配達済みなのに届いていません")
    pane = agent.page.get_by_role("region", name="お客様", exact=True)
    expect(pane).to_contain_text(customer.name)
    expect(pane).to_contain_text(cast.DELIVERED_BUT_MISSING)
    expect(pane.get_by_role("heading", name="過去のお問い合わせ")).to_be_visible()
    assert customer.contact()["owner"]["kind"] == "agent"


def test_an_offer_that_is_passed_goes_away_and_the_contact_stays_in_the_queue(sits: Sits, asks: Asks) -> None:
    agent = sits("mori")
    agent.status("available")
    customer = asks(cast.SENIOR)
    agent.page.get_by_role("button", name="見送る").click()
    expect(agent.page.get_by_role("region", name="新しい会話")).to_have_count(0)
    assert customer.contact()["owner"]["kind"] == "queue"
    agent.take(customer)


@pytest.mark.req("CASE-002")
def test_a_reply_reaches_the_customer_under_the_agents_display_name(sits: Sits, asks: Asks) -> None:
    agent, customer = sits("kato"), asks(cast.SENIOR)
    agent.take(customer)
    agent.press("KeyR")
    expect(agent.words).to_be_focused()
    agent.page.keyboard.type("確認いたします。")
    agent.press("Enter")  # breaks the line
    agent.page.keyboard.type("少々お待ちください。")
    agent.press("Control+Enter")
    expect(agent.sent.last).to_contain_text("少々お待ちください。")
    expect(agent.words).to_have_value("")
    expect(agent.words).to_be_focused()
    said = [entry for entry in customer.sees() if entry["author"]["kind"] == "agent"]
    assert said[-1]["text"] == "確認いたします。\n少々お待ちください。"
    assert said[-1]["author"]["name"] == "加藤"
    assert "送信しました。" in agent.spoken()


def test_an_internal_note_is_never_seen_by_the_customer(sits: Sits, asks: Asks) -> None:
    agent, customer = sits("kato"), asks(cast.SENIOR)
    agent.take(customer)
    agent.press("KeyN")
    expect(agent.page.get_by_role("button", name="内部メモ")).to_have_attribute("aria-pressed", "true")
    agent.page.keyboard.type("以前にも同じ申し出あり。要確認。")
    agent.press("Control+Enter")
    note = agent.log.locator(".entry.note:not(.pending)")
    expect(note).to_contain_text("以前にも同じ申し出あり。要確認。")
    expect(note).to_contain_text("内部メモ")
    assert "以前にも同じ申し出あり" not in str(customer.sees())


def test_the_customers_words_appear_and_are_spoken_once(sits: Sits, asks: Asks) -> None:
    agent, customer = sits("kato"), asks(cast.SENIOR)
    agent.take(customer)
    agent.words.focus()
    customer.say("型番は ABC-1 です")
    expect(agent.log.locator(".entry.customer").last).to_contain_text("型番は ABC-1 です")
    assert agent.focused() == "desk-words"
    assert [words for words in agent.spoken() if "ABC-1" in words] == [f"{customer.name}: 型番は ABC-1 です"]


def test_enter_of_an_input_method_never_sends(sits: Sits, asks: Asks) -> None:
    agent, customer = sits("kato"), asks(cast.SENIOR)
    agent.take(customer)
    agent.page.get_by_role("button", name="設定").click()
    agent.page.get_by_label("Enterで送信、Shift+Enterで改行").check()
    agent.press("Escape")
    agent.words.focus()
    wire = agent.page.context.new_cdp_session(agent.page)
    wire.send("Input.imeSetComposition", {"text": "へんしん", "selectionStart": 4, "selectionEnd": 4})
    # Chrome's order, then Safari's: the composition has ended, only the key code still tells
    key = {"type": "rawKeyDown", "key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229}
    wire.send("Input.dispatchKeyEvent", key)
    wire.send("Input.insertText", {"text": "返信"})
    wire.send("Input.dispatchKeyEvent", key)
    expect(agent.words).to_have_value("返信")
    assert "返信" not in customer.hears()
    agent.press("Enter")
    expect(agent.sent.last).to_contain_text("返信")
    agent.page.evaluate("() => localStorage.clear()")


def test_a_saved_reply_is_inserted_in_the_customers_language_and_not_sent(sits: Sits, asks: Asks) -> None:
    agent, customer = sits("kato"), asks(cast.JOHN, "I want to talk to a person", language="en")
    agent.take(customer)
    agent.words.focus()
    agent.press("Slash")
    box = agent.page.get_by_role("combobox", name="定型文を探す")
    expect(box).to_be_focused()
    agent.page.keyboard.type("あいさつ")
    agent.press("Enter")
    expect(agent.words).to_have_value(re.compile(r"^Hello John Miller, .*My name is 加藤"))
    expect(agent.words).to_be_focused()
    assert not any("My name is" in text for text in customer.hears())


def test_a_transfer_carries_its_note_to_the_colleague_and_not_to_the_customer(sits: Sits, asks: Asks) -> None:
    kato, ito, customer = sits("kato"), sits("ito"), asks(cast.SENIOR)
    kato.take(customer)
    ito.status("available")
    kato.press("Escape", "KeyT")
    dialog = kato.page.get_by_role("dialog", name="転送")
    dialog.get_by_label(re.compile("伊藤")).check()
    dialog.get_by_label("引き継ぐ担当者へのメモ").fill("電話での折り返しを希望されています")
    dialog.get_by_role("button", name="転送", exact=True).click()
    expect(dialog).to_have_count(0)
    expect(kato.row(customer.name)).to_have_count(0)
    ito.open(customer)
    expect(ito.log).to_contain_text("電話での折り返しを希望されています")
    assert "折り返しを希望" not in str(customer.sees())


def test_what_is_put_on_hold_comes_back_with_the_customers_next_word(sits: Sits, asks: Asks) -> None:
    agent, customer = sits("kato"), asks(cast.SENIOR)
    agent.take(customer)
    agent.press("Escape", "KeyS")
    agent.page.get_by_role("dialog").get_by_role("button", name="2時間後").click()
    expect(agent.row(customer.name)).to_have_count(0)
    agent.view("保留中")
    expect(agent.row(customer.name)).to_have_count(1)
    customer.say("続きです")
    agent.view("自分")
    expect(agent.row(customer.name)).to_contain_text("新着 1 件")


def test_resolving_asks_the_customer_and_opens_the_next_contact(sits: Sits, asks: Asks) -> None:
    agent, first, second = sits("kato"), asks(cast.SENIOR), asks(cast.MISAKI)
    agent.take(second)
    agent.take(first)
    agent.press("Escape", "KeyE")
    dialog = agent.page.get_by_role("dialog", name="解決にする")
    dialog.get_by_label("お客様への結びの言葉").fill("ご不明な点があれば、いつでもお書きください。")
    dialog.get_by_role("button", name="解決して次へ").click()
    expect(agent.page.get_by_role("heading", name=second.name)).to_be_visible()
    expect(agent.page.get_by_role("heading", name="引き継ぎ")).to_be_focused()
    assert first.contact()["state"] == "resolved"
    assert first.contact()["can"]["confirm_resolution"]
    assert "ご不明な点があれば、いつでもお書きください。" in first.hears()


def test_send_and_resolve_is_one_key(sits: Sits, asks: Asks) -> None:
    agent, customer = sits("kato"), asks(cast.SENIOR)
    agent.take(customer)
    agent.press("KeyR")
    agent.page.keyboard.type("手続きが終わりました。")
    agent.press("Control+Shift+Enter")
    expect(agent.row(customer.name)).to_have_count(0)
    assert customer.contact()["state"] == "resolved"
    assert "手続きが終わりました。" in customer.hears()


def test_words_of_an_agent_who_lost_the_contact_go_back_to_the_draft(sits: Sits, asks: Asks) -> None:
    kato, mori, customer = sits("kato"), sits("mori"), asks(cast.SENIOR)
    kato.take(customer)
    kato.press("KeyR")
    kato.page.keyboard.type("これは届かないはずの返信")
    kato.page.context.set_offline(True)  # so that the news cannot come first
    kato.press("Control+Enter")
    expect(kato.log.locator(".pending")).to_contain_text("これは届かないはずの返信")
    mori.take(customer)
    kato.page.context.set_offline(False)
    expect(kato.page.locator(".notice")).to_contain_text("森さんが担当しています")
    expect(kato.words).to_have_value("これは届かないはずの返信")
    expect(kato.log.locator(".pending")).to_have_count(0)
    assert "これは届かないはずの返信" not in customer.hears()


def test_a_colleague_who_looks_or_types_is_named(sits: Sits, asks: Asks) -> None:
    kato, mori, customer = sits("kato"), sits("mori"), asks(cast.SENIOR)
    kato.take(customer)
    mori.page.get_by_role("searchbox").fill(customer.name)
    mori.page.locator(f"#desk-row-{customer.contact_id}").click()
    expect(kato.page.locator(".collision")).to_contain_text("森さんが閲覧中です")


def test_a_draft_and_a_message_on_its_way_survive_a_break_and_a_reload(sits: Sits, asks: Asks) -> None:
    agent, customer = sits("kato"), asks(cast.SENIOR)
    agent.take(customer)
    agent.words.fill("書きかけの返信")
    agent.page.reload()
    agent.open(customer)
    expect(agent.words).to_have_value("書きかけの返信")
    agent.page.context.set_offline(True)
    agent.words.press("Control+Enter")
    expect(agent.log.locator(".pending")).to_contain_text("書きかけの返信")
    agent.page.context.set_offline(False)
    expect(agent.sent.filter(has_text="書きかけの返信")).to_have_count(1)
    expect(agent.log.locator(".pending")).to_have_count(0)
    assert customer.hears().count("書きかけの返信") == 1


def test_the_customer_who_leaves_and_returns_is_shown(sits: Sits, asks: Asks) -> None:
    agent, customer = sits("kato"), asks(cast.SENIOR)
    agent.take(customer)
    expect(agent.page.locator(".facts")).to_contain_text("離席中")
