"""The sums: cells by day and by month, for every cut of the dimensions that reports ask for.

A cell is the sum of the tallies of its contacts, always: a contact that changes takes its old tally out and puts the new
one in, in the transaction that writes its row.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

import numpy as np

from madoguchi.counter.reports.model import DIMENSIONS, Dimension, Measured
from madoguchi.counter.reports.tally import SLOTS, Tally
from madoguchi.engine.database import Transaction
from madoguchi.engine.schema import dump_json

Grain = Literal["day", "month"]
GRAINS: tuple[Grain, ...] = ("day", "month")
Cut = tuple[Dimension, ...]
CUTS: tuple[Cut, ...] = ((), *((name,) for name in DIMENSIONS), DIMENSIONS)
EVERY = "*"
_KEY = ("cut", "grain", "starts", *DIMENSIONS)
_WHERE = " AND ".join(f"{name} = ?" for name in _KEY)
_READ = f"SELECT numbers, words FROM figure_cell WHERE {_WHERE}"
_WRITE = (
    f"INSERT INTO figure_cell ({', '.join(_KEY)}, numbers, words) VALUES ({', '.join('?' * (len(_KEY) + 2))})"
    f" ON CONFLICT ({', '.join(_KEY)}) DO UPDATE SET numbers = excluded.numbers, words = excluded.words"
)
_FORGET = f"DELETE FROM figure_cell WHERE {_WHERE}"

CellKey = tuple[str, ...]


@dataclass(frozen=True)
class Span:
    """Days of the shop's zone, both of them included. Raises ValueError for an end before its beginning."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("ends before it begins")

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def before(self) -> Span:
        """As many days, right before it."""
        return Span(self.first - timedelta(days=self.days), self.first - timedelta(days=1))

    def parts(self) -> Iterator[tuple[Grain, date, date]]:
        """Whole months as months and what is left over as days: grain, first and last beginning of a cell."""
        month, end = month_after(self.first), self.last.replace(day=1)
        if self.first.day == 1:
            month = self.first
        if self.last == month_after(self.last) - timedelta(days=1):
            end = month_after(self.last)
        if month >= end:
            yield "day", self.first, self.last
            return
        if self.first < month:
            yield "day", self.first, month - timedelta(days=1)
        yield "month", month, end - timedelta(days=1)
        if end <= self.last:
            yield "day", end, self.last


def month_after(day: date) -> date:
    """The first day of the next month."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


@dataclass
class Changes:
    """What a batch of contacts changes, by cell."""

    by_cell: dict[CellKey, Tally] = field(default_factory=lambda: defaultdict(Tally))

    def count(self, row: Measured, tally: Tally, times: int) -> None:
        """Put a contact in (1) or take it out (-1)."""
        for key in keys_of(row):
            self.by_cell[key].add(tally, times)

    def write(self, tx: Transaction) -> None:
        """Cells in one order, so that two writers never wait for each other. An empty cell is forgotten."""
        for key, change in sorted(self.by_cell.items()):
            there = _cell(tx, key)
            there.add(change)
            if there["contacts"]:
                tx.driver(_WRITE, (*key, packed(there), said(there))).close()
            else:
                tx.driver(_FORGET, key).close()


def keys_of(row: Measured) -> Iterator[CellKey]:
    """Every cell that this contact is counted in."""
    for cut in CUTS:
        values = [getattr(row, name) if name in cut else EVERY for name in DIMENSIONS]
        for grain, starts in (("day", row.day), ("month", f"{row.day[:7]}-01")):
            yield (",".join(cut), grain, starts, *values)


def packed(tally: Tally) -> bytes:
    return tally.numbers.astype("<i8").tobytes()


def said(tally: Tally) -> str:
    return dump_json({name: count for name, count in sorted(tally.words.items()) if count})


def read(
    tx: Transaction,
    span: Span,
    where: Mapping[Dimension, str],
    by: Dimension | Literal["", "day"] = "",
    *,
    words: bool = True,
) -> dict[str, Tally]:
    """Sums over the span, of contacts with these values, by a dimension or by day ("": all of them, key "").

    `words` False: numbers only, which is quicker. A group in which nothing happened is not there.
    """
    needed = {*where, *((by,) if by and by != "day" else ())}
    cut = next(each for each in CUTS if needed <= set(each))
    group = "starts" if by == "day" else by or "''"
    told_too = "words" if words else "'{}'"
    parts: list[tuple[Grain, date, date]] = (
        [("day", span.first, span.last)] if by == "day" else list(span.parts())
    )
    found: dict[str, list[tuple[bytes, str]]] = defaultdict(list)
    for grain, first, last in parts:
        conditions = "".join(f" AND {name} = ?" for name in where)
        cursor = tx.driver(
            f"SELECT {group}, numbers, {told_too} FROM figure_cell"
            f" WHERE cut = ? AND grain = ? AND starts BETWEEN ? AND ?{conditions}",
            (",".join(cut), grain, first.isoformat(), last.isoformat(), *where.values()),
        )
        for key, numbers, told in cursor.fetchall():
            found[key].append((numbers, told))
        cursor.close()
    return {key: _sum(cells) for key, cells in found.items()}


def _cell(tx: Transaction, key: CellKey) -> Tally:
    cursor = tx.driver(_READ, key)
    found = cursor.fetchone()
    cursor.close()
    return Tally() if found is None else _sum([found])


def _sum(cells: Iterable[tuple[bytes, str]]) -> Tally:
    blobs, words = [], Counter[str]()
    for numbers, told in cells:
        blobs.append(bytes(numbers))
        if told != "{}":
            words.update(json.loads(told))
    table = np.frombuffer(b"".join(blobs), "<i8").reshape(len(blobs), len(SLOTS))
    return Tally(table.sum(axis=0, dtype=np.int64), words)
