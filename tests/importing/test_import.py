"""Importing: what is read, what is refused with its place and reason, and that nothing happens twice."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from madoguchi.connectors.embedded.demo.load import demo_orders
from madoguchi.connectors.embedded.fulfilment import Shipped, fulfil
from madoguchi.connectors.embedded.importing.report import KINDS, Report
from madoguchi.connectors.embedded.importing.work import import_files
from madoguchi.connectors.embedded.model import shop_effect, shop_order, shop_product, shop_variant
from madoguchi.connectors.embedded.shop import EmbeddedShop
from madoguchi.counter.customers.model import customer
from madoguchi.counter.orders.actions import CancelOrder
from madoguchi.counter.orders.model import Decision
from madoguchi.engine.database import Database
from madoguchi.engine.texts import catalogue
from tests.importing.conftest import EXAMPLES, Import

Write = Callable[..., Path]

HOME = {
    "name": "青山 千夏",
    "postal_code": "150-0002",
    "region": "東京都",
    "city": "渋谷区",
    "line1": "渋谷1-2-3",
}


def order(number: str = "A-1", **changes: Any) -> dict[str, Any]:
    return {
        "number": number,
        "customer_ref": "100",
        "placed_at": "2026-11-01T10:00:00+09:00",
        "total": 3000,
        "address": HOME,
        "lines": [{"sku": "S-1", "name": "花瓶", "quantity": 2, "unit_price": 1500}],
        "payments": [{"tender": "card", "authorised": 3000, "captured": 3000}],
        **changes,
    }


def pretty(*orders: dict[str, Any]) -> str:
    """One order per line, from line 3 on."""
    return '{\n"orders": [\n' + ",\n".join(json.dumps(each, ensure_ascii=False) for each in orders) + "\n]}\n"


def counts(report: Report) -> dict[str, dict[str, int]]:
    return {
        kind: {k: n for k, n in report.counts[kind].items() if n} for kind in KINDS if report.counts[kind]
    }


def said(report: Report, language: str = "ja") -> list[str]:
    return [f"{problem.where(language)}: {problem.text(language)}" for problem in report.problems]


# ── what comes in ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.req("ORD-002")
@pytest.mark.parametrize(
    ("name", "number"), [("shop.json", "777-0000001-0000001"), ("csv", "777-0000002-0000001")]
)
def test_an_order_comes_in_with_lines_parcel_payments_return_and_refund(
    imported: Import, shop: EmbeddedShop, name: str, number: str
) -> None:
    """The same order in JSON and in nine CSV files."""
    report = imported(EXAMPLES / name)
    assert report.problems == []
    found = shop.order(number)
    assert found is not None
    assert (found.state, found.total, found.shipping_fee) == ("delivered", 8200, 500)
    assert found.placed_at == datetime(2026, 11, 1, 1, 15, tzinfo=UTC)
    assert found.promised_to == date(2026, 11, 5)
    assert [(line.id, line.label("ja"), line.quantity, line.active) for line in found.lines] == [
        ("L1", "リネンエプロン（ネイビー）", 1, 1),
        ("L2", "花瓶", 1, 0),
    ]
    assert found.lines[1].seller_id == "seller-hana"
    (parcel,) = found.parcels
    assert (parcel.carrier, parcel.tracking_number, parcel.state) == ("青空急便", "440012345678", "delivered")
    assert parcel.delivered_at == datetime(2026, 11, 3, 4, 20, tzinfo=UTC)
    assert [(event.state, event.text["ja"]) for event in parcel.events] == [
        ("shipped", "荷物をお預かりしました"),
        ("delivered", "お届けしました"),
    ]
    assert [(p.tender, p.captured, p.refunded) for p in found.payments] == [
        ("gift_card", 2000, 0),
        ("card", 6200, 3300),
    ]
    (refund,) = found.refunds
    assert (refund.amount, refund.tender, refund.payment_id) == (3300, "card", found.payments[1].id)
    (record,) = found.returns
    assert (record.state, record.reason, record.refund_id) == ("refunded", "not_as_imagined", refund.id)
    seller = shop.seller("seller-hana")
    assert seller is not None and (seller.return_days, seller.customer_pays_return) == (14, True)
    apron = shop.product("P-100")
    assert apron is not None
    assert [(v.sku, v.price, v.stock) for v in apron.variants] == [
        ("P-100-N", 4400, 12),
        ("P-100-B", 4400, 3),
    ]
    assert [each.number for each in shop.orders_of("100234")] == [number]


def test_a_customer_comes_in_with_segments_company_and_address(
    imported: Import, sqlite_database: Database
) -> None:
    imported(EXAMPLES / "csv")
    rows = sqlite_database.read(lambda tx: tx.all(select(customer).order_by(customer.c.shop_ref)))
    assert [(row.shop_ref, row.name, row.kana, row.segments) for row in rows] == [
        ("100234", "青山 千夏", "アオヤマ チナツ", ["individual", "member"]),
        ("100555", "緑川 修", "ミドリカワ オサム", ["business"]),
    ]
    assert rows[1].company == "緑川工務店"
    assert rows[1].addresses[0]["city"] == "大阪市北区"


def test_a_convenience_store_order_waits_for_its_payment(imported: Import, shop: EmbeddedShop) -> None:
    report = imported(EXAMPLES / "shop.jsonl")
    assert counts(report) == {"product": {"added": 1}, "customer": {"added": 1}, "order": {"added": 1}}
    found = shop.order("777-0000001-0000002")
    assert found is not None
    assert (found.state, found.payments[0].tender, found.captured) == (
        "awaiting_payment",
        "convenience_store",
        0,
    )
    assert found.placed_at == datetime(2026, 11, 18, 12, 40, tzinfo=UTC)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "shift_jis", "utf-16"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_every_encoding_of_a_japanese_spreadsheet_is_read(
    imported: Import, sqlite_database: Database, write: Write, encoding: str, ending: str
) -> None:
    text = (
        "shop_ref,name,kana\n1,髙橋 はしご,タカハシ\n"
        if encoding != "shift_jis"
        else "shop_ref,name,kana\n1,佐藤 花,サトウ\n"
    )
    report = imported(write("customers.csv", text.replace("\n", ending), encoding))
    assert counts(report) == {"customer": {"added": 1}}
    name = sqlite_database.read(lambda tx: tx.scalar(select(customer.c.name)))
    assert name == text.split("\n")[1].split(",")[1]


def test_files_are_known_by_their_headings_when_their_names_say_nothing(
    imported: Import, tmp_path: Path, shop: EmbeddedShop
) -> None:
    for path in (EXAMPLES / "csv").iterdir():
        shutil.copy(path, tmp_path / f"download ({path.stem[0]}{len(path.stem)}).csv")
    report = imported(*sorted(tmp_path.glob("download*")))
    assert report.problems == []
    assert counts(report)["order"] == {"added": 2}


def test_tabs_and_semicolons_separate_too(imported: Import, write: Write) -> None:
    report = imported(
        write("customers.csv", "shop_ref;name\n1;A\n"), write("customers2.tsv", "shop_ref\tname\n2\tB, C\n")
    )
    assert counts(report) == {"customer": {"added": 2}}


# ── what cannot be used ───────────────────────────────────────────────────────────────────────────


def test_a_bad_order_is_named_with_file_line_field_and_reason_and_the_good_ones_are_kept(
    imported: Import, write: Write, shop: EmbeddedShop
) -> None:
    line = {"sku": "S-1", "name": "花瓶", "quantity": "two", "unit_price": 1500}
    text = pretty(
        order("A-1"), order("A-2", lines=[line]), order("A-3", totl=1), order("A-4", total=2999), order("A-5")
    )
    report = imported(write("o.json", text))
    assert counts(report) == {"order": {"added": 2, "bad": 3}}
    assert said(report) == [
        "o.json、4行目、列「lines[0].quantity」: 「two」は整数ではありません。",
        "o.json、5行目、列「totl」: この項目名は使えません。「total」のことでしょうか。",
        "o.json、6行目、列「total」: 合計が2999となっていますが、明細・送料・値引きから計算すると3000です。",
    ]
    assert said(report, "en")[0] == "o.json, line 4, column lines[0].quantity: “two” is not a whole number."
    assert [shop.order(number) is not None for number in ("A-1", "A-2", "A-3", "A-4", "A-5")] == [
        True, False, False, False, True,
    ]  # fmt: skip


def test_atomic_keeps_nothing_at_all_when_one_row_is_bad(
    imported: Import, write: Write, sqlite_database: Database
) -> None:
    text = pretty(order("A-1"), order("A-2", total=1))
    report = imported(write("o.json", text), EXAMPLES / "csv", atomic=True)
    assert report.rolled_back and len(report.errors) == 1
    for table in (shop_order, customer, shop_effect):
        assert sqlite_database.read(lambda tx, table=table: tx.all(select(table))) == []
    good = imported(write("o.json", pretty(order("A-1"))), EXAMPLES / "csv", atomic=True)
    assert not good.rolled_back and counts(good)["order"] == {"added": 3}


def test_atomic_undoes_what_it_wrote_when_an_order_was_changed_here(
    imported: Import, write: Write, sqlite_database: Database, shop: EmbeddedShop
) -> None:
    imported(write("o.json", pretty(order("A-1"))))
    fulfil(sqlite_database, "A-1", Shipped())
    text = pretty(order("A-0"), order("A-1", note="neu"))
    report = imported(write("o.json", text), atomic=True)
    assert report.rolled_back and [problem.code for problem in report.errors] == ["changed_here"]
    assert shop.order("A-0") is None


def _csv(*rows: str) -> str:
    heading = (
        "number,customer_ref,placed_at,total,sku,name_ja,quantity,unit_price,product_class,returnable,"
        "address_name,postal_code,region,city,line1"
    )
    return "\n".join((heading, *rows)) + "\n"


_TO = "千夏,150-0002,東京都,渋谷区,渋谷1-2-3"


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        (f"B-1,100,2026-11-01,3000,S,花瓶,2.5,1500,,,{_TO}", "quantity", "「2.5」は整数ではありません。"),
        (f"B-1,100,2026-11-01,3000,S,花瓶,,1500,,,{_TO}", "quantity", "値がありません。"),
        (f"B-1,100,2026-11-01,3000,S,花瓶,0,1500,,,{_TO}", "quantity", "「0」は小さすぎます。1以上にしてください。"),
        (f"B-1,100,2026-11-01,3000,S,花瓶,2,高い,,,{_TO}", "unit_price", "「高い」はJPYの金額として読めません。"),
        (f"B-1,100,2026-11-01,3000,S,花瓶,2,12.50,,,{_TO}", "unit_price", "「12.50」はJPYの金額として読めません。"),
        (f"B-1,100,きのう,3000,S,花瓶,2,1500,,,{_TO}", "placed_at", "「きのう」は日時として読めません。"),
        (f"B-1,,2026-11-01,3000,S,花瓶,2,1500,,,{_TO}", "customer_ref", "値がありません。"),
        (f"B-1,100,2026-11-01,3000,S,,2,1500,,,{_TO}", "lines[0].name", "値がありません。"),
        (f"B-1,100,2026-11-01,3000,S,花瓶,2,1500,vase,,{_TO}", "product_class", None),
        (f"B-1,100,2026-11-01,3000,S,花瓶,2,1500,,たぶん,{_TO}", "returnable", "「たぶん」は、はい・いいえ（yes / no）のどちらでもありません。"),
        ("B-1,100,2026-11-01,3000,S,花瓶,2,1500,,,千夏,,東京都,渋谷区,渋谷1-2-3", "postal_code", "値がありません。"),
        (f",100,2026-11-01,3000,S,花瓶,2,1500,,,{_TO}", "number", "値がありません。"),
    ],
)  # fmt: skip
def test_a_bad_cell_is_named_by_its_row_and_heading(
    imported: Import, write: Write, shop: EmbeddedShop, row: str, column: str, reason: str | None
) -> None:
    good = f'A-1,100,2026/11/01 9:05,"¥3,000",S,花瓶,2,1500,,,{_TO}'
    report = imported(write("orders.csv", _csv(good, row)))
    (problem,) = report.problems
    assert (problem.place.file, problem.place.line, problem.column) == ("orders.csv", 3, column)
    assert reason is None or problem.text("ja") == reason
    assert shop.order("A-1") is not None and shop.order("B-1") is None


def test_one_bad_line_leaves_out_its_whole_order_and_no_other(
    imported: Import, write: Write, shop: EmbeddedShop
) -> None:
    rows = [
        f"A-1,100,2026-11-01,4500,S,花瓶,2,1500,,,{_TO}",
        "A-1,,,,T,皿,x,1500,,,,,,,",
        f"A-2,100,2026-11-01,4500,S,花瓶,2,1500,,,{_TO}",
        'A-2,,,,T,"大きな\n皿",1,1500,,,,,,,',
        f"A-3,100,2026-11-01,1,S,花瓶,1,1,,,{_TO}",
        "A-3,200,,,T,皿,1,0,,,,,,,",
    ]
    report = imported(write("orders.csv", _csv(*rows)))
    assert [(p.place.line, p.column, p.code) for p in report.problems] == [
        (3, "quantity", "not_a_number"),
        (8, "customer_ref", "other_value"),  # a cell with a line break moved it down by one
    ]
    assert counts(report) == {"order": {"added": 1, "bad": 2}}
    found = shop.order("A-2")
    assert found is not None and found.lines[1].name == {"ja": "大きな\n皿"}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"payments": [{"tender": "card", "captured": 3000, "refunded": 3001}]}, "over_refund"),
        ({"refunds": [{"at": "2026-11-02", "amount": 3001, "tender": "card"}]}, "over_refund"),
        ({"refunds": [{"at": "2026-11-02", "amount": 1, "tender": "card", "payment_id": "?"}]}, "unknown_payment"),
        ({"parcels": [{"lines": [{"line_id": "L9", "quantity": 1}]}]}, "unknown_line"),
        ({"parcels": [{"replaces": "nobody"}]}, "unknown_parcel"),
        ({"parcels": [{"id": "X"}, {"id": "X"}]}, "id_twice"),
        ({"lines": []}, "total_differs"),
        ({"lines": [{"sku": "S", "name": "x", "quantity": 2, "unit_price": 1500, "cancelled": 3}]}, "pieces_differ"),
        ({"payments": {"tender": "card"}}, "bad_value"),
        ({"payments": [{"tender": "barter"}]}, "not_one_of"),
        ({"placed_at": None}, "missing"),
        ({"currency": "yen"}, "bad_value"),
        ({"number": "9" * 61}, "too_long"),
    ],
)  # fmt: skip
def test_an_order_that_cannot_be_true_is_refused(
    imported: Import, write: Write, changes: dict[str, Any], code: str
) -> None:
    report = imported(write("o.json", pretty(order(**changes))))
    assert code in {problem.code for problem in report.errors}
    assert counts(report) == {"order": {"bad": 1}}
    for problem in report.problems:
        assert problem.text("ja") and problem.text("ja") != problem.text("en")


def test_files_that_are_not_what_they_seem_are_told_of(
    imported: Import, write: Write, tmp_path: Path
) -> None:
    report = imported(
        write("broken.json", '{"orders": [\n{"number": "A-1",}\n]}'),
        write("odd.json", '{"bills": [], "customers": [\n7]}'),
        write("lines.jsonl", '{"type": "order"}\nnonsense\n{"type": "bill"}\n'),
        write("empty.csv", "\n\n"),
        write("picture.csv", "x"),
        write("orders.csv", "number,total\nA-1,1\n"),
        write("customers.csv", "shop_ref,name,e-mail\n1,A,a@example.jp\n2,B,b@example.jp,too much\n"),
        tmp_path / "nothing.csv",
    )
    found = {(Path(p.place.file).name, p.place.line, p.code) for p in report.problems}
    assert found >= {
        ("broken.json", 2, "bad_json"),
        ("odd.json", 1, "unknown_type"),
        ("odd.json", 2, "not_an_object"),
        ("lines.jsonl", 2, "bad_json"),
        ("lines.jsonl", 3, "unknown_type"),
        ("empty.csv", 0, "empty_file"),
        ("picture.csv", 0, "unknown_file"),
        ("orders.csv", 1, "columns_missing"),
        ("customers.csv", 1, "unknown_column_near"),
        ("customers.csv", 3, "too_many_cells"),
        ("nothing.csv", 0, "no_file"),
    }
    assert report.counts["customer"]["added"] == 1


def test_a_file_that_is_no_text_is_told_of(imported: Import, tmp_path: Path) -> None:
    path = tmp_path / "customers.csv"
    path.write_bytes(b"shop_ref,name\n1,\x81\xff\xfe\n")
    report = imported(path)
    assert said(report) == ["customers.csv: 文字コードがUTF-8でもShift_JISでもありません。"]


def test_the_same_key_twice_in_one_import_is_told_of(imported: Import, write: Write) -> None:
    report = imported(write("a.json", pretty(order("A-1"))), write("b.json", pretty(order("A-1", note="x"))))
    assert said(report) == ["b.json、3行目: 「A-1」は、a.jsonの3行目ですでに読み込んでいます。"]
    assert counts(report)["order"]["added"] == 1


def test_characters_that_no_database_keeps_are_dropped(
    imported: Import, write: Write, shop: EmbeddedShop
) -> None:
    imported(write("o.json", pretty(order(note="a\u0000b\u202ec\ud800".encode("utf-8", "replace").decode()))))
    found = shop.order("A-1")
    assert found is not None and found.note.startswith("abc")


# ── again ─────────────────────────────────────────────────────────────────────────────────────────


def test_importing_again_changes_nothing_and_says_so(database: Database) -> None:
    def everything(tx: Any) -> list[list[Any]]:
        return [
            list(tx.all(select(table).order_by(*table.primary_key)))
            for table in (shop_order, shop_effect, customer)
        ]

    first = import_files(database, [EXAMPLES, EXAMPLES / "csv"])
    before = database.read(everything)
    again = import_files(database, [EXAMPLES, EXAMPLES / "csv"])
    assert database.read(everything) == before
    assert first.number("added") > 10
    assert again.number("added") == again.number("updated") == 0
    assert again.number("unchanged") == first.number("added") + first.number("updated")


def test_changed_content_raises_the_version_once(imported: Import, write: Write, shop: EmbeddedShop) -> None:
    imported(write("o.json", pretty(order(), order("A-2"))))
    for _ in range(2):
        report = imported(write("o.json", pretty(order(note="新しい住所を確認済み"), order("A-2"))))
    assert counts(report) == {"order": {"unchanged": 2}}
    versions = [found.version for number in ("A-1", "A-2") if (found := shop.order(number))]
    assert versions == [2, 1]


def test_an_old_file_does_not_undo_a_cancel_that_was_done_here(
    imported: Import, write: Write, shop: EmbeddedShop
) -> None:
    imported(write("o.json", pretty(order())))
    before = shop.order("A-1")
    assert before is not None
    shop.perform(before, CancelOrder(), Decision(verdict="allowed", refund=3000), key="k")
    same = imported(write("o.json", pretty(order())))
    assert counts(same) == {"order": {"unchanged": 1}}
    other = imported(write("o.json", pretty(order(note="x"))))
    assert said(other, "en") == [
        "o.json, line 3: The order was changed here after the last import. It stays as it is."
    ]
    after = shop.order("A-1")
    assert after is not None and (after.state, after.refunded) == ("cancelled", 3000)


def test_an_old_file_does_not_put_sold_pieces_back(
    imported: Import, write: Write, shop: EmbeddedShop, sqlite_database: Database
) -> None:
    def file(price: int, stock: int) -> Path:
        variants = [{"sku": "S-1", "price": price, "stock": stock}]
        return write("p.json", json.dumps({"products": [{"id": "P", "name": "花瓶", "variants": variants}]}))

    def left() -> int:
        product = shop.product("P")
        assert product is not None
        return product.variants[0].stock

    imported(
        file(1500, 5),
        write(
            "o.json",
            pretty(
                order(
                    lines=[
                        {"product_id": "P", "sku": "S-1", "name": "花瓶", "quantity": 2, "unit_price": 1500}
                    ]
                )
            ),
        ),
    )
    found = shop.order("A-1")
    assert found is not None
    shop.perform(found, CancelOrder(), Decision(verdict="allowed", refund=3000), key="k")
    assert left() == 7
    imported(file(1500, 5))
    imported(file(1600, 5))
    assert left() == 7
    imported(file(1600, 20))
    assert left() == 20


_ORDERS = demo_orders(datetime(2026, 11, 20, 3, 0, tzinfo=UTC))


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.sampled_from(_ORDERS), min_size=1, max_size=6, unique_by=lambda each: each.number),
    st.booleans(),
)
def test_any_order_that_can_be_comes_in_as_it_is_and_only_once(
    tmp_path_factory: pytest.TempPathFactory, chosen: list[Any], as_lines: bool
) -> None:
    folder = tmp_path_factory.mktemp("round")
    bodies = [json.loads(each.model_dump_json()) for each in chosen]
    if as_lines:
        text = "\n".join(json.dumps({"type": "order", **body}) for body in bodies)
    else:
        text = json.dumps({"orders": bodies}, indent=1)
    (folder / "o.json").write_text(text)
    database = Database(f"sqlite:///{folder / 'x.db'}", synchronous="OFF")
    for table in (shop_order, shop_effect, shop_product, shop_variant):
        table.create(database.engine)
    try:
        first = import_files(database, [folder / "o.json"])
        again = import_files(database, [folder / "o.json"])
        assert first.problems == [] and counts(first) == {"order": {"added": len(chosen)}}
        assert counts(again) == {"order": {"unchanged": len(chosen)}}
        shop = EmbeddedShop(database)
        assert [shop.order(each.number) for each in chosen] == chosen
    finally:
        database.close()


def test_a_line_gets_its_products_names_in_every_language_and_keeps_its_own(
    imported: Import, shop: EmbeddedShop, write: Write
) -> None:
    vase = {"ja": "花器", "en": "Vase", "ko": "꽃병"}
    variants = [{"sku": "S-1", "name": {"ja": "青", "en": "Blue"}, "price": 1500}]
    products = [{"id": "P-1", "name": vase, "variants": variants}]
    line = {"sku": "S-1", "product_id": "P-1", "name": {"ja": "花瓶"}, "quantity": 2, "unit_price": 1500}
    text = json.dumps({"products": products, "orders": [order(lines=[line])]}, ensure_ascii=False)
    assert imported(write("both.json", text)).problems == []
    assert counts(imported(write("both.json", text)))["order"] == {"unchanged": 1}
    found = shop.order("A-1")
    assert found is not None
    assert found.lines[0].name == {**vase, "ja": "花瓶"}
    assert found.lines[0].variant_name == {"ja": "青", "en": "Blue"}


def test_csv_names_goods_in_every_language(imported: Import, shop: EmbeddedShop, write: Write) -> None:
    languages = ("ja", "en", "zh_hans", "zh_hant", "ko")
    heading = ",".join(
        ["id", "sku", "price", *(f"{of}_{each}" for of in ("name", "variant") for each in languages)]
    )
    row = "P-1,S-1,1500,花瓶,Vase,花瓶,花瓶,꽃병,青,Blue,蓝色,藍色,파랑"
    report = imported(write("products.csv", f"{heading}\n{row}\n"))
    assert report.problems == [] and counts(report)["product"] == {"added": 1}
    product = shop.product("P-1")
    assert product is not None
    assert product.name == {"ja": "花瓶", "en": "Vase", "zh-Hans": "花瓶", "zh-Hant": "花瓶", "ko": "꽃병"}
    assert product.variants[0].name["zh-Hans"] == "蓝色" and product.variants[0].name["zh-Hant"] == "藍色"
    assert product.label("ko") == "꽃병"


def test_csv_needs_a_name_in_no_more_than_one_language(imported: Import, write: Write) -> None:
    assert imported(write("products.csv", "id,sku,price,name_ko\nP-1,S-1,1500,꽃병\n")).problems == []
    (problem,) = imported(write("products.csv", "id,sku,price,name_ko\nP-2,S-2,1500,\n")).problems
    assert "name" in problem.column


def test_progress_is_told_to_the_end(imported: Import) -> None:
    told: list[tuple[int, int]] = []
    imported(EXAMPLES / "csv", progress=lambda done, whole: told.append((done, whole)))
    assert told and told[-1][0] == told[-1][1] > 0


def test_every_reason_is_there_in_japanese() -> None:
    from madoguchi.connectors.embedded.importing.report import _REASONS

    japanese = catalogue("ja")
    assert [msgid for msgid in _REASONS.values() if not japanese.get(msgid)] == []
