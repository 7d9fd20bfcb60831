"""Contacts, ledger entries and attachments: the tables and the shapes in which they are read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, UniqueConstraint

from madoguchi.counter.actors import Rung
from madoguchi.engine.ownership import OfHouse, OfPerson, Through, belongs
from madoguchi.engine.schema import JsonText, Moment, metadata

OwnerKind = Literal["assistant", "queue", "agent", "none"]
ContactState = Literal["open", "resolved", "ended"]
Visibility = Literal["public", "internal"]

contact = Table(
    "contact",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("case_id", String(60)),
    Column("customer_id", String(60)),  # a known customer
    Column("visitor_id", String(60), nullable=False),  # the session's subject, known or not
    Column("channel", String(20), nullable=False),
    Column("initiation_method", String(20), nullable=False),
    Column("language", String(10), nullable=False),
    Column("topic", String(80), nullable=False),  # taxonomy id as last understood, or ""
    Column("order_number", String(60), nullable=False),
    Column("owner_kind", String(12), nullable=False),
    Column("owner_id", String(60), nullable=False),
    Column("owner_version", Integer, nullable=False),
    Column("state", String(12), nullable=False),
    Column("customer_rung", Integer, nullable=False),
    Column("proven_orders", JsonText, nullable=False),
    Column("last_seq", Integer, nullable=False),
    Column("last_customer_seq", Integer, nullable=False),
    Column(
        "answered_seq", Integer, nullable=False
    ),  # the assistant has dealt with the customer's words up to here
    Column("customer_seen_seq", Integer, nullable=False),
    Column("agent_seen_seq", Integer, nullable=False),
    Column("snoozed_until", Moment),
    Column("opened_at", Moment, nullable=False),
    Column("connected_at", Moment),  # an agent's first word
    Column("handed_over_at", Moment),
    Column("resolved_at", Moment),
    Column("ended_at", Moment),
    Column("updated_at", Moment, nullable=False),
    Column("disconnect_reason", String(40), nullable=False),
    Column("attributes", JsonText, nullable=False),
    Index("ix_contact_customer", "customer_id", "opened_at"),
    Index("ix_contact_visitor", "visitor_id", "opened_at"),
    Index("ix_contact_owner", "owner_kind", "owner_id", "state"),
    Index("ix_contact_case", "case_id"),
    Index("ix_contact_opened", "opened_at"),
    info=belongs(OfPerson(customer="customer_id", visitor="visitor_id")),
)

ledger_entry = Table(
    "ledger_entry",
    metadata,
    Column("contact_id", String(60), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("kind", String(40), nullable=False),
    Column("visibility", String(10), nullable=False),
    Column("author_kind", String(12), nullable=False),
    Column("author_id", String(60), nullable=False),
    Column("client_key", String(120), nullable=False),
    Column("body", JsonText, nullable=False),
    Column("at", Moment, nullable=False),
    UniqueConstraint("contact_id", "author_id", "client_key"),
    info=belongs(OfPerson(through=Through("contact_id", "contact"), withheld=("client_key",))),
)

attachment = Table(
    "attachment",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("contact_id", String(60), nullable=False),
    Column("name", String(200), nullable=False),  # for showing only, never a path
    Column("media_type", String(60), nullable=False),
    Column("size", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("storage_key", String(60), nullable=False),
    Column("width", Integer),
    Column("height", Integer),
    Column("author_kind", String(12), nullable=False),
    Column("author_id", String(60), nullable=False),
    Column("said", Boolean, nullable=False),  # part of a message already
    Column("created_at", Moment, nullable=False),
    Index("ix_attachment_contact", "contact_id"),
    info=belongs(OfPerson(through=Through("contact_id", "contact"), files=("storage_key",))),
)


@dataclass(frozen=True)
class Contact:
    """One interaction over one channel, from opening to end. Columns as in the table."""

    id: str
    case_id: str | None
    customer_id: str | None
    visitor_id: str
    channel: str
    initiation_method: str
    language: str
    topic: str
    order_number: str
    owner_kind: OwnerKind
    owner_id: str
    owner_version: int
    state: ContactState
    customer_rung: int
    proven_orders: list[str]
    last_seq: int
    last_customer_seq: int
    answered_seq: int
    customer_seen_seq: int
    agent_seen_seq: int
    snoozed_until: datetime | None
    opened_at: datetime
    connected_at: datetime | None
    handed_over_at: datetime | None
    resolved_at: datetime | None
    ended_at: datetime | None
    updated_at: datetime
    disconnect_reason: str
    attributes: dict[str, Any]

    @property
    def rung(self) -> Rung:
        return Rung(self.customer_rung)

    @property
    def owes_turn(self) -> bool:
        """The assistant owns it and the customer has spoken since its last turn."""
        return self.owner_kind == "assistant" and self.last_customer_seq > self.answered_seq


@dataclass(frozen=True)
class Entry:
    """One fact of a contact's ledger. `author_kind`: customer, assistant, agent or system; `kind`: see events.py."""

    contact_id: str
    seq: int
    kind: str
    visibility: Visibility
    author_kind: str
    author_id: str
    client_key: str
    body: dict[str, Any]
    at: datetime


webhook = Table(
    "webhook",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("url", String(500), nullable=False),
    Column("kinds", JsonText, nullable=False),  # [] = every public fact
    Column("active", Boolean, nullable=False),
    Column("created_by", String(60), nullable=False),
    Column("created_at", Moment, nullable=False),
    info=belongs(OfHouse("Programs of the shop that listen.")),
)
