"""The shapes of the inbox's API: views, what can be filtered by, settings of the desk, bulk deeds."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from madoguchi.counter.inbox.model import Criteria, Sort, State, View
from madoguchi.faces.api.schemas import ContactOut, In, Out, Version

Values = Annotated[list[Annotated[str, Field(min_length=1, max_length=80)]], Field(max_length=100)]
Minutes = Annotated[int, Field(ge=0, le=60 * 24 * 90)]


class CriteriaIn(In):
    """See `counter.inbox.model.Criteria`: parts are joined by and, the values of one part by or."""

    owners: Values = Field(default_factory=list)
    states: Annotated[list[State], Field(max_length=4)] = Field(default_factory=list)
    queues: Values = Field(default_factory=list)
    channels: Values = Field(default_factory=list)
    languages: Values = Field(default_factory=list)
    kinds: Values = Field(default_factory=list)
    segments: Values = Field(default_factory=list)
    labels: Values = Field(default_factory=list)
    waiting_minutes: Minutes | None = None
    due_minutes: Minutes | None = None
    followed: bool = False

    def criteria(self) -> Criteria:
        return Criteria(**self.model_dump())


class ViewIn(In):
    name: str = Field(max_length=200)
    criteria: CriteriaIn
    sort: Sort = "newest"
    shared: bool = False


class FindIn(In):
    criteria: CriteriaIn
    sort: Sort = "newest"
    limit: int = Field(default=300, ge=1, le=300)


class FoundOut(Out):
    """`count`: how many there are, up to 1,000; `contacts`: the first of them."""

    contacts: list[ContactOut]
    count: int


class ViewOut(Out):
    id: str
    name: str
    shared: bool
    mine: bool
    by: str = ""  # who shares it
    criteria: CriteriaIn
    sort: Sort
    count: int
    can_change: bool

    @classmethod
    def of(cls, view: View, *, mine: bool, by: str, count: int, can_change: bool) -> ViewOut:
        return cls(
            id=view.id,
            name=view.name,
            shared=view.shared,
            mine=mine,
            by=by,
            criteria=CriteriaIn(**asdict(view.criteria)),
            sort=view.sort,
            count=count,
            can_change=can_change,
        )


class OptionOut(Out):
    value: str
    label: str
    group: str = ""


class FiltersOut(Out):
    """What a view can be made of, in the reader's words."""

    owners: list[OptionOut]
    queues: list[OptionOut]
    channels: list[OptionOut]
    languages: list[OptionOut]
    kinds: list[OptionOut]
    segments: list[OptionOut]
    labels: list[OptionOut]
    can_share: bool


class SectionIn(In):
    name: str = Field(max_length=40)
    open: bool = True


class DeskSettings(In):
    """`keys`: command → chord such as `KeyR`, `Mod+KeyJ` or `KeyG KeyI`, where it is not the usual one. `sections`:
    of the customer's pane, in the agent's order.
    """

    keys: dict[Annotated[str, Field(max_length=40)], Annotated[str, Field(max_length=60)]] = Field(
        default_factory=dict
    )
    switches: dict[Annotated[str, Field(max_length=40)], bool] = Field(default_factory=dict)
    sections: Annotated[list[SectionIn], Field(max_length=100)] = Field(default_factory=list)


class MailWish(In):
    """Mails while away from the desk; without an address there are none."""

    address: str = Field(default="", max_length=254)
    mentions: bool = True
    followed: bool = True


class LabelIn(In):
    label: str = Field(max_length=200)
    put: bool = True


class FollowIn(In):
    """To follow again is to have read what is new."""

    follow: bool = True


class RowIn(In):
    contact_id: str = Field(max_length=60)
    owner_version: Version
    text: str = Field(default="", max_length=4000)


class BulkIn(In):
    """One deed on many contacts, each with the owner version that was seen.

    assign: `agent_id` (empty: oneself) · transfer: `queue`, `note` · hold: `until` · resolve: `text`, `anyway` ·
    note: `text` · label, unlabel: `label` · follow, unfollow: the contact · follow_case: the contact's case. A row's own `text` goes before the common one. `key` is the caller's name for the whole: sent again it adds no second note.
    """

    deed: Literal[
        "assign",
        "transfer",
        "hold",
        "resolve",
        "note",
        "label",
        "unlabel",
        "follow",
        "unfollow",
        "follow_case",
    ]
    rows: list[RowIn] = Field(min_length=1, max_length=300)
    key: str = Field(min_length=8, max_length=60)
    agent_id: str = Field(default="", max_length=60)
    queue: str = Field(default="", max_length=40)
    note: str = Field(default="", max_length=4000)
    until: AwareDatetime | None = None
    text: str = Field(default="", max_length=4000)
    anyway: bool = False
    label: str = Field(default="", max_length=200)


class RowOut(Out):
    """What became of one row: done, or refused with code and words."""

    contact_id: str
    done: bool
    code: str = ""
    detail: str = ""


class BulkOut(Out):
    """`undo_until`, `undo_s` (seconds from now) are null where nothing can be undone."""

    bulk_id: str
    done: int
    refused: int
    undo_until: datetime | None = None
    undo_s: int | None = None
    rows: list[RowOut]
    contacts: list[ContactOut]
