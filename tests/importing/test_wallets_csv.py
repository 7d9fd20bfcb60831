"""Balances of gift cards, several ways of paying and several addresses per customer, from CSV files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from madoguchi.connectors.embedded.shop import EmbeddedShop
from madoguchi.counter.customers import queries as customers
from madoguchi.engine.database import Database
from tests.importing.conftest import Import

Write = Callable[..., Path]

CUSTOMERS = "shop_ref,name,phone,postal_code,region,city,line1\nC1,佐藤 美咲,090-1111-2222,150-0001,東京都,渋谷区,神宮前1-1\n"
WALLETS = (
    "customer_ref,method_id,tender,label,balance,expires_on\n"
    'C1,C1-card,card,Visa 末尾1234,,\nC1,C1-gift,gift_card,末尾8001,"3,000",2027-03-31\nC1,C1-points,points,,120,\n'
)


def test_a_wallet_has_as_many_methods_as_it_has_rows_and_takes_balances_as_given(
    imported: Import, shop: EmbeddedShop, write: Write
) -> None:
    report = imported(write("customers.csv", CUSTOMERS), write("wallets.csv", WALLETS))
    assert report.problems == []
    wallet = shop.wallet("C1")
    assert wallet is not None
    assert [(m.id, m.tender, m.balance) for m in wallet.methods] == [
        ("C1-card", "card", None),
        ("C1-gift", "gift_card", 3000),
        ("C1-points", "points", 120),
    ]
    assert wallet.methods[1].expires_on == date(2027, 3, 31)
    imported(write("wallets.csv", WALLETS.replace("3,000", "1,200")))
    again = shop.wallet("C1")
    assert again is not None and [m.balance for m in again.methods] == [None, 1200, 120]


def test_balances_are_read_in_the_currency_of_the_wallet(
    imported: Import, shop: EmbeddedShop, write: Write
) -> None:
    rows = "customer_ref,currency,method_id,tender,balance\nC2,USD,g,gift_card,53.91\n"
    assert imported(write("wallets.csv", rows)).problems == []
    wallet = shop.wallet("C2")
    assert wallet is not None and (wallet.currency, wallet.methods[0].balance) == ("USD", 5391)


def test_what_is_wrong_in_one_row_keeps_the_whole_wallet_out(
    imported: Import, shop: EmbeddedShop, write: Write
) -> None:
    (problem,) = imported(write("wallets.csv", WALLETS.replace('"3,000"', "much"))).problems
    assert (problem.column, problem.place.line) == ("balance", 3)
    assert shop.wallet("C1") is None


def test_a_customer_has_several_addresses(imported: Import, sqlite_database: Database, write: Write) -> None:
    more = (
        "customer_ref,address_name,postal_code,region,city,line1\n"
        "C1,,530-0001,大阪府,大阪市北区,梅田2-2\nC1,佐藤 実家,980-0001,宮城県,仙台市,中央3-3\n"
    )
    report = imported(write("customers.csv", CUSTOMERS), write("addresses.csv", more))
    assert report.problems == []
    found = sqlite_database.read(customers.by_shop_ref, "C1")
    assert found is not None
    assert [(a["name"], a["city"]) for a in found.addresses] == [
        ("佐藤 美咲", "渋谷区"),
        ("佐藤 美咲", "大阪市北区"),
        ("佐藤 実家", "仙台市"),
    ]
    lost = imported(
        write("customers.csv", CUSTOMERS), write("addresses.csv", more.replace("\nC1,,", "\nC9,,"))
    )
    assert [problem.code for problem in lost.problems] == ["unknown_customer"]


def test_a_payment_names_its_method(imported: Import, shop: EmbeddedShop, write: Write) -> None:
    orders = (
        "number,customer_ref,placed_at,total,sku,name_ja,quantity,unit_price,postal_code,region,city,line1,address_name\n"
        "A-1,C1,2026-11-01T10:00:00+09:00,1000,S-1,花瓶,1,1000,150-0001,東京都,渋谷区,神宮前1-1,佐藤 美咲\n"
    )
    payments = "order_number,tender,captured,method_id\nA-1,gift_card,1000,C1-gift\n"
    report = imported(
        write("customers.csv", CUSTOMERS), write("orders.csv", orders), write("payments.csv", payments)
    )
    assert report.errors == []
    order = shop.order("A-1")
    assert order is not None and order.payments[0].method_id == "C1-gift"
