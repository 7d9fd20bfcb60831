"""Saved views, labels, settings of a desk, and what bulk deeds changed: tables and shapes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Boolean, Column, Index, Integer, String, Table

from madoguchi.engine.ownership import OfHouse, OfPerson, Through, belongs
from madoguchi.engine.schema import JsonText, Moment, metadata

State = Literal["open", "held", "resolved", "ended"]
Sort = Literal["waiting", "due", "newest", "oldest"]
Undoable = Literal["assign", "hold", "label", "follow", "follow_case"]

inbox_view = Table(
    "inbox_view",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("agent_id", String(60), nullable=False),  # who saved it
    Column("shared", Boolean, nullable=False),  # everybody at the desk sees it
    Column("name", String(60), nullable=False),
    Column("criteria", JsonText, nullable=False),
    Column("sort", String(12), nullable=False),
    Column("saved_at", Moment, nullable=False),
    Index("ix_inbox_view_agent", "agent_id"),
    info=belongs(OfHouse("Views of the inbox that staff have saved.")),
)

desk_setting = Table(
    "desk_setting",
    metadata,
    Column("agent_id", String(60), primary_key=True),
    Column("keys", JsonText, nullable=False),  # command → chord, where it is not the usual one
    Column("switches", JsonText, nullable=False),  # name → true or false
    Column(
        "sections", JsonText, nullable=False, server_default="[]"
    ),  # of the customer's pane: [[name, open]]
    Column("saved_at", Moment, nullable=False),
    info=belongs(OfHouse("How each agent has set up the desk.")),
)

contact_label = Table(
    "contact_label",
    metadata,
    Column("contact_id", String(60), primary_key=True),
    Column("label", String(40), primary_key=True),
    Column("agent_id", String(60), nullable=False),
    Column("at", Moment, nullable=False),
    Index("ix_contact_label_label", "label"),
    info=belongs(OfPerson(through=Through("contact_id", "contact"))),
)

bulk_step = Table(
    "bulk_step",
    metadata,
    Column("bulk_id", String(60), primary_key=True),
    Column("contact_id", String(60), primary_key=True),
    Column("agent_id", String(60), nullable=False),
    Column("deed", String(12), nullable=False),
    Column("before", JsonText, nullable=False),  # what its undoing needs to know
    Column("owner_version", Integer, nullable=False),  # after the deed
    Column("at", Moment, nullable=False),
    Column("undone_at", Moment),
    Index("ix_bulk_step_at", "at"),
    info=belongs(OfPerson(through=Through("contact_id", "contact"), withheld=("before",))),
)


@dataclass(frozen=True)
class Criteria:
    """Which contacts a view shows; every part that is not empty must hold, and within a part one of its values.

    `owners`: `me`, `assistant`, `queue` (nobody yet), or an agent's id. `kinds`: categories, or groups of them.
    `states`: without any, those that are open or on hold. `waiting_minutes`: the customer waits for us at least this
    long. `due_minutes`: a promise is due within this time, 0: it is overdue. `followed`: the agent follows it or its case.
    """

    owners: list[str] = field(default_factory=list)
    states: list[State] = field(default_factory=list)
    queues: list[str] = field(default_factory=list)
    channels: list[str] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    segments: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    waiting_minutes: int | None = None
    due_minutes: int | None = None
    followed: bool = False


@dataclass(frozen=True)
class View:
    """A saved view."""

    id: str
    agent_id: str
    shared: bool
    name: str
    criteria: Criteria
    sort: Sort
    saved_at: datetime


@dataclass(frozen=True)
class Step:
    """What a bulk deed did with one contact; columns as in the table."""

    bulk_id: str
    contact_id: str
    agent_id: str
    deed: Undoable
    before: dict[str, Any]
    owner_version: int
    at: datetime
    undone_at: datetime | None
