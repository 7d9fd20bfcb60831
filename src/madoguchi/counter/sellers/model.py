"""Threads between a buyer and a seller about one order. What was said are facts in the ledger of the buyer's contacts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Column, Index, String, Table, UniqueConstraint

from madoguchi.engine.ownership import OfPerson, belongs
from madoguchi.engine.schema import JsonText, Moment, metadata

ThreadState = Literal["waiting", "answered", "escalated", "closed"]
Why = Literal["silent", "unsolved", "objected", "accepted", "claim"]

seller_thread = Table(
    "seller_thread",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("order_number", String(60), nullable=False),
    Column("seller_id", String(60), nullable=False),
    Column("customer_id", String(60), nullable=False),
    Column("contact_ids", JsonText, nullable=False),  # where the buyer wrote; the newest is last
    Column("language", String(10), nullable=False),
    Column("state", String(12), nullable=False),
    Column("answer_by", Moment),  # while the seller's clock runs
    Column("asked_at", Moment, nullable=False),
    Column("answered_at", Moment),
    Column("escalated_at", Moment),
    Column("why", String(12), nullable=False),  # it was escalated
    # {"amount", "reason", "state": asked | granted | refused, "granted", "payment": due | done | failed, "proposal"}
    Column("claim", JsonText),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    UniqueConstraint("order_number", "seller_id"),
    Index("ix_seller_thread_seller", "seller_id", "updated_at"),
    Index("ix_seller_thread_customer", "customer_id"),
    info=belongs(OfPerson(customer="customer_id")),
)


@dataclass(frozen=True)
class Thread:
    """One order's matter with one seller. Columns as in the table."""

    id: str
    order_number: str
    seller_id: str
    customer_id: str
    contact_ids: list[str]
    language: str
    state: ThreadState
    answer_by: datetime | None
    asked_at: datetime
    answered_at: datetime | None
    escalated_at: datetime | None
    why: str
    claim: dict[str, Any] | None
    created_at: datetime
    updated_at: datetime

    @property
    def contact_id(self) -> str:
        """The contact in whose ledger new facts stand."""
        return self.contact_ids[-1]


@dataclass(frozen=True)
class Said:
    """One word in a thread: who (buyer, seller, shop), what (a fact of the ledger), when."""

    who: Literal["buyer", "seller", "shop"]
    fact: str
    text: str
    at: datetime
    wish: str = ""
    attachments: tuple[str, ...] = ()


@dataclass(frozen=True)
class Record:
    """How a seller has behaved so far: the history that a dispute is held against."""

    threads: int
    silent: int
    claims: int
    granted: int
