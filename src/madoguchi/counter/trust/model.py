"""What we have sent and what was reported to us: tables and shapes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, String, Table, Text

from madoguchi.engine.ownership import OfHouse, OfPerson, Through, belongs
from madoguchi.engine.schema import JsonText, Moment, metadata

sent_message = Table(
    "sent_message",
    metadata,
    Column("id", String(120), primary_key=True),  # of the errand that sent it: a repeat is the same row
    Column("recipient", String(64), nullable=False),  # keyed hash: the log names nobody
    Column("subject", String(300), nullable=False),  # folded
    Column("sender", String(254), nullable=False),
    Column("at", Moment, nullable=False),
    Column("title", String(300), nullable=False, server_default=""),  # the subject as it was sent
    Index("ix_sent_message_recipient", "recipient", "at"),
    info=belongs(
        OfHouse(
            "What we sent, to a keyed hash of an address, which names nobody; its subjects go with `trust.forget_recipient`."
        )
    ),
)

trust_report = Table(
    "trust_report",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("contact_id", String(60)),
    Column("customer_id", String(60)),
    Column("channel", String(10), nullable=False),  # mail | sms | phone | site
    Column("campaign", String(200), nullable=False),  # what reports of one wave have in common, or ""
    Column("verdict", String(10), nullable=False),
    Column("findings", JsonText, nullable=False),  # [[code, shown]]
    Column("received", String(80), nullable=False),  # when, in the customer's words
    Column("text", Text, nullable=False),
    Column("state", String(12), nullable=False),  # new | confirmed | dismissed
    Column("at", Moment, nullable=False),
    Index("ix_trust_report_campaign", "campaign", "at"),
    Index("ix_trust_report_at", "at"),
    info=belongs(
        OfPerson(
            customer="customer_id",
            through=Through("contact_id", "contact"),
            erase="blank",
            blank={"customer_id": None, "contact_id": None, "text": "", "received": ""},
            why="What fakes have in common protects others.",
            stays={
                "campaign": "The site, number or sender of the fake.",
                "findings": "What in the message is a fake.",
            },
        )
    ),
)


@dataclass(frozen=True)
class Report:
    """One report. `similar`: how many of the same campaign came within an hour, this one included."""

    id: str
    contact_id: str | None
    customer_id: str | None
    channel: str
    campaign: str
    verdict: str
    findings: list[Any]
    received: str
    text: str
    state: str
    at: datetime
    similar: int = 1


@dataclass(frozen=True)
class Sent:
    """A mail of ours as its recipient may look it up."""

    subject: str
    sender: str
    at: datetime


@dataclass(frozen=True)
class Campaign:
    """The reports of one day that have a place, number or sender in common."""

    campaign: str
    reports: int
    first_at: datetime
    last_at: datetime
