"""The receipt as PDF: addressee, tenders, tax by rate, number, and the mark on every later one."""

from __future__ import annotations

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from pypdf import PdfReader

from madoguchi.counter.orders.actions import CancelOrder, LineChoice
from madoguchi.counter.orders.model import Order
from madoguchi.counter.orders.receipt import Issuer, TaxRow, amounts_by_rate
from madoguchi.counter.orders.receipt_pdf import render
from madoguchi.counter.orders.workflow import OrderDesk
from madoguchi.counter.problems import Conflict, NotFound
from madoguchi.engine.database import Database
from tests.orders.build import CUSTOMER, GUEST, MUG, NOW, NUMBER, RULES, STRANGER, card, line, order

ISSUER = Issuer(name="みどり商店", invoice_number="T1234567890123")


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """The races run on both kinds; here one is enough."""
    return sqlite_database


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


@pytest.mark.req("PAY-014")
def test_a_receipt_names_addressee_order_amount_tender_and_registration() -> None:
    text = text_of(render(order(), RULES, ISSUER, now=NOW, addressee="株式会社みらい"))
    for part in (
        "領収書",
        "株式会社みらい 様",
        NUMBER,
        "9,500円",
        "Visa 末尾4242",
        "T1234567890123",
        "みどり商店",
    ):
        assert part in text
    assert "再発行" not in text
    assert "2026年11月20日" in text


def test_tax_is_reckoned_once_per_rate_and_the_rows_sum_to_what_was_received() -> None:
    of = order(line(quantity=1), line("L2", MUG, 3, product_class="food"), shipping_fee=500)
    assert amounts_by_rate(of, RULES) == [TaxRow(10, 3500, 318), TaxRow(8, 3000, 222)]
    assert "8%対象" in text_of(render(of, RULES, ISSUER, now=NOW))


def test_what_was_given_back_is_not_on_the_receipt(desk: OrderDesk, put: Callable[[Order], Order]) -> None:
    put(order())
    action = CancelOrder(lines=[LineChoice(line_id="L2", quantity=3)])
    desk.confirm(CUSTOMER, desk.propose(CUSTOMER, NUMBER, action).id, "key-1")
    text = text_of(desk.receipt(CUSTOMER, NUMBER))
    assert "6,500円" in text
    assert "マグカップ" not in text


@pytest.mark.req("PAY-014")
def test_the_second_receipt_is_marked_as_issued_again(desk: OrderDesk, put: Callable[[Order], Order]) -> None:
    put(order())
    assert "再発行" not in text_of(desk.receipt(CUSTOMER, NUMBER))
    assert "再発行" in text_of(desk.receipt(GUEST, NUMBER, "株式会社みらい"))


def test_of_many_receipts_at_once_one_is_the_original(desk: OrderDesk, put: Callable[[Order], Order]) -> None:
    put(order())
    with ThreadPoolExecutor(5) as pool:
        texts = [text_of(pdf) for pdf in pool.map(lambda _: desk.receipt(CUSTOMER, NUMBER), range(5))]
    assert sum("再発行" not in text for text in texts) == 1


def test_there_is_no_receipt_before_the_money_and_none_for_strangers(
    desk: OrderDesk, put: Callable[[Order], Order]
) -> None:
    put(order(state="awaiting_payment", payments=[card(0, authorised=9500)]))
    with pytest.raises(Conflict, match="not_paid_yet"):
        desk.receipt(CUSTOMER, NUMBER)
    with pytest.raises(NotFound):
        desk.receipt(STRANGER, NUMBER)


def test_a_long_order_goes_on_on_a_second_page() -> None:
    many = [line(f"L{n}", quantity=1) for n in range(40)]
    pdf = render(order(*many), RULES, ISSUER, now=NOW)
    assert len(PdfReader(io.BytesIO(pdf)).pages) == 2
    assert text_of(pdf).count("綿シャツ") == 40
