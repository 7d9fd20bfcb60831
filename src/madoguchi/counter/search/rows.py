"""The rows of the index for a question, as SQL: through the full-text index, or through the rows of some contacts. By hand,
because the order in which the tables are gone through decides between a millisecond and a second.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from madoguchi.counter.search.cutting import CARD
from madoguchi.counter.search.matching import fts5, patterns, tsquery
from madoguchi.counter.search.query import Group
from madoguchi.engine.database import Transaction

_PLACES = 1 << 10
_NEWEST = 10_000
# OFFSET 0: planned by itself, without regard to the order that is wanted outside
_BY_GIN = "(SELECT id FROM search_index WHERE vector @@ CAST(? AS tsquery) OFFSET 0) x"
NAMED = 500  # contacts that a name or number may stand for


@dataclass(frozen=True)
class Row:
    id: int
    contact_id: str
    seq: int
    public: bool


@dataclass(frozen=True)
class Filters:
    """What the hits must be beside their words; empty values filter nothing. `before`: the cursor of the next page."""

    channel: str = ""
    state: str = ""
    queue: str = ""
    category: str = ""
    language: str = ""
    since: datetime | None = None
    until: datetime | None = None
    customer_id: str = ""
    files: bool = False
    before: int | None = None

    @property
    def any(self) -> bool:
        return self != replace(Filters(), before=self.before)


@dataclass(frozen=True)
class Bounds:
    """The filters as conditions; `lowest` and `highest` number of a row, for which the index needs no look at the contact."""

    lowest: int = 0
    highest: int = (1 << 62) - 1
    of_entry: tuple[str, ...] = ()
    of_contact: tuple[str, ...] = ()
    values: tuple[Any, ...] = field(default=())

    @classmethod
    def of(cls, wanted: Filters, cursor: int | None, *, public_only: bool) -> Bounds:
        entry = [
            *(["e.public"] if public_only else []),
            *(["e.files"] if wanted.files else []),
        ]
        contact: list[str] = []
        values: list[Any] = []
        for column, value in (
            ("c.channel", wanted.channel),
            ("c.state", wanted.state),
            ("c.language", wanted.language),
        ):
            if value:
                contact.append(f"{column} = ?")
                values.append(value)
        if wanted.category:
            contact.append("(c.topic = ? OR substr(c.topic, 1, ?) = ?)")
            values += [wanted.category, len(wanted.category) + 1, f"{wanted.category}."]
        if wanted.queue:
            contact.append(
                "((c.owner_kind = 'queue' AND c.owner_id = ?)"
                " OR EXISTS (SELECT 1 FROM case_file f WHERE f.id = c.case_id AND f.queue = ?))"
            )
            values += [wanted.queue, wanted.queue]
        lowest = int(wanted.since.timestamp()) * _PLACES if wanted.since else 0
        highest = int(wanted.until.timestamp()) * _PLACES - 1 if wanted.until else (1 << 62) - 1
        if cursor is not None:
            highest = min(highest, cursor - 1)
        return cls(lowest, highest, tuple(entry), tuple(contact), tuple(values))


def in_index(tx: Transaction, groups: Sequence[Group], bounds: Bounds, limit: int) -> list[Row]:
    """Among everything, newest first."""
    where = ["x.id BETWEEN ? AND ?", *bounds.of_entry, *bounds.of_contact]
    begin: tuple[Any, ...] = ()
    if groups and tx.dialect == "postgresql":
        return _in_vectors(tx, tsquery(tuple(groups)), bounds, limit)
    if not groups:
        source = "search_entry e"
        where[0] = "e.id BETWEEN ? AND ?"
        order = "e.id"
    else:
        source = "search_index x CROSS JOIN search_entry e ON e.id = x.rowid"
        where[0] = "search_index MATCH ? AND x.rowid BETWEEN ? AND ?"
        begin, order = (fts5(tuple(groups)),), "x.rowid"
    if bounds.of_contact:
        joined = "CROSS JOIN" if tx.dialect == "sqlite" else "JOIN"
        source += f" {joined} contact c ON c.id = e.contact_id"
    return _rows(tx, source, where, order, (*begin, bounds.lowest, bounds.highest, *bounds.values), limit)


def _in_vectors(tx: Transaction, wanted: str, bounds: Bounds, limit: int) -> list[Row]:
    """PostgreSQL cannot know that two common words hardly meet, and would walk through everything for them. So: the newest
    rows one by one, where a common word fills the page; a rarer one through GIN, whose few rows are then put in order.
    """
    more = [*bounds.of_entry, *bounds.of_contact]
    ends = "JOIN search_entry e ON e.id = x.id"
    if bounds.of_contact:
        ends += " JOIN contact c ON c.id = e.contact_id"
    newest = f"(SELECT id, vector FROM search_index WHERE id BETWEEN ? AND ? ORDER BY id DESC LIMIT {_NEWEST}) x {ends}"
    values = (bounds.lowest, bounds.highest, wanted, *bounds.values)
    rows = _rows(tx, newest, ["x.vector @@ CAST(? AS tsquery)", *more], "x.id", values, limit)
    if len(rows) == limit:
        return rows
    values = (wanted, bounds.lowest, bounds.highest, *bounds.values)
    return _rows(tx, f"{_BY_GIN} {ends}", ["x.id BETWEEN ? AND ?", *more], "x.id", values, limit)


def in_contacts(
    tx: Transaction, contact_ids: Sequence[str], groups: Sequence[Group], bounds: Bounds, limit: int
) -> list[Row]:
    """Among the rows of these contacts only, newest first."""
    if not contact_ids:
        return []
    some, values = _among(contact_ids)
    where = [some, "e.id BETWEEN ? AND ?", *bounds.of_entry, *bounds.of_contact]
    values += [bounds.lowest, bounds.highest, *bounds.values]
    for group in groups:
        found, more = _like(group)
        where.append(found)
        values += more
    return _rows(
        tx, "contact c JOIN search_entry e ON e.contact_id = c.id", where, "e.id", tuple(values), limit
    )


def on_cards(
    tx: Transaction,
    groups: Sequence[Group],
    *,
    own: Sequence[str] | None = None,
    public_only: bool = False,
    limit: int = NAMED,
) -> list[str]:
    """The contacts on whose cards all of these stand, the newest first; `own`: only of these."""
    if own is not None:
        bounds = Bounds(of_entry=("e.seq <= 0", *(["e.public"] if public_only else [])))
        rows = in_contacts(tx, own, groups, bounds, limit)
    else:
        rows = _card_rows(tx, tuple(groups), limit)
    return list(dict.fromkeys(row.contact_id for row in rows))


def _card_rows(tx: Transaction, groups: tuple[Group, ...], limit: int) -> list[Row]:
    if tx.dialect == "sqlite":
        source = "search_index x CROSS JOIN search_entry e ON e.id = x.rowid"
        return _rows(tx, source, ["search_index MATCH ?"], "x.rowid", (fts5(groups, CARD),), limit)
    source = f"{_BY_GIN} JOIN search_entry e ON e.id = x.id"
    return _rows(tx, source, ["TRUE"], "x.id", (tsquery(groups, CARD),), limit)


def _rows(
    tx: Transaction, source: str, where: list[str], order: str, values: tuple[Any, ...], limit: int
) -> list[Row]:
    cursor = tx.driver(
        f"SELECT e.id, e.contact_id, e.seq, e.public FROM {source} WHERE {' AND '.join(where)}"
        f" ORDER BY {order} DESC LIMIT ?",
        (*values, limit),
    )
    rows = cursor.fetchall()
    cursor.close()
    return [Row(number, contact_id, seq, bool(public)) for number, contact_id, seq, public in rows]


def _among(ids: Sequence[str]) -> tuple[str, list[Any]]:
    return f"e.contact_id IN ({', '.join('?' * len(ids))})", list(ids)


def _like(group: Group) -> tuple[str, list[Any]]:
    wanted = patterns(group)
    any_of = " OR ".join(["(' ' || e.terms || ' ') LIKE ?"] * len(wanted))
    return f"({any_of})", list(wanted)
