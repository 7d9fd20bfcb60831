"""The sections of the settings about enquiries until they are solved, and what is kept of them: promises, ways, form, articles, surveys, history, privacy."""

from __future__ import annotations

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
