"""What the web form keeps: drafts, their files, enquiries that wait for their address, mails sent for them, outcomes."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict
from sqlalchemy import BigInteger, Column, Index, Integer, String, Table

from madoguchi.engine.ownership import OfHouse, OfPerson, Through, belongs
from madoguchi.engine.schema import JsonText, Moment, metadata

WaitingState = Literal["waiting", "confirmed", "refused"]

# A form that somebody is filling in; after sending, what its last page says.
form_draft = Table(
    "form_draft",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("visitor_id", String(60), nullable=False),
    Column("data", JsonText, nullable=False),
    Column("sent", JsonText),  # what the page with the number says; None while it is a draft
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Index("ix_form_draft_visitor", "visitor_id", "updated_at"),
    Index("ix_form_draft_expires", "expires_at"),
    info=belongs(OfPerson(visitor="visitor_id")),
)

# Files of a draft, cleaned already; they become attachments with the contact.
form_file = Table(
    "form_file",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("draft_id", String(60), nullable=False),
    Column("name", String(200), nullable=False),
    Column("media_type", String(60), nullable=False),
    Column("size", Integer, nullable=False),
    Column("storage_key", String(60), nullable=False),
    Column("width", Integer),
    Column("height", Integer),
    Column("created_at", Moment, nullable=False),
    Index("ix_form_file_draft", "draft_id"),
    info=belongs(OfPerson(through=Through("draft_id", "form_draft"), withheld=("storage_key",))),
)

# An enquiry whose mail address nobody has confirmed yet: with its number, in no queue, seen by nobody (S-04).
form_waiting = Table(
    "form_waiting",
    metadata,
    Column("id", String(60), primary_key=True),  # that of the draft
    Column("number", Integer, nullable=False),  # of the case that it becomes
    Column("visitor_id", String(60), nullable=False),
    Column("mailbox", String(64), nullable=False),  # hash of the mailbox, however its address is written
    Column("network", String(64), nullable=False),  # hash of the network that it came from
    Column("address", String(254), nullable=False),
    Column("language", String(10), nullable=False),
    Column("category", String(80), nullable=False),
    Column("order_number", String(60), nullable=False),
    Column("data", JsonText, nullable=False),
    Column("state", String(12), nullable=False),  # refused: the mailbox's owner did not write it
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Index("ix_form_waiting_mailbox", "mailbox", "state"),
    Index("ix_form_waiting_network", "network", "created_at"),
    Index("ix_form_waiting_expires", "expires_at"),
    info=belongs(OfPerson(visitor="visitor_id")),
)

# Confirmation mails of the last day: to an address once, whoever asks for it.
form_mail = Table(
    "form_mail",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("mailbox", String(64), nullable=False),
    Column("at", Moment, nullable=False),
    Index("ix_form_mail_mailbox", "mailbox", "at"),
    info=belongs(OfHouse("Keyed hashes of mailboxes, for a day, so that nobody is mailed twice.")),
)

# What became of forms: sent, or solved by an article before it was sent (HLP-003).
form_outcome = Table(
    "form_outcome",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("outcome", String(12), nullable=False),  # sent | solved
    Column("category", String(80), nullable=False),
    Column("article_id", String(120), nullable=False),
    Column("at", Moment, nullable=False),
    Index("ix_form_outcome_at", "at"),
    info=belongs(OfHouse("Counted without anybody's name.")),
)


class Draft(BaseModel):
    """What has been filled in so far. `values`: slot of `at_hand` → text; `kind`: category."""

    model_config = ConfigDict(frozen=True)

    id: str = ""
    group: str = ""
    kind: str = ""
    order: str = ""
    no_order: bool = False
    values: dict[str, str] = {}
    problem: str = ""
    course: str = ""  # what happened, in its order
    wish: str = ""
    wish_words: str = ""
    email: str = ""
    name: str = ""

    @property
    def empty(self) -> bool:
        return self == Draft(id=self.id)


class FormFile(BaseModel):
    """A file of a draft."""

    model_config = ConfigDict(frozen=True)

    id: str
    draft_id: str
    name: str
    media_type: str
    size: int
    storage_key: str
    width: int | None
    height: int | None
    created_at: datetime


class Sent(BaseModel):
    """What the page with the number says. `confirm`: the masked address that must be confirmed first."""

    model_config = ConfigDict(frozen=True)

    number: str
    category: str
    contact_id: str = ""
    joined: bool = False
    confirm: str = ""
    mailed: str = ""  # the masked address to which answers go


class Waiting(BaseModel):
    """A row of `form_waiting`."""

    model_config = ConfigDict(frozen=True)

    id: str
    number: int
    visitor_id: str
    mailbox: str
    network: str
    address: str
    language: str
    category: str
    order_number: str
    data: dict[str, str]
    state: WaitingState
    created_at: datetime
    expires_at: datetime

    @property
    def label(self) -> str:
        return f"C-{self.number}"
