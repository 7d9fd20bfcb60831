"""The web form in Chromium: without scripts on a telephone, and with its small script (A11Y-004, HLP-003, CH-041)."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

BROKEN = "return_exchange_cancel.damaged_item"


def to_the_words(page: Page) -> None:
    page.goto(f"/help/form?topic={BROKEN}")
    page.get_by_label("注文はない、またはわからない").check()
    page.get_by_role("button", name="次へ").click()


@pytest.mark.req("CH-041", "CH-042", "A11Y-004")
def test_from_the_start_page_to_a_number_without_scripts_on_a_telephone(no_script: Page) -> None:
    page = no_script
    page.goto("/")
    page.get_by_role("contentinfo").get_by_role("link", name="お問い合わせフォーム").click()
    page.get_by_label("返品・交換・キャンセル").check()
    page.get_by_role("button", name="次へ").click()
    page.get_by_label("商品の破損").check()
    page.get_by_role("button", name="次へ").click()
    page.get_by_role("button", name="次へ").click()
    expect(page.get_by_role("alert")).to_contain_text("注文を選ぶか")
    page.get_by_label("注文はない、またはわからない").check()
    page.get_by_role("button", name="次へ").click()
    page.get_by_label("お困りのこと").fill("届いた皿が割れていました")
    page.get_by_role("button", name="内容を確認する").click()
    page.get_by_label("返信先のメールアドレス").fill("hanako@example.jp")
    page.wait_for_timeout(4100)  # machines are quicker (form.min_seconds)
    page.get_by_role("button", name="送信", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("C-")
    expect(page.get_by_role("status").first).to_contain_text("h•••@example.jp")


@pytest.mark.req("HLP-003", "ADV-014", "CH-041")
def test_with_scripts_articles_and_a_calm_word_appear_while_one_writes_and_what_is_missing_is_named(
    scripted: Page,
) -> None:
    page = scripted
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    to_the_words(page)
    problem = page.get_by_label("お困りのこと")
    page.get_by_role("button", name="内容を確認する").click()
    expect(problem).to_be_focused()
    expect(problem).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#e-problem")).to_contain_text("お困りの内容をお書きください")
    problem.fill("届いた皿が割れていました。最悪です、訴えます")
    expect(page.locator("#e-problem")).to_have_count(0)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="届いた商品が壊れていたとき")).to_be_visible()
    expect(page.locator("#form-calm")).to_be_visible()
    page.goto("/")  # the tab is closed without a press of any button
    page.goto("/help/form/write")
    expect(problem).to_have_value("届いた皿が割れていました。最悪です、訴えます")
    assert failures == []


@pytest.mark.req("A11Y-004")
@pytest.mark.parametrize("width", [320, 360, 1280])
def test_no_page_of_the_form_is_wider_than_the_screen(scripted: Page, width: int) -> None:
    page = scripted
    page.set_viewport_size({"width": width, "height": 800})

    def fits() -> bool:
        return bool(
            page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        )

    for step in ("about", "kind?topic=" + BROKEN, "order?topic=" + BROKEN):
        page.goto(f"/help/form/{step}")
        assert fits(), step
    to_the_words(page)
    assert fits()
    page.get_by_label("お困りのこと").fill("x" * 400)
    page.get_by_role("button", name="内容を確認する").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("内容を確認して送信")
    assert fits()
