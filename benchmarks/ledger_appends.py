"""How many messages a second the ledger takes, against the bare driver doing the same statements.

Both sides write with 8 threads into 8 contacts, on the same machine, in the same run, by turns: UPDATE … RETURNING of
the contact and INSERT of the entry, committed durably (SQLite: WAL, synchronous=FULL; PostgreSQL: synchronous_commit
as the server has it) before the next message of that thread. Ours is `contacts.service.say` through `Database.write`,
with everything that it does besides: the key looked up, card numbers redacted, webhooks asked, wake-ups rung.
`raw_shared` is a harder rival on SQLite: one writer thread that shares each commit among all who wait, as ours does.
"""

from __future__ import annotations

import argparse
import json
import queue
import sqlite3
import statistics
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future

import psycopg

from madoguchi.cli.dev.torture.ground import scratch_database
from madoguchi.cli.dev.torture.report import LOCAL_SERVER
from madoguchi.counter.actors import Actor
from madoguchi.counter.contacts import service
from madoguchi.engine.database import Database

THREADS = 8
UPDATE = (
    "UPDATE contact SET last_seq = last_seq + 1, updated_at = ?, last_customer_seq = last_seq + 1"
    " WHERE id = ? RETURNING last_seq"
)
INSERT = (
    "INSERT INTO ledger_entry (contact_id, seq, kind, visibility, author_kind, author_id, client_key, body, at)"
    " VALUES (?, ?, 'message', 'public', 'customer', ?, ?, ?, ?)"
)
TEXT = "注文した本棚がまだ届きません。いつ届きますか。"
Say = Callable[[int, int], None]  # thread, number


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    options.add_argument("--server", default=LOCAL_SERVER)
    options.add_argument("--messages", type=int, default=2000, help="per side and round")
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--json", action="store_true", help="only the JSON line")
    chosen = options.parse_args()
    with scratch_database(chosen.database, chosen.server) as url:
        found = compare(url, chosen.messages, chosen.rounds)
    found = {"benchmark": "ledger_appends", "database": chosen.database, "threads": THREADS, **found}
    if not chosen.json:
        print(f"ours {found['ours_per_s']} messages/s, bare driver {found['raw_per_s']}: {found['ratio']}")
    print(json.dumps(found))


def compare(url: str, messages: int, rounds: int) -> dict[str, object]:
    """Rates in messages per second, the median of the rounds; `ratio` ours to raw of the same round, the median."""
    database = Database(url)
    contacts = [_open(database, thread) for thread in range(THREADS)]
    sides: dict[str, Callable[[int], float]] = {
        "ours": lambda round_: _rate(_ours(database, contacts, round_), messages),
        "raw": lambda round_: _rate(_raw(url, contacts, round_), messages),
    }
    if database.is_sqlite:
        sides["raw_shared"] = lambda round_: _raw_shared(url, contacts, round_, messages)
    for side in sides.values():
        side(-1)
    rates: dict[str, list[float]] = {}
    for round_ in range(rounds):
        for name, side in sides.items():
            rates.setdefault(name, []).append(side(round_))
    database.close()
    found: dict[str, object] = {
        f"{name}_per_s": round(statistics.median(each)) for name, each in rates.items()
    }
    for rival in [name for name in rates if name != "ours"]:
        ratios = [ours / theirs for ours, theirs in zip(rates["ours"], rates[rival], strict=True)]
        found["ratio" if rival == "raw" else f"ratio_{rival}"] = round(statistics.median(ratios), 2)
    return found


def _rate(say: Say, messages: int) -> float:
    each = messages // THREADS

    def work(thread: int) -> None:
        for number in range(each):
            say(thread, number)

    threads = [threading.Thread(target=work, args=(thread,)) for thread in range(THREADS)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return each * THREADS / (time.perf_counter() - began)


def _ours(database: Database, contacts: list[str], round_: int) -> Say:
    actors = [Actor(kind="customer", id=f"vis_{thread}") for thread in range(THREADS)]

    def say(thread: int, number: int) -> None:
        database.write(
            service.say,
            contacts[thread],
            actor=actors[thread],
            text=TEXT,
            client_key=f"ours-{round_}-{number}",
        )

    return say


def _raw(url: str, contacts: list[str], round_: int) -> Say:
    if url.startswith("sqlite"):
        return _raw_sqlite(url, contacts, round_)
    connections = [psycopg.connect(url) for _ in range(THREADS)]
    update, insert = UPDATE.replace("?", "%s"), INSERT.replace("?", "%s")

    def say(thread: int, number: int) -> None:
        with connections[thread].transaction(), connections[thread].cursor() as cursor:
            now = time.time_ns() // 1000
            (seq,) = cursor.execute(update, (now, contacts[thread])).fetchone()  # type: ignore[misc]
            cursor.execute(insert, _row(contacts[thread], seq, thread, f"raw-{round_}-{number}", now))

    return say


def _raw_sqlite(url: str, contacts: list[str], round_: int) -> Say:
    connections = [_connect(url) for _ in range(THREADS)]

    def say(thread: int, number: int) -> None:
        cursor = connections[thread].cursor()
        now = time.time_ns() // 1000
        cursor.execute("BEGIN IMMEDIATE")
        (seq,) = cursor.execute(UPDATE, (now, contacts[thread])).fetchone()
        cursor.execute(INSERT, _row(contacts[thread], seq, thread, f"raw-{round_}-{number}", now))
        cursor.execute("COMMIT")

    return say


def _raw_shared(url: str, contacts: list[str], round_: int, messages: int) -> float:
    jobs: queue.SimpleQueue[tuple[int, int, Future[None]] | None] = queue.SimpleQueue()

    def write() -> None:
        cursor = _connect(url).cursor()
        while (job := jobs.get()) is not None:
            batch = [job]
            while len(batch) < 64 and not jobs.empty() and (more := jobs.get()) is not None:
                batch.append(more)
            cursor.execute("BEGIN IMMEDIATE")
            for thread, number, _ in batch:
                now = time.time_ns() // 1000
                (seq,) = cursor.execute(UPDATE, (now, contacts[thread])).fetchone()
                key = f"shared-{round_}-{number}"
                cursor.execute(INSERT, _row(contacts[thread], seq, thread, key, now))
            cursor.execute("COMMIT")
            for _, _, future in batch:
                future.set_result(None)

    def say(thread: int, number: int) -> None:
        done: Future[None] = Future()
        jobs.put((thread, number, done))
        done.result()

    writer = threading.Thread(target=write)
    writer.start()
    rate = _rate(say, messages)
    jobs.put(None)
    writer.join()
    return rate


def _row(contact_id: str, seq: int, thread: int, key: str, now: int) -> tuple[object, ...]:
    body = json.dumps({"text": TEXT, "lang": ""}, ensure_ascii=False)
    return (contact_id, seq, f"vis_{thread}", key, body, now)


def _connect(url: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        url.removeprefix("sqlite:///"),
        isolation_level=None,
        timeout=60,
        check_same_thread=False,
        cached_statements=512,
    )
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")
    return connection


def _open(database: Database, thread: int) -> str:
    actor = Actor(kind="customer", id=f"vis_{thread}")
    return database.write(service.open_contact, actor=actor, channel="chat", language="ja").id


if __name__ == "__main__":
    main()
