"""S-05: every text that people type × every renderer without a browser: pages, JSON, mail, PDF. Nothing is believed."""

from __future__ import annotations

import html
import io
import json
import re
from collections.abc import Iterator

import pytest
from pypdf import PdfReader

from madoguchi.counter.actors import SYSTEM
from tests.faces.api.people import Caller, Counter
from tests.security.hostile import PAYLOADS, Hostile, make
from tests.security.test_pages import Inline

ATTACKERS = 8
COMPUTED = str(7919 * 6007)  # what a template engine would make of the payload that multiplies
BUNDLES = [PAYLOADS[start : start + 8] for start in range(0, len(PAYLOADS), 8)]


@pytest.fixture(scope="module")
def hostiles(counter: Counter) -> list[Hostile]:
    desk = counter.agent("ito")
    return [make(counter, number, desk) for number in range(ATTACKERS)]


def test_the_corpus_is_large_and_every_attack_reaches_some_field(hostiles: list[Hostile]) -> None:
    assert len(PAYLOADS) == len(set(PAYLOADS)) >= 60
    assert set(PAYLOADS) <= {payload for hostile in hostiles for payload in hostile.all}
    assert len(hostiles[0].texts) >= 20, "fields"


@pytest.mark.parametrize("number", range(ATTACKERS))
def test_no_page_takes_a_text_for_markup(counter: Counter, hostiles: list[Hostile], number: int) -> None:
    hostile = hostiles[number]
    seen = ""
    for path, text in _pages(counter, hostile):
        Inline(path).feed(text)
        raw = [
            payload for payload in hostile.all if re.search(r"<[a-z/!]", payload, re.I) and payload in text
        ]
        assert raw == [], f"{path} holds it unescaped"
        assert COMPUTED not in text, f"{path} computed a template"
        seen += html.unescape(text)
    for field in ("first words", "message 0", "product", "answer", "receiver"):
        for payload in hostile.texts[field]:
            shown = " ".join(payload.split())
            assert shown in " ".join(seen.split()) or not shown.isprintable(), (
                f"{field} is shown as it was written"
            )


@pytest.mark.parametrize("bundle", BUNDLES)
def test_what_was_typed_or_stands_in_the_address_line_comes_back_as_text(
    counter: Counter, bundle: list[str]
) -> None:
    attack = " ".join(bundle)
    forms = (
        ("//sign-in", {"email": attack}),
        ("//verify-order", {"order_number": attack[:60], "email": attack}),
        ("//sign-in/code", {"code": attack, "next": attack}),
        ("//desk/sign-in", {"login": attack[:120], "password": "", "next": attack}),
        ("//contacts/con_none/say", {"text": attack}),
    )
    queries = (
        ("//", {"lang": attack}),
        ("//help/other", {"topic": attack}),
        ("//person", {"order": attack, "problem": attack, "item": attack}),
        ("//sign-in", {"next": attack}),
        ("//display", {"back": attack}),
        ("//desk/sign-in", {"next": attack}),
    )
    browser = counter.browser(**{"sec-fetch-site": "same-origin"})
    answers = [browser.send("POST", path, data=form) for path, form in forms]
    answers += [counter.browser().send("GET", path, params=query) for path, query in queries]
    for answer in answers:
        assert answer.status_code < 500, answer.request.url
        Inline(str(answer.request.url)).feed(answer.text)
        assert [p for p in bundle if re.search(r"<[a-z/!]", p, re.I) and p in answer.text] == [], (
            answer.request.url
        )


def test_json_is_said_to_be_json_and_holds_the_words_as_they_are(
    counter: Counter, hostiles: list[Hostile]
) -> None:
    for hostile in hostiles[:4]:
        answer = hostile.customer.send("GET", f"/contacts/{hostile.contact_id}/entries")
        assert answer.headers["content-type"] == "application/json"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        said = json.dumps(answer.json(), ensure_ascii=False)
        assert json.dumps(hostile.texts["message 0"][0], ensure_ascii=False)[1:-1] in said


def test_a_transcript_is_plain_text_and_no_name_adds_a_header(
    counter: Counter, hostiles: list[Hostile]
) -> None:
    for hostile in hostiles:
        hostile.customer.post(f"/contacts/{hostile.contact_id}/transcript", {}, status=202)
    mails = counter.mails()[-len(hostiles) :]
    for mail in mails:
        assert mail.get_content_type() == "text/plain"
        assert not mail.is_multipart()
        assert {name.lower() for name in mail} <= {
            "from", "to", "subject", "date", "message-id", "auto-submitted", "content-language",
            "content-type", "content-transfer-encoding", "mime-version",
        }  # fmt: skip
        assert len(mail["To"].addresses) == 1
        assert mail["To"].addresses[0].addr_spec.endswith("@example.jp")


@pytest.mark.parametrize(
    "name",
    ["a\r\nBcc: victim@example.jp", 'x" <victim@example.jp>, "y', "a\nSubject: changed", "=?utf-8?q?x?="],
)
def test_no_name_leads_a_mail_elsewhere(counter: Counter, name: str) -> None:
    from madoguchi.counter.customers import service as customers

    ref = f"N{abs(hash(name)) % 10**8}"
    counter.house.database.write(customers.upsert, shop_ref=ref, name=name, email="mine@example.jp")
    customer = counter.stranger()
    customer.token = customer.post("/sessions/shop-token", {"token": counter.shop_token(sub=ref)})["token"]
    contact = customer.open("x")
    customer.post(f"/contacts/{contact['id']}/transcript", {}, status=202)
    mail = counter.mails()[-1]
    assert [address.addr_spec for address in mail["To"].addresses] == ["mine@example.jp"]
    assert mail["Bcc"] is None
    assert "changed" not in mail["Subject"]


def test_a_receipt_holds_text_and_nothing_that_acts(counter: Counter, hostiles: list[Hostile]) -> None:
    for hostile in hostiles[:5]:
        addressee = hostile.texts["receiver"][0][:100]
        path = f"/orders/{hostile.order_number}/receipt.pdf"
        answer = hostile.customer.send("GET", path, params={"addressee": addressee})
        assert answer.status_code == 200, answer.text
        reader = PdfReader(io.BytesIO(answer.content))
        assert "/OpenAction" not in reader.root_object
        assert "/Names" not in reader.root_object
        assert all("/Annots" not in page and "/AA" not in page for page in reader.pages)
        assert b"/JavaScript" not in answer.content


def test_a_rating_full_of_attacks_is_kept_as_words(counter: Counter, hostiles: list[Hostile]) -> None:
    for hostile in hostiles[:3]:
        counter.house.chat.confirm_resolution(SYSTEM, hostile.contact_id, True)
        comment = " ".join(PAYLOADS)[:2000]
        hostile.customer.post(f"/contacts/{hostile.contact_id}/rating", {"score": 1, "comment": comment})
        page = _browser(counter, hostile).send("GET", f"//contacts/{hostile.contact_id}?all=yes").text
        Inline("rated").feed(page)


def _browser(counter: Counter, hostile: Hostile) -> Caller:
    browser = counter.browser(**{"sec-fetch-site": "same-origin"})
    browser.cookies["madoguchi_customer"] = hostile.customer.token
    return browser


def _pages(counter: Counter, hostile: Hostile) -> Iterator[tuple[str, str]]:
    browser = _browser(counter, hostile)
    order = hostile.order_number
    for path in (
        "/",
        "/orders",
        f"/orders/{order}",
        f"/help/o/{order}",
        f"/help/o/{order}/p/order_delivery.change_order",
        f"/help/o/{order}/do/cancel",
        f"/help/o/{order}/do/change_address",
        f"/proposals/{hostile.proposal_id}",
        f"/contacts/{hostile.contact_id}?all=yes",
        "/history",
        f"/person?order={order}",
        "/demo/shop",
    ):
        answer = browser.send("GET", f"/{path}")
        assert answer.status_code == 200, (path, answer.status_code, answer.headers.get("location"))
        yield path, answer.text
