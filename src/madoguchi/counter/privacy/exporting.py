"""Somebody's copy of everything that is kept about them: one archive of JSON lines, files and a manifest (PRIV-002).

Nothing of others, nothing withheld. What only staff may read (internal facts) is counted and left without its words.
"""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

from sqlalchemy import Row, Table, func, select, tuple_

from madoguchi.counter.contacts import events
from madoguchi.counter.contacts.model import ledger_entry
from madoguchi.counter.privacy import ways, wording
from madoguchi.counter.privacy.ways import Person, Where
from madoguchi.engine.database import Database, Transaction, outside
from madoguchi.engine.files import FileStore
from madoguchi.engine.ownership import OfPerson, is_long
from madoguchi.engine.settings import Settings

_PAGE = 1000
_NO_EXPORT = ("privacy_request",)  # a copy of copies
_OF_OTHERS = frozenset({events.MAIL_FROM_OTHER, events.MAIL_AUTOMATIC, events.MAIL_BOUNCED, events.SELLER_EVIDENCE, events.NOTE})  # fmt: skip


@dataclass(frozen=True)
class Copy:
    """A finished archive: where it lies, rows by table, its digest."""

    storage_key: str
    counts: dict[str, dict[str, int]]
    digest: str


class Exporter:
    """Writes the archive table by table in pages, on one snapshot of each page; memory stays small."""

    def __init__(self, database: Database, files: FileStore, settings: Settings) -> None:
        self._database = database
        self._files = files
        self._settings = settings

    def export(self, person: Person, language: str) -> Copy:
        """Raises OSError; what was begun is removed then."""
        outside()
        counts: dict[str, dict[str, int]] = {}
        key = self._files.write(lambda file: self._fill(file, person, language, counts))
        digest = hashlib.sha256()
        for block in self._files.blocks(key):
            digest.update(block)
        return Copy(key, counts, digest.hexdigest())

    def _fill(self, file: BinaryIO, person: Person, language: str, counts: dict[str, dict[str, int]]) -> None:
        where = ways.of_person(person)
        hidden = self._database.read(_of_others, where)
        tables: list[dict[str, Any]] = []
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for table, rule in ways.tables_of_people():
                if table.name in _NO_EXPORT or (rule.mentioned and not (rule.customer or rule.visitor)):
                    continue
                rows, files = self._table(archive, table, rule, where, hidden)
                if rows:
                    counts[table.name] = {"exported": rows, **({"files": files} if files else {})}
                    tables.append({**_described(table, rule, language), "rows": rows, "files": files})
            manifest = {
                "made_at": self._database.clock().isoformat(),
                "shop": self._settings.shop.name,
                "timezone": "UTC",
                "tables": tables,
                "rows": sum(each["rows"] for each in tables),
                "files": sum(each["files"] for each in tables),
            }
            archive.writestr("manifest.json", json.dumps(manifest, ensure_ascii=False, indent=1))
            archive.writestr("README.txt", wording.readme(tables, language, self._settings))

    def _table(
        self, archive: zipfile.ZipFile, table: Table, rule: OfPerson, where: Where, hidden: frozenset[str]
    ) -> tuple[int, int]:
        first = self._database.read(_page, table, where, None)
        if not first:
            return 0, 0
        files: list[tuple[str, str]] = []
        rows = 0
        with archive.open(f"records/{table.name}.jsonl", "w", force_zip64=True) as out:
            for row in self._rows(table, where, first):
                shown = _shown(table, rule, row, hidden)
                for name in rule.files:
                    kept = row._mapping[name]
                    if kept and not _hides(row, hidden):
                        shown[name] = f"files/{kept}{_ending(row)}"
                        files.append((kept, shown[name]))
                    else:
                        shown[name] = None
                out.write(json.dumps(shown, ensure_ascii=False).encode() + b"\n")
                rows += 1
        return rows, sum(self._file(archive, key, name) for key, name in files)

    def _rows(self, table: Table, where: Where, page: list[Row[Any]]) -> Iterator[Row[Any]]:
        keys = [column.name for column in ways.keys_of(table)]
        while page:
            yield from page
            after = tuple(page[-1]._mapping[name] for name in keys)
            page = self._database.read(_page, table, where, after) if len(page) == _PAGE else []

    def _file(self, archive: zipfile.ZipFile, key: str, name: str) -> bool:
        blocks = self._files.blocks(key)
        try:
            first = next(blocks, b"")
        except FileNotFoundError:  # removed by retention; the row says that there was one
            return False
        with archive.open(zipfile.ZipInfo(name), "w", force_zip64=True) as out:
            out.write(first)
            out.writelines(blocks)
        return True


def count(tx: Transaction, person: Person) -> dict[str, int]:
    """Rows by table, as an export would hold them."""
    where = ways.of_person(person)
    found: dict[str, int] = {}
    for table, rule in ways.tables_of_people():
        own = where(table)
        if (
            table.name in _NO_EXPORT
            or own is None
            or (rule.mentioned and not (rule.customer or rule.visitor))
        ):
            continue
        rows = int(tx.scalar(select(func.count()).select_from(table).where(own)) or 0)
        if rows:
            found[table.name] = rows
    return found


def _page(tx: Transaction, table: Table, where: Where, after: tuple[Any, ...] | None) -> list[Row[Any]]:
    own = where(table)
    if own is None:
        return []
    keys = ways.keys_of(table)
    query = select(table).where(own).order_by(*keys).limit(_PAGE)
    if after is not None:
        query = query.where(tuple_(*keys) > after)
    return list(tx.all(query))


def _of_others(tx: Transaction, where: Where) -> frozenset[str]:
    """Ids of files and mails that came from somebody else and were never shown to the customer."""
    own = where(ledger_entry)
    if own is None:
        return frozenset()
    rows = tx.all(select(ledger_entry.c.body).where(own, ledger_entry.c.kind.in_(_OF_OTHERS)))
    return frozenset(
        str(item)
        for row in rows
        for item in (*row.body.get("attachments", ()), row.body.get("mail_id"))
        if item
    )


def _hides(row: Row[Any], hidden: frozenset[str]) -> bool:
    return row._mapping.get("id") in hidden


def _shown(table: Table, rule: OfPerson, row: Row[Any], hidden: frozenset[str]) -> dict[str, Any]:
    internal = row._mapping.get("visibility") == "internal" or _hides(row, hidden)
    shown: dict[str, Any] = {}
    for column in table.c:
        if column.name in rule.withheld or column.name in rule.files:
            continue
        value = row._mapping[column.name]
        if internal and is_long(column):
            value = None
        shown[column.name] = value.isoformat() if isinstance(value, datetime) else value
    return shown


def _described(table: Table, rule: OfPerson, language: str) -> dict[str, Any]:
    return {
        "table": table.name,
        "label": wording.label(table.name, language),
        "withheld": list(rule.withheld),
        "on_erasure": {"delete": "erased", "blank": "blanked", "keep": "kept"}[rule.erase],
        "why": wording.reason(rule.why, language),
    }


def _ending(row: Row[Any] | Mapping[str, Any]) -> str:
    values = row._mapping if isinstance(row, Row) else row
    name = str(values.get("name") or "")
    found = re.search(r"\.[A-Za-z0-9]{1,5}$", name)
    return found.group(0) if found else ".eml" if "mailbox" in values else ""
