"""Articles through the API: for anybody, in the caller's language, found or honestly not."""

from __future__ import annotations

import pytest

from madoguchi.counter.knowledge.library import SHIPPED
from madoguchi.kit.languages import NAMES
from tests.faces.api.people import Counter


@pytest.mark.req("BOT-002")
def test_a_question_is_answered_with_article_excerpt_and_address(counter: Counter) -> None:
    found = counter.stranger().get("/articles/search", q="いつまで返品できますか", lang="ja")
    first = found[0]
    assert (first["id"], first["language"], first["url"]) == (
        "return-policy",
        "ja",
        "/help/articles/return-policy?lang=ja",
    )
    assert "30日" in first["excerpt"]
    assert counter.stranger().get("/articles/search", q="tell me a joke", lang="en") == []


def test_an_article_is_read_in_full(counter: Counter) -> None:
    found = counter.stranger().get("/articles/two-step", lang="en")
    assert "backup codes" in found["body"]
    assert found["languages"] == [each for each in NAMES if (SHIPPED / each / "two-step.md").exists()]
    assert {"ja", "en", "ko"} <= set(found["languages"])


def test_the_list_can_be_of_one_kind(counter: Counter) -> None:
    found = counter.stranger().get("/articles", kind="payment_refund.receipt", lang="ja")
    assert [line["id"] for line in found] == ["receipt"]


def test_staff_also_read_what_is_for_staff(counter: Counter) -> None:
    path = "/articles/agent-identity-check"
    assert counter.agent("ito").get(path)["title"].startswith("【社内】")
    assert counter.stranger().send("GET", path).status_code == 404
    listed = [line["id"] for line in counter.stranger().get("/articles")]
    assert "agent-identity-check" not in listed


@pytest.mark.req("HLP-002")
def test_what_is_near_is_told_only_when_asked_for_and_says_so(counter: Counter) -> None:
    words = "how long before the money for what I sent back turns up on my bank statement"
    assert counter.stranger().get("/articles/search", q=words, lang="en") == []
    near = counter.stranger().get("/articles/search", q=words, lang="en", near="true")
    assert "refund-times" in [each["id"] for each in near[:3]]
    assert not any(each["sure"] for each in near)
