"""Customers and the codes by which they prove themselves."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Column, Index, Integer, String, Table

from madoguchi.engine.ownership import OfPerson, belongs
from madoguchi.engine.schema import JsonText, Moment, metadata

Segment = Literal["individual", "member", "business", "student", "senior", "foreign_resident", "seller"]

customer = Table(
    "customer",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("shop_ref", String(120), nullable=False, unique=True),  # the shop's own customer number
    Column("name", String(200), nullable=False),
    Column("kana", String(200), nullable=False),
    Column("email", String(254), nullable=False),
    Column("email_folded", String(254), nullable=False),
    Column("phone", String(40), nullable=False),
    Column("language", String(10), nullable=False),
    Column("preferred_language", String(10), nullable=False, server_default=""),  # chosen here by themselves
    Column("segments", JsonText, nullable=False),
    Column("company", String(200), nullable=False),
    Column("addresses", JsonText, nullable=False),
    Column("locked_at", Moment),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Index("ix_customer_email_folded", "email_folded"),
    info=belongs(OfPerson(customer="id", account=True)),
)

login_code = Table(
    "login_code",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("purpose", String(20), nullable=False),  # sign_in | order
    Column("subject", String(200), nullable=False),  # folded address, or order number
    Column("session_hash", String(64), nullable=False),  # bound to the session that asked (ASVS 6.6.2)
    Column("customer_id", String(60)),
    Column("code_hash", String(64), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
    Index("ix_login_code_session_hash", "session_hash", "purpose"),
    info=belongs(OfPerson(customer="customer_id", withheld=("session_hash", "code_hash"))),
)


class Customer(BaseModel):
    """A person who buys and asks. `addresses` are as in `orders.model.Address`, as plain dicts."""

    model_config = ConfigDict(frozen=True)

    id: str
    shop_ref: str
    name: str
    kana: str = ""
    email: str = ""
    phone: str = ""
    language: str = "ja"
    preferred_language: str = ""
    segments: list[Segment] = []
    company: str = ""
    addresses: list[dict[str, str]] = []
    locked_at: datetime | None = None
    created_at: datetime

    @property
    def country(self) -> str:
        """Of the usual address (ISO 3166); empty where there is none."""
        return self.addresses[0].get("country", "JP") if self.addresses else ""
