"""A company's console through the API."""

from __future__ import annotations

import pytest

from madoguchi.connectors.embedded.demo import cast
from madoguchi.connectors.embedded.demo.load import customer_id
from tests.faces.api.people import Counter


@pytest.mark.req("BIZ-002", "BIZ-003", "BIZ-004")
def test_people_documents_and_purchases_of_a_company(counter: Counter) -> None:
    tanaka, viewer = counter.customer(cast.BUSINESS), counter.customer(cast.BUSINESS_VIEWER)
    wish = {"items": [{"product_id": "paper", "sku": "paper-1", "quantity": 50}], "key": "k1"}
    made = tanaka.post("/business/quotes", wish, status=201)
    assert tanaka.post("/business/quotes", wish, status=201)["number"] == made["number"]
    assert made["total"] == 2502 * 50
    pdf = viewer.send("GET", made["url"].removeprefix("/api/v1"))
    assert pdf.content.startswith(b"%PDF") and pdf.headers["content-type"] == "application/pdf"
    invoice = tanaka.post("/business/invoices", {"order_number": cast.BUSINESS_DELIVERED}, status=201)
    console = viewer.get("/business")
    assert console["role"] == "viewer" and console["registration_number"] == cast.BUSINESS_NUMBER
    assert {one["number"] for one in console["documents"]} == {made["number"], invoice["number"]}
    table = viewer.send(
        "GET", "/business/purchases.csv", params={"first": "2026-01-01", "last": "2026-12-31"}
    )
    assert cast.BUSINESS_BULK in table.text and table.headers["cache-control"] == "no-store"


def test_a_role_decides_what_may_be_done(counter: Counter) -> None:
    tanaka, viewer = counter.customer(cast.BUSINESS), counter.customer(cast.BUSINESS_VIEWER)
    buyer = f"/business/members/{customer_id(cast.BUSINESS_BUYER)}"
    wish = {"items": [{"product_id": "paper", "sku": "paper-1", "quantity": 1}], "key": "k2"}
    assert viewer.refused("POST", "/business/quotes", wish) == (403, "role_missing")
    assert viewer.refused("PUT", buyer, {"role": "owner"}) == (403, "role_missing")
    tanaka.put(buyer, {"role": "approver"}, status=204)
    assert tanaka.refused("PUT", f"/business/members/{customer_id(cast.MISAKI)}", {"role": "owner"})[0] == 404
    assert tanaka.refused("DELETE", f"/business/members/{customer_id(cast.BUSINESS)}") == (409, "last_owner")
    assert counter.customer(cast.MISAKI).refused("GET", "/business") == (403, "business_only")
