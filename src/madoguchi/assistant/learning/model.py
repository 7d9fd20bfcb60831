"""Customers' messages that are worth a person's look, and how far the ledger has been read for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Column, Index, Integer, String, Table, Text, UniqueConstraint

from madoguchi.engine.ownership import OfHouse, OfPerson, Through, belongs
from madoguchi.engine.schema import JsonText, Moment, metadata

Reason = Literal["missed", "clarified", "corrected", "denied", "bot_failed", "reclassified"]
State = Literal["open", "labelled", "discarded"]

# From the weakest sign that something was mistaken to the strongest; a message is kept once, for the strongest.
REASONS: tuple[Reason, ...] = ("missed", "clarified", "corrected", "denied", "bot_failed", "reclassified")

learning_turn = Table(
    "learning_turn",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("contact_id", String(60)),  # none once the contact is older than the history
    Column("seq", Integer, nullable=False),
    Column("reason", String(20), nullable=False),
    Column("language", String(10), nullable=False),
    Column("understood", String(80), nullable=False),  # the leading kind, or ""
    Column("suggested", JsonText, nullable=False),  # kinds, likeliest first
    Column("text", Text, nullable=False),  # veiled
    Column("said_at", Moment, nullable=False),
    Column("state", String(12), nullable=False),
    Column("kinds", JsonText, nullable=False),  # labelled with: one, or two wishes
    Column("decided_by", String(60), nullable=False),
    Column("decided_at", Moment),
    UniqueConstraint("contact_id", "seq"),
    Index("ix_learning_turn_state", "state", "said_at"),
    info=belongs(OfPerson(through=Through("contact_id", "contact"))),
)

learning_cursor = Table(
    "learning_cursor",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("at", Moment, nullable=False),
    info=belongs(OfHouse("How far the ledger has been read.")),
)


@dataclass(frozen=True)
class LearningTurn:
    """Columns as in the table."""

    id: str
    contact_id: str | None
    seq: int
    reason: Reason
    language: str
    understood: str
    suggested: list[str]
    text: str
    said_at: datetime
    state: State
    kinds: list[str]
    decided_by: str
    decided_at: datetime | None
