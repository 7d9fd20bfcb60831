"""Organisations, the people in them, and the documents that were made for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Column, Index, String, Table, UniqueConstraint

from madoguchi.engine.schema import JsonText, Moment, metadata

MemberRole = Literal["owner", "approver", "buyer", "viewer"]
DocumentKind = Literal["quote", "invoice"]

organisation = Table(
    "organisation",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("registration_number", String(14), nullable=False),  # T + 13 digits, or empty
    Column("country", String(2), nullable=False),
    Column("notes", String(2000), nullable=False),  # for agents (BIZ-014)
    Column("manager_id", String(60), nullable=False),  # the agent who looks after it (BIZ-006)
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Index("ix_organisation_registration_number", "registration_number"),
)

organisation_member = Table(
    "organisation_member",
    metadata,
    Column("customer_id", String(60), primary_key=True),
    Column("organisation_id", String(60), nullable=False),
    Column("role", String(12), nullable=False),
    Column("since", Moment, nullable=False),
    Index("ix_organisation_member_organisation", "organisation_id"),
)

business_document = Table(
    "business_document",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("kind", String(10), nullable=False),
    Column("number", String(20), nullable=False),
    Column("organisation_id", String(60), nullable=False),
    Column("customer_id", String(60), nullable=False),
    Column("order_number", String(60), nullable=False),
    Column("client_key", String(120), nullable=False),
    Column("body", JsonText, nullable=False),  # what is printed, for good
    Column("issued_at", Moment, nullable=False),
    Column("valid_until", Moment),
    UniqueConstraint("kind", "number"),
    UniqueConstraint("organisation_id", "client_key"),
    Index("ix_business_document_order", "order_number"),
)


@dataclass(frozen=True)
class Organisation:
    """A business customer with several people in it. Columns as in the table."""

    id: str
    name: str
    registration_number: str
    country: str
    notes: str
    manager_id: str
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True)
class Member:
    """A person of an organisation, with what they may do there."""

    customer_id: str
    name: str
    role: MemberRole
    since: datetime


@dataclass(frozen=True)
class Item:
    """One row of a document: prices in minor units, tax included."""

    label: str
    quantity: int
    unit_price: int
    amount: int
    rate: int


@dataclass(frozen=True)
class Document:
    """A quotation or an invoice, as it was issued."""

    id: str
    kind: DocumentKind
    number: str
    organisation_id: str
    customer_id: str
    order_number: str
    client_key: str
    body: dict[str, Any]
    issued_at: datetime
    valid_until: datetime | None

    @property
    def items(self) -> list[Item]:
        return [Item(**row) for row in self.body["items"]]
