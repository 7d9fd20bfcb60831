"""Erasing by the owner rules, in bounded batches that can be cut off anywhere and taken up again (PRIV-005).

Files go before the rows that name them, rows before those through which they belong to somebody: whatever is cut off,
what is left still leads to its person. Each batch counts itself in the transaction that removes it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, Text, and_, delete, func, select, tuple_, type_coerce, update

from madoguchi.counter.contacts.model import contact
from madoguchi.counter.privacy import ways
from madoguchi.counter.privacy.ports import Forgetting, SentFiles
from madoguchi.counter.privacy.ways import Where
from madoguchi.engine.database import Database, Transaction
from madoguchi.engine.failpoints import failpoint
from madoguchi.engine.files import FileStore
from madoguchi.engine.outbox import outbox
from madoguchi.engine.ownership import OfPerson

BATCH = 500
Counting = Callable[[Transaction, str, str, int], None]
"""Note in the same transaction: of this table, this was done ("erased", "blanked"), with so many rows."""


@dataclass(frozen=True)
class Batch:
    """Rows of one table that go next: their keys, the files that they name."""

    keys: list[tuple[Any, ...]]
    files: list[str]


class Eraser:
    """Removes rows, stored files and copies of mails; `forgetting` is told of every contact that goes."""

    def __init__(
        self,
        database: Database,
        files: FileStore,
        sent: SentFiles,
        forgetting: Sequence[Forgetting],
        *,
        batch: int = BATCH,
    ) -> None:
        self._database = database
        self._files = files
        self._sent = sent
        self._forgetting = forgetting
        self._size = batch

    def erase(
        self, where: Where, count: Counting, *, spared: Collection[str] = (), account: bool = False
    ) -> None:
        """Everything of `where` but the tables in `spared`; what is part of the account only with `account`."""
        wanted = [
            (table, rule)
            for table, rule in ways.tables_of_people()
            if table.name not in spared and rule.erase != "keep" and (account or not rule.account)
        ]
        named = [table for table, rule in ways.tables_of_people() if account or not rule.account]
        ids = self._database.read(_ids_of, where, named)
        for table, rule in wanted:
            if rule.mentioned and ids:
                self._erase_mentions(table, rule, ids, count)
            while batch := self._database.read(_next, table, rule, where, self._size):
                self._remove(table, rule, batch, count)

    def forget(self, tx: Transaction, contact_id: str, seqs: Sequence[int] | None) -> None:
        for forgets in self._forgetting:
            forgets(tx, contact_id, seqs)

    def remove_files(self, keys: Sequence[str]) -> None:
        for key in keys:
            self._files.delete(key)

    def forget_copies(self, errand_ids: Sequence[int]) -> None:
        self._sent.forget(errand_ids)

    def erase_copies(self, contact_id: str, count: Counting) -> None:
        """What has left the house in this contact, and its errands."""
        table, rule = next(each for each in ways.tables_of_people() if each[0].name == outbox.name)
        self._erase_mentions(table, rule, {contact_id}, count)

    def _erase_mentions(self, table: Table, rule: OfPerson, ids: Collection[str], count: Counting) -> None:
        after: tuple[Any, ...] | None = None
        while True:
            seen = self._database.read(_look_through, table, rule, ids, after, self._size)
            if seen.keys:
                self._remove(table, rule, Batch(seen.keys, []), count)
            if seen.last is None:
                return
            after = seen.last

    def _remove(self, table: Table, rule: OfPerson, batch: Batch, count: Counting) -> None:
        if table.name == outbox.name:
            self.forget_copies([key[0] for key in batch.keys])
        self.remove_files(batch.files)
        failpoint("privacy.between_files_and_rows")
        self._database.write(self._remove_rows, table, rule, batch, count)
        failpoint("privacy.after_batch")

    def _remove_rows(
        self, tx: Transaction, table: Table, rule: OfPerson, batch: Batch, count: Counting
    ) -> None:
        here = tuple_(*ways.keys_of(table)).in_(batch.keys)
        if table.name == contact.name:
            for (contact_id,) in batch.keys:
                self.forget(tx, contact_id, None)
        if rule.erase == "blank":
            done = tx.execute(update(table).where(here).values(**rule.blank)).rowcount
            count(tx, table.name, "blanked", done)
        else:
            done = tx.execute(delete(table).where(here)).rowcount
            count(tx, table.name, "erased", done)


def kept(
    tx: Transaction, where: Where, *, account: bool, spared: Collection[str] = ()
) -> dict[str, dict[str, int]]:
    """What stays, by table: what law and evidence keep, and the account itself where it is not to go."""
    found: dict[str, dict[str, int]] = {}
    for table, rule in ways.tables_of_people():
        stays = rule.erase == "keep" or (rule.account and not account)
        rows = count_of(tx, table, where) if stays and table.name not in spared else 0
        if rows:
            found[table.name] = {"kept": rows}
    return found


def count_of(tx: Transaction, table: Table, where: Where) -> int:
    own = where(table)
    return 0 if own is None else int(tx.scalar(select(func.count()).select_from(table).where(own)) or 0)


@dataclass(frozen=True)
class _Seen:
    keys: list[tuple[Any, ...]]
    last: tuple[Any, ...] | None  # of the rows looked at; None: there are no more


def _next(tx: Transaction, table: Table, rule: OfPerson, where: Where, size: int) -> Batch | None:
    own = where(table)
    if own is None:
        return None
    if rule.erase == "blank":
        own = and_(own, ways.is_not_yet(table, rule.blank.items()))
    keys = ways.keys_of(table)
    files = [table.c[name] for name in rule.files]
    rows = tx.all(select(*keys, *files).where(own).limit(size))
    if not rows:
        return None
    named = [str(value) for row in rows for value in tuple(row)[len(keys) :] if value]
    return Batch([tuple(row)[: len(keys)] for row in rows], named)


def _look_through(
    tx: Transaction, table: Table, rule: OfPerson, ids: Collection[str], after: Any, size: int
) -> _Seen:
    keys = ways.keys_of(table)
    text = type_coerce(table.c[rule.mentioned], Text)
    query = select(*keys, text).order_by(*keys).limit(size * 4)
    if after is not None:
        query = query.where(tuple_(*keys) > after)
    rows = [tuple(row) for row in tx.all(query)]
    found = [row[:-1] for row in rows if row[-1] and ways.mentions(row[-1], ids)]
    return _Seen(found, rows[-1][:-1] if len(rows) == size * 4 else None)


def _ids_of(tx: Transaction, where: Where, tables: Sequence[Table]) -> set[str]:
    """The ids of all rows that go, by which others may mention them."""
    found: set[str] = set()
    for table in tables:
        own = where(table)
        keys = ways.keys_of(table)
        if own is not None and len(keys) == 1:
            found.update(str(row[0]) for row in tx.all(select(keys[0]).where(own)))
    return found
