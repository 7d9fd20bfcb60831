"""Search over the API: the same call for the desk, for programs and for the customer's own widget."""

from __future__ import annotations

from typing import Any

import pytest

from madoguchi.building import indexer_of
from madoguchi.connectors.embedded.demo import cast
from madoguchi.connectors.embedded.demo.load import customer_id
from tests.faces.api.people import Caller, Counter


def _said(found: dict[str, Any]) -> list[str]:
    return ["".join(piece["text"] for piece in hit["pieces"]) for hit in found["hits"]]


def _search(counter: Counter, caller: Caller, words: str, **more: Any) -> list[dict[str, Any]]:
    indexer_of(counter.house).catch_up()
    answer = caller.get("/search", q=words, **more)
    return list(answer["found"])


def test_the_desk_finds_a_message_with_its_marks_and_who_said_it(counter: Counter) -> None:
    misaki = counter.customer(cast.MISAKI)
    contact = misaki.open("<i>あかい傘</i>が折れていました", order_number=cast.MISAKI_UNSHIPPED)
    counter.agent("ito").say(contact["id"], "あかい傘の件、内部メモ", internal=True)
    (found,) = _search(counter, counter.agent("ito"), "あかい傘")
    assert found["contact"]["id"] == contact["id"]
    assert found["contact"]["case"]["number"].startswith("C-")
    note, words = found["hits"]
    assert note["internal"] and not words["internal"]
    assert note["author"]["name"] == "伊藤" and words["author"]["kind"] == "customer"
    assert [piece["text"] for piece in words["pieces"] if piece["marked"]] == ["あかい傘"]
    assert _said(found)[1] == "<i>あかい傘</i>が折れていました"


@pytest.mark.req("HIS-003", "HIS-010")
def test_a_customer_finds_their_own_and_no_note(counter: Counter) -> None:
    misaki, john = counter.customer(cast.MISAKI), counter.customer(cast.JOHN)
    contact = misaki.open("みどりの帽子について")
    counter.agent("ito").say(contact["id"], "みどりの帽子は内緒", internal=True)
    (own,) = _search(counter, misaki, "みどりの帽子")
    assert own["contact"]["customer"] is None
    assert _said(own) == ["みどりの帽子について"]
    assert _search(counter, john, "みどりの帽子") == []
    assert _search(counter, john, "みどりの帽子", customer=customer_id(cast.MISAKI)) == []
    assert _search(counter, counter.visitor(), "みどりの帽子") == []


def test_numbers_of_case_order_and_parcel_lead_to_the_contact(counter: Counter) -> None:
    john = counter.customer(cast.JOHN)
    contact = john.open("Where is it?", order_number=cast.JOHN_LATE)
    order = counter.house.shop.order(cast.JOHN_LATE)
    assert order is not None
    numbers = [contact["case"]["number"], cast.JOHN_LATE]
    numbers += [parcel.tracking_number for parcel in order.parcels if parcel.tracking_number]
    assert len(numbers) > 2
    for number in numbers:
        for asked in (number, number.replace("-", "")):
            assert contact["id"] in [
                found["contact"]["id"] for found in _search(counter, counter.agent("ito"), asked)
            ], asked


def test_filters_and_pages(counter: Counter) -> None:
    visitor = counter.visitor()
    opened = []
    for number in range(3):
        opened.append(visitor.open(f"きいろい靴 {number}")["id"])
        counter.clock.forward(minutes=1)
    ito = counter.agent("ito")
    indexer_of(counter.house).catch_up()
    first = ito.get("/search", q="きいろい靴", limit=2)
    second = ito.get("/search", q="きいろい靴", limit=2, before=first["next"])
    assert [each["contact"]["id"] for each in (*first["found"], *second["found"])] == opened[::-1]
    assert second["next"] is None
    today = counter.clock().date().isoformat()
    assert len(_search(counter, ito, "きいろい靴", since=today, until=today)) == 3
    assert _search(counter, ito, "きいろい靴", until="2026-01-01") == []
    assert _search(counter, ito, "きいろい靴", state="ended") == []
    assert _search(counter, ito, "きいろい靴", channel="mail") == []
    ito.get("/search", 422, q="x", state="nonsense")
    assert _search(counter, ito, "") == []
