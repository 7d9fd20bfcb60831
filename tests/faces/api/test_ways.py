"""The ways to reach us over the API: the same set for site, app and widget, and what an old app is told."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from madoguchi.connectors.embedded.demo import cast
from madoguchi.faces.api.routes.shop import update_notice
from madoguchi.faces.rendering import STATIC
from tests.faces.api.people import Counter

DAMAGED = "return_exchange_cancel.damaged_item"


def listed(answer: dict[str, Any]) -> list[str]:
    return [each["way"] for each in answer["ways"]]


@pytest.mark.req("CH-052", "CH-001")
def test_app_and_site_list_the_same_ways_for_the_same_customer(counter: Counter) -> None:
    customer = counter.customer(cast.MISAKI)
    shop = customer.get("/shop")
    ways = customer.get("/shop/ways")
    assert shop["ways"] == ways["ways"]
    assert shop["recommended"] == ways["recommended"]
    assert set(listed(shop)) == {"assistant", "person", "phone", "callback", "form"}
    page = counter.client.get("/help/contact", headers={"accept-language": "ja"}).text
    for each in customer.get("/shop/ways", lang="ja")["ways"]:
        assert each["name"] in page


@pytest.mark.req("CH-004", "ADV-020", "CH-052")
def test_one_kind_has_its_recommendation_its_reason_and_what_is_needed(counter: Counter) -> None:
    stranger = counter.stranger()
    found = stranger.get("/shop/ways", kind=DAMAGED, lang="en")
    assert found["recommended"]["way"] == "form"
    assert found["recommended"]["reason"].endswith(".")
    assert [need["slot"] for need in found["needs"]] == ["order_id", "photo"]
    assert listed(found)[0] == "form"
    unknown = stranger.get("/shop/ways", kind="nothing.such")
    assert (unknown["kind"], unknown["needs"]) == ("", [])
    quiet = stranger.get("/shop/ways", kind="account_security.card_fraud", calls="false")
    assert quiet["recommended"]["way"] not in ("phone", "callback")


@pytest.mark.req("CH-014")
def test_the_number_is_nowhere_in_what_a_stranger_gets(counter: Counter) -> None:
    for path, query in (("/shop", {}), ("/shop/ways", {"kind": "account_security.card_fraud"})):
        assert "0120-000-000" not in str(counter.stranger().get(path, **query))
        assert "0120-000-000" in str(counter.customer(cast.MISAKI).get(path, **query))


@pytest.mark.req("CH-017")
@pytest.mark.parametrize(
    ("oldest", "client", "told"),
    [
        ("2.4", "2.3.9", True),
        ("2.4", "2", True),
        ("2.4", "2.4", False),
        ("2.4", "2.4.0.1", False),
        ("2.4", "2.10", False),
        ("2.4", "", False),
        ("2.4", "nightly", False),
        ("", "0.1", False),
    ],
)
def test_an_app_older_than_the_oldest_is_told_to_update_and_that_the_form_still_does(
    oldest: str, client: str, told: bool
) -> None:
    notice = update_notice(oldest, client, "en")
    assert bool(notice) == told
    assert not told or "form" in notice


@pytest.mark.req("HLP-009")
def test_the_fingerprint_of_the_panel_is_that_of_its_file(counter: Counter) -> None:
    digest = hashlib.sha256((STATIC / "panel.js").read_bytes()).hexdigest()
    said = counter.stranger().get("/shop")["panel"]
    assert len(said) == 10
    assert digest.startswith(said)
