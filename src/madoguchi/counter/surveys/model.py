"""Surveys, one for each solved case, and feedback given at any time: tables and shapes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, get_args

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, Text

from madoguchi.engine.ownership import OfPerson, belongs
from madoguchi.engine.schema import JsonText, Moment, metadata

SurveyState = Literal["open", "answered", "declined"]
Way = Literal["chat", "page", "mail"]
FeedbackKind = Literal["praise", "complaint", "suggestion", "other"]
FeedbackState = Literal["new", "in_work", "done"]

FEEDBACK_KINDS: tuple[FeedbackKind, ...] = get_args(FeedbackKind)
FEEDBACK_STATES: tuple[FeedbackState, ...] = get_args(FeedbackState)

# What the case was when it was solved is kept with the answer, so that results do not change when cases are merged,
# moved or forgotten.
survey = Table(
    "survey",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("case_id", String(60), nullable=False, unique=True),  # one for each case, whatever happens to it
    Column("contact_id", String(60), nullable=False),
    Column("customer_id", String(60)),
    Column("visitor_id", String(60), nullable=False),
    Column("language", String(10), nullable=False),
    Column("channel", String(20), nullable=False),
    Column("category", String(80), nullable=False),
    Column("agent_id", String(60), nullable=False),  # who spoke last for the house; "": the assistant alone
    Column("state", String(12), nullable=False),
    Column("score", Integer),
    Column("aspects", JsonText, nullable=False),  # {"speed": 1…5}
    Column("comment", String(2000), nullable=False),
    Column("answered_by", String(8), nullable=False),  # chat | page | mail
    Column("solved_at", Moment, nullable=False),
    Column("begun_at", Moment, nullable=False),
    Column("mail_due_at", Moment),  # when a mail asks, if nobody has answered by then
    Column("mailed_at", Moment),
    Column("answered_at", Moment),
    Index("ix_survey_mail_due_at", "mail_due_at"),
    Index("ix_survey_solved_at", "solved_at"),
    Index("ix_survey_visitor", "visitor_id"),
    info=belongs(
        OfPerson(
            customer="customer_id",
            visitor="visitor_id",
            erase="blank",
            blank={
                "customer_id": None,
                "visitor_id": "",
                "contact_id": "",
                "comment": "",
                "mail_due_at": None,
            },
            why="marks without a name stay in the sums",
        )
    ),
)

feedback = Table(
    "feedback",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("kind", String(12), nullable=False),
    Column("text", Text, nullable=False),
    Column("case_id", String(60), nullable=False),
    Column("customer_id", String(60)),
    Column("visitor_id", String(60), nullable=False),
    Column("language", String(10), nullable=False),
    Column("wants_answer", Boolean, nullable=False),
    Column("contact_id", String(60), nullable=False),  # in which it is answered, if it is
    Column("state", String(12), nullable=False),
    Column("taken_by", String(60), nullable=False),
    Column("note", String(2000), nullable=False),  # what came of it, for staff
    Column("at", Moment, nullable=False),
    Column("done_at", Moment),
    Index("ix_feedback_state", "state", "at"),
    Index("ix_feedback_customer", "customer_id"),
    info=belongs(OfPerson(customer="customer_id", visitor="visitor_id", withheld=("note", "taken_by"))),
)


@dataclass(frozen=True)
class Answer:
    """What was answered so far: marks 1…5, `aspects` by name; None and empty leave what was answered before."""

    score: int | None = None
    solved: bool | None = None
    comment: str = ""
    aspects: dict[str, int] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        return self.score is None and self.solved is None and not self.aspects and not self.comment.strip()


@dataclass(frozen=True)
class Survey:
    """Columns as in the table."""

    id: str
    case_id: str
    contact_id: str
    customer_id: str | None
    visitor_id: str
    language: str
    channel: str
    category: str
    agent_id: str
    state: SurveyState
    score: int | None
    aspects: dict[str, int]
    comment: str
    answered_by: str
    solved_at: datetime
    begun_at: datetime
    mail_due_at: datetime | None
    mailed_at: datetime | None
    answered_at: datetime | None

    @property
    def owner_id(self) -> str:
        """Whose preferences count: the customer's, or those of whoever wrote without an account."""
        return self.customer_id or self.visitor_id


@dataclass(frozen=True)
class Feedback:
    """Columns as in the table."""

    id: str
    kind: FeedbackKind
    text: str
    case_id: str
    customer_id: str | None
    visitor_id: str
    language: str
    wants_answer: bool
    contact_id: str
    state: FeedbackState
    taken_by: str
    note: str
    at: datetime
    done_at: datetime | None


def survey_of(row: Any) -> Survey:
    return Survey(**row._mapping)


def feedback_of(row: Any) -> Feedback:
    return Feedback(**row._mapping)
