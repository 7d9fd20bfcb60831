"""The screens of the stories for every reader: what assistive technology is told, colours, spacing, small windows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import axe_playwright_python
import httpx
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from madoguchi.connectors.embedded.demo import cast
from tests.stories.conftest import Counter
from tests.stories.desk_people import Customer, Sits
from tests.stories.people import Shopper

NewContext = Callable[..., BrowserContext]
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
WIDGET = "madoguchi-help"
SPACED = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
    p, li { margin-bottom: 2em !important; }`);
  const root = document.querySelector('madoguchi-help').shadowRoot;
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
}"""
CUT_OFF = """() => [...document.querySelector('madoguchi-help').shadowRoot.querySelectorAll('dialog *')]
  .filter((e) => e.checkVisibility() && !e.matches('.icon, .icon *, .spoken, .unseen-text, .label, textarea, .head h2'))
  .filter((e) => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX !== 'visible' && e.clientWidth > 0)
  .map((e) => `${e.tagName}.${e.className}`)"""


@pytest.fixture(autouse=True)
def nobody_on_duty(staff_sessions: dict[str, httpx.Client]) -> Iterator[None]:
    for http in staff_sessions.values():
        http.put("/agents/me/status", json={"status": "offline"})
    yield


def open_help(make: NewContext, customer: str, language: str = "ja", **more: Any) -> Shopper:
    shopper = Shopper(make(language, **more), language)
    shopper.sign_in(f"cus_{customer.lower()}")
    shopper.visit_shop()
    shopper.open_help()
    return shopper


def faults(page: Page, where: str = "") -> list[str]:
    """What axe-core finds, in light and in dark."""
    found = []
    schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    for scheme in schemes:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # no colour is half-way
        page.evaluate(AXE)
        result: dict[str, Any] = page.evaluate(
            "where => axe.run(where ? document.querySelector(where) : document)", where
        )
        found += [
            f"{scheme} {rule['id']}: {node['html'][:100]}"
            for rule in result["violations"]
            for node in rule["nodes"]
        ]
    page.emulate_media(color_scheme="light")
    return found


@pytest.mark.req("A11Y-002")
@pytest.mark.parametrize("language", ["ja", "en"])
def test_axe_finds_nothing_at_the_main_steps(new_context: NewContext, language: str) -> None:
    """Home, choices, a proposal, what a parcel's card says, the queue: each in light and dark."""
    shopper = open_help(new_context, cast.MISAKI, language)
    found = {"home": faults(shopper.page, WIDGET)}
    shopper.says("ヘッドホンを返品したいです" if language == "ja" else "I want to return the headphones")
    shopper.button("不要になった|No longer wanted").wait_for()
    found["choices"] = faults(shopper.page, WIDGET)
    shopper.presses("不要になった|No longer wanted")
    shopper.presses("未開封|Unopened")
    shopper.button("1点を返品する|Return 1 item").wait_for()
    found["proposal"] = faults(shopper.page, WIDGET)
    shopper.presses("やめておく|Not now")
    shopper.asks_for_a_person()
    expect(shopper.banner).not_to_be_empty()
    found["queue"] = faults(shopper.page, WIDGET)
    assert {step: what for step, what in found.items() if what} == {}


@pytest.mark.req("A11Y-002")
def test_axe_finds_nothing_on_the_desk_with_a_contact_open(sits: Sits, counter: Counter) -> None:
    agent = sits("kato")
    customer = Customer(counter.url, cast.SENIOR)
    customer.ask_for_a_person("ケトルについて相談したいです", cast.SENIOR_KETTLE)
    agent.take(customer)
    expect(agent.page.locator(".action-buttons")).to_be_visible()
    assert faults(agent.page) == []


def test_the_home_screen_as_it_is_read_out(new_context: NewContext) -> None:
    shopper = open_help(new_context, "C1018")
    expect(shopper.panel).to_match_aria_snapshot("""
      - dialog "お問い合わせ":
        - heading "お問い合わせ" [level=2]
        - button "担当者と話す"
        - button "閉じる"
        - status: /担当者/
        - region "どのご注文についてですか":
          - heading "どのご注文についてですか" [level=3]
          - button /\\d+月\\d+日.*注文/
        - region "ご注文以外のこと":
          - heading "ご注文以外のこと" [level=3]
          - button "返品の手続き"
        - region "ヘルプ":
          - list:
            - listitem:
              - link
        - button "表示設定"
        - textbox "お困りのことをご記入ください"
        - button "送信"
    """)


@pytest.mark.req("BOT-001", "CH-034")
def test_a_question_with_choices_as_it_is_read_out(new_context: NewContext) -> None:
    shopper = open_help(new_context, cast.MISAKI)
    shopper.says("荷物がまだ届きません")
    expect(shopper.log).to_match_aria_snapshot("""
      - log "会話":
        - list:
          - listitem: /月/
          - listitem:
            - paragraph:
              - text: お客様
              - time
            - text: 荷物がまだ届きません
          - listitem:
            - paragraph:
              - text: AIアシスタント
              - time
            - group /どのご注文でしょうか/:
              - button /今治タオル.*発送済み/
              - button "この中にない"
    """)


@pytest.mark.req("BOT-006")
def test_a_proposal_as_it_is_read_out(new_context: NewContext) -> None:
    shopper = open_help(new_context, cast.CONVENIENCE)
    shopper.says(f"注文 {cast.CONVENIENCE_PAID} をすべてキャンセルしてください")
    shopper.button("注文をすべてキャンセルする").wait_for()
    expect(shopper.log.locator("li.msg").last).to_match_aria_snapshot("""
      - listitem:
        - paragraph:
          - text: AIアシスタント
          - time
        - text: /この内容で手続きしますか/
        - region "注文のキャンセル":
          - heading "注文のキャンセル" [level=3]
          - term: 注文番号
          - definition: 503-0001009-0000002
          - term: 返金額
          - definition: /円/
          - list:
            - listitem: ご注文をすべてキャンセルします。
          - alert
        - group /この内容で手続きしますか/:
          - button "注文をすべてキャンセルする"
          - button "やめておく"
    """)
    shopper.presses("やめておく")
    shopper.hears("何も変更していません")


@pytest.mark.req("HND-002", "HND-004")
def test_the_queue_as_it_is_read_out(new_context: NewContext) -> None:
    shopper = open_help(new_context, cast.TWO_PARCELS)
    shopper.asks_for_a_person()
    expect(shopper.banner).to_contain_text("順番")
    expect(shopper.panel).to_match_aria_snapshot("""
      - dialog:
        - button "担当者と話す"
        - status: /順番/
        - log "会話":
          - list:
            - listitem:
              - paragraph:
                - text: 担当者に引き継ぎました
                - time
              - region "引き継ぎ内容":
                - heading "引き継ぎ内容" [level=3]
                - button "直す"
        - textbox "メッセージを入力"
    """)


@pytest.mark.req("HND-006")
def test_the_desk_with_a_contact_open_as_it_is_read_out(sits: Sits, counter: Counter) -> None:
    agent = sits("kato")
    customer = Customer(counter.url, cast.SENIOR)
    customer.ask_for_a_person("ケトルについて相談したいです", cast.SENIOR_KETTLE)
    agent.take(customer)
    expect(agent.page.locator(".action-buttons")).to_be_visible()
    expect(agent.page.get_by_role("main")).to_match_aria_snapshot("""
      - main:
        - heading "サポートデスク" [level=1]
        - region "受信箱":
          - heading "受信箱" [level=2]
          - searchbox
          - listbox:
            - option /鈴木 トメ/ [selected]
        - region /鈴木 トメ/:
          - heading /鈴木 トメ/ [level=2]
          - group "この会話の操作"
          - group:
            - heading "引き継ぎ" [level=3]
            - term: ご注文
            - definition: /503-0001004-0000001/
          - log "会話":
            - list
          - form "入力":
            - textbox "お客様に返信"
            - button "送信"
        - region "お客様":
          - heading "お客様" [level=2]
          - region "ご注文":
            - list:
              - listitem:
                - article:
                  - heading /電気ケトル/ [level=4]:
                    - button /電気ケトル/ [expanded]
                  - group "この注文でできる操作":
                    - button /商品の返品/
          - region "過去のお問い合わせ"
    """)


@pytest.mark.req("A11Y-003")
def test_who_asks_for_more_contrast_gets_lines_and_words_in_full_colour(new_context: NewContext) -> None:
    shopper = open_help(new_context, cast.SPLIT_TENDER, contrast="more")
    colours = shopper.panel.evaluate(
        """panel => {
          const of = (what, key) => getComputedStyle(panel.querySelector(what))[key];
          return [of('.page h3', 'color'), of('.order small', 'color'), of('.card', 'borderTopColor')];
        }"""
    )
    assert len(set(colours)) == 1, colours


@pytest.mark.req("A11Y-003")
@pytest.mark.parametrize("phone", [False, True])
def test_wider_text_spacing_cuts_nothing_off(new_context: NewContext, phone: bool) -> None:
    shopper = open_help(new_context, cast.MISAKI, phone=phone)
    shopper.page.evaluate(SPACED)
    assert shopper.page.evaluate(CUT_OFF) == []
    shopper.says("荷物がまだ届きません")
    shopper.presses("今治タオル")
    shopper.button("もう少し待つ").wait_for()
    assert shopper.page.evaluate(CUT_OFF) == []
    assert shopper.page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.req("A11Y-003")
def test_a_deed_can_be_confirmed_in_a_window_of_320_by_256(new_context: NewContext) -> None:
    shopper = Shopper(new_context(), "ja")
    shopper.page.set_viewport_size({"width": 320, "height": 256})
    shopper.sign_in(f"cus_{cast.CONVENIENCE.lower()}")
    shopper.visit_shop()
    shopper.open_help()
    shopper.says(f"注文 {cast.CONVENIENCE_PAID} をすべてキャンセルしてください")
    confirm = shopper.button("注文をすべてキャンセルする")
    confirm.scroll_into_view_if_needed()
    expect(confirm).to_be_in_viewport(ratio=0.9)
    sideways = "p => [p, ...p.querySelectorAll('*')].filter(e => e.scrollWidth > 320).map(e => e.className)"
    assert shopper.panel.evaluate(sideways) == []
    expect(shopper.field).to_be_in_viewport()
    shopper.presses("やめておく")
    shopper.hears("何も変更していません")


@pytest.mark.req("A11Y-002")
def test_what_is_to_be_reviewed_is_spoken_with_the_question_and_once(new_context: NewContext) -> None:
    shopper = open_help(new_context, cast.CONVENIENCE)
    shopper.says("こんにちは")
    shopper.log.get_by_role("button").first.wait_for()
    shopper.page.evaluate(
        """() => {
          window.spokenHere = [];
          for (const region of document.querySelector('madoguchi-help').shadowRoot.querySelectorAll('.spoken'))
            new MutationObserver(all => all.forEach(one => one.addedNodes.forEach(n => window.spokenHere.push(n.textContent))))
              .observe(region, { childList: true });
        }"""
    )
    shopper.says(f"注文 {cast.CONVENIENCE_PAID} をすべてキャンセルしてください")
    shopper.button("注文をすべてキャンセルする").wait_for()
    effect = "ご注文をすべてキャンセルします。"
    shopper.page.wait_for_function("text => window.spokenHere.some(line => line.includes(text))", arg=effect)
    spoken = shopper.page.evaluate("() => window.spokenHere")
    (line,) = [line for line in spoken if effect in line]
    assert "この内容で手続きしますか" in line
    assert line.startswith("AIアシスタント：")
    shopper.presses("やめておく")
    shopper.hears("何も変更していません")
