"""Call-backs, the calls made for them, and who wants no calls: tables and shapes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, UniqueConstraint

from madoguchi.engine.ownership import OfPerson, Through, belongs
from madoguchi.engine.schema import Moment, metadata

Kind = Literal["now", "slot"]
State = Literal[
    "unconfirmed",  # waits for the code that was mailed to somebody who has proved nothing
    "booked",  # its time has not come
    "due",  # in the queue
    "offered",  # an agent has it, whose own telephone rings first
    "agent_ready",
    "dialling",
    "connected",
    "retrying",  # nobody could be reached; waits for the next try
    "done",
    "missed",  # not reached in any try, or the number is not theirs
    "cancelled",
    "replaced",  # the customer called or wrote first
]
Via = Literal["web", "app", "ivr", "assistant", "staff"]
Outcome = Literal["", "talked", "no_answer", "busy", "voicemail", "wrong_number", "failed", "cut"]

STATES: tuple[State, ...] = get_args(State)
VIAS: tuple[Via, ...] = get_args(Via)
FINAL: frozenset[State] = frozenset({"done", "missed", "cancelled", "replaced"})
ON_THE_LINE: frozenset[State] = frozenset({"dialling", "connected"})
IN_HAND: frozenset[State] = frozenset({"offered", "agent_ready", "dialling", "connected"})
LONGEST_NOTE = 500

callback = Table(
    "callback",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("contact_id", String(60), nullable=False),  # "" with the case until it is confirmed
    Column("case_id", String(60), nullable=False),
    Column("from_contact_id", String(60), nullable=False),  # the chat whose place it took over, or ""
    Column("customer_id", String(60)),
    Column("visitor_id", String(60), nullable=False),
    Column("client_key", String(120), nullable=False),
    Column("via", String(12), nullable=False),
    Column("kind", String(8), nullable=False),
    Column("state", String(12), nullable=False),
    Column("language", String(10), nullable=False),
    Column("topic", String(80), nullable=False),
    Column("order_number", String(60), nullable=False),
    Column("queue_id", String(40), nullable=False),
    Column("phone", String(40), nullable=False),  # E.164
    Column("phone_hash", String(64), nullable=False),  # keyed: counts calls to one number
    Column("email", String(254), nullable=False),  # to which a guest's code and reminder go
    Column("kana", String(100), nullable=False),
    Column("note", String(LONGEST_NOTE), nullable=False),
    Column("since", Moment, nullable=False),  # from when on they have waited, for the order of service
    Column("priority", Integer, nullable=False),  # 0: as the queue says
    Column("slot_at", Moment),
    Column("slot_end", Moment),
    Column("due_at", Moment, nullable=False),  # when it is to go on by itself
    Column("not_before", Moment, nullable=False),
    Column("promised_at", Moment, nullable=False),  # by when the call begins
    Column("attempts", Integer, nullable=False),
    Column("calls", Integer, nullable=False),  # to the customer, broken off ones included
    Column("line", Integer, nullable=False),  # a new one each time an agent takes it
    Column("agent_id", String(60), nullable=False),
    Column("outcome", String(12), nullable=False),
    Column("ended_by", String(20), nullable=False),  # of a cancelled or replaced one: by what
    Column("code_tries", Integer, nullable=False),
    Column("reminded_at", Moment),
    Column("warned_at", Moment),
    Column("late_at", Moment),
    Column("broken", Integer, nullable=False),  # promises of a time that were not kept
    Column("started_at", Moment),  # the first call
    Column("connected_at", Moment),
    Column("finished_at", Moment),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    UniqueConstraint("visitor_id", "client_key"),
    Index("ix_callback_state", "state", "due_at"),
    Index("ix_callback_slot", "slot_at"),
    Index("ix_callback_contact", "contact_id"),
    Index("ix_callback_case", "case_id"),
    Index("ix_callback_customer", "customer_id", "created_at"),
    Index("ix_callback_phone", "phone_hash", "created_at"),
    Index("ix_callback_created", "created_at"),
    info=belongs(
        OfPerson(customer="customer_id", visitor="visitor_id", withheld=("client_key", "phone_hash"))
    ),
)

callback_call = Table(
    "callback_call",
    metadata,
    Column("callback_id", String(60), primary_key=True),
    Column("number", Integer, primary_key=True),  # of the line: one row, one call
    Column("agent_id", String(60), nullable=False),
    Column("engine", String(40), nullable=False),
    Column("dialled_at", Moment, nullable=False),
    Column("answered_at", Moment),
    Column("ended_at", Moment),
    Column("outcome", String(12), nullable=False),
    Column("note", String(LONGEST_NOTE), nullable=False),  # the agent's, for staff
    info=belongs(
        OfPerson(through=Through("callback_id", "callback"), withheld=("note", "agent_id", "engine"))
    ),
)

call_preference = Table(
    "call_preference",
    metadata,
    Column("person_id", String(60), primary_key=True),  # the customer, or a visitor whom nobody knows
    Column("no_calls", Boolean, nullable=False),  # 「文字で対応（電話を使わない）」
    Column("relay", Boolean, nullable=False),  # calls through the telephone relay service
    Column("note", String(LONGEST_NOTE), nullable=False),
    Column("at", Moment, nullable=False),
    info=belongs(OfPerson(customer="person_id", visitor="person_id")),
)


@dataclass(frozen=True)
class Callback:
    """One wish to be called. Columns as in the table."""

    id: str
    contact_id: str
    case_id: str
    from_contact_id: str
    customer_id: str | None
    visitor_id: str
    client_key: str
    via: Via
    kind: Kind
    state: State
    language: str
    topic: str
    order_number: str
    queue_id: str
    phone: str
    phone_hash: str
    email: str
    kana: str
    note: str
    since: datetime
    priority: int
    slot_at: datetime | None
    slot_end: datetime | None
    due_at: datetime
    not_before: datetime
    promised_at: datetime
    attempts: int
    calls: int
    line: int
    agent_id: str
    outcome: Outcome
    ended_by: str
    code_tries: int
    reminded_at: datetime | None
    warned_at: datetime | None
    late_at: datetime | None
    broken: int
    started_at: datetime | None
    connected_at: datetime | None
    finished_at: datetime | None
    created_at: datetime
    updated_at: datetime

    @property
    def live(self) -> bool:
        return self.state not in FINAL

    @property
    def person_id(self) -> str:
        """Whose preferences and limits count."""
        return self.customer_id or self.visitor_id

    @property
    def kept_in_time(self) -> bool:
        return self.started_at is not None and self.started_at <= self.promised_at


@dataclass(frozen=True)
class Call:
    """One call of a call-back. Columns as in the table."""

    callback_id: str
    number: int
    agent_id: str
    engine: str
    dialled_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    outcome: Outcome
    note: str


@dataclass(frozen=True)
class CallPreference:
    """How somebody wants to be reached. `no_calls`: nobody calls them, we write."""

    person_id: str
    no_calls: bool = False
    relay: bool = False
    note: str = ""
    at: datetime | None = None


def callback_of(row: Any) -> Callback:
    return Callback(**row._mapping)
