"""Queues, places in them, and what agents are doing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Boolean, Column, Index, Integer, String, Table

from madoguchi.engine.ownership import OfHouse, OfPerson, Through, belongs
from madoguchi.engine.schema import JsonText, Moment, metadata

Status = Literal["available", "busy", "break", "offline"]
PlaceState = Literal["waiting", "offered", "taken", "left"]

queue = Table(
    "queue",
    metadata,
    Column("id", String(40), primary_key=True),  # orders, payments, security, returns, general, …
    Column("name", JsonText, nullable=False),  # {"ja": "…", "en": "…"}
    Column("priority", Integer, nullable=False),  # 1 is served first
    Column("target_seconds", Integer, nullable=False),
    Column("always_open", Boolean, nullable=False),
    Column("active", Boolean, nullable=False),
    info=belongs(OfHouse("Queues.")),
)

queue_place = Table(
    "queue_place",
    metadata,
    Column("contact_id", String(60), primary_key=True),
    Column("queue_id", String(40), nullable=False),
    Column("state", String(12), nullable=False),
    Column("priority", Integer, nullable=False),
    Column("language", String(10), nullable=False),
    Column("entered_at", Moment, nullable=False),
    Column("offered_to", String(60), nullable=False),
    Column("offer_deadline", Moment),
    Column("declined_by", JsonText, nullable=False),  # agents who let this offer pass
    Column("shown_ahead", Integer, nullable=False),
    Column("shown_low_s", Integer, nullable=False),
    Column("shown_high_s", Integer, nullable=False),
    Column("taken_at", Moment),
    Column("taken_by", String(60), nullable=False),
    Column("left_at", Moment),
    Index("ix_queue_place_state", "state", "queue_id", "entered_at"),
    info=belongs(OfPerson(through=Through("contact_id", "contact"))),
)

wait_sample = Table(
    "wait_sample",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("queue_id", String(40), nullable=False),
    Column("contact_id", String(60), nullable=False),
    Column("at", Moment, nullable=False),
    Column("wait_s", Integer, nullable=False),
    Column("handle_s", Integer),
    Column("agents", Integer, nullable=False),  # available when taken
    Column("promised_low_s", Integer),
    Column("promised_high_s", Integer),
    Index("ix_wait_sample_queue", "queue_id", "at"),
    info=belongs(
        OfPerson(
            through=Through("contact_id", "contact"),
            erase="blank",
            blank={"contact_id": ""},
            why="How long people waited; numbers only, and then nobody's.",
        )
    ),
)

agent_status = Table(
    "agent_status",
    metadata,
    Column("agent_id", String(60), primary_key=True),
    Column("status", String(12), nullable=False),
    Column("since", Moment, nullable=False),
    Column("last_seen_at", Moment, nullable=False),
    info=belongs(OfHouse("What agents are doing.")),
)


@dataclass(frozen=True)
class Place:
    """A contact's place in a queue; columns as in the table."""

    contact_id: str
    queue_id: str
    state: PlaceState
    priority: int
    language: str
    entered_at: datetime
    offered_to: str
    offer_deadline: datetime | None
    declined_by: list[str]
    shown_ahead: int
    shown_low_s: int
    shown_high_s: int
    taken_at: datetime | None
    taken_by: str
    left_at: datetime | None


@dataclass(frozen=True)
class Expectation:
    """What a waiting customer is told: people ahead, and a range of seconds (None: unknown, nobody invents one)."""

    ahead: int
    low_s: int | None
    high_s: int | None
    open: bool
    opens_at: datetime | None
