"""A case: a customer's problem until it is solved, over any number of contacts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Column, Index, Integer, String, Table

from madoguchi.engine.ownership import OfPerson, belongs
from madoguchi.engine.schema import JsonText, Moment, metadata

CaseState = Literal[
    "open",
    "waiting_for_us",
    "waiting_for_customer",
    "waiting_for_third_party",
    "investigating",
    "resolved",
    "closed",
    "reopened",
]

case_file = Table(
    "case_file",  # "case" is a word of SQL
    metadata,
    Column("id", String(60), primary_key=True),
    Column("number", Integer, nullable=False, unique=True),  # people say C-10482
    Column("customer_id", String(60)),
    Column("visitor_id", String(60), nullable=False),
    Column("category", String(80), nullable=False),
    Column("order_number", String(60), nullable=False),
    Column("wish", String(40), nullable=False),  # desired_resolution, see the slots of the catalogue
    Column("priority", Integer, nullable=False),  # 1 emergency … 4 ordinary
    Column("state", String(24), nullable=False),
    Column("summary", JsonText, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("promised_at", Moment),
    Column("resolved_at", Moment),
    Column("closed_at", Moment),
    Column("score", Integer),
    Column("solved", Integer),
    Column("comment", String(2000), nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("channel", String(20), nullable=False, server_default=""),  # of the contact that opened it
    Column("queue", String(40), nullable=False, server_default=""),  # the desk that has it
    Column("owner_id", String(60), nullable=False, server_default=""),  # the agent who has it, if any
    Column("merged_into", String(60), nullable=False, server_default=""),  # the case in which it goes on
    Column("follow_up_at", Moment),
    Index("ix_case_file_customer", "customer_id", "opened_at"),
    Index("ix_case_file_state", "state", "updated_at"),
    Index("ix_case_file_owner", "owner_id", "state"),
    Index("ix_case_file_merged", "merged_into"),
    info=belongs(OfPerson(customer="customer_id", visitor="visitor_id")),
)


@dataclass(frozen=True)
class Case:
    """Columns as in the table; `number` is shown as `C-{number}`."""

    id: str
    number: int
    customer_id: str | None
    visitor_id: str
    category: str
    order_number: str
    wish: str
    priority: int
    state: CaseState
    summary: dict[str, Any]
    opened_at: datetime
    promised_at: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None
    score: int | None
    solved: int | None
    comment: str
    updated_at: datetime
    channel: str = ""
    queue: str = ""
    owner_id: str = ""
    merged_into: str = ""
    follow_up_at: datetime | None = None

    @property
    def label(self) -> str:
        return f"C-{self.number}"
