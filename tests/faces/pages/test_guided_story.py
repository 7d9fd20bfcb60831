"""Guided solving in a browser: Japanese and English, without scripts, 320 px wide, by keyboard; and what axe says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from madoguchi.connectors.embedded.demo import cast
from madoguchi.counter.cases.categories import categories, group_labels
from madoguchi.faces.customer.recipes import checks
from tests.faces.pages.conftest import Counter, _context

GROUP, KIND = "account_security", "account_security.login_failure"
WORDS = {
    "ja": {"reach": "お困りごとから探す", "no": "解決していない", "keep": "チェックを記録する", "person": "担当者とチャット", "tried": "お試しになったこと"},
    "en": {"reach": "Troubles and what helps", "no": "Not solved", "keep": "Keep what is done", "person": "Chat with a person", "tried": "Tried so far"},
}  # fmt: skip
Small = Callable[[str], Page]


@pytest.fixture
def small(browser: Browser, counter: Counter) -> Iterator[Small]:
    """A page 320 px wide in a browser that runs no scripts."""
    opened = []

    def arrive(language: str) -> Page:
        context = _context(
            browser, counter, java_script_enabled=False, viewport={"width": 320, "height": 700}
        )
        opened.append(context)
        page = context.new_page()
        page.goto(f"/?lang={language}")
        return page

    yield arrive
    for context in opened:
        context.close()


@pytest.mark.req("CH-008", "HLP-014", "HLP-018")
@pytest.mark.parametrize("language", ["ja", "en"])
def test_from_the_first_page_over_what_was_tried_to_a_person_who_knows_it(
    small: Small, language: str
) -> None:
    page, said = small(language), WORDS[language]
    page.get_by_role("main").get_by_role("link", name=said["reach"]).first.click()
    page.get_by_role("link", name=group_labels()[GROUP][language], exact=True).click()
    page.get_by_role("link", name=categories()[KIND].label(language)).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(categories()[KIND].label(language))
    tried = checks()["letters"][language]
    page.get_by_role("checkbox", name=tried).check()
    page.get_by_role("button", name=said["keep"]).click()
    expect(page.get_by_role("checkbox", name=tried)).to_be_checked()
    page.get_by_role("button", name=said["no"]).click()
    page.get_by_role("link", name=said["person"]).click()
    expect(page.get_by_role("main")).to_contain_text(tried)
    page.get_by_role("main").get_by_role("button", name=said["person"]).click()
    expect(page).to_have_url(re.compile("/contacts/con_"))
    summary = page.locator("details.summary")
    summary.locator("summary").click()
    expect(summary).to_contain_text(tried)


@pytest.mark.req("A11Y-003", "HLP-018")
def test_all_of_it_is_done_by_keyboard(small: Small) -> None:
    page = small("ja")
    page.goto(f"/help/g/{KIND.replace('.', '/')}")
    page.get_by_role("checkbox").first.focus()
    page.keyboard.press("Space")
    expect(page.get_by_role("checkbox").first).to_be_checked()
    focused = page.locator("button:focus")
    for _ in range(12):
        page.keyboard.press("Tab")
        if focused.count() and focused.inner_text() == WORDS["ja"]["no"]:
            break
    page.keyboard.press("Enter")
    expect(page.locator("#ways")).to_be_visible()


@pytest.mark.req("A11Y-002")
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/help/g",
        f"/help/g/{GROUP}",
        f"/help/g/{KIND.replace('.', '/')}?solved=no",
        "/help/g/phishing_impersonation/fraud_victim",
        "/help/contact?topic=return_exchange_cancel.damaged_item",
        "/help/prevention",
        "/help/connection",
        "/help/topics",
    ],
)
def test_no_page_scrolls_sideways_at_320_pixels_and_axe_finds_nothing(scripted: Page, path: str) -> None:
    scripted.set_viewport_size({"width": 320, "height": 700})
    scripted.goto(path)
    assert scripted.evaluate("document.documentElement.scrollWidth") <= 320
    found = Axe().run(scripted)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.req("ADV-016", "CH-016")
@pytest.mark.parametrize("language", ["ja", "en"])
def test_with_an_order_the_facts_come_first_and_go_along(
    counter: Counter, small: Small, language: str
) -> None:
    page, said = small(language), WORDS[language]
    page.goto("/demo/sign-in-as")
    page.locator(f'[name=customer_id][value="{counter.customer_id(cast.JOHN)}"]').click()
    page.goto(f"/help/g/order_delivery/item_not_received?lang={language}")
    page.locator(f'a[href*="{cast.JOHN_LATE}"]').first.click()
    facts = page.locator("section", has=page.locator("#now")).bounding_box()
    question = page.locator("section", has=page.locator("#solved")).bounding_box()
    assert facts is not None
    assert question is not None
    assert facts["y"] < question["y"]
    page.get_by_role("button", name=said["no"]).click()
    page.get_by_role("link", name=said["person"]).click()
    expect(page.get_by_role("main")).to_contain_text(cast.JOHN_LATE)
