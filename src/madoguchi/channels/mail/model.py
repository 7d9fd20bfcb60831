"""What is kept of mails: each one received, the Message-IDs that we sent, and the addresses to which people answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from madoguchi.engine.ownership import OfHouse, OfPerson, Through, belongs
from madoguchi.engine.schema import JsonText, Moment, metadata

MailState = Literal["taken", "filed", "quarantined", "deleted"]
ReplyState = Literal["waiting", "left", "taken_back"]

# A mail as it came, before anybody has read it: from here on it cannot be lost (I1).
received_mail = Table(
    "received_mail",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("mailbox", String(320), nullable=False),
    Column("content_key", String(64), nullable=False),  # the same mail delivered twice is one mail (I2)
    Column("storage_key", String(60), nullable=False),  # the raw bytes
    Column("size", Integer, nullable=False),
    Column("recipients", String(2000), nullable=False),  # of the envelope, one a line
    Column("state", String(12), nullable=False),
    Column("reason", String(40), nullable=False),  # why it was filed so, or quarantined
    Column("sender", String(320), nullable=False),
    Column("contact_id", String(60)),
    Column("seq", Integer),
    Column("taken_at", Moment, nullable=False),
    Column("filed_at", Moment),
    Column("envelope_sender", String(320)),  # as the delivering server said; nothing where it said nothing
    Column("subject", String(300), nullable=False, server_default=""),
    Column("authentication", JsonText),  # SPF, DKIM, DMARC, once they are known
    UniqueConstraint("mailbox", "content_key"),
    Index("ix_received_mail_state", "state", "taken_at"),
    Index("ix_received_mail_contact", "contact_id"),
    info=belongs(
        OfPerson(through=Through("contact_id", "contact"), files=("storage_key",), withheld=("content_key",))
    ),
)

# What we sent in a contact, so that an answer or a bounce finds it.
sent_mail = Table(
    "sent_mail",
    metadata,
    Column("message_id", String(200), primary_key=True),
    Column("contact_id", String(60), nullable=False),
    Column("recipient", String(320), nullable=False),
    Column("kind", String(20), nullable=False),  # acknowledgement | reply
    Column("sent_at", Moment, nullable=False),
    Index("ix_sent_mail_recipient", "recipient", "kind", "sent_at"),
    Index("ix_sent_mail_contact", "contact_id"),
    info=belongs(OfPerson(through=Through("contact_id", "contact"))),
)

# An address to which one person answers about one contact. Only the hash of its token is kept (S-06).
reply_address = Table(
    "reply_address",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("contact_id", String(60), nullable=False),
    Column("recipient", String(320), nullable=False),
    Column("created_at", Moment, nullable=False),
    Index("ix_reply_address_contact", "contact_id"),
    info=belongs(OfPerson(through=Through("contact_id", "contact"), withheld=("token_hash",))),
)

# What an agent has written and may still take back, or wants to be sent later. Its text goes when it is settled: from
# then on it stands in the ledger, or nowhere.
waiting_reply = Table(
    "waiting_reply",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("contact_id", String(60), nullable=False),
    Column("agent_id", String(60), nullable=False),
    Column("client_key", String(100), nullable=False),
    Column("text", Text, nullable=False),
    Column("lang", String(12), nullable=False),
    Column("attachments", JsonText, nullable=False),
    Column("original", JsonText),
    Column("due_at", Moment, nullable=False),
    Column("scheduled", Boolean, nullable=False),
    Column("state", String(12), nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("settled_at", Moment),
    UniqueConstraint("contact_id", "agent_id", "client_key"),
    info=belongs(OfPerson(through=Through("contact_id", "contact"))),
)

# How far a mailbox has been fetched.
mail_cursor = Table(
    "mail_cursor",
    metadata,
    Column("mailbox", String(320), primary_key=True),
    Column("uid_validity", BigInteger, nullable=False),
    Column("uid", BigInteger, nullable=False),
    info=belongs(OfHouse("How far a mailbox has been read.")),
)


@dataclass(frozen=True)
class ReceivedMail:
    """One row of `received_mail`."""

    id: str
    mailbox: str
    content_key: str
    storage_key: str
    size: int
    recipients: str
    state: MailState
    reason: str
    sender: str
    contact_id: str | None
    seq: int | None
    taken_at: datetime
    filed_at: datetime | None
    envelope_sender: str | None
    subject: str
    authentication: dict[str, Any] | None


@dataclass(frozen=True)
class WaitingReply:
    """One row of `waiting_reply`. `version` counts its changes: who changes it names the one seen."""

    id: str
    contact_id: str
    agent_id: str
    client_key: str
    text: str
    lang: str
    attachments: list[str]
    original: dict[str, str] | None
    due_at: datetime
    scheduled: bool
    state: ReplyState
    version: int
    created_at: datetime
    settled_at: datetime | None
