"""A buyer and a seller through the API, and the seller's own pages in a browser without scripts."""

from __future__ import annotations

import re

import pytest

from madoguchi.connectors.embedded.demo import cast
from madoguchi.connectors.embedded.demo.load import customer_id
from madoguchi.counter.actors import Actor, Rung
from madoguchi.counter.sellers import queries
from tests.faces.api.people import Caller, Counter

ORDER = cast.MARKETPLACE_DELIVERED


def _ask(buyer: Caller, contact_id: str, text: str, key: str) -> str:
    wish = {"seller_id": "seller-kogei", "contact_id": contact_id, "text": text, "key": key}
    return str(buyer.post(f"/orders/{ORDER}/seller-messages", wish, status=201)["id"])


def _actor() -> Actor:
    known = customer_id(cast.MARKETPLACE)
    return Actor(kind="customer", id="vis_claim", customer_id=known, rung=Rung.SIGNED_IN)


@pytest.fixture
def buyer(counter: Counter) -> Caller:
    return counter.customer(cast.MARKETPLACE)


@pytest.fixture
def thread_id(buyer: Caller) -> str:
    contact = buyer.open("出品者の件")
    return _ask(buyer, contact["id"], "取っ手が欠けていました。naoki@example.jp まで", contact["id"])


@pytest.mark.req("SEL-002", "SEL-003")
def test_a_message_goes_to_the_seller_and_the_answer_comes_back(
    counter: Counter, buyer: Caller, thread_id: str
) -> None:
    kogei = counter.agent("kogei")
    assert thread_id in [each["id"] for each in kogei.get("/seller/threads")["threads"]]
    seen = kogei.send("GET", f"/seller/threads/{thread_id}").text
    assert "取っ手が欠けていました" in seen and "●●●" in seen
    for secret in ("加藤", "naoki", "cus_", "con_", "090-"):
        assert secret not in seen
    answer = {"kind": "reply", "text": "代わりをお送りします", "key": "a1"}
    assert kogei.post(f"/seller/threads/{thread_id}/answers", answer, status=201)["state"] == "answered"
    said = buyer.get(f"/orders/{ORDER}/seller-threads")["threads"][0]["said"]
    assert said[-1]["text"] == "代わりをお送りします" and said[-1]["who"] == "seller"
    assert buyer.post(f"/seller-threads/{thread_id}/escalate")["state"] == "escalated"


def test_the_shops_staff_pages_are_closed_to_a_seller(counter: Counter) -> None:
    kogei = counter.agent("kogei")
    for method, path in (
        ("GET", "/desk/inbox"),
        ("GET", "/agents"),
        ("GET", f"/orders/{ORDER}"),
        ("GET", "/contacts"),
    ):
        assert kogei.refused(method, path)[0] == 403
    assert counter.agent("ito").refused("GET", "/seller/threads") == (403, "sellers_only")


@pytest.mark.req("SEL-001")
def test_a_seller_signs_in_reads_and_answers_on_pages_without_scripts(
    counter: Counter, thread_id: str
) -> None:
    browser = counter.browser(**{"sec-fetch-site": "same-origin"})
    assert browser.send("GET", "//seller").headers["location"] == "/desk/sign-in?next=/seller"
    form = {"login": "kogei", "password": "corre7t-horse battery", "next": "/seller"}
    answer = browser.send("POST", "//desk/sign-in", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/seller")
    assert browser.send("GET", "//desk").headers["location"] == "/seller"
    listed = browser.send("GET", "//seller").text
    assert f"/seller/{thread_id}" in listed
    page = browser.send("GET", f"//seller/{thread_id}").text
    assert "取っ手が欠けていました" in page and "加藤" not in page and "<script" not in page
    csrf = re.search(r'name="csrf" value="([^"]+)"', page)
    assert csrf is not None
    empty = browser.send(
        "POST", f"//seller/{thread_id}", data={"csrf": csrf[1], "kind": "object", "text": ""}
    )
    assert empty.status_code == 422 and 'id="e-text"' in empty.text
    form = {"csrf": csrf[1], "kind": "accept_return", "text": "", "answer_key": "p1"}
    assert browser.send("POST", f"//seller/{thread_id}", data=form).status_code == 303
    assert "出品者が応じました" in browser.send("GET", f"//seller/{thread_id}").text
    assert browser.send("POST", f"//seller/{thread_id}", data={**form, "csrf": "x"}).status_code == 403
    browser.send("POST", "//seller/sign-out", data={"csrf": csrf[1]})
    assert browser.send("GET", f"//seller/{thread_id}").status_code == 303


def test_another_sellers_page_does_not_exist(counter: Counter, thread_id: str) -> None:
    yama = counter.agent("yama")
    browser = counter.browser(**{"sec-fetch-site": "same-origin"})
    browser.cookies["madoguchi_staff"] = yama.token
    assert browser.send("GET", f"//seller/{thread_id}").status_code == 404


@pytest.mark.req("SEL-005", "SEL-006")
def test_a_claim_is_decided_at_the_desk(counter: Counter, buyer: Caller, thread_id: str) -> None:
    ito = counter.agent("ito")
    decision = {"granted": 100, "text": "調査しました"}
    assert ito.refused("POST", f"/seller-threads/{thread_id}/decision", decision) == (409, "no_claim")
    contact = buyer.open("補償の件")
    counter.house.sellers.claim(_actor(), ORDER, "seller-kogei", 1000, "偽物", contact_id=contact["id"])
    assert ito.post(f"/seller-threads/{thread_id}/decision", decision)["claim"]["state"] == "granted"
    counter.courier.deliver_due()
    threads = buyer.get(f"/orders/{ORDER}/seller-threads")["threads"]
    assert threads[0]["claim"] == {
        "amount": 1000,
        "currency": "JPY",
        "state": "granted",
        "granted": 100,
        "payment": "done",
    }
    assert any("補償" in mail.get_content() for mail in counter.mails())


@pytest.mark.req("SEL-009")
def test_a_seller_shows_evidence_on_a_page_without_scripts_and_the_agent_opens_it(
    counter: Counter, buyer: Caller, thread_id: str
) -> None:
    browser = counter.browser(**{"sec-fetch-site": "same-origin"})
    browser.cookies["madoguchi_staff"] = counter.agent("kogei").token
    page = browser.send("GET", f"//seller/{thread_id}").text
    assert 'enctype="multipart/form-data"' in page
    csrf = re.search(r'name="csrf" value="([^"]+)"', page)
    assert csrf is not None
    form = {"csrf": csrf[1], "about": "梱包の記録です", "evidence_key": "e1"}
    wrong = browser.send(
        "POST",
        f"//seller/{thread_id}/evidence",
        data=form,
        files={"file": ("x.jpg", b"<script>", "image/jpeg")},
    )
    assert wrong.status_code == 422 and 'id="e-file"' in wrong.text
    sent = browser.send(
        "POST",
        f"//seller/{thread_id}/evidence",
        data=form,
        files={"file": ("packing.pdf", b"%PDF-1.7 packed", "application/pdf")},
    )
    assert sent.status_code == 303
    link = re.search(
        r'href="(/api/v1/seller/threads/[^"]+)" dir="auto">packing\.pdf',
        browser.send("GET", f"//seller/{thread_id}").text,
    )
    assert link is not None
    assert browser.send("GET", f"/{link[1]}").content == b"%PDF-1.7 packed"
    contact = counter.house.database.read(queries.get, thread_id).contact_id
    (seen,) = (
        entry
        for entry in counter.agent("ito").get(f"/contacts/{contact}/entries")["entries"]
        if entry["kind"] == "seller.evidence"
    )
    assert "梱包の記録です" in seen["text"]
    url = seen["attachments"][0]["url"].removeprefix("/api/v1")
    assert counter.agent("ito").send("GET", url).content == b"%PDF-1.7 packed"
    assert buyer.send("GET", url).status_code == 404
    assert "packing" not in buyer.send("GET", f"/contacts/{contact}/entries").text
