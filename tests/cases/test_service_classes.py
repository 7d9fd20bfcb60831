"""Companies are served sooner: due times, classes of priority, the words, the report (BIZ-005)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from madoguchi.counter.actors import Actor
from madoguchi.counter.cases import promises, queries, service
from madoguchi.counter.customers import service as customers
from madoguchi.counter.customers.model import Customer
from madoguchi.engine.database import Database
from tests.cases.test_cases import DAMAGED, VISITOR, opened, solved
from tests.conftest import StillClock


@pytest.fixture
def company(sqlite_database: Database) -> Customer:
    return sqlite_database.write(customers.upsert, shop_ref="B1", name="田中商事", segments=["business"])


@pytest.mark.req("BIZ-005")
def test_a_company_is_promised_half_the_usual_time_and_its_case_is_one_class_sooner(
    sqlite_database: Database, company: Customer, clock: StillClock
) -> None:
    private = sqlite_database.write(customers.upsert, shop_ref="P1", name="佐藤", segments=["individual"])
    usual, sooner = (
        opened(sqlite_database, DAMAGED, Actor(kind="customer", id=f"v{c.id}", customer_id=c.id))
        for c in (private, company)
    )
    assert usual.promised_at is not None and sooner.promised_at is not None
    assert (sooner.promised_at - clock.now) * 2 == usual.promised_at - clock.now
    assert (usual.priority, sooner.priority) == (4, 3)
    assert promises.promise_text(DAMAGED, "ja", ["business"]) != promises.promise_text(DAMAGED, "ja")
    emergency = "account_security.account_takeover"
    assert (
        opened(sqlite_database, emergency, Actor(kind="customer", id="e", customer_id=company.id)).priority
        == 1
    )


@pytest.mark.req("BIZ-005")
@pytest.mark.parametrize("category", sorted(promises.promises()))
def test_no_due_time_of_a_company_is_later_than_the_usual_one(category: str) -> None:
    at = datetime.fromisoformat("2026-11-20T03:00:00+00:00")
    usual, sooner = promises.due_at(category, at), promises.due_at(category, at, ["business"])
    assert (usual is None and sooner is None) or (usual is not None and sooner is not None and sooner < usual)


def test_a_case_adopted_by_a_company_gets_its_sooner_time(
    sqlite_database: Database, company: Customer
) -> None:
    before = opened(sqlite_database, DAMAGED, VISITOR)
    (after,) = sqlite_database.write(service.adopt, VISITOR.id, company.id)
    assert before.promised_at is not None and after.promised_at is not None
    assert after.promised_at < before.promised_at and after.priority == before.priority - 1


@pytest.mark.req("BIZ-005")
def test_the_report_tells_companies_from_all_others(
    sqlite_database: Database, company: Customer, clock: StillClock
) -> None:
    theirs = opened(sqlite_database, DAMAGED, Actor(kind="customer", id="b", customer_id=company.id))
    other = opened(sqlite_database, DAMAGED)
    clock.forward(hours=2)
    solved(sqlite_database, theirs)
    clock.forward(days=5)
    solved(sqlite_database, other)
    found = sqlite_database.read(queries.times_by_segment, clock.now - timedelta(days=30))
    assert found == {"business": [(2.0, True)], "other": [(122.0, False)]}
