"""What a customer can see, and what nobody sees before proving who they are."""

from __future__ import annotations

import re
import time

import pytest

from madoguchi.connectors.embedded.demo import cast
from tests.faces.pages.conftest import PHONE, Counter, Visitor


def code_from_mail(counter: Counter, after: int) -> str:
    """The digits of the newest mail in the file outbox."""
    folder = counter.house.settings.data.folder / "outbox"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        mails = sorted(folder.rglob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
        if len(mails) > after:
            from email import message_from_bytes, policy

            mail = message_from_bytes(mails[-1].read_bytes(), policy=policy.default)
            body = mail.get_body(("plain",))
            assert body is not None
            digits = re.search(r"\b(\d{6})\b", f"{mail['subject']}\n{body.get_content()}")
            assert digits is not None
            return digits[1]
        time.sleep(0.05)
    raise AssertionError("no mail came")


def mails(counter: Counter) -> int:
    return len(list((counter.house.settings.data.folder / "outbox").rglob("*.eml")))


def test_the_start_page_offers_sign_in_order_lookup_and_other_matters(visitor: Visitor) -> None:
    page = visitor.get("/")
    assert "ログインして注文から選ぶ" in page
    assert 'href="/verify-order"' in page
    assert 'href="/help/other"' in page
    assert not visitor.client.cookies, "looking at a page leaves nothing behind"


@pytest.mark.req("CH-013")
def test_a_stranger_is_asked_to_sign_in_comes_back_to_the_same_step_and_the_case_knows_the_customer(
    counter: Counter, visitor: Visitor
) -> None:
    step = f"/help/o/{cast.MISAKI_LATE}/p/order_delivery.delivery_delay"
    page = visitor.get(step)
    assert visitor.path.startswith("/sign-in?next=")
    assert "今治タオル" not in page
    before = mails(counter)
    visitor.send("/sign-in", email="ｍisaki.sato@example.jp")
    page = visitor.send(
        "/sign-in/code", code=f" {code_from_mail(counter, before)[:3]} ".replace(" ", "") + "000"
    )
    assert "コードが違うか" in page and 'aria-invalid="true"' in page
    visitor.send("/sign-in/code", code=code_from_mail(counter, before))
    assert visitor.path == step
    assert "今治タオル" in visitor.text
    visitor.send("/solved", solved="no")
    visitor.send("/contacts", way="chat")
    contact_id = visitor.path.removeprefix("/contacts/").split("?")[0]
    opened = counter.house.database.read(_case_of, contact_id)
    assert opened.customer_id == counter.customer_id(cast.MISAKI)
    assert opened.order_number == cast.MISAKI_LATE
    assert opened.category == "order_delivery.delivery_delay"


def _case_of(tx, contact_id):  # type: ignore[no-untyped-def]
    from madoguchi.counter.cases import queries as cases
    from madoguchi.counter.contacts import queries as contacts

    return cases.find(tx, contacts.get(tx, contact_id).case_id)


def test_one_order_is_shown_with_number_and_mailed_code_and_no_other(
    counter: Counter, visitor: Visitor
) -> None:
    before = mails(counter)
    visitor.get("/verify-order")
    visitor.send("/verify-order", order_number=cast.JOHN_LATE, email=cast.JOHN_EMAIL)
    visitor.send("/verify-order/code", code=code_from_mail(counter, before))
    assert visitor.path == f"/orders/{cast.JOHN_LATE}"
    assert visitor.answer.status_code == 200
    visitor.get(f"/orders/{cast.JOHN_SHIRT}")
    assert visitor.path.startswith("/sign-in")


def test_an_order_that_exists_and_one_that_does_not_get_the_same_answer(visitor: Visitor) -> None:
    answers = []
    for number in (cast.MISAKI_LATE, "503-9999999-9999999"):
        page = visitor.get(f"/orders/{number}")
        answers.append((visitor.answer.status_code, page.replace(number, "")))
    assert answers[0] == answers[1]


@pytest.mark.req("HIS-010")
def test_orders_and_conversations_of_somebody_else_do_not_exist(counter: Counter, misaki: Visitor) -> None:
    misaki.get("/help/other")
    misaki.send("/contacts", way="chat", text="荷物について")
    conversation = misaki.path.split("?")[0]
    assert misaki.answer.status_code == 200
    john = counter.visitor("en").sign_in(cast.JOHN)
    for path in (f"/orders/{cast.MISAKI_LATE}", f"/help/o/{cast.MISAKI_LATE}", conversation):
        page = john.get(path)
        assert john.answer.status_code == 404, path
        assert "荷物" not in page and "Towel" not in page
    stranger = counter.visitor()
    assert "荷物" not in stranger.get(conversation)
    assert stranger.path.startswith("/sign-in")


@pytest.mark.req("CH-014")
def test_the_telephone_number_is_for_signed_in_customers_only(counter: Counter, visitor: Visitor) -> None:
    for path in ("/", "/help", "/person", "/help/other", "/sign-in", "/accessibility", "/demo/shop"):
        assert PHONE not in visitor.get(path), path
    assert PHONE in visitor.sign_in(cast.MISAKI).get("/")


def test_the_order_page_tells_everything_that_the_shop_knows(misaki: Visitor) -> None:
    page = misaki.get(f"/orders/{cast.MISAKI_LATE}")
    for words in (
        "今治タオル",
        "みなと郵便" if "みなと郵便" in page else "みなと",
        "お問い合わせ伝票番号",
        "お届け先",
        "お支払い",
    ):
        assert words in page
    assert page.count("<time datetime=") >= 3, "the tracking events"
    assert re.search(r"\d+月\d+日\([月火水木金土日]\)", page)


@pytest.mark.req("RET-008")
def test_what_cannot_be_done_says_why(misaki: Visitor) -> None:
    page = misaki.get(f"/orders/{cast.MISAKI_SHIRT}")
    assert "注文のキャンセル：今は行えません" in page
    assert "すでにお届け" in page or "お届け済み" in page
    assert f"/help/o/{cast.MISAKI_SHIRT}/do/return" in page
    assert f"/help/o/{cast.MISAKI_SHIRT}/do/cancel" not in page
    not_yet = misaki.get(f"/orders/{cast.MISAKI_LATE}")
    assert f"/help/o/{cast.MISAKI_LATE}/do/return" not in not_yet and "商品の返品：今は行えません" in not_yet
    page = misaki.get(f"/help/o/{cast.MISAKI_SHIRT}/do/cancel")
    assert "今は行えない理由" in page
    assert '<form method="post" class="card form"' not in page


@pytest.mark.req("HIS-001")
def test_the_history_lists_cases_newest_first_with_topic_state_and_last_words(counter: Counter) -> None:
    customer = counter.visitor().sign_in(cast.SENIOR)
    customer.get("/help/other?topic=general.site_usage")
    customer.send("/contacts", way="chat", text="サイトの使い方を知りたい")
    customer.get(f"/person?order={cast.SENIOR_KETTLE}&problem=return_exchange_cancel.defective_item")
    customer.send("/contacts", way="person", text="ケトルが沸きません")
    page = customer.get("/history")
    titles = re.findall(r'<h2 id="case-\d+">([^<]+)</h2>', page)
    assert len(titles) == 2
    assert cast.SENIOR_KETTLE in titles[0] and cast.SENIOR_KETTLE not in titles[1]
    assert re.search(r"C-\d{5}", page)
    assert 'class="excerpt"' in page
    assert "ケトルが沸きません" in page or "担当者" in page
    assert len(re.findall(r'<h2 id="case-', customer.get("/history?state=done"))) == 0
    assert "180日間" in customer.get("/history?older=yes")


def test_every_page_offers_a_person_a_skip_link_one_heading_and_the_other_language(misaki: Visitor) -> None:
    for path in (
        "/",
        "/orders",
        f"/orders/{cast.MISAKI_LATE}",
        f"/help/o/{cast.MISAKI_LATE}",
        "/history",
        "/display",
        "/nowhere",
    ):
        page = misaki.get(path)
        assert page.count("<h1") == 1, path
        assert "担当者と話す" in page and 'class="skip" href="#main"' in page
        assert 'lang="en" hreflang="en">English</a>' in page
        assert "script-src 'self'" in misaki.answer.headers["content-security-policy"]
        assert "unsafe" not in misaki.answer.headers["content-security-policy"]


def test_a_chosen_language_and_display_stay(visitor: Visitor) -> None:
    page = visitor.get("/?lang=en")
    assert '<html lang="en"' in page and "Which order is it about?" in page
    visitor.get("/display?back=/help")
    page = visitor.send("/display", theme="dark", size="150", lines="loose", motion="less")
    assert visitor.path == "/help"
    assert 'data-theme="dark" data-size="150" data-lines="loose" data-motion="less"' in page
    assert '<html lang="en"' in page


def test_a_redirect_never_leaves_the_house(counter: Counter) -> None:
    for wish in ("https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"):
        customer = counter.visitor()
        customer.get("/demo/sign-in-as")
        customer.client.follow_redirects = False
        customer.send("/demo/sign-in-as", customer_id=counter.customer_id(cast.MISAKI), next=wish)
        assert customer.answer.headers["location"] == "/demo/shop", wish


def test_the_receipt_is_a_pdf_for_its_owner(misaki: Visitor, counter: Counter) -> None:
    misaki.get(f"/orders/{cast.MISAKI_SHIRT}/receipt.pdf?addressee=株式会社テスト")
    assert misaki.answer.headers["content-type"] == "application/pdf"
    assert misaki.answer.content.startswith(b"%PDF-")
    stranger = counter.visitor()
    stranger.get(f"/orders/{cast.MISAKI_SHIRT}/receipt.pdf")
    assert stranger.path.startswith("/sign-in")
