"""Organisations: people and roles, documents that stay as they were, purchases of everybody."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest

from madoguchi.connectors.embedded.demo import cast
from madoguchi.connectors.embedded.demo.load import customer_id
from madoguchi.connectors.embedded.shop import change_order
from madoguchi.counter.actors import Actor, Rung
from madoguchi.counter.business import queries, service
from madoguchi.counter.business.workflow import Wanted
from madoguchi.counter.problems import Conflict, Invalid, NotAllowed, NotFound, SignInNeeded
from madoguchi.faces.house import House

PAPER = Wanted("paper", "paper-1", 50)


def person(ref: str, rung: Rung = Rung.SIGNED_IN) -> Actor:
    return Actor(kind="customer", id=f"vis_{ref}", customer_id=customer_id(ref), rung=rung)


TANAKA, ONO, HIRANO, STRANGER = (
    person(ref) for ref in (cast.BUSINESS, cast.BUSINESS_BUYER, cast.BUSINESS_VIEWER, cast.MISAKI)
)


def _text(pdf: bytes) -> bytes:
    assert pdf.startswith(b"%PDF")
    return pdf


@pytest.mark.req("BIZ-003")
def test_the_demonstrations_company_has_people_with_roles(house: House) -> None:
    members = house.business.members(HIRANO)
    assert [(one.name, one.role) for one in members] == [
        ("田中 健一", "owner"), ("大野 由美", "buyer"), ("平野 学", "viewer"),
    ]  # fmt: skip


@pytest.mark.req("BIZ-003")
def test_only_an_owner_changes_people_and_one_owner_always_remains(house: House) -> None:
    desk = house.business
    for actor in (ONO, HIRANO):
        with pytest.raises(NotAllowed):
            desk.set_role(actor, actor.customer_id or "", "owner")
    with pytest.raises(Conflict, match="last_owner"):
        desk.set_role(TANAKA, TANAKA.customer_id or "", "viewer")
    with pytest.raises(Conflict, match="last_owner"):
        desk.remove(TANAKA, TANAKA.customer_id or "")
    with pytest.raises(NotFound):
        desk.set_role(TANAKA, STRANGER.customer_id or "", "buyer")
    desk.set_role(TANAKA, ONO.customer_id or "", "owner")
    desk.remove(ONO, TANAKA.customer_id or "")
    with pytest.raises(NotAllowed, match="business_only"):
        desk.members(TANAKA)


@pytest.mark.req("BIZ-002")
def test_a_quotation_is_numbered_once_and_printed_the_same_for_good(house: House) -> None:
    desk = house.business
    first = desk.quote(ONO, [PAPER], "JPY", "k1")
    assert desk.quote(ONO, [PAPER], "JPY", "k1") == first
    second = desk.quote(TANAKA, [PAPER, Wanted("ink", "ink-2", 2)], "JPY", "k2")
    assert (first.number, second.number) == ("Q2026-000001", "Q2026-000002")
    assert first.body["addressee"] == "田中商事株式会社" and first.valid_until is not None
    assert (first.valid_until - first.issued_at).days == 30
    assert desk.pdf(HIRANO, first.id)[1] == desk.pdf(TANAKA, first.id)[1]
    assert [one.number for one in desk.documents(HIRANO)] == ["Q2026-000002", "Q2026-000001"]


def test_what_cannot_be_quoted_is_refused(house: House) -> None:
    desk = house.business
    with pytest.raises(NotAllowed, match="quote_by_person"):
        desk.quote(TANAKA, [Wanted("chair", "chair-black", 100)], "JPY", "k")
    for wanted in (
        [],
        [Wanted("paper", "nothing", 1)],
        [Wanted("nothing", "paper-1", 1)],
        [Wanted("mug", "mug-navy", 1)],  # a seller's
        [Wanted("paper", "paper-1", 0)],
    ):
        with pytest.raises(Invalid):
            desk.quote(TANAKA, wanted, "JPY", "k")
    with pytest.raises(NotAllowed, match="role_missing"):
        desk.quote(HIRANO, [PAPER], "JPY", "k")
    with pytest.raises(NotAllowed, match="business_only"):
        desk.quote(STRANGER, [PAPER], "JPY", "k")
    with pytest.raises(SignInNeeded):
        desk.quote(person(cast.BUSINESS, Rung.ORDER), [PAPER], "JPY", "k")


@pytest.mark.req("BIZ-002", "BIZ-008")
def test_an_invoice_is_in_the_companys_name_and_a_changed_order_gets_another(house: House) -> None:
    desk = house.business
    made = desk.invoice(ONO, cast.BUSINESS_DELIVERED)  # a colleague's order
    assert made.number == "I2026-000001" and made.body["their_number"] == cast.BUSINESS_NUMBER
    assert desk.invoice(TANAKA, cast.BUSINESS_DELIVERED).id == made.id
    order = house.shop.order(cast.BUSINESS_DELIVERED)
    assert order is not None
    assert sum(item.amount for item in made.items) == order.total
    house.database.write(
        change_order,
        cast.BUSINESS_DELIVERED,
        lambda o: o.model_copy(update={"shipping_fee": o.shipping_fee + 500}),
    )
    assert desk.invoice(TANAKA, cast.BUSINESS_DELIVERED).number == "I2026-000002"
    with pytest.raises(NotFound):
        desk.invoice(TANAKA, cast.MISAKI_SHIRT)


def test_a_document_belongs_to_its_organisation(house: House) -> None:
    made = house.business.quote(TANAKA, [PAPER], "JPY", "k1")
    other = house.database.write(service.found, "別の会社")
    house.database.write(service.put_member, other.id, STRANGER.customer_id, "owner")
    with pytest.raises(NotFound):
        house.business.pdf(STRANGER, made.id)
    with pytest.raises(NotFound):
        house.business.invoice(STRANGER, cast.BUSINESS_DELIVERED)
    with pytest.raises(NotFound):
        house.business.set_role(STRANGER, ONO.customer_id or "", "viewer")


@pytest.mark.req("BIZ-004")
def test_purchases_of_everybody_are_a_table_that_spreadsheets_can_trust(house: House) -> None:
    content = house.business.purchases_csv(HIRANO, date(2026, 1, 1), date(2026, 12, 31), "ja")
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert {row["buyer"] for row in rows} >= {"田中 健一"}
    assert rows == sorted(rows, key=lambda row: row["ordered_on"], reverse=True)
    bulk = [row for row in rows if row["order_number"] == cast.BUSINESS_BULK]
    assert [int(row["quantity"]) for row in bulk] == [50, 20]
    house.database.write(
        change_order,
        cast.BUSINESS_BULK,
        lambda o: o.model_copy(
            update={"lines": [o.lines[0].model_copy(update={"name": {"ja": "=1+1"}, "variant_name": {}})]}
        ),
    )
    text = house.business.purchases_csv(TANAKA, date(2026, 1, 1), date(2026, 12, 31), "ja").decode("utf-8")
    assert "'=1+1" in text and ",=1+1" not in text
    with pytest.raises(Invalid):
        house.business.purchases(TANAKA, date(2026, 2, 1), date(2026, 1, 1))


def test_an_organisation_is_known_by_its_number_and_else_by_its_name(house: House) -> None:
    write = house.database.write
    tanaka = house.database.read(queries.of_customer, customer_id(cast.BUSINESS))
    assert tanaka is not None
    assert write(service.found, "田中商事(株)", cast.BUSINESS_NUMBER).id == tanaka[0].id
    assert write(service.found, "新しい会社").id == write(service.found, "新しい会社").id
    with pytest.raises(Invalid, match="registration_number"):
        write(service.found, "番号違い", "T1234567890123")
