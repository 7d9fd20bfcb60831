"""The table of versions. Each is a piece of a policy file, laid over the shop's own file and what comes with Madoguchi.

draft → in_force → superseded; draft → withdrawn. Exactly one is in force; the first one is empty: the file alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Column, Index, Integer, String, Table, Text, text

from madoguchi.engine.ownership import OfHouse, belongs
from madoguchi.engine.schema import Moment, metadata

VersionState = Literal["draft", "in_force", "superseded", "withdrawn"]
_ONLY_ONE = text("state = 'in_force'")

rule_version = Table(
    "rule_version",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("text", Text, nullable=False),
    Column("why", String(500), nullable=False),
    Column("based_on", Integer, nullable=False),  # the version in force when it was drafted; 0 for the first
    Column("state", String(12), nullable=False),
    Column("revision", Integer, nullable=False),  # of the draft: what a form has shown
    Column("drafted_by", String(60), nullable=False),
    Column("drafted_at", Moment, nullable=False),
    Column("decided_by", String(60)),  # who put it in force, or withdrew it
    Column("decided_at", Moment),
    Index(
        "uq_rule_version_in_force", "state", unique=True, sqlite_where=_ONLY_ONE, postgresql_where=_ONLY_ONE
    ),
    info=belongs(OfHouse("The shop's rules and who of its people changed them.")),
)


@dataclass(frozen=True)
class RuleVersion:
    """Columns as in the table."""

    number: int
    text: str
    why: str
    based_on: int
    state: VersionState
    revision: int
    drafted_by: str
    drafted_at: datetime
    decided_by: str | None
    decided_at: datetime | None
