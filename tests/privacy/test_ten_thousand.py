"""A customer with 10,000 messages: the copy has them all, the erasure leaves none, and being killed changes nothing."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from madoguchi.counter.privacy import exporting, service
from madoguchi.counter.privacy.ways import Person
from madoguchi.engine.database import Database
from tests.conftest import StillClock
from tests.privacy.conftest import Desk, actor_of, desk_over, history, words

CONTACTS, MESSAGES = 50, 200
MINE, OTHERS = words(11), words(12)

pytestmark = pytest.mark.req("PRIV-005", "PRIV-004")


@pytest.fixture
def large(sqlite_url: str, tmp_path: Path, clock: StillClock) -> Desk:
    """50 contacts of 200 messages, each with a picture, a mail, and traces; and somebody else's beside them."""
    made = desk_over(Database(sqlite_url, clock=clock), tmp_path)
    owner, stranger = made.customer("large"), made.customer("other")
    for n in range(CONTACTS):
        history(made, owner, f"vis_{n}", MINE, messages=MESSAGES)
    history(made, stranger, "vis_other", OTHERS)
    return made


def test_counts_are_equal_and_nothing_is_left(large: Desk, clock: StillClock) -> None:
    owner = large.customer("large")
    counted = large.database.read(exporting.count, Person.who_acts(actor_of(owner)))
    assert counted["ledger_entry"] >= 10_000 and counted["attachment"] == CONTACTS
    began = time.perf_counter()
    copy = large.done(large.asks(actor_of(owner), "export"))
    exported_s = time.perf_counter() - began
    assert copy.storage_key is not None
    with zipfile.ZipFile(io.BytesIO(large.files.get(copy.storage_key))) as archive:
        told = {each["table"]: each["rows"] for each in json.loads(archive.read("manifest.json"))["tables"]}
    assert {table: rows for table, rows in told.items() if table != "audit"} == counted
    wish = large.asks(actor_of(owner), "everything")
    clock.forward(hours=24)
    began = time.perf_counter()
    done = large.done(wish)
    erased_s = time.perf_counter() - began
    print(f"export {exported_s:.1f} s, erase {erased_s:.1f} s, {sum(counted.values())} rows")
    for table in ("ledger_entry", "contact", "attachment", "received_mail", "case_file", "word_sighting"):
        assert done.counts[table] == {"erased": counted[table]}, table
    assert large.holds(MINE) == {}
    assert set(large.holds(OTHERS)[OTHERS]) >= {"test.db"}
    assert exported_s <= 60 and erased_s <= 60
    large.database.close()


def test_killed_in_the_middle_it_goes_on(large: Desk, clock: StillClock, sqlite_url: str) -> None:
    owner = large.customer("large")
    entries = large.database.read(exporting.count, Person(owner.id))["ledger_entry"]
    wish = large.asks(actor_of(owner), "history")
    clock.forward(hours=24)
    large.database.close()
    for nth in (3, 9):
        died = subprocess.run(
            [sys.executable, "-c", WORKER, sqlite_url, str(large.folder), clock.now.isoformat()],
            env={**os.environ, "MADOGUCHI_FAILPOINT": f"privacy.after_batch:{nth}:kill"},
            check=False,
        )
        assert died.returncode == -signal.SIGKILL
        clock.forward(minutes=3)
    again = desk_over(Database(sqlite_url, clock=clock), large.folder)
    done = again.done(wish)
    assert done.state == "done" and done.counts["ledger_entry"] == {"erased": entries}
    assert again.holds(MINE) == {} and OTHERS in again.holds(OTHERS)
    assert again.database.read(service.get, wish.id).digest
    again.database.close()


WORKER = """
import sys
from datetime import datetime
from pathlib import Path
from madoguchi.building import metadata
from madoguchi.engine.database import Database
from tests.privacy.conftest import desk_over
now = datetime.fromisoformat(sys.argv[3])
desk_over(Database(sys.argv[1], clock=lambda: now), Path(sys.argv[2])).desk.do_next()
"""
