"""Organisations, the people in them, and the documents that were made for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, UniqueConstraint, false

from madoguchi.engine.ownership import OfHouse, OfPerson, belongs
from madoguchi.engine.schema import JsonText, Moment, metadata

MemberRole = Literal["owner", "approver", "buyer", "viewer"]
DocumentKind = Literal["quote", "invoice"]
TermsState = Literal["asked", "approved", "declined"]

organisation = Table(
    "organisation",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("registration_number", String(14), nullable=False),  # T + 13 digits, or empty
    Column("country", String(2), nullable=False),
    Column("notes", String(2000), nullable=False),  # for agents (BIZ-014)
    Column("manager_id", String(60), nullable=False),  # the agent who looks after it (BIZ-006)
    Column("language", String(10), nullable=False, server_default="ja"),  # of its documents (BIZ-011)
    Column("timezone", String(60), nullable=False, server_default=""),  # empty: the shop's (BIZ-012)
    Column(
        "group_id", String(60), nullable=False, server_default=""
    ),  # companies that belong together (BIZ-013)
    Column("shares_cases", Boolean, nullable=False, server_default=false()),  # with its group
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Index("ix_organisation_registration_number", "registration_number"),
    info=belongs(OfHouse("Companies.")),
)

organisation_member = Table(
    "organisation_member",
    metadata,
    Column("customer_id", String(60), primary_key=True),
    Column("organisation_id", String(60), nullable=False),
    Column("role", String(12), nullable=False),
    Column("since", Moment, nullable=False),
    Index("ix_organisation_member_organisation", "organisation_id"),
    info=belongs(OfPerson(customer="customer_id", account=True)),
)

organisation_terms = Table(
    "organisation_terms",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("organisation_id", String(60), nullable=False),
    Column("kind", String(40), nullable=False),  # of the policy, `business.contract_kinds`
    Column("text", String(2000), nullable=False),
    Column("payment_days", Integer),  # 支払いサイト: days from the invoice to the payment
    Column("state", String(12), nullable=False),
    Column("asked_by", String(60), nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("decided_by", String(60), nullable=False),
    Column("decided_at", Moment),
    Column("reason", String(500), nullable=False),
    Index("ix_organisation_terms_organisation", "organisation_id", "asked_at"),
    info=belongs(OfHouse("Contract terms of companies.")),
)

organisation_appointment = Table(
    "organisation_appointment",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("organisation_id", String(60), nullable=False),
    Column("customer_id", String(60), nullable=False),
    Column("agent_id", String(60), nullable=False),
    Column("at", Moment, nullable=False),
    Column("about", String(500), nullable=False),
    Column("client_key", String(120), nullable=False),
    Column("created_at", Moment, nullable=False),
    UniqueConstraint("agent_id", "at"),
    UniqueConstraint("organisation_id", "client_key"),
    info=belongs(OfPerson(customer="customer_id", withheld=("client_key",))),
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
    info=belongs(
        OfPerson(
            customer="customer_id",
            erase="keep",
            withheld=("client_key",),
            why="A record of business that the shop has to keep for as long as tax law says.",
            stays={"body": "The quotation or invoice as it was issued."},
        )
    ),
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
    language: str
    timezone: str
    group_id: str
    shares_cases: bool
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
class Terms:
    """Contract terms of its own: asked for by one of the shop's people, decided by another (BIZ-007)."""

    id: str
    organisation_id: str
    kind: str
    text: str
    payment_days: int | None
    state: TermsState
    asked_by: str
    asked_at: datetime
    decided_by: str
    decided_at: datetime | None
    reason: str


@dataclass(frozen=True)
class Appointment:
    """A talk with the agent who looks after the company (BIZ-006)."""

    id: str
    organisation_id: str
    customer_id: str
    agent_id: str
    at: datetime
    about: str
    client_key: str
    created_at: datetime


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
