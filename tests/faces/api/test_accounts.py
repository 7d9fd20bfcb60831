"""Wallets, addresses and return labels over the API."""

from __future__ import annotations

import pytest

from madoguchi.connectors.embedded.demo import cast
from madoguchi.connectors.embedded.demo.load import customer_id
from tests.faces.api.people import Counter
from tests.faces.api.test_orders import confirm, propose

HOME = {
    "name": "佐藤 美咲",
    "postal_code": "150-0001",
    "region": "東京都",
    "city": "渋谷区",
    "line1": "神宮前9-9-9",
}


@pytest.mark.req("PAY-017")
def test_a_wallet_shows_balances_and_never_a_whole_number(counter: Counter) -> None:
    mine = f"/customers/{customer_id(cast.MISAKI)}/wallet"
    found = counter.customer(cast.MISAKI).get(mine)
    balances = {method["tender"]: method["balance"] for method in found["methods"]}
    assert balances == {"card": None, "gift_card": 3000, "points": 1250}
    assert counter.key("read").get(mine) == found
    assert counter.customer(cast.JOHN).refused("GET", mine)[0] == 404


def test_a_customer_without_a_wallet_has_an_empty_one(counter: Counter) -> None:
    found = counter.customer(cast.LOST).get(f"/customers/{customer_id(cast.LOST)}/wallet")
    assert found["methods"] == []


def test_the_default_address_comes_first_and_the_others_stay(counter: Counter) -> None:
    misaki, path = counter.customer(cast.MISAKI), f"/customers/{customer_id(cast.MISAKI)}"
    before = misaki.get(f"{path}/addresses")["addresses"]
    for _ in range(2):
        after = misaki.put(f"{path}/default-address", HOME)["addresses"]
    assert after[0]["line1"] == "神宮前9-9-9"
    assert after[1:] == before
    assert counter.customer(cast.JOHN).refused("PUT", f"{path}/default-address", HOME)[0] == 404


@pytest.mark.req("RET-011")
def test_the_label_of_a_confirmed_return_can_be_saved_by_its_owner(counter: Counter) -> None:
    misaki = counter.customer(cast.MISAKI)
    wish = {"lines": [{"line_id": "L1", "quantity": 1}], "reason": "no_longer_wanted"}
    made = propose(misaki, cast.MISAKI_HEADPHONES, "return", **wish)
    assert confirm(misaki, made["id"])["state"] == "done"
    (record,) = misaki.get(f"/orders/{cast.MISAKI_HEADPHONES}/refunds")["returns"]
    path = record["label_url"].removeprefix("/api/v1")
    answer = misaki.send("GET", path)
    assert answer.status_code == 200 and answer.content.startswith(b"%PDF")
    assert "no-store" in answer.headers["cache-control"]
    assert counter.customer(cast.JOHN).send("GET", path).status_code == 404
