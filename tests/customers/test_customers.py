"""Keeping and finding customers; locking them."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from madoguchi.counter.actors import SYSTEM
from madoguchi.counter.customers import identity, queries, service
from madoguchi.counter.customers.model import Customer
from madoguchi.counter.problems import NotAllowed, NotFound
from madoguchi.engine.database import Database
from madoguchi.engine.settings import Settings
from tests.customers.conftest import again, begin


@pytest.mark.parametrize(
    "text",
    [
        "佐藤",
        "佐藤美咲",
        "佐藤 美咲",
        "サトウ",
        "さとう",
        "ｻﾄｳ",
        "みさき",
        "misaki@",
        "ＭＩＳＡＫＩ",
        "090-1234",
        "09012345678",
        "+81 90 1234 5678",
        "１２３４－５６７８",
        "S-1001",
    ],
)
def test_a_customer_is_found_by_name_reading_mail_and_telephone_in_any_spelling(
    sqlite_database: Database, misaki: Customer, text: str
) -> None:
    sqlite_database.write(
        lambda tx: service.upsert(
            tx, shop_ref="S-2", name="鈴木 一郎", kana="スズキ イチロウ", phone="03-9999-0000"
        )
    )
    assert [found.id for found in sqlite_database.read(queries.search, text)] == [misaki.id]


@pytest.mark.parametrize("text", ["", " ", "%", "_", "'; drop table customer", "12"])
def test_signs_of_the_database_find_nobody(sqlite_database: Database, misaki: Customer, text: str) -> None:
    assert sqlite_database.read(queries.search, text) == []


def test_what_the_shop_does_not_say_stays(sqlite_database: Database, misaki: Customer) -> None:
    changed = sqlite_database.write(lambda tx: service.upsert(tx, shop_ref="S-1001", email="new@example.jp"))
    assert (changed.id, changed.name, changed.kana) == (misaki.id, "佐藤 美咲", "サトウ ミサキ")
    assert sqlite_database.read(queries.by_email, "NEW@example.jp").id == misaki.id  # type: ignore[union-attr]
    assert sqlite_database.read(queries.by_email, "misaki@example.jp") is None
    assert sqlite_database.read(queries.by_email, "") is None


def test_one_shop_number_is_one_customer_however_many_write_at_once(database: Database) -> None:
    start = threading.Barrier(8)

    def write(number: int) -> str:
        start.wait()
        return database.write(lambda tx: service.upsert(tx, shop_ref="S-7", name=f"名{number}")).id

    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(write, range(8)))) == 1


@pytest.mark.req("ACC-009")
def test_locking_ends_every_session_of_the_customer_and_of_nobody_else(
    sqlite_database: Database, misaki: Customer, settings: Settings
) -> None:
    other = sqlite_database.write(lambda tx: service.upsert(tx, shop_ref="S-2", name="鈴木"))
    mine, theirs, visitor = (begin(sqlite_database, settings) for _ in range(3))
    for session, customer in ((mine, misaki), (theirs, other)):
        sqlite_database.write(
            lambda tx, s=session, c=customer: identity.sign_in(tx, s, c, method="mail_code", fresh_at=tx.now)
        )
    locked = sqlite_database.write(lambda tx: service.lock(tx, misaki.id, SYSTEM, "asked by the customer"))
    assert locked.locked_at is not None
    with pytest.raises(AssertionError):
        again(sqlite_database, mine)
    assert again(sqlite_database, theirs).data["customer_id"] == other.id
    with pytest.raises(NotAllowed, match="account_locked"):
        sqlite_database.write(
            lambda tx: identity.sign_in(tx, visitor, locked, method="shop_token", fresh_at=None)
        )
    unlocked = sqlite_database.write(lambda tx: service.unlock(tx, misaki.id, SYSTEM))
    assert unlocked.locked_at is None


def test_an_unknown_customer_is_not_found(sqlite_database: Database) -> None:
    with pytest.raises(NotFound, match="customer_not_found"):
        sqlite_database.read(queries.get, "cus_nobody")
