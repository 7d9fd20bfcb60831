"""Queues, places in them, and what agents are doing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from sqlalchemy import Boolean, Column, Float, Index, Integer, String, Table

from madoguchi.engine.ownership import OfHouse, OfPerson, Through, belongs
from madoguchi.engine.schema import JsonText, Moment, metadata

# "after_contact" and "on_call" are never said by an agent: the one is what somebody does who is available otherwise
# (after_contact.py), the other what somebody does while a call lasts, whatever they have said (calls.py).
Status = Literal["available", "busy", "break", "offline", "after_contact", "on_call"]
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
    Column(
        "level", Integer, nullable=False, server_default="1"
    ),  # proficiency that a fresh contact asks for, 1 to 5
    Column("relaxation", JsonText, nullable=False, server_default="[]"),  # [{"after_s", "level"}, …]
    Column("overflow", JsonText, nullable=False, server_default="[]"),  # [{"after_s", "queue"}, …]
    Column("after_contact_s", Integer, nullable=False, server_default="0"),
    info=belongs(OfHouse("Queues.")),
)

queue_topic = Table(
    "queue_topic",
    metadata,
    Column("topic", String(80), primary_key=True),  # taxonomy id, or a group of them
    Column("queue_id", String(40), nullable=False),
    info=belongs(OfHouse("Which queue serves which kind of enquiry, where the house has changed it.")),
)

routing_profile = Table(
    "routing_profile",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("name", String(120), nullable=False),
    Column("queues", JsonText, nullable=False),  # {queue or "*": proficiency 1 to 5}
    Column("capacity", Integer, nullable=False),  # contacts in hand at once, over all channels
    Column(
        "channels", JsonText, nullable=False
    ),  # {channel: contacts in hand at once}; a channel left out: no limit of its own
    Column("active", Boolean, nullable=False),
    info=belongs(OfHouse("What groups of agents serve, and how much of it at once.")),
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
    Column("channel", String(20), nullable=False, server_default=""),
    Column("told_at", Moment),  # when the customer was last told
    Column("promised_low_s", Integer),  # the first range told, from the entry on
    Column("promised_high_s", Integer),
    Column("preferred", String(60), nullable=False, server_default=""),  # the agent who helped before
    Column(
        "not_to", JsonText, nullable=False, server_default="[]"
    ),  # whom the customer wants no more (HND-013)
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
    Column("channel", String(20), nullable=False, server_default=""),
    Index("ix_wait_sample_at", "at"),
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

# What was expected of an hour on the eve of its day; it stays, so that it can be compared with what came.
forecast = Table(
    "forecast",
    metadata,
    Column("day", String(10), primary_key=True),  # ISO date, in the shop's time zone
    Column("hour", Integer, primary_key=True),  # 0 to 23
    Column("queue_id", String(40), primary_key=True),  # "": all contacts, of the assistant too
    Column("contacts", Float, nullable=False),
    Column("made_at", Moment, nullable=False),
    info=belongs(OfHouse("How many contacts were expected.")),
)

agent_status = Table(
    "agent_status",
    metadata,
    Column("agent_id", String(60), primary_key=True),
    Column("status", String(12), nullable=False),
    Column("since", Moment, nullable=False),
    Column("last_seen_at", Moment, nullable=False),
    Column("kind", String(40), nullable=False, server_default=""),  # the house's own status, "" for none
    Column("until", Moment),  # when the agent means to end it
    Column("passed", Integer, nullable=False, server_default="0"),  # offers that ran out in a row
    Column("idle_since", Moment),  # when a contact last left the agent's hands
    info=belongs(OfHouse("What agents are doing.")),
)

agent_spell = Table(
    "agent_spell",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("agent_id", String(60), nullable=False),
    Column("status", String(12), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("ended_at", Moment),  # None while it lasts
    Index("ix_agent_spell_agent", "agent_id", "started_at"),
    info=belongs(OfHouse("What agents were doing, and how long.")),
)

# A row while an agent has a call in hand, from taking it until it is told how it went.
agent_call = Table(
    "agent_call",
    metadata,
    Column("contact_id", String(60), primary_key=True),
    Column("agent_id", String(60), nullable=False),
    Column("since", Moment, nullable=False),
    Index("ix_agent_call_agent", "agent_id"),
    info=belongs(OfPerson(through=Through("contact_id", "contact"), withheld=("agent_id",))),
)

after_contact_work = Table(
    "after_contact_work",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("contact_id", String(60), nullable=False),
    Column("agent_id", String(60), nullable=False),
    Column("queue_id", String(40), nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("ended_at", Moment, nullable=False),  # ahead of time at first; earlier by the agent's word
    Index("ix_after_contact_work_agent", "agent_id", "ended_at"),
    Index("ix_after_contact_work_contact", "contact_id"),
    info=belongs(
        OfPerson(
            through=Through("contact_id", "contact"),
            erase="blank",
            blank={"contact_id": ""},
            why="How long agents worked after a contact; times only, and then nobody's.",
        )
    ),
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
    channel: str = ""
    told_at: datetime | None = None
    promised_low_s: int | None = None
    promised_high_s: int | None = None
    preferred: str = ""
    not_to: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Expectation:
    """What a waiting customer is told: people ahead, and a range of seconds (None: unknown, nobody invents one).

    `closed_for`: the holiday or exception for which nobody is there, by language.
    """

    ahead: int
    low_s: int | None
    high_s: int | None
    open: bool
    opens_at: datetime | None
    closed_for: Mapping[str, str] = field(default_factory=dict, hash=False)
