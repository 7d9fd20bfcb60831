"""Outages that somebody has declared, peak seasons, and what the house has noticed by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from sqlalchemy import Boolean, Column, Index, Integer, String, Table

from madoguchi.engine.ownership import OfHouse, belongs
from madoguchi.engine.schema import JsonText, Moment, metadata

Part = Literal["chat", "assistant", "mail", "shop", "phone"]
Signal = Literal["chat", "assistant", "mail", "shop", "rush"]
PARTS: tuple[Part, ...] = get_args(Part)
SIGNALS: tuple[Signal, ...] = get_args(Signal)

incident = Table(
    "incident",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("part", String(20), nullable=False),
    Column("cause", JsonText, nullable=False),  # {"ja": "…", "en": "…"}
    Column("instead", JsonText, nullable=False),  # what does meanwhile, in the same languages
    Column("begins_at", Moment, nullable=False),
    Column("ends_at", Moment),  # expected; None: nobody knows
    Column("declared_by", String(60), nullable=False),
    Column("declared_at", Moment, nullable=False),
    Column("over_at", Moment),
    Column("over_by", String(60), nullable=False),
    Index("ix_incident_over", "over_at", "begins_at"),
    info=belongs(OfHouse("Outages that staff have declared.")),
)

peak_season = Table(
    "peak_season",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("notice", JsonText, nullable=False),  # {"ja": "…", "en": "…"}, or {} for our own words
    Column("percent", Integer, nullable=False),  # promised times become so much of the usual
    Column("begins_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False),
    Column("declared_by", String(60), nullable=False),
    Column("declared_at", Moment, nullable=False),
    Column("over_at", Moment),
    Column("over_by", String(60), nullable=False),
    Index("ix_peak_season_over", "over_at", "begins_at"),
    info=belongs(OfHouse("Peak seasons that staff have declared.")),
)

signal = Table(
    "signal",
    metadata,
    Column("name", String(20), primary_key=True),
    Column("raised", Boolean, nullable=False),
    Column("since", Moment, nullable=False),
    Column("checked_at", Moment, nullable=False),
    info=belongs(OfHouse("What the house notices about its own parts.")),
)


@dataclass(frozen=True)
class Incident:
    """An outage; columns as in the table."""

    id: str
    part: Part
    cause: dict[str, str]
    instead: dict[str, str]
    begins_at: datetime
    ends_at: datetime | None
    declared_by: str
    declared_at: datetime
    over_at: datetime | None
    over_by: str


@dataclass(frozen=True)
class PeakSeason:
    """A peak season; columns as in the table."""

    id: str
    notice: dict[str, str]
    percent: int
    begins_at: datetime
    ends_at: datetime
    declared_by: str
    declared_at: datetime
    over_at: datetime | None
    over_by: str


@dataclass(frozen=True)
class Noticed:
    """What the house has noticed: `raised` since `since`, last looked at `checked_at`."""

    name: Signal
    raised: bool
    since: datetime
    checked_at: datetime


@dataclass(frozen=True)
class Disturbance:
    """One part that does not work now. `cause` and `instead` are empty where the house noticed it by itself."""

    part: Part
    since: datetime
    until: datetime | None = None
    cause: dict[str, str] | None = None
    instead: dict[str, str] | None = None
    declared: bool = False


@dataclass(frozen=True)
class Peak:
    """It is busy beyond the usual; `percent` of the usual time is promised. `until` None: noticed by itself."""

    percent: int
    notice: dict[str, str]
    until: datetime | None = None
    declared: bool = False


@dataclass(frozen=True)
class Conditions:
    """How things stand at one moment."""

    disturbances: tuple[Disturbance, ...] = ()
    peak: Peak | None = None

    def of(self, part: Part) -> Disturbance | None:
        return next((each for each in self.disturbances if each.part == part), None)

    @property
    def chat_closed(self) -> bool:
        """Somebody has said that no chat can begin; what the house only suspects closes nothing."""
        found = self.of("chat")
        return found is not None and found.declared

    @property
    def percent(self) -> int:
        """The wait for a person is promised with so much of the usual."""
        return self.peak.percent if self.peak else 100

    @property
    def declared_percent(self) -> int:
        """Answers in writing too, for days on which the shop itself has said that it is busy."""
        return self.peak.percent if self.peak and self.peak.declared else 100
