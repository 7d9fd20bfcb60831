"""What was said before something was picked, and which words an editor has decided about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Column, Index, Integer, String, Table, Text, UniqueConstraint

from madoguchi.engine.ownership import OfHouse, OfPerson, Through, belongs
from madoguchi.engine.schema import Moment, metadata

Matter = Literal["goods", "articles"]
WordState = Literal["accepted", "rejected"]
MATTERS: tuple[Matter, ...] = ("goods", "articles")

word_sighting = Table(
    "word_sighting",
    metadata,
    Column("contact_id", String(60), primary_key=True),
    Column("seq", Integer, primary_key=True),  # of the entry in which the choice was made
    Column("matter", String(12), nullable=False),
    Column("who", String(60), nullable=False),  # the customer; of a visitor the contact
    Column("language", String(10), nullable=False),
    Column("text", Text, nullable=False),  # veiled, without placeholders
    Column("chosen", Text, nullable=False),  # goods: the product's name in that language; articles: the kind
    Column("said_at", Moment, nullable=False),
    Index("ix_word_sighting_matter", "matter", "said_at"),
    info=belongs(OfPerson(customer="who", through=Through("contact_id", "contact"))),
)

shop_word = Table(
    "shop_word",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("matter", String(12), nullable=False),
    Column("language", String(10), nullable=False),
    Column("word", String(80), nullable=False),
    Column("suggested", String(200), nullable=False),  # what it was suggested to mean
    Column("means", String(200), nullable=False),  # what the editor made of that
    Column("state", String(12), nullable=False),
    Column("decided_by", String(60), nullable=False),
    Column("decided_at", Moment, nullable=False),
    UniqueConstraint("matter", "language", "word", "suggested"),
    info=belongs(OfHouse("Decisions of editors about words.")),
)


@dataclass(frozen=True)
class Sighting:
    """Words, and what their customer picked afterwards. Columns as in the table."""

    seq: int
    matter: Matter
    who: str
    language: str
    text: str
    chosen: str
    said_at: datetime


@dataclass(frozen=True)
class ShopWord:
    """A decision. Columns as in the table."""

    id: str
    matter: Matter
    language: str
    word: str
    suggested: str
    means: str
    state: WordState
    decided_by: str
    decided_at: datetime


@dataclass(frozen=True)
class Candidate:
    """`word` seems to mean `means`: so did `customers` of those `among` who said it (or products that bear it).

    `weight`: how surprising that is (log-likelihood ratio); `source`: talks or catalogue.
    """

    matter: Matter
    language: str
    word: str
    means: str
    customers: int
    among: int
    weight: float
    source: Literal["talks", "catalogue"]
