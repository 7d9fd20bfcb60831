"""Chromium without scripts at a telephone's width: the stories; and with scripts of its own: axe, sizes, keyboard."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from madoguchi.connectors.embedded.demo import cast
from tests.faces.pages.conftest import Counter, _context

pytestmark = pytest.mark.browser
PAGES = (
    "/",
    "/sign-in",
    "/verify-order",
    "/orders",
    f"/orders/{cast.JOHN_LATE}",
    f"/help/o/{cast.JOHN_LATE}",
    f"/help/o/{cast.JOHN_LATE}/p/order_delivery.delivery_delay?solved=no",
    f"/help/o/{cast.JOHN_UNSHIPPED}/do/cancel",
    f"/help/o/{cast.JOHN_UNSHIPPED}/do/change_address",
    f"/help/o/{cast.JOHN_SHIRT}/do/return",
    f"/help/o/{cast.JOHN_SHIRT}/do/exchange",
    "/help/other",
    "/person",
    "/history",
    "/display",
    "/accessibility",
    "/nowhere",
    "/docs",
    "/demo/sign-in-as",
    "/desk/sign-in",
    "/help/articles",
    "/help/articles/account-takeover",
    "/help/search?q=返品",
)


def sign_in(page: Page, counter: Counter, shop_ref: str, onward: str = "/") -> None:
    page.goto(f"/demo/sign-in-as?next={onward}")
    page.locator(f'button[value="{counter.customer_id(shop_ref)}"]').click()


def open_conversation(page: Page, words: str) -> None:
    page.goto("/help/other")
    page.get_by_label("お問い合わせの内容").fill(words)
    page.get_by_role("button", name="チャットで相談する").click()


@pytest.mark.req("CH-008", "A11Y-004")
def test_a_late_parcel_is_found_and_a_chat_begins_in_four_steps_without_scripts(
    no_script: Page, counter: Counter
) -> None:
    sign_in(no_script, counter, cast.MISAKI)
    no_script.get_by_role("link", name=re.compile("今治タオル")).click()
    no_script.get_by_label("配送の遅れ").check()
    no_script.get_by_role("button", name="次へ").click()
    expect(no_script.get_by_role("heading", level=1)).to_have_text("配送の遅れ")
    assert no_script.locator(".timeline li").count() >= 3
    expect(no_script.get_by_role("link", name="商品の再送")).to_be_visible()
    no_script.get_by_role("button", name="解決していない").click()
    no_script.get_by_role("button", name="チャットで相談する").click()
    expect(no_script).to_have_url(re.compile("/contacts/con_"))
    expect(no_script.get_by_role("heading", level=1)).to_contain_text(cast.MISAKI_LATE)


def test_an_order_is_cancelled_without_scripts(no_script: Page, counter: Counter) -> None:
    sign_in(no_script, counter, cast.MISAKI)
    no_script.goto(f"/orders/{cast.MISAKI_UNSHIPPED}")
    no_script.get_by_role("link", name="注文のキャンセル").click()
    no_script.get_by_role("button", name="内容を確認する").click()
    expect(no_script.get_by_role("main")).to_contain_text("5,980円")
    no_script.get_by_role("button", name="注文をすべてキャンセルする").click()
    expect(no_script.get_by_role("heading", level=1)).to_contain_text("完了しました")
    expect(no_script.locator(".receipt")).to_contain_text("受付番号")


def test_a_shirt_is_sent_back_without_scripts_and_the_receipt_stays(
    no_script: Page, counter: Counter
) -> None:
    sign_in(no_script, counter, cast.MISAKI)
    no_script.goto(f"/help/o/{cast.MISAKI_SHIRT}")
    no_script.get_by_label("返品の手続き").check()
    no_script.get_by_role("button", name="次へ").click()
    no_script.get_by_role("link", name="商品の返品").click()
    no_script.get_by_label("サイズが合わない").check()
    no_script.get_by_role("button", name="内容を確認する").click()
    no_script.locator(".proposal button.primary").click()
    number = no_script.locator(".receipt dd").first.inner_text()
    no_script.reload()
    expect(no_script.locator(".receipt dd").first).to_have_text(number)
    no_script.goto(f"/orders/{cast.MISAKI_SHIRT}")
    expect(no_script.get_by_role("main")).to_contain_text("返品番号")


def test_a_person_is_asked_for_in_the_conversation_and_the_place_is_shown(
    no_script: Page, counter: Counter
) -> None:
    sign_in(no_script, counter, cast.NOT_THERE)
    open_conversation(no_script, "荷物が見つかりません")
    no_script.get_by_role("banner").get_by_role("button", name="担当者と話す").click()
    no_script.get_by_role("link", name="新しいメッセージを確認する").click()
    expect(no_script.get_by_role("main")).to_contain_text("担当者")
    expect(no_script.locator(".queue")).to_be_visible()


@pytest.mark.req("A11Y-001")
def test_a_whole_enquiry_is_sent_by_keyboard_alone(scripted: Page, counter: Counter) -> None:
    sign_in(scripted, counter, cast.JOHN)
    scripted.goto("/")
    _tab_to(scripted, "document.activeElement.classList.contains('order-card')")
    scripted.keyboard.press("Enter")
    scripted.wait_for_url(re.compile("/help/o/"))
    _tab_to(scripted, "document.activeElement.name === 'problem'")
    scripted.keyboard.press("ArrowDown")
    scripted.keyboard.press("ArrowDown")
    assert scripted.locator("input[name=problem]:checked").count() == 1
    scripted.keyboard.press("Enter")
    scripted.wait_for_url(re.compile("/p/"))
    _tab_to(scripted, "document.activeElement.value === 'no' && document.activeElement.name === 'solved'")
    scripted.keyboard.press("Enter")
    scripted.wait_for_url(re.compile("solved=no"))
    _tab_to(scripted, "document.activeElement.value === 'chat'")
    scripted.keyboard.press("Enter")
    scripted.wait_for_url(re.compile("/contacts/con_"))
    _tab_to(scripted, "document.activeElement.id === 'f-text'")
    scripted.keyboard.type("キーボードだけで書きました")
    _tab_to(scripted, "document.activeElement.textContent.trim() === '送信'")
    scripted.keyboard.press("Enter")
    expect(scripted.get_by_role("log")).to_contain_text("キーボードだけで書きました")


def _tab_to(page: Page, condition: str) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement === document.body"):
            continue  # past the last control: the browser's own bar comes next, then the page from its beginning
        outline = page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle")
        ringed = page.evaluate(
            "() => document.activeElement.matches('input[type=radio]')"
            " && getComputedStyle(document.activeElement.closest('.choice')).outlineStyle !== 'none'"
        )
        assert outline != "none" or ringed, page.evaluate("() => document.activeElement.outerHTML")
        if page.evaluate(f"() => {condition}"):
            return
    raise AssertionError(f"not reached by Tab: {condition}")


def looks(theme: str) -> tuple[str, ...]:
    """Every page in the light theme; in the others one page of each kind, for they differ in colours only."""
    return PAGES if theme == "light" else PAGES[:1] + PAGES[4:8] + PAGES[9:10] + PAGES[13:17]


@pytest.mark.req("A11Y-003")
@pytest.mark.parametrize("theme", ["light", "dark", "hc"])
def test_axe_finds_nothing_on_any_page(browser: Browser, counter: Counter, theme: str) -> None:
    contrast = [
        "color-contrast",
        "link-in-text-block",
        *(["color-contrast-enhanced"] if theme == "hc" else []),
    ]
    options = {} if theme == "light" else {"runOnly": contrast}
    context = _context(browser, counter, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    sign_in(page, counter, cast.JOHN)
    context.add_cookies(
        [{"name": "madoguchi_display", "value": f"{theme}.100.normal.auto", "url": counter.url}]
    )
    open_conversation(page, "荷物が届かない")
    talk = page.url.split("?")[0]
    page.goto(f"/help/o/{cast.JOHN_SHIRT}/do/return")
    page.get_by_label("不良品だった").check()
    page.get_by_role("button", name="内容を確認する").click()
    proposal = page.url
    for path in (*looks(theme), talk, proposal):
        page.goto(path)
        assert page.locator("html").get_attribute("data-theme") == theme
        found = Axe().run(page, options=options).response["violations"]
        assert not found, (path, [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found])
    context.close()


@pytest.mark.req("A11Y-003")
def test_pages_fit_320_pixels_and_text_of_200_percent_without_sideways_scroll(
    browser: Browser, counter: Counter
) -> None:
    context = _context(browser, counter, viewport={"width": 320, "height": 640})
    page = context.new_page()
    sign_in(page, counter, cast.JOHN)
    open_conversation(page, "荷物が届かない")
    talk = page.url.split("?")[0]
    for size in ("100", "200"):
        context.add_cookies(
            [{"name": "madoguchi_display", "value": f"auto.{size}.loose.auto", "url": counter.url}]
        )
        for path in (*PAGES, talk, "/demo/shop"):
            page.goto(path)
            wide = page.evaluate("() => document.scrollingElement.scrollWidth")
            assert wide <= 320, (path, size, wide)
    context.close()


def test_targets_are_44_pixels_high_and_wide(scripted: Page, counter: Counter) -> None:
    sign_in(scripted, counter, cast.JOHN)
    for path in PAGES:
        if path == "/docs":
            continue
        scripted.goto(path)
        small = scripted.evaluate(
            """() => [...document.querySelectorAll('.btn, .chip, .choice, .nav a, .nav button, summary, select, textarea,'
                 + 'input:not([type=hidden],[type=radio],[type=checkbox])')]
                 .filter(e => e.checkVisibility())
                 .map(e => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()])
                 .filter(([, box]) => box.height < 43.9 || box.width < 43.9).map(([html]) => html)"""
        )
        assert not small, (path, small)


@pytest.mark.req("A11Y-004")
def test_a_first_visit_loads_less_than_200_kilobytes_and_no_script(
    browser: Browser, counter: Counter
) -> None:
    context = _context(browser, counter)
    page = context.new_page()
    sizes: list[int] = []
    kinds: list[str] = []
    page.on(
        "response",
        lambda answer: (sizes.append(len(answer.body())), kinds.append(answer.request.resource_type)),
    )
    page.goto("/", wait_until="networkidle")
    assert sum(sizes) < 200_000
    assert "script" not in kinds
    context.close()


def test_forced_colours_keep_an_edge_on_every_control(browser: Browser, counter: Counter) -> None:
    context = _context(browser, counter, forced_colors="active")
    page = context.new_page()
    page.goto("/")
    edges = page.evaluate(
        "() => [...document.querySelectorAll('.btn, .card, .chip')].map(e => getComputedStyle(e).borderTopStyle)"
    )
    assert edges and set(edges) == {"solid"}
    context.close()
