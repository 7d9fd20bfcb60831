"""Requests for a copy or for erasure, holds against erasure, and the reports of what retention removed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Column, Index, String, Table

from madoguchi.engine.ownership import OfHouse, OfPerson, Through, belongs
from madoguchi.engine.schema import JsonText, Moment, metadata

Kind = Literal["export", "messages", "contact", "history", "everything"]
RequestState = Literal["asked", "confirmed", "working", "done", "withdrawn"]
KINDS: tuple[Kind, ...] = ("export", "messages", "contact", "history", "everything")

privacy_request = Table(
    "privacy_request",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("kind", String(12), nullable=False),
    Column("customer_id", String(60)),
    Column("visitor_id", String(60), nullable=False),
    Column("contact_id", String(60), nullable=False),  # of kind messages and contact
    Column("seqs", JsonText, nullable=False),  # of kind messages
    Column("state", String(12), nullable=False),
    Column("asked_kind", String(12), nullable=False),  # who asked: customer, agent, system
    Column("asked_by", String(60), nullable=False),
    Column("notify", JsonText, nullable=False),  # {"to", "language"} until the notice has gone
    Column("counts", JsonText, nullable=False),  # table → {"erased" | "blanked" | "kept" | "exported": rows}
    Column("digest", String(64), nullable=False),  # of the counts; of an export, of the file
    Column("storage_key", String(60)),  # of an export
    Column("asked_at", Moment, nullable=False),
    Column("confirmed_at", Moment),
    Column("due_at", Moment),  # not begun before
    Column("lease_until", Moment),
    Column("done_at", Moment),
    Column("expires_at", Moment),  # of an export
    Index("ix_privacy_request_customer", "customer_id", "asked_at"),
    Index("ix_privacy_request_state", "state", "due_at"),
    info=belongs(
        OfPerson(
            customer="customer_id",
            visitor="visitor_id",
            erase="blank",
            account=True,
            files=("storage_key",),
            blank={
                "customer_id": None,
                "visitor_id": "",
                "contact_id": "",
                "asked_by": "",
                "notify": {},
                "storage_key": None,
            },
            why="The proof that something was handed out or erased: numbers, and then nobody's.",
            stays={"seqs": "Numbers of messages.", "counts": "How many rows of which kind."},
        )
    ),
)

legal_hold = Table(
    "legal_hold",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("customer_id", String(60)),
    Column("case_id", String(60)),
    Column("reason", String(500), nullable=False),
    Column("until", Moment),  # None: until it is lifted
    Column("set_by", String(60), nullable=False),
    Column("set_at", Moment, nullable=False),
    Column("lifted_by", String(60), nullable=False),
    Column("lifted_at", Moment),
    Index("ix_legal_hold_customer", "customer_id"),
    Index("ix_legal_hold_case", "case_id"),
    info=belongs(
        OfPerson(
            customer="customer_id",
            through=Through("case_id", "case_file"),
            withheld=("reason", "set_by", "lifted_by"),
        )
    ),
)

retention_report = Table(
    "retention_report",
    metadata,
    Column("id", String(60), primary_key=True),  # the day of the shop
    Column("began_at", Moment, nullable=False),
    Column("lease_until", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("classes", JsonText, nullable=False),  # class → {"removed": rows, "oldest": moment, "days": kept}
    Column("held", JsonText, nullable=False),  # {"cases": n, "customers": n}: kept because of a hold
    Column("digest", String(64), nullable=False),
    info=belongs(OfHouse("How many rows were removed, and how old the oldest was.")),
)


@dataclass(frozen=True)
class PrivacyRequest:
    """Somebody's wish for a copy or for erasure, and later the proof of it. Columns as in the table."""

    id: str
    kind: Kind
    customer_id: str | None
    visitor_id: str
    contact_id: str
    seqs: list[int]
    state: RequestState
    asked_kind: str
    asked_by: str
    notify: dict[str, str]
    counts: dict[str, dict[str, int]]
    digest: str
    storage_key: str | None
    asked_at: datetime
    confirmed_at: datetime | None
    due_at: datetime | None
    lease_until: datetime | None
    done_at: datetime | None
    expires_at: datetime | None

    @property
    def erases(self) -> bool:
        return self.kind != "export"


@dataclass(frozen=True)
class Hold:
    """Something must be kept, whoever wants it erased. Columns as in the table."""

    id: str
    customer_id: str | None
    case_id: str | None
    reason: str
    until: datetime | None
    set_by: str
    set_at: datetime
    lifted_by: str
    lifted_at: datetime | None


@dataclass(frozen=True)
class Report:
    """What one night's retention removed. Columns as in the table."""

    id: str
    began_at: datetime
    lease_until: datetime
    ended_at: datetime | None
    classes: dict[str, dict[str, Any]]
    held: dict[str, int]
    digest: str
