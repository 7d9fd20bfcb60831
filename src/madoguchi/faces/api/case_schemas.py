"""The shapes of cases in the public API: what is asked for, and what comes out in the reader's language."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import AwareDatetime, Field

from madoguchi.faces.api.schemas import CaseOut, ContactOut, In, Out

Number = Field(max_length=40)


class CaseStateIn(In):
    """`state`: the one that was seen; another by now is a conflict. `anyway`: although tasks are open."""

    deed: Literal[
        "wait_for_us",
        "wait_for_customer",
        "wait_for_third_party",
        "investigate",
        "resolve",
        "close",
        "reopen",
    ]
    state: str = Field(default="", max_length=24)
    anyway: bool = False


class CaseDetailsIn(In):
    """What is not given stays. `owner_id` "": nobody's, only the desk's."""

    wish: str | None = Field(default=None, max_length=40)
    category: str | None = Field(default=None, max_length=80)
    owner_id: str | None = Field(default=None, max_length=60)
    queue: str | None = Field(default=None, max_length=40)


class CaseOrderIn(In):
    order_number: str = Field(min_length=1, max_length=60)
    lines: list[str] = Field(default_factory=list, max_length=100)


class FollowUpIn(In):
    at: AwareDatetime | None = None
    why: str = Field(default="", max_length=500)


class EscalateIn(In):
    """To a desk, or to one person; without either to the supervisors' desk."""

    reason: str = Field(max_length=1000)
    queue: str = Field(default="", max_length=40)
    agent_id: str = Field(default="", max_length=60)


class MergeIn(In):
    into: str = Number


class SplitIn(In):
    contacts: list[str] = Field(min_length=1, max_length=200)
    category: str = Field(default="", max_length=80)


class LinkIn(In):
    other: str = Number
    kind: Literal["related", "duplicate", "follows"] = "related"


class TaskIn(In):
    """One task, or the tasks of a template."""

    title: str = Field(default="", max_length=200)
    queue: str = Field(default="", max_length=40)
    assignee_id: str = Field(default="", max_length=60)
    due_at: AwareDatetime | None = None
    template: str = Field(default="", max_length=40)


class TaskDeedIn(In):
    """`state`: the one that was seen. `pass`: to another desk or person."""

    deed: Literal["start", "finish", "drop", "reopen", "pass"]
    state: Literal["open", "doing", "done", "dropped"] | None = None
    result: str = Field(default="", max_length=2000)
    queue: str = Field(default="", max_length=40)
    assignee_id: str = Field(default="", max_length=60)


class MemoIn(In):
    happened_at: AwareDatetime
    text: str = Field(min_length=1, max_length=1000)


class NamedOut(Out):
    id: str
    name: str


class OrderOfCaseOut(Out):
    order_number: str
    lines: list[str]


class TaskOut(Out):
    id: str
    case_number: str
    title: str
    state: str
    state_label: str
    queue: NamedOut | None = None
    assignee: NamedOut | None = None
    due_at: datetime | None = None
    overdue: bool = False
    result: str = ""
    finished_at: datetime | None = None
    deeds: list[str]


class LinkedOut(Out):
    number: str
    kind: str
    backwards: bool
    label: str
    title: str
    state_label: str


class TriedOut(Out):
    kind: Literal["step", "deed"]
    text: str
    at: datetime
    contact_id: str
    channel: str
    order_number: str = ""


class EvidenceOut(Out):
    """`sha256` of the bytes as they are kept."""

    id: str
    contact_id: str
    channel: str
    name: str
    media_type: str
    size: int
    sha256: str
    uploader: str
    uploader_kind: str
    at: datetime
    url: str


class MemoOut(Out):
    id: str
    happened_at: datetime
    text: str
    author: str
    author_kind: str
    written_at: datetime


class HappeningOut(Out):
    """One line of a timeline. `source`: contact, case, memo, order (told by the shop), deed (on an order) or account (deed on it)."""

    cursor: str
    at: datetime
    source: str
    kind: str
    channel: str
    internal: bool
    who: str
    who_kind: str
    text: str
    contact_id: str = ""
    seq: int = 0


class TimelineOut(Out):
    """Newest first. `next`: the cursor to name as `before` for what came earlier; empty at the beginning."""

    lines: list[HappeningOut]
    next: str = ""


class CaseLine(CaseOut):
    """A case in a list. What only staff need is empty for customers."""

    wish: str = ""
    wish_label: str = ""
    priority: int = 4
    next_step: str = ""
    queue: NamedOut | None = None
    owner: NamedOut | None = None
    follow_up_at: datetime | None = None
    follow_up_due: bool = False
    customer_name: str = ""
    following: bool = False  # the reader is told of what others do in it


class CasePage(Out):
    cases: list[CaseLine]


class CaseFileOut(CaseLine):
    """A whole case. Customers get neither tasks nor what was tried nor who else has to do with it."""

    escalated: bool = False
    joined: list[str] = Field(default_factory=list)  # numbers that lead here
    orders: list[OrderOfCaseOut] = Field(default_factory=list)
    contacts: list[ContactOut] = Field(default_factory=list)
    linked: list[LinkedOut] = Field(default_factory=list)
    tasks: list[TaskOut] = Field(default_factory=list)
    tried: list[TriedOut] = Field(default_factory=list)
    evidence: list[EvidenceOut] = Field(default_factory=list)
    memos: list[MemoOut] = Field(default_factory=list)
    deeds: list[str] = Field(default_factory=list)  # changes of state that are possible now
    wishes: list[NamedOut] = Field(default_factory=list)
    templates: list[NamedOut] = Field(default_factory=list)


class TaskPage(Out):
    tasks: list[TaskOut]
