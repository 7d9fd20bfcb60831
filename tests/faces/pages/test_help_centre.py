"""The help centre as readers walk through it: sections, categories, the chat's questions, narrowing, why not, other words."""

from __future__ import annotations

import html
import json
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from madoguchi.counter.cases.categories import group_labels
from madoguchi.counter.knowledge import signals
from madoguchi.faces.customer.help_sections import CHAT, SECTIONS, WAYS
from tests.faces.pages.conftest import Counter, Visitor

FIVE = (
    "order_delivery",
    "payment_refund",
    "account_security",
    "return_exchange_cancel",
    "membership_digital_device",
)


def links(page: str, below: str) -> list[str]:
    return re.findall(rf'<a href="({below}[^"?]+)', page)


@pytest.mark.req("HLP-005")
@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("group", FIVE)
def test_a_category_has_five_questions_with_answers_or_more(
    counter: Counter, group: str, language: str
) -> None:
    page = counter.visitor(language).get(f"/help/articles/category/{group}")
    main = page[page.index("<main") : page.index("</main>")]
    assert len(set(links(main, "/help/articles/"))) >= 5
    assert main.count('<p class="hint">') >= 5  # each with its short answer
    assert group_labels()[group][language] in main


@pytest.mark.req("HLP-018")
def test_a_genre_leads_to_its_articles_and_to_solving_step_by_step(visitor: Visitor) -> None:
    page = visitor.get("/help/articles/category/order_delivery")
    assert "手順に沿って解決する" in page
    step = re.findall(r'href="(/help/g/order_delivery/[^"]+)"', page)[0]
    visitor.get(step)
    assert visitor.answer.status_code == 200


@pytest.mark.req("HLP-016", "CH-061")
def test_the_help_has_sections_on_contacting_troubles_and_prevention(visitor: Visitor) -> None:
    page = visitor.get("/help/articles")
    for section in SECTIONS:
        assert f'href="/help/sections/{section.name}"' in page
    for name in ("お問い合わせの方法", "困ったとき", "被害を防ぐために"):
        assert name in page
    for section in SECTIONS:
        inside = visitor.get(f"/help/sections/{section.name}")
        assert visitor.answer.status_code == 200
        for article in section.articles:
            assert f"/help/articles/{article}?" in inside, article
    for topic in (
        "using-phone",
        "using-chat",
        "using-mail",
        "assistant-abilities",
        "return-trouble",
        "chat-trouble",
        "security",
    ):
        visitor.get(f"/help/articles/{topic}")
        assert visitor.answer.status_code == 200


@pytest.mark.req("HLP-006")
@pytest.mark.parametrize("language", ["ja", "en", "ko"])
def test_questions_about_the_chat_stand_in_three_groups(counter: Counter, language: str) -> None:
    page = counter.visitor(language).get("/help/chat")
    for group in CHAT:
        start = page.index(f'<section aria-labelledby="{group.name}">')
        assert len(links(page[start : page.index("</section>", start)], "/help/articles/")) >= 4
    assert len(CHAT) == 3


@pytest.mark.req("CH-062")
def test_a_way_that_the_shop_does_not_offer_has_no_article_in_the_section(counter: Counter) -> None:
    page = counter.visitor().get("/help/sections/contact")
    assert all(f"/help/articles/{each}?" in page for each in WAYS.values())
    shop = counter.house.settings.shop
    closed = counter.house.settings.model_copy(update={"shop": shop.model_copy(update={"phone": ""})})
    before, counter.house.settings = counter.house.settings, closed
    try:
        assert f"/help/articles/{WAYS['phone']}?" not in counter.visitor().get("/help/sections/contact")
    finally:
        counter.house.settings = before


@pytest.mark.req("HLP-017")
@pytest.mark.parametrize(
    ("language", "words"),
    [("ja", "チャットは無料?"), ("ja", "誰が答えるの?"), ("en", "is the chat free?"), ("en", "who answers?")],
)
def test_doubts_about_using_support_are_answered(counter: Counter, language: str, words: str) -> None:
    page = counter.visitor(language).get(f"/help/search?q={words}")
    first = links(page[page.index("<main") :], "/help/articles/")
    first = [each for each in first if "/category/" not in each][:3]
    assert {
        "/help/articles/support-doubts",
        "/help/articles/contact-hours",
        "/help/articles/assistant-abilities",
    } & set(first)


@pytest.mark.req("HLP-012")
@pytest.mark.parametrize(
    ("words", "article"), [("電子書籍の読み方", "setup-howto"), ("サイトの使い方", "site-usage")]
)
def test_how_to_questions_are_answered_without_an_order(visitor: Visitor, words: str, article: str) -> None:
    assert f"/help/articles/{article}?" in visitor.get(f"/help/search?q={words}")


@pytest.mark.req("HLP-002")
@pytest.mark.parametrize(
    ("language", "words", "article"),
    [
        ("ja", "返金 いつ", "refund-times"),
        ("ja", "ヘンピン", "return-how"),
        ("en", "return", "return-how"),
        ("en", "retrun", "return-how"),
        ("ja", "henpin", "return-how"),
    ],
)
def test_the_right_article_is_among_the_first_three(
    counter: Counter, language: str, words: str, article: str
) -> None:
    page = counter.visitor(language).get(f"/help/search?q={words}")
    found = links(page[page.index('class="cards"') :], "/help/articles/")
    assert f"/help/articles/{article}" in found[:3]


@pytest.mark.req("HLP-002")
def test_results_are_narrowed_by_category(visitor: Visitor) -> None:
    page = visitor.get("/help/search?q=返品の送料と返金")
    choices = re.findall(r'href="([^"]*/help/search\?[^"]*group=[^"]+)"[^>]*>[^<]*\((\d+)\)', page)
    assert choices
    target, count = choices[0]
    narrowed = visitor.get(html.unescape(target))
    found = re.findall(r'<li class="card"><a href="/help/articles/', narrowed)
    assert len(found) == min(int(count), 8)
    assert 'aria-current="true"' in narrowed


@pytest.mark.req("HLP-002")
def test_where_nothing_answers_there_is_what_is_near_other_words_categories_and_people(
    visitor: Visitor,
) -> None:
    words = "送り返した物のお金がカードの明細に載るまで何日見ておけばいいのか"
    page = visitor.get(f"/help/search?q={words}")
    assert "に当てはまる記事は見つかりませんでした" in page
    assert "/help/articles/refund-times" in page and "近い内容の記事" in page
    page = visitor.get("/help/search?q=ペンギンの着ぐるみ")
    assert "「ペンギンの着ぐるみ」に当てはまる記事は見つかりませんでした" in page
    assert "ほかの言葉で探す" in page and "/help/articles/category/order_delivery" in page
    ask = re.findall(r'href="(/help/other\?text=[^"]+)"', page)[0]
    assert "ペンギンの着ぐるみ</textarea>" in visitor.get(html.unescape(ask))


@pytest.mark.req("HLP-003", "PRIV-001")
def test_why_an_article_did_not_help_is_asked_and_kept_without_what_is_personal(
    counter: Counter, visitor: Visitor
) -> None:
    visitor.get("/help/articles/two-step")
    visitor.send("/helped", helped="no")
    visitor.send("/reason", words="x")
    assert visitor.answer.status_code == 422
    assert (
        "いちばん近いもの" in visitor.text
        or "最も近いもの" in visitor.text
        or "errors" in visitor.answer.text
    )
    visitor.send("/reason", reason="did_not_work", words="アプリがない。 taro@example.jp 090-1234-5678")
    assert "ありがとう" in visitor.text
    kept = counter.house.database.read(signals.feedback, "two-step")
    assert [(each.reason, each.language) for each in kept] == [("did_not_work", "ja")]
    assert "アプリがない。" in kept[0].words
    assert "taro" not in kept[0].words and "1234" not in kept[0].words


@pytest.mark.req("HLP-001")
def test_an_article_tells_search_engines_its_question_and_answer(visitor: Visitor) -> None:
    visitor.get("/help/articles/return-policy")
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', visitor.answer.text, re.S)
    assert found is not None
    data = json.loads(found[1])
    assert data["@type"] == "FAQPage"
    assert "30日" in data["mainEntity"][0]["acceptedAnswer"]["text"]


@pytest.mark.req("LNG-001")
def test_a_translation_says_from_what(counter: Counter) -> None:
    assert "译自：日本語" in counter.visitor("zh-Hans").get("/help/articles/receipt?lang=zh-Hans")
    assert "翻訳元" not in counter.visitor().get("/help/articles/receipt")


@pytest.mark.req("A11Y-001", "A11Y-006")
@pytest.mark.parametrize(
    "path",
    [
        "/help/articles",
        "/help/articles/category/payment_refund",
        "/help/articles/two-step?answered=no",
        "/help/sections/contact",
        "/help/chat",
        "/help/search?q=返品",
        "/help/search?q=ペンギンの着ぐるみ",
    ],
)
def test_the_pages_hold_no_violation_and_fit_a_small_screen(scripted: Page, path: str) -> None:
    scripted.set_viewport_size({"width": 320, "height": 700})
    scripted.goto(path)
    found = Axe().run(scripted).response["violations"]
    assert [f"{one['id']}: {node['html'][:120]}" for one in found for node in one["nodes"]] == []
    assert scripted.evaluate("document.documentElement.scrollWidth <= innerWidth")
