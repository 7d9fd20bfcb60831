"""The shapes of a customer as a whole, for the desk's third pane."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from pydantic import Field

from madoguchi.counter.customers.signals import SignalKind
from madoguchi.faces.api.schemas import CaseOut, ContactOut, CustomerOut, In, Out


class NoteIn(In):
    text: str = Field(max_length=4000)


class NoteOut(Out):
    """A note of staff. `mine`: the reader may change it."""

    id: str
    text: str
    by: str
    written_at: datetime
    changed_at: datetime | None = None
    mine: bool


class SignalOut(Out):
    """A fact that calls for care. `why`: the rule by which it is shown. `sources`: numbers of orders and cases where
    it can be read; it decides nothing.
    """

    kind: SignalKind
    text: str
    why: str
    last_at: datetime
    sources: list[str]


class ProfileOut(Out):
    """What stands beside a person's orders and contacts. `country`: of the usual address, ISO 3166."""

    country: str
    notes: list[NoteOut]
    signals: list[SignalOut]
    open_cases: list[CaseOut]


class ReachIn(In):
    """`no_calls`: nobody calls them, we write."""

    no_calls: bool


class ReachOut(Out):
    """How somebody wants to be reached. `may_change`: the reader may set it."""

    no_calls: bool
    relay: bool
    note: str
    may_change: bool


class MembershipOut(Out):
    plan: str
    active: bool
    since: date
    renews: date | None = None
    ends_on: date | None = None


class BalanceOut(Out):
    """Points, or one gift card. `amount` in minor units."""

    label: str
    amount: int
    text: str
    expires_on: date | None = None


class HeldOut(Out):
    """A subscription, a device or a service. `until`: of a warranty; `next_charge`: of a subscription."""

    id: str
    name: str
    state: str = ""
    state_label: str = ""
    detail: str = ""
    next_charge: date | None = None
    until: date | None = None
    order_number: str = ""


class HoldingsOut(Out):
    membership: MembershipOut | None = None
    balances: list[BalanceOut]
    subscriptions: list[HeldOut]
    devices: list[HeldOut]
    services: list[HeldOut]


class RefundSumOut(Out):
    """All refunds at one step in one currency; see `orders.refund_overview`."""

    step: str
    label: str
    amount: int
    currency: str
    amount_text: str
    count: int
    first: datetime
    last: datetime
    orders: list[str]


class CallbackLine(Out):
    """One call-back. `coming`: it is not over."""

    id: str
    coming: bool
    state_text: str
    when_text: str = ""
    topic_text: str = ""
    outcome_text: str = ""
    contact_id: str
    promised_at: datetime
    finished_at: datetime | None = None


class SatisfactionOut(Out):
    """The answer to the survey of one case. `comment`: only for readers of feedback."""

    case_number: str
    score: int
    at: datetime | None = None
    comment: str = ""


class ChoiceOut(Out):
    name: str
    label: str
    wanted: bool


class RequestOut(Out):
    label: str
    state_label: str
    asked_at: datetime
    due_at: datetime | None = None


class PrivacyOut(Out):
    """What the customer wants to hear and allows. `requests`, `held`: null for whoever may not erase."""

    choices: list[ChoiceOut]
    requests: list[RequestOut] | None = None
    held: bool | None = None


class OverviewOut(ProfileOut):
    """A customer as a whole. Parts that the reader's role does not open are null, and so are those of a shop that does
    not answer (`shop` then says `silent`). `utc_offsets`: minutes ahead of UTC in the west and the east of the country.
    """

    customer: CustomerOut
    utc_offsets: tuple[int, int] | None = None
    reach: ReachOut
    shop: Literal["answers", "silent", "closed"]
    holdings: HoldingsOut | None = None
    orders: list[dict[str, Any]] | None = None
    refunds: list[RefundSumOut] | None = None
    callbacks: list[CallbackLine] | None = None
    contacts: list[ContactOut] | None = None
    cases: list[CaseOut] | None = None
    satisfaction: list[SatisfactionOut] | None = None
    privacy: PrivacyOut
