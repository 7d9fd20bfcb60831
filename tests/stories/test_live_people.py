"""A supervisor listens, whispers and takes over; an agent asks a colleague in and hands over warm: by keyboard, both sides."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from madoguchi.connectors.embedded.demo import cast
from tests.stories.desk_people import Agent, Asks, Customer, Sits


def violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]]


def reach(agent: Agent, name: str | re.Pattern[str]) -> None:
    """Tab to the button of this name, from where the focus is."""
    target = agent.page.get_by_role("button", name=name).first
    expect(target).to_be_visible()
    for _ in range(120):
        if target.evaluate("element => document.activeElement === element"):
            return
        agent.press("Tab")
    raise AssertionError(f"no way by Tab to {name}")


def press(agent: Agent, name: str | re.Pattern[str]) -> None:
    reach(agent, name)
    agent.press("Enter")


def kinds(customer: Customer) -> list[str]:
    return [entry["kind"] for entry in customer.sees()]


def test_a_supervisor_listens_whispers_and_takes_over_unseen_until_then(sits: Sits, asks: Asks) -> None:
    kato, mori = sits("kato"), sits("mori")
    customer = asks(cast.SENIOR)
    kato.take(customer)
    before = kinds(customer)
    mori.page.goto(f"/desk#contact={customer.contact_id}")
    expect(mori.page.get_by_role("heading", name=customer.name)).to_be_visible()
    press(mori, "モニターする（お客様には見えません）")
    expect(mori.page.locator(".coach .badge")).to_contain_text("お客様には見えません")
    expect(mori.words).to_have_count(0)  # no composer for somebody who listens
    assert violations(mori.page) == []
    press(mori, "ささやく")
    expect(mori.page.get_by_label(re.compile("ささやき"))).to_be_focused()
    mori.page.keyboard.type("規約の3条をご案内ください")
    mori.press("Control+Enter")
    whisper = kato.log.locator(".entry.whisper")
    expect(whisper).to_contain_text("規約の3条をご案内ください")
    expect(whisper).to_contain_text("ささやき（スタッフのみ）")
    assert any("ささやき：規約の3条をご案内ください" in text for text in kato.spoken())
    assert kinds(customer) == before
    assert "規約の3条をご案内ください" not in "".join(customer.hears())
    press(mori, "引き取る")
    expect(mori.page.locator(".chip.owner")).to_have_text("自分")
    expect(mori.words).to_be_visible()
    expect(kato.page.locator(".chip.owner")).not_to_have_text("自分")
    assert "agent.joined" in kinds(customer)[len(before) :]


@pytest.mark.req("LNG-004")
def test_an_interpreter_is_asked_in_and_the_customer_sees_who_it_is(sits: Sits, asks: Asks) -> None:
    kato, ito = sits("kato"), sits("mori")
    customer = asks(cast.SENIOR)
    kato.take(customer)
    kato.list.focus()
    kato.press("KeyH")
    dialog = kato.page.get_by_role("dialog", name="人を呼ぶ")
    expect(dialog).to_be_visible()
    expect(dialog.locator("input[value=second]")).to_be_focused()
    assert violations(kato.page) == []
    kato.press("ArrowDown")  # from second agent to interpreter
    expect(dialog.locator("input[value=interpreter]")).to_be_checked()
    kato.press("Tab")
    kato.page.keyboard.type("森")
    colleague = dialog.get_by_role("radio", name=re.compile("森")).first
    expect(colleague).to_be_visible()
    kato.press("Tab")
    expect(colleague).to_be_focused()
    kato.press("Space")
    kato.press("Enter")
    expect(dialog).to_have_count(0)
    asked = ito.page.locator(".aside-box")
    expect(asked).to_contain_text("参加の依頼")
    ito.page.locator("#desk-search").focus()
    ito.press("Shift+Tab", "Shift+Tab")
    expect(asked.get_by_role("button", name=re.compile("^参加する"))).to_be_focused()
    ito.press("Enter")
    expect(ito.page.get_by_role("heading", name=customer.name)).to_be_visible()
    expect(ito.words).to_be_visible()
    ito.words.focus()
    ito.page.keyboard.type("通訳いたします。")
    ito.press("Control+Enter")
    expect(kato.log).to_contain_text("通訳いたします。")
    heard = customer.hears()
    assert any(re.search("通訳の.+が加わりました", text) for text in heard), heard
    assert "通訳いたします。" in heard


def test_a_warm_transfer_asks_first_and_the_customer_is_never_without_an_owner(
    sits: Sits, asks: Asks
) -> None:
    kato, mori = sits("kato"), sits("mori")
    customer = asks(cast.SENIOR)
    kato.take(customer)
    kato.list.focus()
    kato.press("KeyH")
    dialog = kato.page.get_by_role("dialog")
    expect(dialog.locator("input[value=second]")).to_be_focused()
    kato.press("ArrowUp")  # the last of the roles: ask first, then hand over
    expect(dialog.get_by_role("radio", name=re.compile("相談してから"))).to_be_checked()
    dialog.get_by_role("radio", name=re.compile("森")).first.focus()
    kato.press("Space", "Enter")
    expect(dialog).to_have_count(0)
    mori.page.locator(".aside-box").get_by_role("button", name=re.compile("^参加する")).focus()
    mori.press("Enter")
    expect(mori.page.get_by_role("heading", name=customer.name)).to_be_visible()
    assert customer.contact()["owner"]["kind"] == "agent"
    assert "participant.joined" not in kinds(customer)
    press(kato, re.compile("^引き継ぐ ?: "))
    expect(mori.page.locator(".chip.owner")).to_have_text("自分")


@pytest.mark.req("QLT-008")
def test_strong_words_are_shown_with_a_calm_reply_to_start_from(sits: Sits, asks: Asks) -> None:
    kato, customer = sits("kato"), asks(cast.SENIOR)
    kato.take(customer)
    customer.say("いい加減にしろ、この無能が")
    banner = kato.page.get_by_role("region", name="強い言葉")
    expect(banner).to_contain_text("暴言があります")
    assert violations(kato.page) == []
    press(kato, "落ち着いた返信文を入れる")
    expect(kato.words).to_have_value(re.compile("経緯を整理させて"))
    kato.words.fill("")
    press(kato, "注意文を送る")
    expect(kato.log).to_contain_text("この会話を終了させていただきます")
    expect(banner.get_by_role("button", name="規定により会話を終了する")).to_have_count(0)
    customer.say("死ね")
    press(kato, "規定により会話を終了する")
    expect(banner).to_have_count(0)
    assert customer.contact()["state"] == "ended"


def test_at_telephone_width_nothing_of_it_is_cut(sits: Sits, asks: Asks) -> None:
    mori, kato = sits("mori", phone=True), sits("kato")
    customer = asks(cast.SENIOR)
    kato.take(customer)
    customer.say("この無能が")
    mori.page.goto(f"/desk#contact={customer.contact_id}")
    mori.page.get_by_role("button", name="モニターする（お客様には見えません）").click()
    expect(mori.page.locator(".coach .badge")).to_be_visible()
    assert mori.page.evaluate("() => document.documentElement.scrollWidth") <= 360
