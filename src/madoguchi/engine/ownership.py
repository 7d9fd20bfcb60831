"""Whose rows a table holds, and what becomes of them when a person is to be forgotten (PRIV-004, PRIV-005, HIS-006).

Every table says it where it is defined: `Table(…, info=belongs(OfPerson(customer="customer_id")))`. Export and erasure
follow these rules and nothing else; a table without a rule fails the tests.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import Table

Erasing = Literal["delete", "blank", "keep"]
_KEY = "owner"


@dataclass(frozen=True)
class Through:
    """A row belongs to whom the row of `table` belongs to whose `key` is in this row's `column`."""

    column: str
    table: str
    key: str = "id"


@dataclass(frozen=True, kw_only=True)
class OfPerson:
    """Rows about a customer or a visitor.

    `customer`, `visitor`: columns with the customer's id and with the id of a session's visitor. `through`: by the row
    of another table instead. `erase`: what erasure does; with "blank" the columns of `blank` get these values, with
    "keep" nothing changes. `withheld`: columns that an export leaves out (secrets, notes of staff). `why`: why something
    stays, for "blank" and "keep"; it stands in the proof that the customer gets.
    """

    customer: str = ""
    visitor: str = ""
    through: Through | None = None
    erase: Erasing = "delete"
    blank: Mapping[str, Any] = field(default_factory=dict)
    withheld: tuple[str, ...] = ()
    why: str = ""


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
