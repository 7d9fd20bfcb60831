"""Help pages in every language that the shop offers: the switch, `lang` and `hreflang`, dates, and the browser's wish."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser

from madoguchi.connectors.embedded.demo import cast
from madoguchi.kit.languages import NAMES

from .conftest import Counter

HEADINGS = {
    "ja": "お困りごと",
    "en": "What can we help you with?",
    "zh-Hans": "请问有什么可以帮您",
    "zh-Hant": "請問有什麼可以幫您",
    "ko": "무엇을 도와드릴까요",
}


@pytest.mark.req("LNG-001")
@pytest.mark.parametrize(
    ("wish", "language"),
    [
        ("zh-TW,zh;q=0.9", "zh-Hant"),
        ("zh-CN", "zh-Hans"),
        ("ko-KR,ko;q=0.9,en;q=0.8", "ko"),
        ("fr-FR,ko;q=0.5", "ko"),
        ("fr-FR", "ja"),
    ],
)
def test_the_browsers_wish_is_read_as_its_owner_means_it(counter: Counter, wish: str, language: str) -> None:
    visitor = counter.visitor(wish)
    page = visitor.get("/")
    assert f'<html lang="{language}"' in page
    assert visitor.answer.headers["content-language"] == language


@pytest.mark.req("LNG-001")
@pytest.mark.parametrize("language", list(NAMES))
def test_every_language_is_offered_by_its_own_name_and_chosen_by_a_link(
    counter: Counter, language: str
) -> None:
    visitor = counter.visitor("en")
    page = visitor.get(f"/help?lang={language}")
    assert f'<html lang="{language}"' in page
    assert HEADINGS[language] in page
    offered = dict(re.findall(r'hreflang="([^"]+)">([^<]+)</a>', page))
    assert offered == {tag: name for tag, name in NAMES.items() if tag != language}
    assert f'<html lang="{language}"' in visitor.get("/history")


@pytest.mark.req("LNG-007")
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-Hans", (r"\d+月\d+日\(周.\)", "日元", "预计送达", "联系人工客服")),
        ("zh-Hant", (r"\d+月\d+日\(週.\)", "日圓", "預計送達", "聯絡真人客服")),
        ("ko", (r"\d+월 \d+일\(.\)", "엔", "도착 예정", "상담원 연결")),
    ],
)
def test_an_order_reads_as_its_reader_writes(counter: Counter, language: str, words: tuple[str, ...]) -> None:
    misaki = counter.visitor().sign_in(cast.MISAKI)
    page = misaki.get(f"/orders/{cast.MISAKI_LATE}?lang={language}")
    for word in words:
        assert re.search(word, page), word
    assert "円" not in page


@pytest.mark.req("LNG-001")
@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "ko"])
def test_no_page_scrolls_sideways_on_a_phone_in_any_language(
    browser: Browser, counter: Counter, language: str
) -> None:
    context = browser.new_context(
        base_url=counter.url, locale=language, viewport={"width": 320, "height": 700}
    )
    page = context.new_page()
    for path in ("/", "/sign-in", "/display", "/accessibility"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth <= 320"), path
    context.close()


@pytest.mark.req("LNG-002")
def test_the_widget_offers_what_the_shop_offers_and_remembers_the_choice(
    browser: Browser, counter: Counter
) -> None:
    context = browser.new_context(
        base_url=counter.url, locale="ja-JP", viewport={"width": 375, "height": 740}
    )
    page = context.new_page()
    page.goto("/demo/shop")
    page.locator("madoguchi-help button.launcher").click()
    page.get_by_role("button", name="表示設定").click()
    for name in NAMES.values():
        page.get_by_label(name, exact=True).wait_for()
    page.get_by_label("한국어").click()
    page.get_by_role("heading", name="화면 설정").wait_for()
    page.reload()
    page.get_by_role("button", name="상담원 연결").wait_for()
    assert page.locator("madoguchi-help .madoguchi").get_attribute("lang") == "ko"
    context.close()
