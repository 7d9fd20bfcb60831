"""Was a mail sent by a person? Bounces, out-of-office replies, lists and other machines (RFC 3834, RFC 3464). Pure.

Nothing automatic is ever answered automatically. A mail is only *lost* to nobody: whatever it is, it is filed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.message import Message
from typing import Literal

from madoguchi.channels.mail.reading import headers

Automatic = Literal["", "bounce", "auto_reply", "list", "bulk", "calendar", "no_reply"]

_NO_REPLY = re.compile(
    r"^(no[-_.]?reply|do[-_.]?not[-_.]?reply|mailer[-_.]?daemon|postmaster|bounces?|notifications?|auto(mated|reply)?)"
    r"([-_.+].*)?@"
)
_OUT_OF_OFFICE = re.compile(
    r"^(re:\s*)?(auto(matic)?[ -]?(reply|response)|out of (the )?office|自動応答|自動返信|不在|"
    r"自动回复|自動回覆|外出|자동 ?응답|부재중)",
    re.I,
)
_BULK = {"bulk", "junk", "list", "auto_reply"}
_MESSAGE_ID = re.compile(r"^message-id:\s*(<[^<>\s]+>)", re.I | re.M)
_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")


@dataclass(frozen=True)
class Bounce:
    """What a delivery report says (RFC 3464). `recipient`: "" if it names none; `status`: as "5.1.1", "" if unknown;
    `message_id`: of the mail that came back, "" if it is not there; `final`: it will not be tried again.
    """

    recipient: str
    status: str
    message_id: str
    final: bool


def kind_of(message: Message) -> Automatic:
    """What sort of machine sent it; "" for a person, as far as headers can tell."""
    if _is_report(message) or (_returns_nowhere(message) and _from_daemon(message)):
        return "bounce"
    submitted = headers.header(message, "Auto-Submitted").partition(";")[0].strip().lower()
    if submitted and submitted != "no":
        return "auto_reply"
    if headers.header(message, "X-Autoreply") or headers.header(message, "X-Autorespond"):
        return "auto_reply"
    if _OUT_OF_OFFICE.match(headers.header(message, "Subject")):
        return "auto_reply"
    if any(
        headers.header(message, name) for name in ("List-Id", "List-Unsubscribe", "List-Post", "Mailing-List")
    ):
        return "list"
    if headers.header(message, "Precedence").strip().lower() in _BULK:
        return "bulk"
    if _returns_nowhere(message):
        return "bulk"
    if any(_NO_REPLY.match(each.address) for each in headers.addresses(message, "From")):
        return "no_reply"
    return "calendar" if message.get_content_type() == "text/calendar" else ""


def wants_no_answer(message: Message) -> bool:
    """May a person's mail that asks for silence be answered by a machine? (X-Auto-Response-Suppress, MS-OXCMAIL)."""
    wish = headers.header(message, "X-Auto-Response-Suppress").lower()
    return any(word.strip() in {"all", "oof", "autoreply"} for word in wish.split(","))


def bounce_of(message: Message) -> Bounce | None:
    """The delivery report in a mail; None if it holds none that can be read."""
    report = next(
        (part for part in message.walk() if part.get_content_type() == "message/delivery-status"), None
    )
    blocks = headers.inner(report) if report is not None else []
    if not blocks:
        return None
    recipient = status = action = ""
    for block in blocks[1:] or blocks:
        recipient = recipient or _recipient(block)
        status = status or _found(_STATUS, headers.header(block, "Status"))
        action = action or headers.header(block, "Action").lower()
    return Bounce(
        recipient, status, _returned_id(message), final=action == "failed" or status.startswith("5")
    )


def _is_report(message: Message) -> bool:
    kind = message.get_content_type()
    told = str(message.get_param("report-type", "")).lower()
    return kind == "multipart/report" and told in ("delivery-status", "")


def _returns_nowhere(message: Message) -> bool:
    paths = headers.raw_headers(message, "Return-Path")
    return bool(paths) and paths[0].strip() in ("<>", "")


def _from_daemon(message: Message) -> bool:
    return any(
        each.address.startswith(("mailer-daemon@", "postmaster@"))
        for each in headers.addresses(message, "From")
    )


def _recipient(block: Message) -> str:
    for name in ("Final-Recipient", "Original-Recipient"):
        told = headers.header(block, name).partition(";")[2].strip().lower()
        if "@" in told:
            return told.strip("<>")[:320]
    return ""


def _returned_id(message: Message) -> str:
    for part in message.walk():
        if part.get_content_type() in ("message/rfc822", "text/rfc822-headers") and part is not message:
            for enclosed in headers.inner(part):
                return next(iter(headers.message_ids(enclosed, "Message-ID")), "")
            match = _MESSAGE_ID.search(str(part.get_payload())[:20_000])
            if match:
                return match.group(1)
    return ""


def _found(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    return match.group(0) if match else ""
