"""Agents and API keys."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Boolean, Column, Integer, String, Table

from madoguchi.counter.actors import Role
from madoguchi.engine.ownership import OfHouse, belongs
from madoguchi.engine.schema import JsonText, Moment, metadata

agent = Table(
    "agent",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("login", String(120), nullable=False, unique=True),
    Column("name", String(120), nullable=False),
    Column("display_name", String(120), nullable=False),  # what customers see; not the legal name (CASE-002)
    Column("password_hash", String(200), nullable=False),
    Column("totp_secret", String(64)),
    Column("totp_last_step", String(20)),
    Column("roles", JsonText, nullable=False),
    Column("languages", JsonText, nullable=False),
    Column("queues", JsonText, nullable=False),
    Column("capacity", Integer, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("seller_id", String(60), nullable=False, server_default=""),  # a marketplace seller's account
    Column("profile_id", String(40), nullable=False, server_default=""),  # routing profile, "" for own skills
    Column(
        "levels", JsonText, nullable=False, server_default="{}"
    ),  # {"language:ja" or "queue:orders": 1 to 5}
    info=belongs(OfHouse("People of the shop.")),
)

api_key = Table(
    "api_key",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("name", String(120), nullable=False),
    Column("key_hash", String(64), nullable=False, unique=True),
    Column("scopes", JsonText, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("last_used_at", Moment),
    Column("revoked_at", Moment),
    info=belongs(OfHouse("Keys of the shop's programs.")),
)


@dataclass(frozen=True)
class Agent:
    """A member of staff, without secrets in its `repr`.

    `languages` and `queues` are skills: a contact is offered only to an agent who has both; `*` in `queues` is every
    queue. `levels`: proficiency, where it is not the highest (5). With a `profile_id` its queues and capacities count
    instead of the own ones. `capacity`: contacts in hand at once. With a `seller_id` it is a marketplace seller's account, and no staff.
    """

    id: str
    login: str
    name: str
    display_name: str
    password_hash: str = field(repr=False)
    totp_secret: str | None = field(repr=False)
    totp_last_step: str | None = field(repr=False)
    roles: list[Role]
    languages: list[str]
    queues: list[str]
    capacity: int
    active: bool
    created_at: datetime
    seller_id: str = ""
    profile_id: str = ""
    levels: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class ApiKey:
    """A key of an integrator; the key itself is not kept."""

    id: str
    name: str
    key_hash: str = field(repr=False)
    scopes: list[str]
    created_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None
