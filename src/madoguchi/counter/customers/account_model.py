"""Proposals on accounts and the history of sign-ins: tables and shapes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Column, Index, Integer, String, Table

from madoguchi.counter.customers.account_deeds import AccountDeedName
from madoguchi.engine.ownership import OfPerson, belongs
from madoguchi.engine.schema import JsonText, Moment, metadata

AccountState = Literal["offered", "executing", "done", "failed", "unknown", "withdrawn", "expired", "refused"]
PREFIX = "acct"  # of the ids, which stand in the ledger beside those of proposals on orders

account_proposal = Table(
    "account_proposal",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("contact_id", String(60)),
    Column(
        "customer_id", String(60)
    ),  # NULL: a visitor asked, and the shop alone knows whether there is anybody
    Column("visitor_id", String(60), nullable=False),  # whose session stays open
    Column("deed", String(40), nullable=False),
    Column("request", JsonText, nullable=False),
    Column("rung", Integer, nullable=False),
    Column("reasons", JsonText, nullable=False),
    Column("state", String(20), nullable=False),
    Column("actor_kind", String(12), nullable=False),
    Column("actor_id", String(60), nullable=False),
    Column("confirm_key", String(120)),
    Column("confirmed_by", String(60)),
    Column("receipt", JsonText),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("confirmed_at", Moment),
    Column("finished_at", Moment),
    Index("ix_account_proposal_customer", "customer_id", "created_at"),
    Index("ix_account_proposal_state", "state", "confirmed_at"),
    info=belongs(
        OfPerson(customer="customer_id", visitor="visitor_id", account=True, withheld=("confirm_key",))
    ),
)

sign_in = Table(
    "sign_in",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("customer_id", String(60), nullable=False),
    Column("at", Moment, nullable=False),
    Column("method", String(20), nullable=False),
    Column("device", String(80), nullable=False),
    Column("place", String(80), nullable=False),  # the network only, never the whole address
    Index("ix_sign_in_customer", "customer_id", "at"),
    info=belongs(OfPerson(customer="customer_id", account=True)),
)


class AccountProposal(BaseModel):
    """What exactly will happen to whose account, until when. Confirming it does just this, once."""

    model_config = ConfigDict(frozen=True)

    id: str
    contact_id: str | None
    customer_id: str | None
    visitor_id: str
    deed: AccountDeedName
    request: dict[str, Any]
    rung: int  # of the identity ladder that the policy asks for
    reasons: list[str] = []  # codes: why it is refused
    state: AccountState
    actor_kind: str
    actor_id: str
    confirm_key: str | None = None
    confirmed_by: str | None = None
    receipt: dict[str, Any] | None = None  # {"reference", "at"} or, when failed, {"reasons": [code]}
    created_at: datetime
    expires_at: datetime
    confirmed_at: datetime | None = None
    finished_at: datetime | None = None


@dataclass(frozen=True)
class SignIn:
    """One sign-in as its owner may see it: when, by which way, with what, from which network."""

    at: datetime
    method: str
    device: str
    place: str


@dataclass(frozen=True)
class Standing:
    """How an account stands. None: the shop does not tell."""

    locked_at: datetime | None = None
    two_step: bool | None = None
    password_changed_at: datetime | None = None
