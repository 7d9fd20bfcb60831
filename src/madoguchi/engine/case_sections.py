"""The sections of the settings about enquiries until they are solved, and what is kept of them: promises, ways, form, articles, surveys, history, privacy."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from madoguchi.engine.sections import Section, WayName


class Promises(Section):
    """How promises are looked after; the promises themselves stand in data.promises."""

    tell_before_minutes: int = Field(
        30,
        ge=0,
        description="A promise that will not be kept is told to the customer so many minutes before it is due, if it was given for at least four times as long; 0: when it is broken.",
    )
    stalled_days: int = Field(
        3,
        ge=1,
        description="Days without any event after which a case is shown to supervisors and its customer is told (CASE-012).",
    )


class Investigation(Section):
    """While a case is being investigated."""

    notice_hours: int = Field(
        24, ge=1, description="Hours after which the customer hears again that we are at it (CASE-016)."
    )


class Waiting(Section):
    """Who waits for whom in a chat with a person."""

    reply_target_seconds: int = Field(
        180,
        ge=0,
        description="Seconds within which an agent answers in a chat; after that the customer is told once that it takes longer. 0: nobody is told (QUE-009).",
    )
    called_after_seconds: int = Field(
        120,
        ge=10,
        description="Seconds for which an agent waits for a customer who has closed the chat before the customer is called by mail.",
    )
    place_kept_minutes: int = Field(
        10, ge=1, description="Minutes for which the place is kept after that mail."
    )


class Peaks(Section):
    """Peak seasons that are noticed from the number of enquiries; the console declares them with dates (QUE-006)."""

    detect: bool = Field(True, description="Notice a peak by itself.")
    times: float = Field(
        3.0, gt=1, description="So many times the enquiries of the same hour in the last weeks are a peak."
    )
    fewest: int = Field(50, ge=1, description="Enquiries within an hour below which nothing is a peak.")
    factor: float = Field(
        2.0, ge=1, le=10, description="In a peak that was noticed, promised times are so many times as long."
    )


class Ways(Section):
    """The ways to reach us. Hours are in `hours`, telephone number and mail address in `shop`."""

    off: list[WayName] = Field(
        default_factory=list,
        description="Ways that this shop does not have: assistant, person, phone, callback, form, mail (CH-001).",
    )
    serves: dict[str, list[WayName]] = Field(
        {},
        description='Which ways serve a group or a kind of enquiry, instead of the usual, e.g. account_security = ["phone", "mail"] (CH-059).',
    )
    only_for: dict[WayName, list[str]] = Field(
        {},
        description='Customer segments for whom a way is, e.g. callback = ["member", "business"]; a way that is not listed is for everybody (CH-003).',
    )
    desks: dict[Literal["individual", "business", "seller", "multilingual"], list[WayName]] = Field(
        {},
        description='Ways to the desk of a kind of customer, instead of the usual, e.g. business = ["person", "mail"]; an empty list: no desk (QUE-016).',
    )
    order: list[WayName] = Field(
        default_factory=list,
        description="Order in which ways are listed, instead of by what fits; the recommended one stays first.",
    )
    off_reasons: dict[WayName, dict[str, str]] = Field(
        {},
        description="Why a way in `off` is off, by language; it is then shown closed with this reason instead of not at all (CH-003).",
    )
    off_until: dict[WayName, datetime] = Field(
        {},
        description="Until when a way in `off` is expected to stay off; told to customers with the reason.",
    )
    answers: dict[WayName, dict[str, str]] = Field(
        {}, description="When an answer comes on a way, by language, instead of our words (CH-002)."
    )
    costs: dict[WayName, dict[str, str]] = Field(
        {}, description="What a way costs, by language, instead of our words (CH-002)."
    )
    phone_visibility: Literal["signed_in", "public"] = Field(
        "signed_in", description="Who sees the telephone number: signed-in customers, or everybody (CH-014)."
    )


class History(Section):
    """How long what is kept (C-01)."""

    list_days: int = Field(90, ge=1, description="Days shown in the history list at first.")
    keep_days: int = Field(180, ge=90, description="Days after which an ended contact may be removed.")


class Surveys(Section):
    """Asking how our help was, once for each solved case (QLT-002)."""

    mail_after_hours: int = Field(
        24, ge=1, description="Hours after the solution when a mail asks whoever has not answered yet."
    )
    open_days: int = Field(14, ge=1, description="Days after the solution for which answers count.")
    pause_days: int = Field(30, ge=0, description="Days for which one person gets no second mail that asks.")


class WebForm(Section):
    """The web form: how long what is kept, and how often an unproved address may be written to (S-04)."""

    draft_days: int = Field(14, ge=1, le=60, description="Days for which an unsent form is kept.")
    confirm_hours: int = Field(
        72,
        ge=24,
        le=336,
        description="Hours in which somebody who is not signed in confirms the mail address by the link that we send; then the enquiry and its files are removed unread.",
    )
    unconfirmed_per_network: int = Field(
        20,
        ge=1,
        description="Forms of one network address that may wait for confirmation within 24 hours; with it, the mails that strangers can make us send.",
    )
    unconfirmed_per_address: int = Field(
        5, ge=1, description="Forms that may wait for the confirmation of one mail address."
    )
    posts_per_minute: int = Field(
        60, ge=5, description="Forms sent from one network address in a minute, accepted or not."
    )
    min_seconds: int = Field(
        4,
        ge=0,
        le=60,
        description="A form sent sooner than this after it was begun is shown once more, to be sent again.",
    )


class Knowledge(Section):
    """Articles: who lets them go live, and how long readers' searches and words are kept."""

    four_eyes: bool = Field(
        True, description="A draft goes live only when somebody else than its writers has approved it."
    )
    keep_days: int = Field(
        90,
        ge=7,
        description="Days for which searches without a result and readers' reasons are kept.",
    )
    investigation_days: tuple[int, int] = Field(
        (1, 3),
        description="Days, from and to, in which a takeover, a fraud, a wrong fee or a lost second step is usually looked into; articles say so.",
    )
    fewest_searchers: int = Field(
        2, ge=1, le=5, description="Editors see a search without a result once so many readers made it."
    )


class Privacy(Section):
    """How long each kind of record is kept, and how soon a request for erasure or for a copy is met (PRIV-004, PRIV-005)."""

    erase_after_hours: int = Field(
        24,
        ge=0,
        description="Hours in which a customer may still take back the erasure of the whole history or of everything; single messages and contacts are erased at once.",
    )
    answer_days: int = Field(
        30, ge=1, le=30, description="Days within which a request is met at the latest; customers are told."
    )
    export_days: int = Field(7, ge=1, le=30, description="Days for which a prepared copy can be downloaded.")
    retention_hour: int = Field(
        3,
        ge=0,
        le=23,
        description="Hour of the shop's day from which on old records are removed, once a day.",
    )
    attachment_days: int = Field(
        180, ge=1, description="Days after which pictures and documents in finished enquiries are removed."
    )
    raw_mail_days: int = Field(
        90, ge=1, description="Days after which the original bytes of a filed mail are removed."
    )
    quarantine_days: int = Field(
        30, ge=1, description="Days after which mails that were kept apart are removed."
    )
    errand_days: int = Field(
        30,
        ge=1,
        description="Days after which finished errands, and copies of mails in data/outbox, are removed.",
    )
    model_call_days: int = Field(
        400, ge=1, description="Days for which calls to the language model are listed."
    )
    learning_days: int = Field(
        365,
        ge=1,
        description="Days after which what the assistant did not understand is removed, labels too.",
    )
    audit_days: int = Field(
        1095, ge=365, description="Days for which the audit log is kept (never under a year)."
    )
    record_days: int = Field(
        1095, ge=365, description="Days for which records of erasure and of retention are kept."
    )
