"""The whole customer at the desk, by keyboard alone: sections opened, closed and moved, no calls, a case followed."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from madoguchi.connectors.embedded.demo import cast
from tests.stories.desk_people import Agent, Asks, Sits


def violations(page: Page) -> list[str]:
    return [each["id"] for each in Axe().run(page).response["violations"]]


def sections(agent: Agent) -> list[str]:
    heads = agent.page.locator(".pane-section h3 button").all_text_contents()
    return [text.strip() for text in heads]


@pytest.mark.req("HIS-008", "A11Y-001")
def test_an_agent_arranges_the_customer_by_keyboard_and_finds_it_so_again(sits: Sits, asks: Asks) -> None:
    agent, customer = sits("kato"), asks(cast.MISAKI, order=cast.MISAKI_LATE)
    agent.take(customer)
    page = agent.page
    notes = page.locator("#desk-person-notes-heading button")
    expect(notes).to_have_attribute("aria-expanded", "true")
    assert violations(page) == []
    notes.focus()
    agent.press("Enter")
    expect(notes).to_have_attribute("aria-expanded", "false")
    expect(page.locator("#desk-person-notes-body")).to_be_hidden()

    page.get_by_role("button", name="項目を並べ替える").focus()
    agent.press("Enter")
    before = sections(agent)
    up = page.locator("#desk-refunds-up")
    up.focus()
    agent.press("Enter")
    expect(up).to_be_focused()
    agent.press("Enter")
    at = before.index("返金")
    assert sections(agent).index("返金") == at - 2
    assert any("返金：" in said for said in agent.spoken())
    assert violations(page) == []

    holdings = page.locator("#desk-holdings-heading button")
    holdings.focus()
    with page.expect_response(
        lambda answer: answer.request.method == "PUT" and "/desk/settings" in answer.url
    ):
        agent.press("Enter")
    expect(page.locator("#desk-holdings-body")).to_contain_text("ポイント")
    arranged = sections(agent)
    page.reload()
    agent.open(customer)
    expect(page.locator("#desk-holdings-body")).to_contain_text("ポイント")
    assert sections(agent) == arranged
    expect(page.locator("#desk-person-notes-heading button")).to_have_attribute("aria-expanded", "false")


def test_a_customer_who_wants_no_calls_and_a_case_that_is_followed(sits: Sits, asks: Asks) -> None:
    agent, customer = sits("kato"), asks(cast.MISAKI, order=cast.MISAKI_LATE)
    agent.take(customer)
    page = agent.page
    box = page.get_by_label("電話せず文字で対応")
    box.focus()
    with page.expect_response(lambda answer: "/reach" in answer.url):
        agent.press("Space")
    expect(page.locator(".notice")).to_contain_text("電話しません")
    preference = customer.http.get("/callbacks/preferences").json()
    assert preference["no_calls"] is True
    with page.expect_response(lambda answer: "/reach" in answer.url):
        agent.press("Space")
    expect(box).not_to_be_checked()

    follow = page.locator(".case-buttons").get_by_role("button", name="ケースをフォロー")
    follow.focus()
    agent.press("Enter")
    expect(follow).to_have_attribute("aria-pressed", "true")
    customer.say("まだ届きません")
    notice = page.locator(".aside-box").get_by_text("フォロー中「ケース").first
    expect(notice).to_be_visible()
    page.locator(".views").get_by_role("button", name="フォロー中").click()
    expect(page.locator(f"#desk-row-{customer.contact_id}")).to_be_visible()
    assert violations(page) == []
    follow.focus()
    agent.press("Enter")
    expect(follow).to_have_attribute("aria-pressed", "false")


def test_mails_while_away_are_set_up_in_the_settings(sits: Sits) -> None:
    agent = sits("kato")
    page = agent.page
    agent.list.focus()
    agent.press("g", "s")
    dialog = page.get_by_role("dialog")
    address = dialog.get_by_label("自分のメールアドレス")
    expect(address).to_be_visible()
    assert violations(page) == []
    address.fill("kato@shop.example.jp")
    with page.expect_response(lambda answer: "/desk/mail-wish" in answer.url):
        agent.press("Enter")
    assert agent.http.get("/desk/mail-wish").json()["address"] == "kato@shop.example.jp"
    agent.http.put("/desk/mail-wish", json={"address": ""}).raise_for_status()


@pytest.mark.req("A11Y-002")
def test_the_customer_fits_a_narrow_screen(sits: Sits, asks: Asks) -> None:
    agent, customer = sits("kato"), asks(cast.MISAKI)
    agent.take(customer)
    page = agent.page
    page.set_viewport_size({"width": 360, "height": 740})
    page.locator(".pane-switch").get_by_role("button", name="お客様").click()
    page.get_by_role("button", name="項目を並べ替える").click()
    closed = page.locator('.pane-section h3 button[aria-expanded="false"]')
    while closed.count():
        closed.first.click()
    expect(page.locator("#desk-privacy-body")).to_be_visible()
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate(
        "() => { const pane = document.querySelector('.pane.customer'); return pane.scrollWidth <= pane.clientWidth; }"
    )
    assert violations(page) == []
