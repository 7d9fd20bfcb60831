"""The ways to reach us in the widget, an app that is out of date, and old parts left in a browser's cache."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Route, expect

from madoguchi.connectors.embedded.demo import cast
from tests.stories.widget_screens import Widget

NewContext = Callable[..., BrowserContext]


@pytest.mark.req("CH-052", "CH-057")
@pytest.mark.parametrize(("language", "customer"), [("ja", cast.MISAKI), ("en", cast.JOHN)])
def test_the_panel_lists_the_same_ways_as_the_page(
    new_context: NewContext, language: str, customer: str
) -> None:
    heading = {"ja": "お問い合わせの方法", "en": "Ways to reach us"}[language]
    widget = Widget(new_context(language, phone=True), language, customer).open()
    ways = widget.panel.get_by_role("region", name=heading)
    each = ways.get_by_role("link").or_(ways.get_by_role("button"))
    expect(each.first).to_be_visible()
    named = each.all_inner_texts()
    page = widget.context.new_page()
    page.goto(f"/help/contact?lang={language}")
    assert sorted(named) == sorted(page.get_by_role("rowheader").all_inner_texts())
    with widget.context.expect_page() as opened:
        ways.get_by_role("link", name={"ja": "AIアシスタント", "en": "AI assistant"}[language]).click()
    expect(opened.value).to_have_url(re.compile("/help/contact"))


@pytest.mark.req("HLP-009")
def test_old_parts_left_in_the_cache_are_named_in_the_panel_with_a_button(new_context: NewContext) -> None:
    context = new_context()
    fetched: list[str] = []

    def answer(route: Route) -> None:
        """The server has another panel than the one that runs here."""
        found = route.fetch()
        route.fulfill(response=found, json={**found.json(), "panel": "0123456789"})

    context.route("**/api/v1/shop?*", answer)
    context.on("request", lambda request: fetched.append(request.url))
    widget = Widget(context).open()
    button = widget.panel.get_by_role("button", name="新しいものを取り込んで")
    expect(button).to_be_visible()
    before = sum("/static/panel.js" in url for url in fetched)
    with widget.page.expect_event("load"):
        button.click()
    assert sum("/static/panel.js" in url for url in fetched) > before


def test_parts_that_are_new_are_not_called_old(new_context: NewContext) -> None:
    widget = Widget(new_context()).open()
    expect(widget.panel.get_by_role("region", name="お問い合わせの方法")).to_be_visible()
    expect(widget.panel.get_by_text("古い部品")).to_have_count(0)


@pytest.mark.req("CH-017")
def test_an_old_app_is_told_and_led_to_the_form(new_context: NewContext) -> None:
    context = new_context("en")

    def answer(route: Route) -> None:
        found = route.fetch()
        notice = "This app is out of date." if "client=1.0" in route.request.url else ""
        route.fulfill(response=found, json={**found.json(), "notice": notice})

    def page(route: Route) -> None:
        found = route.fetch()
        body = re.sub(r"<madoguchi-help", '<madoguchi-help client="1.0"', found.text())
        route.fulfill(response=found, body=body)

    context.route("**/api/v1/shop?*", answer)
    context.route("**/demo/shop*", page)
    widget = Widget(context, "en").open()
    expect(widget.panel.get_by_text("This app is out of date.")).to_be_visible()
    expect(widget.panel.get_by_role("link", name="Fill in the form")).to_have_attribute(
        "href", re.compile("/help/form$")
    )
