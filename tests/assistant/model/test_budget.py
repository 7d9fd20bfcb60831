"""Budgets are held in the database, by all processes together, also when one of them dies."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from madoguchi.assistant.model import calls
from madoguchi.assistant.model.calls import Call
from madoguchi.engine.database import Database
from madoguchi.engine.sections import Model
from tests.conftest import StillClock

TOKYO = ZoneInfo("Asia/Tokyo")
CALL = Call("con_1", "understanding", "abc", tokens_in=1000, tokens_out=500)


def model(**more: object) -> Model:
    keys = {"price_in": 100.0, "price_out": 200.0, "budget_contact": 1.0, "budget_day": 1.0, **more}
    return Model.model_validate({"base_url": "https://m.example/v1", "name": "m", **keys})


def reserve(database: Database, settings: Model, call: Call = CALL) -> str | None:
    return database.write(calls.reserve, settings, TOKYO, call)


def test_many_at_once_reserve_no_more_than_the_budget_holds(database: Database) -> None:
    with ThreadPoolExecutor(8) as pool:
        reserved = list(pool.map(lambda _: reserve(database, model()), range(24)))
    assert len([call_id for call_id in reserved if call_id]) == 5, "each may cost 0.2 at the most"


def test_a_call_that_was_never_settled_counts_at_the_most_it_can_have_cost(sqlite_database: Database) -> None:
    assert reserve(sqlite_database, model(budget_day=0.25))
    assert reserve(sqlite_database, model(budget_day=0.25), replace(CALL, contact_id="con_2")) is None


def test_a_settled_call_counts_with_what_it_used(sqlite_database: Database) -> None:
    for _ in range(40):
        call_id = reserve(sqlite_database, model())
        assert call_id is not None
        sqlite_database.write(calls.settle, call_id, "ok", latency_ms=9, used=(100, 50, 20_000))
    spent = sqlite_database.read(calls.of_contact, "con_1")
    assert (spent.calls, spent.tokens_in, spent.tokens_out, spent.cost) == (40, 4000, 2000, 800_000)
    assert reserve(sqlite_database, model()) is not None
    assert reserve(sqlite_database, model()) is None


def test_the_days_budget_begins_anew_at_the_shops_midnight(
    sqlite_database: Database, clock: StillClock
) -> None:
    settings = model(budget_contact=10.0, budget_day=0.2)
    assert reserve(sqlite_database, settings)
    clock.forward(hours=11)
    assert reserve(sqlite_database, settings) is None, "23:00 in Tokyo"
    clock.forward(hours=2)
    assert reserve(sqlite_database, settings)


@pytest.mark.parametrize("keys", [{"budget_contact": 0}, {"budget_day": 0}, {"calls_contact": 0}])
def test_a_budget_of_nothing_allows_nothing_even_where_calls_are_free(
    keys: dict[str, int], sqlite_database: Database
) -> None:
    assert reserve(sqlite_database, model(price_in=0, price_out=0, **keys)) is None


def test_free_calls_are_counted_too(sqlite_database: Database) -> None:
    free = model(price_in=0, price_out=0, calls_contact=3)
    assert [reserve(sqlite_database, free) is not None for _ in range(5)] == [True, True, True, False, False]
