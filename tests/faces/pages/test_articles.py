"""Articles as pages: read, searched and judged without scripts, in the reader's language, with nothing running."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page

from madoguchi.counter.actors import Actor
from madoguchi.counter.knowledge import queries, service
from madoguchi.counter.knowledge.files import read_text
from madoguchi.counter.knowledge.model import Article, Votes
from tests.faces.pages.conftest import PHONE, Counter, Visitor

LEAD = Actor(kind="agent", id="agt_lead")


def own(counter: Counter, article_id: str, title: str, body: str, *audience: str) -> None:
    asked_as = "\n".join(f"{title}{number}" for number in range(10))
    head = f"title = '{title}'\nupdated = 2026-11-20\nasked_as = '''\n{asked_as}\n'''"
    text = read_text(f"+++\n{head}\n+++\n{body}")
    article = Article(article_id, (), {"ja": text}, audience or ("everyone",))
    counter.house.database.write(service.put, article, LEAD)


@pytest.mark.req("HLP-001", "HLP-002", "HLP-005")
def test_articles_are_read_without_signing_in_and_say_what_the_policy_says(visitor: Visitor) -> None:
    page = visitor.get("/help/articles")
    assert "返品の条件と期限" in page
    assert "アカウント・セキュリティ" in page
    page = visitor.get("/help/articles/return-policy")
    assert "購入から30日以内なら返品できます" in page
    assert "{" not in re.sub(r"<script.*?</script>|<[^>]+>", "", page, flags=re.S)
    assert '<meta name="robots" content="index">' in page


@pytest.mark.req("LNG-001")
def test_an_article_names_its_other_languages_and_switches(visitor: Visitor) -> None:
    page = visitor.get("/help/articles/return-policy")
    for language in ("ja", "en"):
        assert re.search(
            rf'<link rel="alternate" hreflang="{language}" href="http[^"]+lang={language}">', page
        )
    assert "What can be returned" in visitor.get("/help/articles/return-policy?lang=en")
    assert "Read also" in visitor.text


@pytest.mark.req("HLP-002")
def test_search_shows_results_or_honestly_none_with_a_way_to_ask(visitor: Visitor) -> None:
    assert "返品の手続き" in visitor.get("/help/search?q=返品")
    page = visitor.get("/help/search?q=富士山の高さは何メートル")
    assert "「富士山の高さは何メートル」に当てはまる記事は見つかりませんでした" in page
    assert "/help/other?text=" in page
    assert "富士山の高さは何メートル</textarea>" in visitor.get(
        re.findall(r'href="(/help/other\?text=[^"]+)"', visitor.answer.text)[0]
    )
    assert "よく読まれる記事" in visitor.get("/help/search?q=")


@pytest.mark.req("HLP-003")
def test_did_this_help_is_counted_and_a_no_leads_to_a_person(counter: Counter, visitor: Visitor) -> None:
    visitor.get("/help/articles/exchange")
    assert "ありがとう" in visitor.send("/helped", helped="no")
    assert "/help/other?topic=return_exchange_cancel.exchange_request" in visitor.text
    visitor.get("/help/articles/exchange")
    visitor.send("/helped", helped="yes")
    assert counter.house.database.read(queries.votes)["exchange", "ja"] == Votes(1, 1)


def test_a_vote_from_another_site_is_refused(counter: Counter, visitor: Visitor) -> None:
    answer = visitor.client.post(
        "/help/articles/receipt/helped", data={"helped": "yes"}, headers={"sec-fetch-site": "cross-site"}
    )
    assert answer.status_code == 403
    assert ("receipt", "ja") not in counter.house.database.read(queries.votes)


@pytest.mark.parametrize("path", ["/help/articles/no-such-thing", "/help/articles/agent-identity-check"])
def test_what_is_not_there_and_what_is_not_for_the_reader_look_the_same(visitor: Visitor, path: str) -> None:
    visitor.get(path)
    assert visitor.answer.status_code == 404


@pytest.mark.req("CH-014")
def test_the_telephone_stands_in_an_article_only_for_the_signed_in(visitor: Visitor, misaki: Visitor) -> None:
    assert PHONE not in visitor.get("/help/articles/card-fraud")
    assert PHONE in misaki.get("/help/articles/card-fraud")


def test_nothing_that_an_editor_or_a_reader_types_runs(counter: Counter, visitor: Visitor) -> None:
    hostile = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    own(counter, "hostile", hostile, f"{hostile}[押す](javascript:alert(1))")
    for path in ("/help/articles/hostile", "/help/articles", f"/help/search?q={hostile}"):
        visitor.get(path)
        assert hostile not in visitor.answer.text
        assert "javascript:" not in visitor.answer.text


@pytest.mark.req("HLP-001", "A11Y-004")
def test_search_read_and_judge_without_scripts(no_script: Page) -> None:
    no_script.goto("/help/articles")
    no_script.get_by_role("searchbox").fill("領収書 宛名")
    no_script.get_by_role("button", name="探す").click()
    no_script.get_by_role("link", name="領収書を出す").first.click()
    assert no_script.get_by_role("heading", level=1).inner_text() == "領収書を出す"
    no_script.get_by_role("button", name="はい、役に立ちました").click()
    assert no_script.get_by_role("status").inner_text().startswith("ありがとう")
