"""The widget on the shop's page: for every eye and every zoom, inside hostile pages, and never where cards are entered."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import BrowserContext, Route, expect

from madoguchi.connectors.embedded.demo import cast
from tests.stories.conftest import Counter
from tests.stories.widget_screens import SMALL_TARGETS, Widget, violations

NewContext = Callable[..., BrowserContext]
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
HOSTILE_CSS = """html{font-size:62.5%;direction:rtl}*{letter-spacing:.5em!important;font-family:cursive;text-transform:uppercase}
button{background:red!important;display:block!important}dialog{width:10px!important}madoguchi-help{display:none!important}"""
STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' blob:; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)


def host_page(
    context: BrowserContext, path: str = "/their-shop", element: str = "<madoguchi-help></madoguchi-help>"
) -> None:
    """A shop's page of our own making, on the counter's origin."""

    def answer(route: Route) -> None:
        route.fulfill(
            content_type="text/html; charset=utf-8",
            headers={"Content-Security-Policy": STRICT},
            body=f'<!doctype html><html lang="ja"><head><title>店</title><link rel="stylesheet" href="/their.css"></head>'
            f'<body><main><h1>店</h1></main><script async src="/widget.js"></script>{element}</body></html>',
        )

    context.route(f"**{path}", answer)
    context.route("**/their.css", lambda route: route.fulfill(content_type="text/css", body=HOSTILE_CSS))


@pytest.mark.req("A11Y-002")
@pytest.mark.parametrize(("language", "customer"), [("ja", cast.MISAKI), ("en", cast.JOHN)])
def test_axe_finds_nothing_on_any_screen_in_any_theme(
    new_context: NewContext, language: str, customer: str
) -> None:
    settings, other = {"ja": ("表示設定", "その他"), "en": ("Display settings", "Something else")}[language]
    widget = Widget(new_context(language, reduced_motion="reduce"), language, customer).open()
    found: list[str] = []

    def check(screen: str) -> None:
        for theme in ("light", "dark", "hc"):
            widget.panel.evaluate("(panel, theme) => { panel.parentElement.dataset.theme = theme; }", theme)
            found.extend(f"{screen}, {theme}: {fault}" for fault in violations(widget.page, AXE))

    expect(widget.panel.locator("button.order").first).to_be_visible()
    check("home")
    widget.panel.get_by_role("button", name=settings).click()
    expect(widget.panel.get_by_role("radio").first).to_be_visible()
    check("display settings")
    widget.panel.get_by_role("button", name=widget.labels["back"]).click()
    widget.panel.locator("button.order").nth(1).click()
    expect(widget.panel.get_by_role("button", name=other)).to_be_visible()
    check("problems")
    widget.panel.locator("button.row").first.click()
    expect(widget.said_by_house().first).to_be_visible()
    check("conversation")
    assert found == []


@pytest.mark.req("A11Y-003")
def test_at_400_percent_zoom_nothing_scrolls_sideways_and_one_can_still_write(
    new_context: NewContext,
) -> None:
    widget = Widget(new_context(), "ja", cast.MISAKI)
    widget.page.set_viewport_size({"width": 320, "height": 256})
    widget.open()
    widget.panel.get_by_role("button", name="領収書の発行", exact=True).click()
    expect(widget.said_by_house().first).to_be_visible()
    wide = widget.panel.evaluate(
        "panel => [panel, ...panel.querySelectorAll('*')].filter(e => e.scrollWidth > 320).map(e => e.className)"
    )
    assert wide == []
    field = widget.field.bounding_box()
    assert field is not None
    assert field["y"] >= 0
    assert field["y"] + field["height"] <= 256
    assert widget.panel.evaluate("panel => getComputedStyle(panel).overflowY") == "auto"


@pytest.mark.req("A11Y-003")
def test_display_settings_show_at_once_and_stay(new_context: NewContext) -> None:
    widget = Widget(new_context(), "ja", cast.MISAKI).open()
    text = widget.panel.locator(".head h2")
    before = float(text.evaluate("e => parseFloat(getComputedStyle(e).fontSize)"))
    widget.panel.get_by_role("button", name="表示設定").click()
    widget.panel.get_by_role("radio", name="最大").check()
    widget.panel.get_by_role("radio", name="高コントラスト").check()
    assert text.evaluate("e => parseFloat(getComputedStyle(e).fontSize)") == pytest.approx(before * 2)
    widget.page.reload()
    expect(widget.panel.locator("button.order").first).to_be_visible()
    assert text.evaluate("e => parseFloat(getComputedStyle(e).fontSize)") == pytest.approx(before * 2)
    assert widget.panel.evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(0, 0, 0)"
    assert widget.panel.evaluate("e => e.scrollWidth <= e.clientWidth")


def test_targets_are_44_pixels_on_a_phone(new_context: NewContext) -> None:
    widget = Widget(new_context(phone=True), "ja", cast.MISAKI).open()
    assert widget.page.evaluate(SMALL_TARGETS, 44) == []
    widget.panel.get_by_role("button", name="領収書の発行", exact=True).click()
    expect(widget.said_by_house().first).to_be_visible()
    assert widget.page.evaluate(SMALL_TARGETS, 44) == []
    box = widget.panel.bounding_box()
    assert box == {"x": 0, "y": 0, "width": 360, "height": 740}


def test_in_forced_colours_every_control_keeps_an_edge_and_the_choice_is_marked(
    new_context: NewContext,
) -> None:
    widget = Widget(new_context(forced_colors="active"), "ja", cast.MISAKI).open()
    widget.panel.get_by_role("button", name="返品の手続き", exact=True).click()
    choices = widget.log.locator(".choice")
    expect(choices.first).to_be_visible()
    bare = widget.panel.evaluate(
        "p => [...p.querySelectorAll('button:not(.quiet), textarea, .words')].filter(e => getComputedStyle(e).borderTopWidth === '0px').length"
    )
    assert bare == 0
    choices.first.click()
    expect(choices.first).to_have_attribute("aria-pressed", "true")
    pressed = choices.first.evaluate("e => getComputedStyle(e).backgroundColor")
    assert pressed != widget.panel.evaluate("e => getComputedStyle(e).backgroundColor")


def test_reduced_motion_stops_every_animation(new_context: NewContext) -> None:
    widget = Widget(new_context(reduced_motion="reduce"), "ja").open()
    moving = widget.panel.evaluate(
        "p => [p, ...p.querySelectorAll('*')].filter(e => getComputedStyle(e).animationName !== 'none').length"
    )
    assert moving == 0


@pytest.mark.req("A11Y-003")
def test_a_hostile_page_with_a_strict_policy_changes_nothing(
    new_context: NewContext, counter: Counter
) -> None:
    context = new_context()
    host_page(context)
    foreign: list[str] = []
    context.on(
        "request",
        lambda request: (
            None if request.url.startswith((counter.url, "blob:")) else foreign.append(request.url)
        ),
    )
    page = context.new_page()
    page.goto("/their-shop")
    launcher = page.get_by_role("button", name="お問い合わせ")
    launcher.click()
    panel = page.locator("madoguchi-help dialog")
    expect(panel.get_by_role("heading", name="お問い合わせ", exact=True)).to_be_focused()
    style = panel.get_by_role("button", name="担当者と話す").evaluate(
        "e => { const s = getComputedStyle(e); return [s.letterSpacing, s.textTransform, s.direction, s.backgroundColor, parseFloat(s.fontSize)]; }"
    )
    assert style[:3] == ["normal", "none", "ltr"]
    assert style[3] != "rgb(255, 0, 0)"
    assert style[4] == pytest.approx(14)
    box = panel.bounding_box()
    assert box is not None
    assert box["width"] > 400
    assert foreign == []


def test_the_widget_adds_no_landmark_to_the_page(new_context: NewContext) -> None:
    widget = Widget(new_context(), "ja").open()
    landmarks = widget.panel.locator(
        "header, footer, main, nav, aside, [role=banner], [role=main], [role=navigation]"
    )
    expect(landmarks).to_have_count(0)


@pytest.mark.parametrize("path", ["/checkout/step-2", "/payment"])
def test_it_refuses_to_run_where_cards_are_entered(new_context: NewContext, path: str) -> None:
    context = new_context()
    host_page(context, path)
    page = context.new_page()
    page.goto(path)
    page.wait_for_function("() => customElements.get('madoguchi-help')")
    page.wait_for_timeout(200)
    assert page.evaluate("() => document.querySelector('madoguchi-help').shadowRoot") is None
    expect(page.get_by_role("button")).to_have_count(0)


def test_nothing_but_the_loader_is_fetched_before_somebody_means_to_use_it(new_context: NewContext) -> None:
    context = new_context()
    host_page(context)
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page = context.new_page()
    page.goto("/their-shop")
    page.wait_for_timeout(300)
    assert [url for url in asked if "panel" in url or "/api/" in url] == []
    page.get_by_role("button", name="お問い合わせ").hover()
    page.wait_for_timeout(400)
    assert any(url.endswith("panel.js") for url in asked)
    assert not any("/api/" in url for url in asked)


def test_when_somebody_else_signs_in_at_the_shop_nothing_of_the_first_is_left(
    new_context: NewContext,
) -> None:
    widget = Widget(new_context(), "ja", cast.MISAKI).open()
    widget.panel.get_by_role("button", name="領収書の発行", exact=True).click()
    expect(widget.said_by_house().first).to_be_visible()
    widget.field.fill("佐藤の下書き")
    widget.sign_in(cast.VICTIM)
    widget.page.goto("/demo/shop?lang=ja")
    expect(widget.panel.locator("button.order").first).to_be_visible()
    expect(widget.panel.get_by_role("region", name="続きから")).to_have_count(0)
    kept = widget.page.evaluate("() => JSON.stringify(localStorage)")
    assert "佐藤の下書き" not in kept


def test_the_title_counts_what_came_while_one_looked_away(new_context: NewContext) -> None:
    widget = Widget(new_context(), "ja", "C1014").open()
    widget.panel.get_by_role("button", name="領収書の発行", exact=True).click()
    expect(widget.said_by_house().first).to_be_visible()
    contact = widget.page.evaluate(
        "() => JSON.parse(localStorage.getItem(Object.keys(localStorage).find(k => k.endsWith(':contact'))))"
    )
    token = widget.page.evaluate(
        "() => JSON.parse(localStorage.getItem(Object.keys(localStorage).find(k => k.endsWith(':session'))))"
    )
    title = widget.page.title()
    widget.panel.get_by_role("button", name="閉じる").click()
    widget.context.request.post(
        f"/api/v1/contacts/{contact}/entries",
        headers={"Authorization": f"Bearer {token}"},
        data={"text": "別の画面からの質問です", "client_key": "from-elsewhere-1"},
    )
    widget.page.wait_for_function("() => /^\\(\\d+\\) /.test(document.title)")
    expect(widget.page.get_by_role("button", name="新着")).to_be_visible()
    widget.page.get_by_role("button", name="お問い合わせ").click()
    assert widget.page.title() == title
