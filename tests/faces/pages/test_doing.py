"""Deeds by plain forms: choose, read everything, confirm once, keep the receipt."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import update

from madoguchi.connectors.embedded.demo import cast
from madoguchi.engine import failpoints
from madoguchi.engine.database import Transaction
from madoguchi.engine.sessions import session
from tests.faces.pages.conftest import Counter, Visitor


@pytest.fixture
def armed() -> Iterator[None]:
    yield
    failpoints.arm(None)


def receipt_number(page: str) -> str:
    found = re.search(r"<dt>受付番号</dt><dd[^>]*>([^<]+)</dd>", page)
    assert found is not None, page[:2500]
    return found[1]


def test_an_order_is_cancelled_after_everything_was_read_and_twice_is_once(
    counter: Counter, misaki: Visitor
) -> None:
    misaki.get(f"/help/o/{cast.MISAKI_UNSHIPPED}?problem=return_exchange_cancel.cancel_order")
    assert misaki.path.endswith("/p/return_exchange_cancel.cancel_order")
    misaki.get(f"/help/o/{cast.MISAKI_UNSHIPPED}/do/cancel?problem=return_exchange_cancel.cancel_order")
    page = misaki.send()
    assert misaki.path.startswith("/proposals/")
    assert "5,980円" in page and "注文をすべてキャンセルする" in page
    assert counter.house.shop.order(cast.MISAKI_UNSHIPPED).state == "processing"  # type: ignore[union-attr]
    target, fields = misaki.form("/confirm")
    with ThreadPoolExecutor(4) as presses:
        list(presses.map(lambda _: misaki.client.post(target, data=fields), range(4)))
    first = misaki.get(misaki.path)
    assert "完了しました" in first
    again = misaki.client.post(target, data={**fields, "confirm_key": "page-another-key"}).text
    assert receipt_number(again) == receipt_number(first)
    order = counter.house.shop.order(cast.MISAKI_UNSHIPPED)
    assert order is not None and order.state == "cancelled"
    assert sum(refund.amount for refund in order.refunds) == 5980


def test_a_return_is_applied_for_with_the_reason_that_fits_the_problem(
    counter: Counter, misaki: Visitor
) -> None:
    page = misaki.get(f"/help/o/{cast.MISAKI_SHIRT}/do/return?problem=return_exchange_cancel.wrong_item")
    assert re.search(r'value="wrong_item" checked', page), "nothing is asked twice"
    page = misaki.send("", condition="opened_unused", comment="色が違いました")
    assert "返品" in page
    page = misaki.send("/confirm")
    assert receipt_number(page)
    order = counter.house.shop.order(cast.MISAKI_SHIRT)
    assert order is not None and order.returns[0].reason == "wrong_item"


def test_a_form_with_errors_keeps_what_was_typed_and_leads_to_the_first_one(counter: Counter) -> None:
    john = counter.visitor("ja").sign_in(cast.JOHN)
    john.get(f"/help/o/{cast.JOHN_UNSHIPPED}/do/change_address")
    page = john.send("", name="", postal_code="12", city="渋谷区<b>", line1="1-2-3")
    assert john.answer.status_code == 422
    assert 'role="alert"' in page and 'href="#f-name"' in page and 'href="#f-postal_code"' in page
    assert re.search(r'id="f-name"[^>]*aria-invalid="true"[^>]*autofocus', page)
    assert page.count("autofocus") == 1
    assert 'value="12"' in page and 'value="1-2-3"' in page
    assert "渋谷区&lt;b&gt;" in john.answer.text


def test_full_width_digits_make_a_postal_code(counter: Counter) -> None:
    john = counter.visitor("ja").sign_in(cast.JOHN)
    john.get(f"/help/o/{cast.JOHN_UNSHIPPED}/do/change_address")
    page = john.send(
        "", postal_code="１００ー０００１", region="東京都", city="千代田区", line1="千代田１−１"
    )
    assert john.path.startswith("/proposals/")
    assert "100-0001" in page
    page = john.send("/confirm")
    assert "完了しました" in page
    order = counter.house.shop.order(cast.JOHN_UNSHIPPED)
    assert order is not None and order.address.postal_code == "100-0001"


def test_a_deed_that_needs_a_fresh_check_asks_for_it_and_comes_back(counter: Counter) -> None:
    customer = counter.visitor().sign_in(cast.CONVENIENCE)
    customer_id = counter.customer_id(cast.CONVENIENCE)

    def grow_old(tx: Transaction) -> None:
        for row in tx.all(session.select().where(session.c.kind == "customer")):
            if row.data.get("customer_id") == customer_id:
                data = {**row.data, "fresh_at": "2020-01-01T00:00:00+00:00"}
                tx.execute(update(session).where(session.c.token_hash == row.token_hash).values(data=data))

    counter.house.database.write(grow_old)
    page = customer.get(
        f"/help/o/{cast.CONVENIENCE_PAID}/do/change_address?problem=order_delivery.change_delivery_address"
    )
    assert customer.path.startswith("/sign-in")
    assert "ご本人の再確認" in page
    assert f"/help/o/{cast.CONVENIENCE_PAID}/do/change_address?problem=" in page


def test_a_proposal_on_an_order_that_changed_says_so_and_does_nothing(counter: Counter) -> None:
    customer = counter.visitor().sign_in(cast.BUSINESS)
    customer.get(f"/help/o/{cast.BUSINESS_BULK}/do/cancel")
    customer.send("", whole="yes")
    first = customer.path
    target, fields = customer.form("/confirm")
    customer.get(f"/help/o/{cast.BUSINESS_BULK}/do/change_address")
    customer.send("", line2="9階")
    customer.send("/confirm")
    assert "完了しました" in customer.text
    customer.answer = customer.client.post(target, data=fields)
    assert "その間にご注文の内容が変わりました" in customer.text or "もう一度" in customer.text
    order = counter.house.shop.order(cast.BUSINESS_BULK)
    assert order is not None and order.state != "cancelled"
    assert customer.path.startswith(first.split("?")[0])


def test_not_doing_it_leaves_everything_as_it_is(counter: Counter) -> None:
    customer = counter.visitor().sign_in(cast.JOHN)
    customer.get(f"/help/o/{cast.JOHN_SHIRT}/do/exchange")
    line = counter.house.shop.order(cast.JOHN_SHIRT).lines[0]  # type: ignore[union-attr]
    other = re.findall(rf'<select id="f-sku_{line.id}".*?</select>', customer.text, re.S)[0]
    sku = next(
        value for value in re.findall(r'value="([^"]+)"(?! selected| disabled)', other) if value != line.sku
    )
    page = customer.send(
        "", **{f"sku_{line.id}": sku, "reason": "does_not_fit", "condition": "opened_unused"}
    )
    assert "交換" in page
    page = customer.send("/withdraw")
    assert "何も変更していません" in page
    order = counter.house.shop.order(cast.JOHN_SHIRT)
    assert order is not None and not order.returns


@pytest.mark.req("CASE-019")
def test_an_answer_lost_on_our_side_is_told_with_what_is_kept_what_comes_and_how_to_go_on(
    counter: Counter, armed: None
) -> None:
    customer = counter.visitor().sign_in(cast.WAITING_FOR_REFUND)
    customer.get("/help/other")
    failpoints.arm("contacts.append.before_insert:1:raise")
    page = customer.send("/contacts", way="chat", text="返金がまだ届かないのですが、いつになりますか。")
    assert customer.answer.status_code == 500
    for part in ("kept", "next", "go-on"):
        found = re.search(rf'<dd id="{part}">([^<]+)</dd>', page)
        assert found and len(found[1]) > 10
    assert "返金がまだ届かないのですが、いつになりますか。" in page, "what was typed is given back"
    assert "Traceback" not in page and "FailpointReached" not in page


@pytest.mark.req("CASE-019")
@pytest.mark.parametrize(
    ("status", "request_"),
    [
        (404, ("GET", "/nowhere")),
        (404, ("GET", "/contacts/con_unknown")),
        (403, ("POST", "/contacts")),
        (405, ("POST", "/orders")),
    ],
)
def test_every_error_page_has_the_three_statements(
    misaki: Visitor, status: int, request_: tuple[str, str]
) -> None:
    method, path = request_
    headers = {"sec-fetch-site": "cross-site"} if status == 403 else {}
    answer = misaki.client.request(method, path, headers=headers, data={} if method == "POST" else None)
    assert answer.status_code == status
    assert all(f'id="{part}"' in answer.text for part in ("kept", "next", "go-on"))


def test_a_form_that_another_site_sends_is_refused(misaki: Visitor) -> None:
    for headers, word in (
        ({"sec-fetch-site": "cross-site"}, ""),
        ({"sec-fetch-site": "same-origin"}, "f" * 40),
        ({"sec-fetch-site": "same-site"}, ""),
    ):
        answer = misaki.client.post("/sign-out", data={"csrf": word}, headers=headers)
        assert answer.status_code == 403, headers
    misaki.client.headers.pop("sec-fetch-site")
    assert misaki.client.post("/sign-out", headers={"origin": "https://evil.example"}).status_code == 403
    assert misaki.client.post("/sign-out").status_code == 403
