"""Saved replies: their tables and shapes. Those that ship stand in shipped.toml; a row of the same id replaces one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Boolean, Column, Index, Integer, String, Table

from madoguchi.counter.hours import in_language
from madoguchi.engine.ownership import OfHouse, belongs
from madoguchi.engine.schema import JsonText, Moment, metadata

MAIN = "ja"  # the language from which the others are translated

saved_reply = Table(
    "saved_reply",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("owner_id", String(60), nullable=False),  # the agent whose own it is; "": the team's
    Column("shortcut", String(40), nullable=False),
    Column("folder", String(60), nullable=False),
    Column("names", JsonText, nullable=False),  # {"ja": "返金の時期", "en": "When the refund arrives"}
    Column("reading", String(120), nullable=False),  # the name in kana, by which it is found too
    Column("texts", JsonText, nullable=False),  # language → text
    Column("translated", JsonText, nullable=False),  # language → revision of the main text that it translates
    Column("revision", Integer, nullable=False),  # of the main text
    Column("deeds", JsonText, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
    Column("saved_by", String(60), nullable=False),
    Column("saved_at", Moment, nullable=False),
    Index("ix_saved_reply_owner", "owner_id"),
    info=belongs(
        OfHouse("Texts that agents send often; the customer's facts are filled in when one is used.")
    ),
)

saved_reply_use = Table(
    "saved_reply_use",
    metadata,
    Column("reply_id", String(60), primary_key=True),
    Column("count", Integer, nullable=False),
    Column("last_used_at", Moment, nullable=False),
    info=belongs(OfHouse("How often each saved reply was used.")),
)


@dataclass(frozen=True)
class Deeds:
    """What is done to the contact when the reply has been sent; empty, 0 and False: nothing.

    `kind`: a category of the case. `hold_hours`, `transfer` (a queue) and `resolve` exclude one another.
    """

    kind: str = ""
    label: str = ""
    hold_hours: int = 0
    transfer: str = ""
    resolve: bool = False

    def __bool__(self) -> bool:
        return self != Deeds()


@dataclass(frozen=True)
class SavedReply:
    """Columns as in the table. `version` 0: as it ships. `active` False: nobody is offered it."""

    id: str
    owner_id: str
    shortcut: str
    folder: str
    names: dict[str, str]
    reading: str
    texts: dict[str, str]
    translated: dict[str, int] = field(default_factory=dict)
    revision: int = 1
    deeds: Deeds = field(default_factory=Deeds)
    active: bool = True
    version: int = 0
    saved_by: str = ""
    saved_at: datetime | None = None

    @property
    def shared(self) -> bool:
        return not self.owner_id

    def name(self, language: str) -> str:
        return in_language(self.names, language) or self.shortcut

    def tongue_for(self, language: str) -> str:
        """The language in which somebody who speaks `language` gets it: theirs, else English, else the main one."""
        return next((each for each in (language, "en") if self.texts.get(each)), MAIN)

    def is_outdated(self, language: str) -> bool:
        """The main text has changed since this one was translated."""
        return language != MAIN and self.translated.get(language, self.revision) != self.revision

    @property
    def outdated(self) -> list[str]:
        return [each for each in self.texts if self.is_outdated(each)]
