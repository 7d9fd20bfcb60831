"""Shopify's order export, its columns as they are: what becomes of its states, taxes, discounts and tenders."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from madoguchi.connectors.embedded.importing.reading import Row
from madoguchi.connectors.embedded.importing.report import Place, Problem
from madoguchi.connectors.embedded.importing.shopify import drafts, is_shopify, tender_of
from madoguchi.connectors.embedded.shop import EmbeddedShop
from madoguchi.connectors.embedded.stages import goods_total
from madoguchi.counter.customers.model import customer
from madoguchi.counter.orders.model import Order
from madoguchi.engine.database import Database
from tests.importing.conftest import EXAMPLES, Import

Write = Callable[..., Path]
EXPORT = EXAMPLES / "shopify_orders_export.csv"
HEADING = EXPORT.read_text("utf-8").splitlines()[0].split(",")


def export(*rows: dict[str, str]) -> str:
    """An export with all of Shopify's columns; cells not named are empty."""
    text = io.StringIO()
    writer = csv.DictWriter(text, HEADING, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def row(**cells: str) -> dict[str, str]:
    """A paid, unfulfilled order of one vase for 3,300 yen; `Lineitem_price="1"` names the column with spaces."""
    standard = {
        "Name": "#2001", "Email": "taro@example.jp", "Financial Status": "paid", "Currency": "JPY",
        "Subtotal": "3300", "Shipping": "500", "Taxes": "300", "Total": "3800",
        "Created at": "2026-11-01 09:00:00 +0900", "Lineitem quantity": "1", "Lineitem name": "花瓶",
        "Lineitem price": "3300", "Lineitem sku": "V-1", "Lineitem requires shipping": "true",
        "Shipping Name": "林 太郎", "Shipping Address1": "梅田4-5-6", "Shipping City": "大阪市北区",
        "Shipping Zip": "'530-0001", "Shipping Province": "JP-27", "Shipping Country": "JP",
        "Payment Method": "Shopify Payments",
    }  # fmt: skip
    return {**standard, **{name.replace("_", " "): value for name, value in cells.items()}}


def order(shop: EmbeddedShop, number: str = "2001") -> Order:
    found = shop.order(number)
    assert found is not None
    assert found.total == goods_total(found)
    return found


def test_the_heading_of_the_export_is_recognised() -> None:
    assert len(HEADING) > 70 and is_shopify(HEADING)
    assert not is_shopify(["number", "customer_ref", "Name"])


def test_an_order_of_several_rows_becomes_one_order(imported: Import, shop: EmbeddedShop) -> None:
    report = imported(EXPORT)
    assert report.problems == []
    found = order(shop, "1003")
    assert [(line.name["ja"], line.quantity, line.unit_price) for line in found.lines] == [
        ("リネンエプロン - ネイビー", 1, 4400),
        ("花瓶", 1, 3300),
    ]
    assert (found.total, found.discount, found.shipping_fee, found.state) == (7200, 500, 0, "part_shipped")
    assert [item.line_id for item in found.parcels[0].lines] == ["L1"]
    assert sum(line.tax for line in found.lines) == 654
    assert found.note == "玄関前に\n置いてください"
    assert found.address.region == "東京都" and found.address.postal_code == "150-0002"
    assert found.placed_at == datetime(2026, 11, 10, 0, 50, 20, tzinfo=UTC)
    assert [(p.tender, p.label, p.captured) for p in found.payments] == [("card", "Shopify Payments", 7200)]


def test_customers_are_known_by_their_mail_address(
    imported: Import, shop: EmbeddedShop, sqlite_database: Database
) -> None:
    imported(EXPORT)
    rows = sqlite_database.read(lambda tx: tx.all(select(customer).order_by(customer.c.shop_ref)))
    assert [(each.shop_ref, each.name, each.language, each.company) for each in rows] == [
        ("emma@example.com", "Emma Hill", "en", ""),
        ("hanako@example.jp", "森 花子", "ja", ""),
        ("jiro@example.jp", "林 次郎", "ja", "林工務店"),
    ]
    assert [each.number for each in shop.orders_of("hanako@example.jp")] == ["1004", "1003"]


def test_tax_on_top_goes_into_the_prices_to_the_cent(imported: Import, shop: EmbeddedShop) -> None:
    imported(EXPORT)
    found = order(shop, "1002")
    (line,) = found.lines
    assert (found.currency, found.total, found.shipping_fee, line.tax) == ("USD", 6722, 900, 431)
    assert line.unit_price * line.quantity - line.discount == 5391 + 431
    assert (found.refunded, found.payments[0].refunded, found.refunds[0].state) == (6722, 6722, "done")


@pytest.mark.parametrize(
    ("cells", "state", "held", "captured", "refunded"),
    [
        ({"Financial_Status": "paid"}, "processing", 3800, 3800, 0),
        ({"Financial_Status": "authorized"}, "processing", 3800, 0, 0),
        ({"Financial_Status": "pending"}, "awaiting_payment", 0, 0, 0),
        ({"Financial_Status": "pending", "Payment_Method": "Cash on Delivery (COD)"}, "processing", 0, 0, 0),
        ({"Financial_Status": "partially_paid", "Outstanding_Balance": "1800"}, "awaiting_payment", 2000, 2000, 0),
        ({"Financial_Status": "partially_refunded", "Refunded_Amount": "800"}, "processing", 3800, 3800, 800),
        ({"Financial_Status": "refunded", "Refunded_Amount": "3800"}, "processing", 3800, 3800, 3800),
        ({"Financial_Status": "voided", "Cancelled_at": "2026-11-02 09:00:00 +0900"}, "cancelled", 0, 0, 0),
        ({"Fulfillment_Status": "fulfilled", "Fulfilled_at": "2026-11-02 09:00:00 +0900"}, "shipped", 3800, 3800, 0),
        ({"Fulfillment_Status": "fulfilled", "Lineitem_requires_shipping": "false"}, "delivered", 3800, 3800, 0),
    ],
)  # fmt: skip
def test_every_status_is_understood(
    imported: Import, shop: EmbeddedShop, write: Write, cells: dict[str, str], state: str, held: int, captured: int, refunded: int
) -> None:  # fmt: skip
    report = imported(write("export.csv", export(row(**cells))))
    assert report.problems == []
    found = order(shop)
    assert (found.state, found.payments[0].authorised, found.captured, found.refunded) == (
        state, held, captured, refunded,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("method", "tender"),
    [
        ("Shopify Payments", "card"), ("PayPal Express Checkout", "card"), ("gift_card", "gift_card"),
        ("Konbini", "convenience_store"), ("コンビニ決済", "convenience_store"), ("銀行振込", "bank_transfer"),
        ("Bank Deposit", "bank_transfer"), ("代金引換", "cash_on_delivery"), ("Cash on Delivery (COD)", "cash_on_delivery"),
        ("Paidy", "pay_later"), ("NP後払い", "pay_later"),
    ],
)  # fmt: skip
def test_payment_methods_become_tenders(method: str, tender: str) -> None:
    assert tender_of(method) == tender


def test_of_two_payment_methods_the_money_counts(imported: Import, shop: EmbeddedShop, write: Write) -> None:
    imported(write("export.csv", export(row(Payment_Method="gift_card + Shopify Payments"))))
    (payment,) = order(shop).payments
    assert (payment.tender, payment.label) == ("card", "gift_card + Shopify Payments")


def test_an_order_without_shipping_address_takes_the_billing_one(
    imported: Import, shop: EmbeddedShop, write: Write
) -> None:
    cells = row(Billing_Name="林 花", Billing_City="京都市", Billing_Country="JP")
    bare = {name: value for name, value in cells.items() if not name.startswith("Shipping ")}
    imported(write("export.csv", export({**bare, "Shipping": "500"})))
    assert (order(shop).address.name, order(shop).address.city) == ("林 花", "京都市")


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        ({"Lineitem_quantity": "one"}, "Lineitem quantity", "not_a_number"),
        ({"Lineitem_price": "3,3oo"}, "Lineitem price", "not_an_amount"),
        ({"Lineitem_price": "33.50"}, "Lineitem price", "not_an_amount"),
        ({"Total": "9999"}, "Total", "total_differs"),
        ({"Subtotal": "5000"}, "Subtotal", "total_differs"),
        ({"Financial_Status": "bezahlt"}, "Financial Status", "not_one_of"),
        ({"Created_at": "yesterday"}, "Created at", "not_a_moment"),
        ({"Financial_Status": "refunded", "Refunded_Amount": "3900"}, "Refunded Amount", "over_refund"),
        ({"Name": ""}, "Name", "missing"),
    ],
)  # fmt: skip
def test_a_bad_row_is_named_and_the_next_order_is_kept(
    imported: Import, shop: EmbeddedShop, write: Write, cells: dict[str, str], column: str, code: str
) -> None:
    report = imported(write("export.csv", export(row(**cells), row(Name="#2002"))))
    assert (report.problems[0].place.line, report.problems[0].column, report.problems[0].code) == (
        2,
        column,
        code,
    )
    assert report.counts["order"]["added"] == 1
    assert shop.order("2001") is None and order(shop, "2002")


@given(
    st.lists(
        st.tuples(st.integers(1, 9), st.integers(1, 500_000), st.integers(0, 300)), min_size=1, max_size=5
    ),
    st.integers(0, 900),
    st.integers(0, 2000),
    st.integers(0, 30_000),
    st.booleans(),
)
def test_whatever_the_figures_the_sums_are_exact(
    lines: list[tuple[int, int, int]], off: int, shipping: int, taxes: int, on_top: bool
) -> None:
    """Σ lines − discount + shipping = total, tax inside, for every export that adds up."""
    goods = sum(quantity * price - min(less, price) for quantity, price, less in lines)
    subtotal = goods - min(off, goods)
    total = subtotal + shipping + (taxes if on_top else 0)
    head = row(Subtotal=str(subtotal), Shipping=str(shipping), Taxes=str(taxes), Total=str(total))
    rows = []
    for step, (quantity, price, less) in enumerate(lines):
        cells = head if step == 0 else {"Name": "#2001"}
        item = {"Lineitem quantity": quantity, "Lineitem price": price, "Lineitem discount": min(less, price)}
        texts = {name: str(value) for name, value in item.items()}
        rows.append(Row(Place("x", step + 2), {**cells, "Lineitem name": f"n{step}", **texts}))
    problems: list[Problem] = []
    made, bad = drafts(rows, problems, "ja")
    assert (problems, bad) == ([], 0)
    body = made[0].body
    made_total = sum(line["unit_price"] * line["quantity"] - line["discount"] for line in body["lines"])
    assert made_total + body["shipping_fee"] - body["discount"] == body["total"] == total
    assert all(line["unit_price"] > 0 and line["discount"] >= 0 for line in body["lines"])
    assert body["discount"] >= 0 and sum(line["tax"] for line in body["lines"]) == taxes
