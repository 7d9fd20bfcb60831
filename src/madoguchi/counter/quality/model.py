"""Reviews of conversations and what they look at; contacts in which the customer is upset or abusive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, Text

from madoguchi.engine.ownership import OfHouse, OfPerson, Through, belongs
from madoguchi.engine.schema import JsonText, Moment, metadata

StrainKind = Literal["upset", "abusive"]
MARKS = (1, 2, 3, 4, 5)

review_criterion = Table(
    "review_criterion",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("name", JsonText, nullable=False),  # {"ja": "…", "en": "…"}
    Column("help", JsonText, nullable=False),
    Column("place", Integer, nullable=False),  # in the list
    Column("active", Boolean, nullable=False),
    info=belongs(OfHouse("What reviews look at.")),
)

scorecard = Table(
    "scorecard",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("contact_id", String(60), nullable=False),
    Column("agent_id", String(60), nullable=False),
    Column("reviewer_id", String(60), nullable=False),
    Column("marks", JsonText, nullable=False),  # {criterion: 1 to 5}
    Column("comment", Text, nullable=False),  # to the agent
    Column("at", Moment, nullable=False),
    Column("seen_at", Moment),  # by the agent
    Index("ix_scorecard_agent", "agent_id", "at"),
    Index("ix_scorecard_contact", "contact_id", "agent_id"),
    info=belongs(
        OfPerson(
            through=Through("contact_id", "contact"),
            erase="blank",
            blank={"contact_id": "", "comment": ""},
            withheld=("agent_id", "reviewer_id", "marks", "comment"),
            why="marks of our own work without a name stay in the sums",
        )
    ),
)

strain = Table(
    "strain",
    metadata,
    Column("contact_id", String(60), primary_key=True),
    Column("kind", String(12), nullable=False),  # the worst so far
    Column("count", Integer, nullable=False),  # of messages with abuse
    Column("last_seq", Integer, nullable=False),  # of the newest message that shows it
    Column("since", Moment, nullable=False),
    Column("warned_seq", Integer, nullable=False),  # of the agent's warning; 0: none yet
    info=belongs(OfPerson(through=Through("contact_id", "contact"))),
)


@dataclass(frozen=True)
class Criterion:
    """Columns as in the table."""

    id: str
    name: dict[str, str]
    help: dict[str, str]
    place: int
    active: bool

    def label(self, language: str) -> str:
        return self.name.get(language) or self.name.get("en") or next(iter(self.name.values()), self.id)

    def hint(self, language: str) -> str:
        return self.help.get(language) or self.help.get("en") or ""


@dataclass(frozen=True)
class Scorecard:
    """One review of what one agent did in one contact. Columns as in the table."""

    id: str
    contact_id: str
    agent_id: str
    reviewer_id: str
    marks: dict[str, int]
    comment: str
    at: datetime
    seen_at: datetime | None

    @property
    def mean(self) -> float:
        return sum(self.marks.values()) / len(self.marks)


@dataclass(frozen=True)
class Strain:
    """Columns as in the table."""

    contact_id: str
    kind: StrainKind
    count: int
    last_seq: int
    since: datetime
    warned_seq: int

    @property
    def goes_on(self) -> bool:
        """Abuse again after the warning: the house's rule lets the agent end the conversation."""
        return self.kind == "abusive" and 0 < self.warned_seq < self.last_seq
