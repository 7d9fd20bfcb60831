"""An agent's morning by keyboard only; keys of one's own; two at one contact; a moment without a network."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from madoguchi.connectors.embedded.demo import cast
from tests.stories.desk_people import SPOKEN, Agent, Asks, Sits


def violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]]


def fits(page: Page) -> bool:
    return bool(page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"))


@pytest.fixture
def by_keyboard(
    counter: Any, staff_sessions: dict[str, httpx.Client], new_context: Callable[..., BrowserContext]
) -> Any:
    """`by_keyboard("kato")`: an agent signs in on the page, with keys alone. Left as it was found afterwards."""
    agents: list[Agent] = []

    def sign_in(login: str, **more: Any) -> Agent:
        page = new_context(**more).new_page()
        page.goto("/desk")
        page.locator("input[name=login]").focus()
        page.keyboard.type(login)
        page.keyboard.press("Tab")
        page.keyboard.type(counter.staff[login])
        page.keyboard.press("Enter")
        expect(page.locator("#desk-list")).to_be_visible()
        page.evaluate(SPOKEN)
        agents.append(Agent(page, staff_sessions[login], login))
        return agents[-1]

    yield sign_in
    for agent in agents:
        agent.clear()


@pytest.mark.req("A11Y-001", "CH-055")
@pytest.mark.parametrize("phone", [False, True], ids=["1280", "360"])
def test_a_morning_at_the_desk_by_keyboard_alone(by_keyboard: Any, asks: Asks, phone: bool) -> None:
    agent = by_keyboard("kato", phone=phone)
    page, keyboard = agent.page, agent.page.keyboard

    # status, from the palette
    agent.press("Control+KeyK")
    keyboard.type("受付中")
    agent.press("Enter")
    expect(page.locator("#desk-status")).to_contain_text("受付中")
    customer = asks(cast.SENIOR, "急須が届きません", cast.SENIOR_KETTLE)
    toast = page.get_by_role("region", name="新しい会話")
    expect(toast).to_be_visible()
    assert violations(page) == []

    # accept; the summary is read first
    agent.press("Control+KeyJ")
    expect(page.get_by_role("heading", name="引き継ぎ")).to_be_focused()
    assert fits(page)

    # reply, note
    agent.press("KeyR")
    keyboard.type("確認いたします。")
    agent.press("Control+Enter")
    expect(agent.sent.last).to_contain_text("確認いたします。")
    agent.press("Escape", "KeyN")
    keyboard.type("倉庫に照会中")
    agent.press("Control+Enter")
    expect(agent.log.locator(".entry.note:not(.pending)")).to_contain_text("倉庫に照会中")

    # on hold, and back from the palette of views
    agent.press("Escape", "KeyS", "Enter")
    expect(agent.list).to_be_focused()
    assert "保留にしました。" in agent.spoken()
    agent.press("Control+KeyK")
    keyboard.type("表示：保留")
    agent.press("Enter")
    row = page.locator(f"#desk-row-{customer.contact_id}")
    expect(row).to_be_visible()

    # chosen, labelled, undone
    agent.press("KeyG", "KeyI")
    expect(agent.list).to_be_focused()
    agent.press("KeyX")
    expect(row).to_have_attribute("aria-checked", "true")
    agent.press("KeyB")
    assert agent.focused() == "desk-bulk-assign"
    agent.press("Tab", "Tab", "Tab", "Tab", "Tab", "Enter")
    expect(page.get_by_role("dialog", name="ラベルを付ける")).to_be_visible()
    keyboard.type("再配達")
    assert violations(page) == []
    agent.press("Enter")
    expect(row).to_contain_text("再配達")
    expect(page.get_by_role("heading", name="1件にラベルを付けました。")).to_be_visible()
    assert violations(page) == []
    assert fits(page)
    agent.press("KeyZ")
    expect(page.get_by_role("heading", name="1件を元に戻しました。")).to_be_visible()
    expect(row).not_to_contain_text("再配達")

    # a filter, saved as a view
    agent.press("Shift+KeyF")
    dialog = page.get_by_role("dialog", name="受信箱の絞り込みと並べ替え")
    expect(dialog.locator("summary").first).to_be_visible()
    assert violations(page) == []
    dialog.locator("summary").filter(has_text="状態").focus()
    agent.press("Enter")
    dialog.get_by_label("保留中").focus()
    agent.press("Space")
    dialog.get_by_role("button", name="表示", exact=True).focus()
    agent.press("Enter")
    expect(row).to_be_visible()
    agent.press("Control+KeyK")
    keyboard.type("ビューを保存")
    agent.press("Enter")
    expect(page.get_by_role("textbox", name="名前")).to_be_focused()
    keyboard.type("保留だけ")
    agent.press("Enter")
    expect(page.locator(".views").get_by_role("button", name=re.compile("^保留だけ"))).to_have_attribute(
        "aria-pressed", "true"
    )
    assert violations(page) == []

    # everything that was said is searched
    agent.press("Slash")
    expect(page.get_by_role("dialog")).to_be_visible()
    agent.press("Escape")

    # opened again and resolved
    agent.list.focus()
    agent.press("Home", "Enter")
    expect(page.get_by_role("heading", name="引き継ぎ")).to_be_focused()
    agent.press("KeyE", "Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert customer.contact()["state"] == "resolved"
    saved = [view for view in agent.http.get("/desk/views").json() if view["name"] == "保留だけ"]
    for view in saved:
        agent.http.delete(f"/desk/views/{view['id']}").raise_for_status()
    assert len(saved) == 1


@pytest.mark.req("A11Y-001")
def test_a_key_of_ones_own_works_on_another_machine_and_a_conflict_is_refused(sits: Sits, asks: Asks) -> None:
    agent, customer = sits("ito"), asks(cast.SENIOR)
    agent.take(customer)
    agent.list.focus()
    agent.press("Shift+Slash")
    agent.page.get_by_role("button", name="キーを変更").click()
    change = agent.page.get_by_role("button", name=re.compile("「お客様に返信.*」のキーを変更"))
    change.focus()
    agent.press("Enter", "KeyN")
    expect(agent.page.get_by_role("dialog").get_by_role("alert").filter(has_text="N は")).to_be_visible()
    agent.press("Enter", "KeyY")
    expect(agent.page.get_by_role("dialog").get_by_role("row").filter(has=change)).to_contain_text("Y")
    assert violations(agent.page) == []
    agent.press("Escape")
    ends = time.monotonic() + 60
    while agent.http.get("/desk/settings").json()["keys"] != {"reply": "KeyY"}:
        assert time.monotonic() < ends, "the key was not saved"
        time.sleep(0.1)
    other = sits("ito")
    other.open(customer)
    other.list.focus()
    other.press("KeyR")
    assert other.focused() == "desk-list"
    other.press("KeyY")
    expect(other.words).to_be_focused()


def test_who_looks_and_who_types_is_seen_by_the_other_and_gone_after_they_left(
    sits: Sits, asks: Asks
) -> None:
    mori, kato, customer = sits("mori"), sits("kato"), asks(cast.SENIOR)
    kato.take(customer)
    mori.page.get_by_role("searchbox").fill(customer.name)
    mori.page.locator(f"#desk-row-{customer.contact_id}").click()
    signs = mori.page.locator(".collision")
    expect(signs).to_contain_text("加藤さんが閲覧中です")
    kato.press("KeyN")
    kato.page.keyboard.type("確認中です")
    expect(signs).to_contain_text("加藤さんが入力中です")
    kato.page.goto("about:blank")
    expect(signs).to_have_count(0)


@pytest.mark.req("CH-032")
def test_without_a_network_words_notes_and_holds_wait_and_each_arrives_once(sits: Sits, asks: Asks) -> None:
    agent, customer = sits("kato"), asks(cast.SENIOR)
    agent.take(customer)
    page = agent.page
    page.wait_for_timeout(1200)  # the later dialogs have come
    page.context.set_offline(True)
    expect(page.get_by_text("接続なし").first).to_be_visible()
    agent.press("KeyR")
    page.keyboard.type("倉庫に確認しました。")
    agent.press("Control+Enter", "Escape", "KeyN")
    page.keyboard.type("折り返し要")
    agent.press("Control+Enter", "Escape", "KeyS", "Enter")
    row = page.locator(f"#desk-row-{customer.contact_id}")
    expect(row).to_contain_text("送信待ち3件")
    assert "倉庫に確認しました。" not in customer.hears()

    again = (
        page.context.new_page()
    )  # the first page is shut without a network, another opened once there is one
    page.close()
    page.context.set_offline(False)
    again.goto("/desk")
    expect(again.locator("#desk-list")).to_be_visible()
    agent.page = again
    agent.view("保留")
    expect(again.locator(f"#desk-row-{customer.contact_id}")).to_be_visible()
    expect(again.get_by_text("送信待ち")).to_have_count(0)
    entries = agent.http.get(f"/contacts/{customer.contact_id}/entries").json()["entries"]
    kinds = [entry["kind"] for entry in entries]
    assert customer.hears().count("倉庫に確認しました。") == 1
    assert (kinds.count("note.added"), kinds.count("contact.snoozed")) == (1, 1)
    assert kinds.index("note.added") < kinds.index("contact.snoozed")


def test_what_meets_a_conflict_after_the_reconnect_is_told_and_its_words_are_kept(
    sits: Sits, asks: Asks
) -> None:
    agent, mori, customer = sits("kato"), sits("mori"), asks(cast.SENIOR)
    agent.take(customer)
    page = agent.page
    page.context.set_offline(True)
    expect(page.get_by_text("接続なし").first).to_be_visible()
    agent.press("KeyR")
    page.keyboard.type("行き違いの返信")
    agent.press("Control+Enter", "Escape", "KeyS", "Enter")
    mori.take(customer)
    page.context.set_offline(False)
    expect(page.locator(".notice.bad")).to_contain_text("森")
    agent.view("未割当")
    expect(page.get_by_text("送信待ち")).to_have_count(0)
    assert "行き違いの返信" not in customer.hears()
    kept = page.evaluate(
        "() => Object.entries(localStorage).filter(([key]) => key.endsWith(':drafts')).map(([, value]) => value).join()"
    )
    assert "行き違いの返信" in kept


def test_signing_out_leaves_nothing_of_the_agent_in_the_browser(by_keyboard: Any, asks: Asks) -> None:
    agent, customer = by_keyboard("ito"), asks(cast.SENIOR)
    agent.take(customer)
    agent.press("KeyR")
    agent.page.keyboard.type("書きかけ")
    agent.page.wait_for_function("() => JSON.stringify(localStorage).includes('書きかけ')")
    agent.press("Escape", "Control+KeyK")
    agent.page.keyboard.type("ログアウト")
    agent.press("Enter")
    agent.page.wait_for_url("**/desk/sign-in")
    assert "desk:" not in agent.page.evaluate("() => Object.keys(localStorage).join()")
