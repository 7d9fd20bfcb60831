"""What was measured of each contact, the sums of it by day and month, saved reports, and reports that are mailed.

`measured_contact` is made from the ledger and can be made anew at any time (`following.py`); of an erased contact the
numbers stay and are nobody's.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, get_args

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, String, Table

from madoguchi.engine.ownership import OfHouse, OfPerson, Through, belongs
from madoguchi.engine.schema import JsonText, Moment, metadata

Dimension = Literal["channel", "language", "queue", "kind", "segment"]
DIMENSIONS: tuple[Dimension, ...] = get_args(Dimension)
Rhythm = Literal["daily", "weekly", "monthly"]
RHYTHMS: tuple[Rhythm, ...] = get_args(Rhythm)

# Seconds are whole. None: it has not happened. The name comes after `ledger_entry`, so that erasure takes the facts
# first, and no second row can be made of a contact whose row has just become nobody's.
measured_contact = Table(
    "measured_contact",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("contact_id", String(60), unique=True),
    Column("case_id", String(60), nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("day", String(10), nullable=False),  # of the shop's zone
    Column("hour", Integer, nullable=False),
    Column("channel", String(20), nullable=False),
    Column("language", String(10), nullable=False),
    Column("queue", String(40), nullable=False),  # the first one; "" for none
    Column("last_queue", String(40), nullable=False),
    Column("kind", String(80), nullable=False),
    Column("segment", String(12), nullable=False),  # business | member | other
    Column("agent_id", String(60), nullable=False),  # who had it last
    Column("agents", JsonText, nullable=False),
    Column("said_customer", Integer, nullable=False),
    Column("said_assistant", Integer, nullable=False),
    Column("said_agent", Integer, nullable=False),
    Column("entered_at", Moment),  # the first queue
    Column(
        "wait_end", String(8), nullable=False
    ),  # of the first wait: taken | left | short (left at once) | waiting | ""
    Column("wait_s", Integer),  # of the first wait
    Column("waited_s", Integer, nullable=False),  # all waits in queues together
    Column("in_target", Boolean),  # taken within the queue's target
    Column("promised_low_s", Integer),  # the first range that was told
    Column("promised_high_s", Integer),
    Column("served_s", Integer),  # from being told the range to being taken
    Column("first_assistant_s", Integer),  # from the customer's first word
    Column("first_person_s", Integer),
    Column("hand_over_s", Integer),  # from asking for a person to that person's first word
    Column("in_24h", Boolean),  # answered within 24 hours; None: too early to tell
    Column("letter_late", Boolean),  # mail and form: not answered within two business days
    Column(
        "replies", JsonText, nullable=False
    ),  # chat: {hour of the day: [agents' replies, seconds for them]}
    Column("waiting_s", Integer, nullable=False),  # the customer's unanswered words, all together
    Column("handled_s", Integer),  # in agents' hands
    Column("reason", String(60), nullable=False),  # of the first hand-over
    Column("transferred", Integer, nullable=False),
    Column("escalated", Boolean, nullable=False),  # to the supervisors' desk
    Column("reopened", Boolean, nullable=False),  # or the customer said "not solved"
    Column("alone", Boolean, nullable=False),  # answered by the assistant, no person, not re-opened
    Column("again_s", Integer),  # from the last word to the same person's next contact
    Column("again_kind_s", Integer),  # … of the same kind
    Column("day_over", Boolean, nullable=False),  # 24 hours have passed since the last word
    Column("week_over", Boolean, nullable=False),  # seven days have
    Column(
        "flows", JsonText, nullable=False
    ),  # [[flow, [question, …], where the customer left or "", outcome]]
    Column("dropped", Boolean, nullable=False),  # the customer left in the middle of a flow
    Column("case_first", Boolean, nullable=False),  # it opened its case
    Column("case_solved", Boolean, nullable=False),
    Column("reached", Integer, nullable=False),  # read up to this fact
    Column("contact_at", Moment, nullable=False),  # the contact's and the case's last change that was read
    Column("case_at", Moment),
    Column("look_at", Moment),  # when time alone will change the row
    Column("terms", String(16), nullable=False),  # the settings under which it was read
    Column("counted", Boolean, nullable=False),  # it is in the sums
    Index("ix_measured_contact_day", "day"),
    Index("ix_measured_contact_agent", "agent_id", "day"),
    Index("ix_measured_contact_look_at", "look_at"),
    Index("ix_measured_contact_case", "case_id"),
    info=belongs(
        OfPerson(
            through=Through("contact_id", "contact"),
            erase="blank",
            blank={"contact_id": None, "case_id": "", "look_at": None},
            why="How long things took; numbers only, and then nobody's.",
            stays={
                "agents": "our own people",
                "replies": "numbers",
                "flows": "names of our own questions",
            },
        )
    ),
)

# `cut`: the dimensions that are told apart, e.g. "channel"; the others are "*".
figure_cell = Table(
    "figure_cell",
    metadata,
    Column("cut", String(60), primary_key=True),
    Column("grain", String(5), primary_key=True),  # day | month
    Column("starts", String(10), primary_key=True),  # its first day
    Column("channel", String(20), primary_key=True),
    Column("language", String(10), primary_key=True),
    Column("queue", String(40), primary_key=True),
    Column("kind", String(80), primary_key=True),
    Column("segment", String(12), primary_key=True),
    Column("numbers", LargeBinary, nullable=False),  # tally.SLOTS, eight bytes each
    Column("words", JsonText, nullable=False),  # what is counted by name
    info=belongs(OfHouse("Sums over contacts.")),
)

figure_state = Table(
    "figure_state",
    metadata,
    Column("name", String(20), primary_key=True),
    Column("value", String(40), nullable=False),
    info=belongs(OfHouse("How the sums were made.")),
)

saved_report = Table(
    "saved_report",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("name", String(120), nullable=False),
    Column("query", String(1000), nullable=False),
    Column("saved_by", String(60), nullable=False),
    Column("at", Moment, nullable=False),
    info=belongs(OfHouse("Reports that supervisors look at again.")),
)

report_mail = Table(
    "report_mail",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("name", String(120), nullable=False),
    Column("query", String(1000), nullable=False),
    Column("rhythm", String(8), nullable=False),
    Column("hour", Integer, nullable=False),  # of the shop's day
    Column("language", String(10), nullable=False),
    Column("recipients", JsonText, nullable=False),  # [{"agent_id", "address"}]
    Column("active", Boolean, nullable=False),
    Column("next_at", Moment, nullable=False),
    Column("made_by", String(60), nullable=False),
    Column("at", Moment, nullable=False),
    info=belongs(OfHouse("Reports that staff get by mail.")),
)

other_shop = Table(
    "other_shop",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("shop", String(120), nullable=False),
    Column("channel", String(20), nullable=False),
    Column("low_s", Integer),  # None: not offered there
    Column("high_s", Integer),
    Column("note", String(199), nullable=False),
    Column("source", String(500), nullable=False),
    Column("as_of", String(10), nullable=False),
    Column("changed_by", String(60), nullable=False),
    Column("at", Moment, nullable=False),
    info=belongs(OfHouse("Published figures of other shops.")),
)


@dataclass(frozen=True)
class Measured:
    """One contact, measured. Columns as in the table."""

    id: int | None
    contact_id: str | None
    case_id: str
    opened_at: datetime
    day: str
    hour: int
    channel: str
    language: str
    queue: str
    last_queue: str
    kind: str
    segment: str
    agent_id: str
    agents: list[str]
    said_customer: int
    said_assistant: int
    said_agent: int
    entered_at: datetime | None
    wait_end: str
    wait_s: int | None
    waited_s: int
    in_target: bool | None
    promised_low_s: int | None
    promised_high_s: int | None
    served_s: int | None
    first_assistant_s: int | None
    first_person_s: int | None
    hand_over_s: int | None
    in_24h: bool | None
    letter_late: bool | None
    replies: dict[str, list[int]]
    waiting_s: int
    handled_s: int | None
    reason: str
    transferred: int
    escalated: bool
    reopened: bool
    alone: bool
    again_s: int | None
    again_kind_s: int | None
    day_over: bool
    week_over: bool
    flows: list[Any] = field(default_factory=list)
    dropped: bool = False
    case_first: bool = False
    case_solved: bool = False
    reached: int = 0
    contact_at: datetime | None = None
    case_at: datetime | None = None
    look_at: datetime | None = None
    terms: str = ""
    counted: bool = False

    @property
    def asked(self) -> bool:
        """The customer said something; a contact without a word is no enquiry."""
        return self.said_customer > 0

    @property
    def first_s(self) -> int | None:
        """Seconds until the first answer, whoever gave it."""
        known = [each for each in (self.first_assistant_s, self.first_person_s) if each is not None]
        return min(known, default=None)

    @property
    def is_letter(self) -> bool:
        return self.channel in ("mail", "form")
