"""The whole customer in one answer: what the role opens, counted and dated, with a fixed number of statements."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

import pytest
from sqlalchemy import event, select

from madoguchi.connectors.embedded.demo import cast
from madoguchi.connectors.embedded.demo.load import customer_id
from madoguchi.counter.callbacks import queries as callbacks
from madoguchi.counter.orders.ports import ShopUnreachable
from madoguchi.engine.audit import audit
from madoguchi.engine.database import Transaction
from tests.faces.api.people import Counter

MISAKI = customer_id(cast.MISAKI)
PATH = f"/customers/{MISAKI}"


@contextmanager
def statements(counter: Counter) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_c: object, _k: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    engine = counter.house.database.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.mark.req("HIS-008")
def test_one_answer_holds_everything_about_a_customer(counter: Counter) -> None:
    misaki, ito = counter.customer(cast.MISAKI), counter.agent("ito")
    contact = misaki.open("荷物が届きません")
    seen = ito.get(f"{PATH}/overview")
    assert seen["customer"]["kana"] == "サトウ ミサキ" or seen["customer"]["kana"]
    assert seen["utc_offsets"] == [540, 540]
    assert seen["shop"] == "answers" and seen["orders"] and seen["holdings"]["balances"]
    assert contact["id"] in {each["id"] for each in seen["contacts"]}
    assert contact["case"]["number"] in {each["number"] for each in seen["cases"]}
    assert {each["name"] for each in seen["privacy"]["choices"]} >= {"case_updates", "personal_answers"}
    orders = {order["number"]: order for order in seen["orders"]}
    for each in seen["refunds"]:
        assert each["first"] <= each["last"] and set(each["orders"]) <= set(orders)


@pytest.mark.req("PRIV-002")
def test_a_look_at_the_whole_customer_is_noted(counter: Counter) -> None:
    kato = counter.agent("kato")
    kato.get(f"/customers/{customer_id(cast.JOHN)}/overview")

    def looks(tx: Transaction) -> list[object]:
        here = (audit.c.actor_id == kato.id, audit.c.object_id == customer_id(cast.JOHN))
        return list(tx.all(select(audit.c.action).where(*here)))

    assert [row.action for row in counter.house.database.read(looks)] == ["customer.read"]  # type: ignore[attr-defined]


def test_what_a_role_does_not_open_is_not_sent(counter: Counter) -> None:
    mine = counter.agent("ito").get(f"{PATH}/overview")["privacy"]
    assert mine["requests"] is None and mine["held"] is None
    lead = counter.agent("mori").get(f"{PATH}/overview")["privacy"]
    assert lead["requests"] == [] and lead["held"] is False
    assert counter.agent("ops").refused("GET", f"{PATH}/overview")[0] == 403
    assert counter.customer(cast.MISAKI).refused("GET", f"{PATH}/overview")[0] == 403
    assert counter.agent("ito").refused("GET", "/customers/cus_none/overview") == (404, "customer_not_found")


def test_whoever_wants_no_calls_is_written_to_and_what_is_booked_is_answered_in_writing(
    counter: Counter,
) -> None:
    ito = counter.agent("ito")
    assert ito.get(f"{PATH}/overview")["reach"]["no_calls"] is False
    kept = ito.put(f"{PATH}/reach", {"no_calls": True})
    assert kept["no_calls"] and kept["may_change"]
    assert counter.house.database.read(callbacks.preference, MISAKI).no_calls
    assert counter.customer(cast.MISAKI).get("/callbacks/preferences")["no_calls"]
    assert ito.put(f"{PATH}/reach", {"no_calls": False})["no_calls"] is False
    assert ito.refused("PUT", "/customers/cus_none/reach", {"no_calls": True})[0] == 404
    assert counter.agent("ops").refused("PUT", f"{PATH}/reach", {"no_calls": True})[0] == 403


def test_a_shop_that_is_silent_leaves_out_only_what_it_would_have_told(counter: Counter) -> None:
    with patch.object(type(counter.house.shop), "orders_of", side_effect=ShopUnreachable):
        seen = counter.agent("ito").get(f"{PATH}/overview")
    assert seen["shop"] == "silent" and seen["orders"] is None and seen["refunds"] is None
    assert seen["customer"]["id"] == MISAKI and seen["contacts"] is not None


def test_more_of_everything_costs_no_more_statements(counter: Counter) -> None:
    ito, john = counter.agent("ito"), counter.customer(cast.JOHN)
    path = f"/customers/{customer_id(cast.JOHN)}/overview"
    john.open("最初の問い合わせ")
    ito.get(path)
    with statements(counter) as few:
        before = ito.get(path)
    for number in range(6):
        john.open(f"{number} 番目の問い合わせです")
    for number in range(6):
        ito.post(f"/customers/{customer_id(cast.JOHN)}/notes", {"text": f"メモ {number}"}, status=201)
    with statements(counter) as many:
        after = ito.get(path)
    assert len(after["contacts"]) >= len(before["contacts"]) + 6 and len(after["notes"]) >= 6
    assert len(many) == len(few)
    assert len(few) < 60
