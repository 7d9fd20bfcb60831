"""The desk for everybody: keyboard only, screen reader structure, every theme, small screens, other keyboard layouts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from madoguchi.connectors.embedded.demo import cast
from tests.stories.desk_people import Agent, Asks, Sits


def violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]]


def every_screen(agent: Agent) -> Iterator[str]:
    """Walk through the desk's screens and dialogs, an open contact on the screen."""
    yield "conversation"
    for name, keys in {
        "palette": ["Control+KeyK"],
        "saved replies": ["KeyM"],
        "transfer": ["KeyT"],
        "hold": ["KeyS"],
        "resolve": ["KeyE"],
        "keys": ["Shift+Slash"],
        "order action": ["KeyO", "Digit1"],
    }.items():
        agent.list.focus()
        agent.press(*keys)
        expect(agent.page.get_by_role("dialog")).to_be_visible()
        yield name
        agent.press("Escape")
        expect(agent.page.get_by_role("dialog")).to_have_count(0)
    agent.press("KeyN")
    yield "note"
    agent.page.locator("#desk-status").click()
    yield "status menu"
    agent.press("Escape")


@pytest.mark.req("A11Y-002")
@pytest.mark.parametrize(
    ("language", "system", "theme"),
    [
        ("ja", {"color_scheme": "light"}, "auto"),
        ("en", {"color_scheme": "dark"}, "auto"),
        ("ja", {"contrast": "more"}, "light"),
        ("ja", {}, "hc"),
    ],
)
def test_no_screen_of_the_desk_violates_axe(
    sits: Sits, asks: Asks, language: str, system: dict[str, str], theme: str
) -> None:
    agent, customer = sits("kato", language=language, **system), asks(cast.SENIOR, order=cast.SENIOR_KETTLE)
    agent.page.evaluate(f"() => {{ document.cookie = 'madoguchi_display={theme}.100.normal.auto; path=/'; }}")
    agent.page.reload()
    agent.take(customer)
    expect(agent.page.locator(".desk")).to_have_attribute("data-theme", theme)
    expect(agent.page.locator(".action-buttons")).to_be_visible()
    found = {name: broken for name in every_screen(agent) if (broken := violations(agent.page))}
    assert found == {}


def test_the_panes_are_landmarks_with_headings_a_listbox_and_a_log(sits: Sits, asks: Asks) -> None:
    agent, customer = sits("kato"), asks(cast.SENIOR, "急須について聞きたいです", cast.SENIOR_KETTLE)
    agent.take(customer)
    expect(agent.page.locator("main")).to_match_aria_snapshot("""
      - main:
        - heading "サポートデスク" [level=1]
        - region "受信箱":
          - heading "受信箱" [level=2]
          - searchbox "お名前・フリガナ・メール・番号で検索"
          - group "受信箱の表示":
            - button /自分 \\d+/ [pressed]
          - listbox "自分":
            - option /鈴木 トメ/ [selected]
        - region /鈴木 トメ/:
          - heading /鈴木 トメ/ [level=2]
          - group "この会話の操作"
          - group:
            - heading "引き継ぎ" [level=3]
          - log "会話"
          - form "入力":
            - group "読む人":
              - button /返信/ [pressed]
              - button /内部メモ/
            - textbox "お客様に返信"
        - region "お客様":
          - heading "お客様" [level=2]
          - region "ご注文":
            - heading "ご注文" [level=3]
            - list
          - region "過去のお問い合わせ":
            - heading "過去のお問い合わせ" [level=3]
    """)
    assert agent.page.locator("h1").count() == 1
    assert agent.page.locator("html").get_attribute("lang") == "ja"


def test_a_contact_is_found_answered_noted_and_resolved_without_a_mouse(sits: Sits, asks: Asks) -> None:
    agent, customer = sits("kato"), asks(cast.SENIOR)
    keyboard = agent.page.keyboard
    agent.press("KeyF")  # to the list's own field
    expect(agent.page.get_by_role("searchbox")).to_be_focused()
    keyboard.type("トメ")
    expect(agent.page.locator(f"#desk-row-{customer.contact_id}")).to_be_visible()
    agent.press("Enter")
    expect(agent.list).to_be_focused()
    while agent.list.get_attribute("aria-activedescendant") != f"desk-row-{customer.contact_id}":
        agent.press("ArrowDown")
    agent.press("Enter")
    expect(agent.page.get_by_role("heading", name="引き継ぎ")).to_be_focused()
    agent.press("KeyA")  # take it
    expect(agent.page.locator(".chip.owner")).to_have_text("自分")
    agent.press("KeyN")
    keyboard.type("初回")
    agent.press("Control+Enter")
    expect(agent.log.locator(".entry.note:not(.pending)")).to_be_visible()
    agent.press("Escape")
    expect(agent.log).to_be_focused()
    agent.press("ArrowUp")  # reads back
    expect(agent.log.locator("li:focus")).to_have_count(1)
    agent.press("KeyR")
    keyboard.type("お待たせしました。")
    agent.press("Control+Enter", "Escape", "Escape")
    expect(agent.list).to_be_focused()
    agent.press("KeyE", "Enter")
    expect(agent.page.get_by_role("dialog")).to_have_count(0)
    assert customer.contact()["state"] == "resolved"
    assert "お待たせしました。" in customer.hears()


def test_f6_goes_round_the_panes_and_escape_one_level_up(sits: Sits, asks: Asks) -> None:
    agent, customer = sits("kato"), asks(cast.SENIOR)
    agent.take(customer)
    agent.list.focus()
    stops = []
    for _ in range(3):
        agent.press("F6")
        stops.append(agent.focused())
    assert stops == ["desk-log", "desk-customer-heading", "desk-list"]
    agent.press("Shift+F6")
    assert agent.focused() == "desk-customer-heading"
    agent.words.focus()
    agent.press("Escape")
    assert agent.focused() == "desk-log"
    agent.press("Escape")
    assert agent.focused() == "desk-list"


def test_single_keys_can_be_switched_off_and_stay_off(sits: Sits, asks: Asks) -> None:
    agent, customer = sits("ito"), asks(cast.SENIOR)
    agent.take(customer)
    agent.press("Escape", "Shift+Slash")
    agent.page.get_by_label("一文字のキー操作").uncheck()
    agent.press("Escape")
    agent.page.reload()
    agent.open(customer)
    expect(agent.page.locator(".earlier")).to_be_visible()
    agent.page.wait_for_load_state("networkidle")
    agent.page.locator("#desk-talk-heading").focus()
    before = agent.page.locator(".desk").aria_snapshot()
    for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ":
        agent.press(f"Key{letter}")
    expect(agent.page.get_by_role("dialog")).to_have_count(0)
    assert agent.focused() == "desk-talk-heading"
    assert re.sub(r"\d+:\d\d", "", agent.page.locator(".desk").aria_snapshot()) == re.sub(
        r"\d+:\d\d", "", before
    )
    agent.press("Control+KeyK")  # with Control they still work
    expect(agent.page.get_by_role("dialog", name="コマンド")).to_be_visible()
    agent.page.evaluate("() => localStorage.clear()")


def test_keys_work_on_a_korean_and_a_kana_layout(sits: Sits, asks: Asks) -> None:
    agent, customer = sits("kato"), asks(cast.SENIOR)
    agent.take(customer)
    agent.list.focus()
    wire = agent.page.context.new_cdp_session(agent.page)
    wire.send("Input.dispatchKeyEvent", {"type": "keyDown", "key": "ㅅ", "code": "KeyT"})
    expect(agent.page.get_by_role("dialog", name="転送")).to_be_visible()
    agent.press("Escape")
    wire.send("Input.dispatchKeyEvent", {"type": "keyDown", "key": "す", "code": "KeyR"})
    expect(agent.words).to_be_focused()


def test_one_pane_at_a_time_on_a_phone_without_sideways_scrolling(sits: Sits, asks: Asks) -> None:
    agent, customer = sits("kato", phone=True), asks(cast.SENIOR, order=cast.SENIOR_KETTLE)
    agent.take(customer)
    page = agent.page
    expect(agent.words).to_be_in_viewport()
    expect(agent.list).not_to_be_visible()
    page.get_by_role("group", name="区画").get_by_role("button", name="お客様").click()
    expect(page.get_by_role("heading", name="お客様", exact=True)).to_be_focused()
    expect(agent.words).not_to_be_visible()
    page.get_by_role("group", name="区画").get_by_role("button", name=re.compile("受信箱")).click()
    expect(agent.list).to_be_focused()
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("width", [1024, 1280])
def test_three_panes_fit_side_by_side(sits: Sits, asks: Asks, width: int) -> None:
    agent, customer = sits("kato"), asks(cast.SENIOR, order=cast.SENIOR_KETTLE)
    agent.page.set_viewport_size({"width": width, "height": 768})
    agent.take(customer)
    for part in (agent.list, agent.words, agent.page.get_by_role("heading", name="お客様", exact=True)):
        expect(part).to_be_in_viewport()
    assert agent.page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


def test_every_control_is_large_enough_and_every_focus_is_seen(sits: Sits, asks: Asks) -> None:
    agent, customer = sits("kato"), asks(cast.SENIOR, order=cast.SENIOR_KETTLE)
    agent.take(customer)
    expect(agent.page.locator(".action-buttons")).to_be_visible()
    small = agent.page.evaluate("""() => [...document.querySelectorAll('button, a, input, select, textarea, summary')]
        .filter((one) => one.checkVisibility())
        .map((one) => [one.outerHTML.slice(0, 80), one.getBoundingClientRect()])
        .filter(([, box]) => box.width < 24 || box.height < 24).map(([html]) => html)""")
    assert small == []
    agent.list.focus()
    for _ in range(25):
        agent.press("Tab")
        outline = agent.page.evaluate(
            "() => { const s = getComputedStyle(document.activeElement); return [s.outlineStyle, s.outlineWidth]; }"
        )
        assert outline[0] != "none", agent.page.evaluate(
            "() => document.activeElement.outerHTML.slice(0, 120)"
        )
        assert float(outline[1].removesuffix("px")) >= 2


def test_forced_colours_leave_every_control_an_edge(sits: Sits, asks: Asks) -> None:
    agent, customer = sits("kato", forced_colors="active"), asks(cast.SENIOR)
    agent.take(customer)
    bare = agent.page.evaluate("""() => [...document.querySelectorAll('.primary, .row[aria-selected=true], .words, textarea')]
        .filter((one) => one.checkVisibility()).filter((one) => {
            const style = getComputedStyle(one);
            return style.borderTopStyle === 'none' && style.outlineStyle === 'none' && !one.matches('.row');
        }).map((one) => one.outerHTML.slice(0, 100))""")
    assert bare == []


def test_an_update_of_one_contact_draws_one_row_of_three_hundred(sits: Sits, asks: Asks) -> None:
    """Many rows and many updates stay smooth because only what changed is drawn."""
    agent, customer = sits("kato"), asks(cast.SENIOR)
    agent.take(customer)
    inbox = agent.http.get("/desk/inbox").json()
    (mine,) = [one for one in inbox["contacts"] if one["id"] == customer.contact_id]
    inbox["contacts"] = [{**mine, "id": f"con_{n:04d}", "title": f"会話 {n}"} for n in range(300)]
    agent.page.route("**/api/v1/desk/inbox", lambda route: route.fulfill(json=inbox))
    lines = []
    agent.page.route_web_socket(
        "**/api/v1/live",
        lambda line: (
            lines.append(line),
            line.on_message(lambda _: line.send('{"type":"welcome","session":{}}')),
        ),
    )
    agent.page.reload()
    rows = agent.list.get_by_role("option")
    expect(rows).to_have_count(300)
    agent.page.evaluate("""() => {
        window.touched = new Set();
        new MutationObserver((all) => all.forEach((one) => {
            const row = one.target.nodeType === 1 ? one.target.closest('.row') : one.target.parentElement?.closest('.row');
            if (row && !(one.type === 'characterData' && one.target.parentElement.matches('.wait'))) window.touched.add(row.id);
        })).observe(document.getElementById('desk-list'), { subtree: true, childList: true, characterData: true, attributes: true });
    }""")
    changed = {**inbox["contacts"][7], "unread": 3, "last_seq": mine["last_seq"] + 1}
    inbox["contacts"][7] = changed
    lines[-1].send(json.dumps({"type": "inbox", **inbox}))
    expect(agent.page.locator("#desk-row-con_0007")).to_contain_text("新着 3 件")
    assert agent.page.evaluate("() => [...window.touched]") == ["desk-row-con_0007"]
    agent.list.focus()
    agent.page.evaluate("() => window.touched.clear()")
    agent.press("ArrowDown")
    assert len(agent.page.evaluate("() => [...window.touched]")) == 2
