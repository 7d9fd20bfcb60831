"""The index follows the ledger through kills and missed wake-ups, and what is erased leaves no byte in the file."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import text

from madoguchi.counter.search import service
from madoguchi.counter.search.indexing import Indexer, scrub
from madoguchi.engine.database import Database, Transaction
from tests.search.house import MISAKI, House

SECRET = "ぬるぽがっひみつのことば"
KILLED = """
import sys
from madoguchi.counter.search.indexing import Indexer
from madoguchi.engine.database import Database
Indexer(Database(sys.argv[1])).catch_up()
"""


@pytest.fixture
def house(database: Database) -> House:
    return House(database)


@pytest.mark.req("HIS-004")
@pytest.mark.parametrize(
    "place", ["database.before_commit:2", "database.after_commit:2", "search.between_parts:1"]
)
def test_after_kill_9_everything_is_found_once(house: House, database_url: str, place: str) -> None:
    opened = [house.open(MISAKI, *[f"返品 {n}回目" for n in range(310)])]
    opened += [house.open(MISAKI, "返品です") for _ in range(25)]
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, database_url],
        env={**os.environ, "MADOGUCHI_FAILPOINT": f"{place}:kill"},
        timeout=60,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    assert house.database.read(service.behind) > 0
    house.indexer.catch_up()
    assert house.database.read(service.behind) == 0
    assert house.database.read(_doubled) == 0
    assert house.database.read(_rows) == 310 + 25
    assert len(house.contacts("返品", fresh=False)) == 20


def test_a_word_is_found_within_moments_of_being_said(house: House) -> None:
    contact_id = house.open(MISAKI, "はじめ")

    async def talk() -> float:
        stopping = asyncio.Event()
        following = asyncio.create_task(house.indexer.run(stopping))
        await asyncio.sleep(1.0)
        house.say(contact_id, "とくべつな言葉")
        said = time.monotonic()
        while not house.contacts("とくべつな言葉", fresh=False) and time.monotonic() - said < 10:
            await asyncio.sleep(0.05)
        took = time.monotonic() - said
        stopping.set()
        await following
        return took

    assert asyncio.run(talk()) < 3


def test_a_contact_that_cannot_be_read_keeps_nobody_else_out(house: House) -> None:
    broken = house.open(MISAKI, "壊れた話")
    fine = house.open(MISAKI, "返品の話")
    spoilt = text("UPDATE ledger_entry SET body = '{' WHERE contact_id = :id AND seq = 2").bindparams(
        id=broken
    )
    house.database.write(lambda tx: tx.execute(spoilt))
    assert house.contacts("の話") == [fine]
    assert house.database.read(service.behind) == 2


@pytest.mark.req("HIS-006", "PRIV-005")
def test_what_is_forgotten_is_not_found_and_the_rest_is(house: House) -> None:
    contact_id = house.open(MISAKI, "残る言葉", SECRET)
    other = house.open(MISAKI, SECRET)
    assert house.contacts(SECRET) == [other, contact_id]
    house.database.write(service.forget, contact_id, [3])
    assert house.contacts(SECRET) == [other]
    assert house.contacts("残る言葉") == [contact_id]
    house.database.write(service.forget, other)
    house.database.write(_drop, other)
    assert house.contacts(SECRET) == []


@pytest.mark.req("HIS-006", "PRIV-005")
@pytest.mark.parametrize("way", ["forget", "rows deleted by somebody else"])
def test_no_byte_of_what_is_forgotten_stays_in_the_file(
    sqlite_url: str, way: str, sqlite_database: Database
) -> None:
    house = House(sqlite_database)
    for number in range(300):
        house.open(MISAKI, f"ごく普通の話 {number}")
    contact_id = house.open(MISAKI, SECRET, "xyzzyplugh")
    house.indexer.catch_up()
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    assert _left(house.database, path)
    if way == "forget":
        house.database.write(service.forget, contact_id)
    else:
        gone = text("DELETE FROM search_entry WHERE contact_id = :id").bindparams(id=contact_id)
        house.database.write(lambda tx: tx.execute(gone))
    house.database.write(_drop, contact_id)
    assert scrub(house.database)
    assert not scrub(house.database)
    assert _left(house.database, path) == []
    assert house.contacts("普通の話")
    check = text("INSERT INTO search_index (search_index, rank) VALUES ('integrity-check', 1)")
    house.database.write(lambda tx: tx.execute(check))


def _left(database: Database, path: Path) -> list[str]:
    """Pairs of the secret that stand anywhere in the files of the database, which has been packed."""
    with database.engine.connect() as connection:
        connection.exec_driver_sql("VACUUM")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    content = b"".join(each.read_bytes() for each in path.parent.glob(f"{path.name}*"))
    pairs = [*(SECRET[n : n + 2] for n in range(len(SECRET) - 1)), "xyzzyplugh", "plugh"]
    return [pair for pair in pairs if pair.encode() in content]


def _drop(tx: Transaction, contact_id: str) -> None:
    """The ledger's own words go too, as an eraser would."""
    tx.execute(text("DELETE FROM ledger_entry WHERE contact_id = :id").bindparams(id=contact_id))
    tx.execute(text("DELETE FROM contact WHERE id = :id").bindparams(id=contact_id))


def _doubled(tx: Transaction) -> int:
    found = tx.scalar(text("SELECT count(*) - count(DISTINCT contact_id || ' ' || seq) FROM search_entry"))
    return int(found)


def _rows(tx: Transaction) -> int:
    return int(tx.scalar(text("SELECT count(*) FROM search_entry WHERE seq > 0")))


def test_progress_that_somebody_deleted_is_made_good(house: House) -> None:
    contact_id = house.open(MISAKI, "返品です")
    house.indexer.catch_up()
    house.database.write(lambda tx: tx.execute(text("DELETE FROM search_progress")))
    house.say(contact_id, "もう一度返品です")
    assert [len(found.hits) for found in house.find("返品")] == [2]
    assert house.database.read(_rows) == 2


def test_an_append_costs_nothing_more(house: House) -> None:
    """Nothing of the search stands on the ledger's own tables: no trigger, no index, no errand."""
    if house.database.is_sqlite:
        on = text(
            "SELECT count(*) FROM sqlite_master WHERE tbl_name IN ('contact', 'ledger_entry') AND type = 'trigger'"
        )
    else:
        on = text(
            "SELECT count(*) FROM pg_trigger WHERE tgrelid IN ('contact'::regclass, 'ledger_entry'::regclass)"
        )
    assert house.database.read(lambda tx: tx.scalar(on)) == 0
    contact_id = house.open(MISAKI)
    before = house.database.read(lambda tx: tx.scalar(text("SELECT count(*) FROM outbox")))
    house.say(contact_id, "返品")
    assert house.database.read(lambda tx: tx.scalar(text("SELECT count(*) FROM outbox"))) == before


def test_two_indexers_at_once_write_everything_once(house: House) -> None:
    opened = [house.open(MISAKI, "返品です") for _ in range(60)]
    both = [house.indexer, Indexer(house.database)]

    async def at_once() -> None:
        await asyncio.gather(*(asyncio.to_thread(each.catch_up) for each in both))

    asyncio.run(at_once())
    assert house.database.read(_rows) == len(opened)
