"""The shapes of the public API: what goes in (extra keys refused) and the view models that come out.

The server decides and words; clients show. Every text here is already in the reader's language.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from madoguchi.counter.surveys.questions import Aspect
from madoguchi.engine.sections import Language

LAST_SEQ = 2**31 - 1
Version = Annotated[int, Field(ge=0, le=LAST_SEQ)]


class In(BaseModel):
    """What comes in. Characters that no database can keep (NUL, lone surrogates) are left out of every text."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=False)

    @model_validator(mode="before")
    @classmethod
    def _storable(cls, given: Any) -> Any:
        return _storable(given)


def _storable(given: Any) -> Any:
    if isinstance(given, str):
        return given.encode("utf-8", "ignore").decode("utf-8").replace("\0", "")
    if isinstance(given, dict):
        return {_storable(key): _storable(value) for key, value in given.items()}
    if isinstance(given, list):
        return [_storable(value) for value in given]
    return given


class Out(BaseModel):
    pass


# ── sessions ──────────────────────────────────────────────────────────────────────────────────────


class ShopTokenIn(In):
    token: str = Field(max_length=4000)


class MailCodeIn(In):
    email: str = Field(max_length=254)


class OrderCodeIn(In):
    order_number: str = Field(max_length=60)
    email: str = Field(max_length=254)


class CodeIn(In):
    code: str = Field(max_length=20)


class StaffSignInIn(In):
    login: str = Field(max_length=120)
    password: str = Field(max_length=200)
    totp: str = Field(default="", max_length=12)


class DemoSignInIn(In):
    customer_id: str = Field(max_length=60)


class SessionOut(Out):
    """`token` only in the answer that creates a session. `rung`: 0 visitor, 1 order, 2 signed in, 3 fresh."""

    token: str | None = None
    kind: Literal["customer", "staff", "key"]
    id: str
    name: str = ""
    masked_email: str = ""
    language: str
    rung: int = 0
    order_numbers: list[str] = []
    roles: list[str] = []
    expires_at: datetime | None = None
    csrf: str = ""


# ── contacts ──────────────────────────────────────────────────────────────────────────────────────


class OpenContactIn(In):
    language: str = Field(default="", max_length=10)
    text: str = Field(default="", max_length=20000)
    order_number: str = Field(default="", max_length=60)
    problem: str = Field(default="", max_length=80)  # taxonomy id picked on a guided page
    case: str = Field(default="", max_length=20)  # C-10482: go on with this case
    page: str = Field(default="", max_length=500)
    want_person: bool = False
    client_key: str = Field(min_length=8, max_length=120)


class ChoiceIn(In):
    key: str = Field(max_length=120)
    value: str = Field(max_length=500)


class OriginalIn(In):
    text: str = Field(min_length=1, max_length=20000)
    lang: Language


class SayIn(In):
    """Say something. Repeating a `client_key` returns the first answer; with another body it is a conflict (409)."""

    text: str = Field(default="", max_length=20000)
    choice: ChoiceIn | None = None
    attachments: list[Annotated[str, Field(max_length=60)]] = Field(default_factory=list, max_length=10)
    client_key: str = Field(min_length=8, max_length=120)
    internal: bool = False  # staff: a note
    owner_version: Version | None = None  # staff: the version seen; required to speak as the house
    original: OriginalIn | None = None  # staff: their own words, where `text` is a translation of them
    send_at: AwareDatetime | None = (
        None  # staff, in contacts by mail: when it is to leave; else after the moment for undoing
    )


class HandOverIn(In):
    reason: str = Field(default="", max_length=40)
    queue: str = Field(default="", max_length=40)
    client_key: str = Field(default="", max_length=120)


class VersionIn(In):
    owner_version: Version


class TransferIn(In):
    owner_version: Version
    queue: str = Field(default="", max_length=40)
    agent_id: str = Field(default="", max_length=60)
    note: str = Field(default="", max_length=4000)


class ResolveIn(In):
    owner_version: Version
    text: str = Field(default="", max_length=4000)
    anyway: bool = False  # although the case has open tasks


class SnoozeIn(In):
    owner_version: Version
    until: AwareDatetime
    client_key: str = Field(default="", max_length=120)  # sent again under the same key, it is done once


class ResolutionIn(In):
    solved: bool


class RatingIn(In):
    score: int | None = Field(default=None, ge=1, le=5)
    solved: bool | None = None
    comment: str = Field(default="", max_length=2000)
    aspects: dict[Aspect, int] = {}  # 1…5; which ones are asked stands in the case's `questions`


class TranscriptIn(In):
    """Mail the transcript to the customer's own address on file; no address can be given here."""


class SummaryIn(In):
    text: str = Field(max_length=20000)
    line: str = Field(
        "", max_length=20
    )  # problem, order, wish, question, tried, facts.0 …; "": about the whole


class EscalationIn(In):
    wish: Literal["again", "other", "senior", "demand"]
    text: str = Field("", max_length=20000)  # what is explained again, or the deed demanded


class SeenIn(In):
    seq: int = Field(ge=0, le=LAST_SEQ)


class PersonOut(Out):
    kind: Literal["customer", "assistant", "agent", "system"]
    id: str = ""
    name: str = ""  # "AIアシスタント", an agent's display name, the customer's name


class AttachmentOut(Out):
    id: str
    name: str
    media_type: str
    size: int
    width: int | None = None
    height: int | None = None
    url: str


class OptionOut(Out):
    value: str
    label: str
    detail: str = ""
    image: str = ""


class ChoicesOut(Out):
    """Buttons or cards under a message. `chosen` is set once answered; `open` tells whether it can still be answered."""

    key: str
    kind: Literal["buttons", "orders", "lines", "variants"] = "buttons"
    options: list[OptionOut]
    chosen: str | None = None
    open: bool = True


class EntryOut(Out):
    """One ledger entry for a reader. `text` is the message, or the fact in the reader's words."""

    contact_id: str
    seq: int
    kind: str
    visibility: Literal["public", "internal"] = "public"
    author: PersonOut
    text: str = ""
    lang: str = ""
    at: datetime
    mine: bool = False
    client_key: str | None = None  # only to its author
    choices: ChoicesOut | None = None
    card: dict[str, Any] | None = (
        None  # {"kind": "proposal"|"order"|"tracking"|"refunds"|"receipt"|"link"|"summary", …}
    )
    attachments: list[AttachmentOut] = []
    data: dict[str, Any] = {}


class OwnerOut(Out):
    kind: Literal["assistant", "queue", "agent", "none"]
    id: str = ""
    name: str = ""
    version: int


class ExpectationOut(Out):
    ahead: int
    low_s: int | None = None
    high_s: int | None = None
    open: bool = True
    opens_at: datetime | None = None
    text: str  # 「前に2人・約3〜5分。閉じても順番は残ります」


class OtherWayOut(Out):
    way: Literal["callback", "mail"]
    label: str
    url: str = ""  # "": POST /contacts/{id}/answer-by-mail


class WaitingOut(Out):
    """Beside the place in the queue. `ways` are offered after a while, or when the promise was not kept."""

    promise_at: datetime | None = None
    text: str = ""  # 「14:05までに担当者がお返事します」
    ways: list[OtherWayOut] = []
    ways_text: str = ""
    answer_by_mail: bool = False
    mail_text: str = ""


class OfferOut(Out):
    """Held out to the agent who reads. `left_s` is what is left of it now, so that no client need trust its clock."""

    deadline: datetime
    left_s: float


class QuestionOut(Out):
    id: Aspect
    text: str


class PromiseOut(Out):
    """What is still to be done in a case, and by when. `state`: running, paused (`due_at` is null) or late."""

    kind: Literal["first_answer", "next_answer", "solution"]
    label: str
    state: Literal["running", "paused", "late"]
    due_at: datetime | None = None
    text: str  # 「最初の回答は11月21日(土) 10:00までにお届けします。」


class CaseOut(Out):
    id: str
    number: str  # C-10482
    state: str
    state_label: str
    category: str = ""
    category_label: str = ""
    order_number: str = ""
    opened_at: datetime
    promised_at: datetime | None = None
    promises: list[PromiseOut] = []
    usual_time: str = ""  # how long such cases take, in words; empty once it is solved
    resolved_at: datetime | None = None
    score: int | None = None
    solved: bool | None = None
    questions: list[QuestionOut] = []  # what may be asked of a solved case after the first mark (QLT-002)


class CustomerOut(Out):
    id: str
    name: str
    kana: str = ""
    email: str = ""
    phone: str = ""
    language: str = "ja"
    segments: list[str] = []
    segment_labels: list[str] = []
    company: str = ""
    company_id: str = ""
    company_notes: str = ""
    created_at: datetime | None = None


class LastMessageOut(Out):
    author_kind: str
    text: str
    at: datetime


class ViewerOut(Out):
    """An agent who has the contact open; `typing`: and writes in it just now."""

    id: str
    name: str
    typing: bool = False


class ContactOut(Out):
    id: str
    case: CaseOut | None = None
    channel: str
    language: str
    topic: str = ""
    title: str  # 「届かない：ワイヤレスイヤホン」
    order_number: str = ""
    owner: OwnerOut
    state: Literal["open", "resolved", "ended"]
    state_label: str
    opened_at: datetime
    updated_at: datetime
    handed_over_at: datetime | None = None
    ended_at: datetime | None = None
    queue_id: str = ""
    expectation: ExpectationOut | None = None
    waiting: WaitingOut | None = None
    snoozed_until: datetime | None = None
    last_seq: int
    customer_seen_seq: int = 0
    agent_seen_seq: int = 0
    unread: int = 0
    last_message: LastMessageOut | None = None
    customer: CustomerOut | None = None  # staff only
    strain: Literal["", "upset", "abusive"] = ""  # staff only: words that are too strong (QLT-008)
    sender: str = ""  # staff only: how a mail or form names its sender; proved by nothing
    rung: int = 0
    customer_present: bool | None = None  # staff only: a screen of the customer is open
    customer_seen_at: datetime | None = None  # staff only: when one was last open
    labels: list[str] = []  # staff only
    following: bool = False  # agents only: the reader follows it
    viewers: list[ViewerOut] | None = None  # staff only, in the inbox: other agents who have it open
    offer: OfferOut | None = None  # staff only: this contact is offered to the reader
    summary: dict[str, Any] | None = (
        None  # hand-over card: {"problem","order","facts":[{label,value}],"tried":[str],"wish","question","reason"}
    )
    can: dict[
        str, bool
    ] = {}  # say, hand_over, confirm_resolution, rate, accept, take, transfer, resolve, snooze


class ContactPage(Out):
    contacts: list[ContactOut]
    next: str | None = None


class EntriesOut(Out):
    contact: ContactOut
    entries: list[EntryOut]
    cursor: int
    more: bool = False


class SaidOut(Out):
    contact: ContactOut
    entry: EntryOut


# ── orders and proposals ──────────────────────────────────────────────────────────────────────────


class ProposeIn(In):
    order_number: str = Field(max_length=60)
    action: dict[str, Any]  # one of counter.orders.actions
    contact_id: str = Field(default="", max_length=60)


class ConfirmIn(In):
    key: str = Field(min_length=8, max_length=120)


class PossibleOut(Out):
    """One action on one order: allowed now or not, and why."""

    action: str
    label: str
    verdict: Literal["allowed", "needs_approval", "refused"]
    reasons: list[str] = []


# ── desk ──────────────────────────────────────────────────────────────────────────────────────────


class StatusIn(In):
    """`kind`: a status of the house; its base goes before `status`."""

    status: Literal["available", "busy", "break", "offline"]
    kind: str = Field("", max_length=40)


class StatusKindOut(Out):
    """A status that the house has made; `base` is what routing does with it."""

    id: str
    label: str
    base: str


class AgentOut(Out):
    id: str
    name: str
    status: str
    status_label: str
    kind: str = ""
    remind_at: datetime | None = None
    since: datetime | None = None
    open_contacts: int = 0
    capacity: int = 3
    roles: list[str] = []
    languages: list[str] = []
    queues: list[str] = []


class QueueOut(Out):
    id: str
    name: str
    waiting: int
    longest_s: int
    available_agents: int
    open: bool = True


class InboxCounts(Out):
    mine: int
    waiting: int
    snoozed: int
    assistant: int
    longest_wait_s: int
    follow_ups: int = 0  # own cases that wait for a look


class InboxOut(Out):
    contacts: list[ContactOut]
    counts: InboxCounts
    me: AgentOut
    queues: list[QueueOut]
    statuses: list[StatusKindOut] = []
