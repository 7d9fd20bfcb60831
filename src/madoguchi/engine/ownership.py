"""Whose rows a table holds, and what becomes of them when a person is to be forgotten (PRIV-004, PRIV-005, HIS-006).

Every table says it where it is defined: `Table(…, info=belongs(OfPerson(customer="customer_id")))`. Export and erasure
follow these rules and nothing else; a table without a rule fails the tests.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import Column, String, Table, Text, TypeDecorator

Erasing = Literal["delete", "blank", "keep"]
_KEY = "owner"
LONG = 200


@dataclass(frozen=True)
class Through:
    """A row belongs to whom the row of `table` belongs to whose `key` is in this row's `column`."""

    column: str
    table: str
    key: str = "id"


@dataclass(frozen=True, kw_only=True)
class OfPerson:
    """Rows about a customer or a visitor: those for whom any one of the given ways holds.

    `customer`, `visitor`: columns with the customer's id and with the id of a session's visitor. `through`: by the row
    of another table. `mentioned`: a JSON column in which ids of the person or of their rows stand. `erase`: what erasure
    does; with "blank" the columns of `blank` get these values, with "keep" nothing changes. `account`: part of the
    account itself, which stays when somebody only has their history erased. `files`: columns with keys of stored files,
    which go with the row. `withheld`: columns that an export leaves out (secrets, notes of staff). `why`: why something
    stays, for "blank" and "keep"; it stands in the proof that the customer gets. `stays`: the same for each long text
    that stays.
    """

    customer: str = ""
    visitor: str = ""
    through: Through | None = None
    mentioned: str = ""
    erase: Erasing = "delete"
    blank: Mapping[str, Any] = field(default_factory=dict)
    account: bool = False
    files: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()
    why: str = ""
    stays: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class OfHouse:
    """No row is about a customer; `why` says what they are about."""

    why: str


Owner = OfPerson | OfHouse


def belongs(owner: Owner) -> dict[str, Owner]:
    """The `info` of a table."""
    return {_KEY: owner}


def owner_of(table: Table) -> Owner | None:
    """The table's rule; None where it has said nothing yet."""
    found: Owner | None = table.info.get(_KEY)
    return found


def defects(table: Table, tables: Mapping[str, Table]) -> list[str]:
    """What is wrong with a table's rule, in words; `tables`: every table by name."""
    owner = owner_of(table)
    if owner is None:
        return ["has no rule"]
    if isinstance(owner, OfHouse):
        return [] if owner.why else ["says not what its rows are about"]
    named = [
        *filter(None, (owner.customer, owner.visitor, owner.mentioned)),
        *owner.files,
        *owner.withheld,
        *owner.blank,
        *owner.stays,
    ]
    found = [f"names the column {name}, which does not exist" for name in named if name not in table.c]
    if not (owner.customer or owner.visitor or owner.through or owner.mentioned):
        found.append("names no way to a person")
    if (way := owner.through) is not None:
        found += _defects_of_way(way, table, tables)
    if (owner.erase == "blank") != bool(owner.blank):
        found.append("blanks nothing" if owner.erase == "blank" else "names values, but does not blank")
    if owner.erase != "delete":
        found += [] if owner.why else ["keeps something and does not say why"]
        found += [
            f"keeps the text {column.name} and does not say why"
            for column in table.c
            if is_long(column) and column.name not in {*owner.blank, *owner.withheld, *owner.stays}
        ]
    return found


def _defects_of_way(way: Through, table: Table, tables: Mapping[str, Table]) -> list[str]:
    found = [] if way.column in table.c else [f"goes through {way.column}, which does not exist"]
    other = tables.get(way.table)
    if other is None or way.key not in other.c:
        return [*found, f"goes to {way.table}.{way.key}, which does not exist"]
    return found if isinstance(owner_of(other), OfPerson) else [*found, f"{way.table} belongs to nobody"]


def is_long(column: Column[Any]) -> bool:
    """Whether words of people fit in it: text, JSON, and strings of 200 characters and more."""
    kind = column.type.impl if isinstance(column.type, TypeDecorator) else column.type
    return isinstance(kind, Text) or (isinstance(kind, String) and (kind.length or LONG) >= LONG)
