"""How long a search takes among a million entries of the ledger in five languages, and what the index costs.

The conversations are put together from the phrases that the assistant learns from, with order numbers, names and readings,
over half a year. Each kind of question is asked with many different words, as the desk does it (`finding.find`: rows,
permission, contacts, snippets, one page), by one reader, then the same by four at once.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Table, insert, text

import madoguchi
from madoguchi.cli.dev.torture.ground import scratch_database
from madoguchi.cli.dev.torture.report import LOCAL_SERVER
from madoguchi.counter.actors import Actor, Rung
from madoguchi.counter.contacts.model import contact, ledger_entry
from madoguchi.counter.customers.model import customer
from madoguchi.counter.search import finding, service
from madoguchi.counter.search.indexing import Indexer
from madoguchi.counter.search.query import parse
from madoguchi.counter.search.rows import Filters
from madoguchi.engine.database import Database, Transaction
from madoguchi.kit.percentile import percentile

LANGUAGES = ("ja", "ja", "ja", "en", "zh-Hans", "zh-Hant", "ko")
ENTRIES_OF_ONE = 16
NOW = datetime(2026, 11, 20, tzinfo=UTC)
DAYS = 180
STAFF = Actor(kind="agent", id="agt_1", roles=frozenset({"agent"}))
FAMILIES = (
    "佐藤 サトウ",
    "鈴木 スズキ",
    "高橋 タカハシ",
    "田中 タナカ",
    "伊藤 イトウ",
    "渡辺 ワタナベ",
    "山本 ヤマモト",
    "中村 ナカムラ",
)
GIVEN = (
    "美咲 ミサキ",
    "健太 ケンタ",
    "陽子 ヨウコ",
    "大輔 ダイスケ",
    "さくら サクラ",
    "翔太 ショウタ",
    "恵子 ケイコ",
    "直樹 ナオキ",
)
COMMON = ("返品", "注文", "届きません", "return", "order", "退款", "订单", "환불", "배송", "退貨")
PHRASES = (
    "「届いていません」",
    "「返品したい」",
    '"have not received"',
    "「退货」",
    "「訂單」",
    "「환불」",
    '"my order"',
)
Ask = Callable[[random.Random], tuple[str, Filters, Actor]]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    options.add_argument("--server", default=LOCAL_SERVER)
    options.add_argument("--entries", type=int, default=1_000_000)
    options.add_argument("--times", type=int, default=200, help="questions of each kind")
    options.add_argument("--json", action="store_true", help="only the JSON line")
    chosen = options.parse_args()
    with scratch_database(chosen.database, chosen.server) as url:
        database = Database(url)
        found = measure(database, chosen.entries, chosen.times, quiet=chosen.json)
        database.close()
    print(
        json.dumps({"benchmark": "search", "database": chosen.database, "entries": chosen.entries, **found})
    )


def measure(database: Database, entries: int, times: int, *, quiet: bool) -> dict[str, Any]:
    dice = random.Random(1)
    world = World(dice, entries // ENTRIES_OF_ONE)
    fill(database, world)
    before = size(database)
    began = time.perf_counter()
    Indexer(database).catch_up()
    took = time.perf_counter() - began
    if not database.is_sqlite:
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
    figures: dict[str, Any] = {
        "indexed_per_s": round(entries / took),
        "index_mb": round((size(database) - before) / 1e6),
        "ledger_mb": round(before / 1e6),
        "one_word_more_ms": round(_one_more(database) * 1000, 1),
    }
    if not quiet:
        print(
            f"{figures['indexed_per_s']} entries/s indexed, index {figures['index_mb']} MB, ledger {figures['ledger_mb']} MB"
        )
        print(
            f"{'kind':<22}{'p50':>8}{'p95':>8}{'p99':>8}{'slowest':>9}  ms{'':6}p99 of four at once{'hits':>8}"
        )
    figures["kinds"] = {}
    for name, ask in kinds(world).items():
        took_ms, hits = _ask_all(database, ask, times)
        crowd = _four_at_once(database, ask, times // 4)
        row = {f"p{share}": round(percentile(took_ms, share / 100), 1) for share in (50, 95, 99)}
        row |= {
            "slowest": round(max(took_ms), 1),
            "p99_of_four": round(percentile(crowd, 0.99), 1),
            "hits": hits,
        }
        figures["kinds"][name] = row
        if not quiet:
            print(
                f"{name:<22}{row['p50']:>8}{row['p95']:>8}{row['p99']:>8}{row['slowest']:>9}{row['p99_of_four']:>18}{hits:>18}",
                flush=True,
            )
    return figures


class World:
    """Who wrote what; numbers, names and words from one throw of the dice."""

    def __init__(self, dice: random.Random, contacts: int) -> None:
        self.dice = dice
        self.contacts = contacts
        self.phrases = {language: _phrases(language) for language in set(LANGUAGES)}
        self.customers = max(8, contacts // 3)

    def name(self, number: int) -> tuple[str, str]:
        dice = random.Random(number)
        family, family_kana = dice.choice(FAMILIES).split()
        given, given_kana = dice.choice(GIVEN).split()
        return f"{family} {given}", f"{family_kana} {given_kana}"

    def order(self, number: int) -> str:
        return f"503-{(number * 7919) % 10_000_000:07d}-{(number * 104_729) % 10_000_000:07d}"

    def rows(self) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
        for number in range(self.contacts):
            opened = NOW - timedelta(days=DAYS) + timedelta(days=DAYS) * number / self.contacts
            language = self.dice.choice(LANGUAGES)
            contact_id = f"con_{number:026d}"
            entries = [
                self._entry(contact_id, number, seq, language, opened) for seq in range(1, ENTRIES_OF_ONE + 1)
            ]
            yield _contact(contact_id, number % self.customers, self.order(number), language, opened), entries

    def _entry(
        self, contact_id: str, number: int, seq: int, language: str, opened: datetime
    ) -> dict[str, Any]:
        said = " ".join(self.dice.choice(self.phrases[language]) for _ in range(self.dice.randint(1, 3)))
        if seq == 2 and number % 2:
            said = f"{said} {self.order(number)}"
        author = ("customer", "assistant", "customer", "agent")[seq % 4]
        return {
            "contact_id": contact_id,
            "seq": seq,
            "kind": "message",
            "visibility": "public",
            "author_kind": author,
            "author_id": f"{author}_{number % 40}",
            "client_key": f"~{seq}",
            "body": {"text": said, "lang": language},
            "at": opened + timedelta(seconds=40 * seq),
        }


def kinds(world: World) -> dict[str, Ask]:
    """Name → one question of this kind."""
    languages = sorted(world.phrases)

    def word(dice: random.Random) -> str:
        return dice.choice(COMMON)

    def rare(dice: random.Random) -> str:
        said = dice.choice(world.phrases[dice.choice(languages)])
        place = dice.randint(0, max(0, len(said) - 7))
        return said[place : place + 7].replace('"', "").replace("「", "").replace("」", "")

    def staff(words: Callable[[random.Random], str], **filters: Any) -> Ask:
        return lambda dice: (words(dice), Filters(**filters), STAFF)

    def own(dice: random.Random) -> tuple[str, Filters, Actor]:
        number = dice.randrange(world.customers)
        actor = Actor(kind="customer", id="vis", customer_id=f"cus_{number}", rung=Rung.SIGNED_IN)
        return word(dice), Filters(), actor

    def some(dice: random.Random) -> int:
        return dice.randrange(world.contacts)

    since = NOW - timedelta(days=120)
    return {
        "common word": staff(word),
        "two common words": staff(lambda dice: f"{word(dice)} {word(dice)}"),
        "words of a message": staff(rare),
        "phrase": staff(lambda dice: dice.choice(PHRASES)),
        "one character": staff(
            lambda dice: dice.choice("箱本退返환"),
        ),
        "start of a word": staff(lambda dice: dice.choice(("ret", "deliv", "can", "ord", "ref"))),
        "order number": staff(lambda dice: world.order(some(dice))),
        "start of a number": staff(lambda dice: world.order(some(dice))[:7]),
        "name": staff(lambda dice: world.name(some(dice))[0]),
        "reading": staff(lambda dice: world.name(some(dice))[1]),
        "name and word": staff(lambda dice: f"{world.name(some(dice))[0].split()[0]} {word(dice)}"),
        "with filters": staff(word, channel="mail", language="ko", until=since),
        "nothing to be found": staff(lambda dice: f"ぬるぽ{dice.randrange(10**6)}"),
        "a customer's own": own,
    }


def fill(database: Database, world: World) -> None:
    database.write(_insert, customer, [_customer(world, number) for number in range(world.customers)])
    contacts: list[dict[str, Any]] = []
    entries: list[dict[str, Any]] = []
    for row, said in world.rows():
        contacts.append(row)
        entries += said
        if len(entries) >= 20_000:
            database.write(_insert, contact, contacts)
            database.write(_insert, ledger_entry, entries)
            contacts, entries = [], []
    if entries:
        database.write(_insert, contact, contacts)
        database.write(_insert, ledger_entry, entries)


def size(database: Database) -> int:
    """Bytes of the whole database."""
    if not database.is_sqlite:
        return int(database.read(lambda tx: tx.scalar(text("SELECT pg_database_size(current_database())"))))
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return Path(database.url.removeprefix("sqlite:///")).stat().st_size


def _ask_all(database: Database, ask: Ask, times: int) -> tuple[list[float], int]:
    """Milliseconds of each question, and the contacts found in all."""
    dice = random.Random(2)
    took, hits = [], 0
    for _ in range(times):
        words, filters, actor = ask(dice)
        began = time.perf_counter()
        page = database.read(finding.find, actor, parse(words), filters, own_since=NOW - timedelta(days=DAYS))
        took.append((time.perf_counter() - began) * 1000)
        hits += len(page.found)
    return took, hits


def _four_at_once(database: Database, ask: Ask, times: int) -> list[float]:
    with ThreadPoolExecutor(4) as pool:
        readers = [pool.submit(_ask_all, database, ask, times) for _ in range(4)]
        return [ms for reader in readers for ms in reader.result()[0]]


def _one_more(database: Database) -> float:
    """Seconds to bring one contact of the full index up to date."""
    contact_id = f"con_{0:026d}"
    database.write(service.forget, contact_id, [ENTRIES_OF_ONE])
    database.write(
        lambda tx: tx.execute(
            text("UPDATE search_progress SET reached = reached - 1 WHERE contact_id = :id").bindparams(
                id=contact_id
            )
        )
    )
    began = time.perf_counter()
    database.write(service.index, {contact_id: ()})
    return time.perf_counter() - began


def _insert(tx: Transaction, table: Table, rows: list[dict[str, Any]]) -> None:
    tx.execute(insert(table), rows)


def _phrases(language: str) -> list[str]:
    folder = Path(madoguchi.__file__).parent / "assistant" / "phrases" / language
    lines = (
        line.strip() for path in sorted(folder.glob("*.txt")) for line in path.read_text("utf-8").splitlines()
    )
    return [line for line in lines if line and not line.startswith("#")]


def _customer(world: World, number: int) -> dict[str, Any]:
    name, kana = world.name(number)
    mail = f"customer{number}@example.jp"
    return {
        "id": f"cus_{number}",
        "shop_ref": f"S{number:07d}",
        "name": name,
        "kana": kana,
        "email": mail,
        "email_folded": mail,
        "phone": f"090-{number % 10_000:04d}-{(number * 31) % 10_000:04d}",
        "language": "ja",
        "segments": [],
        "company": "",
        "addresses": [],
        "created_at": NOW - timedelta(days=400),
        "updated_at": NOW - timedelta(days=400),
    }


def _contact(contact_id: str, owner: int, order: str, language: str, opened: datetime) -> dict[str, Any]:
    return {
        "id": contact_id,
        "customer_id": f"cus_{owner}",
        "visitor_id": f"vis_{owner}",
        "channel": ("chat", "chat", "mail", "form")[owner % 4],
        "initiation_method": "inbound",
        "language": language,
        "topic": "",
        "order_number": order,
        "owner_kind": "none",
        "owner_id": "",
        "owner_version": 1,
        "state": "ended",
        "customer_rung": 2,
        "proven_orders": [],
        "last_seq": ENTRIES_OF_ONE,
        "last_customer_seq": ENTRIES_OF_ONE - 1,
        "answered_seq": ENTRIES_OF_ONE,
        "customer_seen_seq": 0,
        "agent_seen_seq": 0,
        "opened_at": opened,
        "updated_at": opened,
        "disconnect_reason": "",
        "attributes": {},
    }


if __name__ == "__main__":
    main()
