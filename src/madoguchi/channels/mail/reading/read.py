"""One mail read: headers, text without quotes, safe HTML, files, and what sort of machine sent it, if one did."""

from __future__ import annotations

import re
from email import message_from_bytes
from email.message import Message
from email.policy import compat32

from madoguchi.channels.mail.reading import headers, markup, parts, quotes
from madoguchi.channels.mail.reading.automatic import bounce_of, kind_of, wants_no_answer
from madoguchi.channels.mail.reading.headers import Address
from madoguchi.channels.mail.reading.mail import Mail
from madoguchi.kit import text as kit_text

_DELIVERED = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To")
_HEAD = 64_000  # bytes of the head that are read when the whole cannot be
_CALENDAR_LINE = re.compile(r"^(SUMMARY|DTSTART|DTEND|LOCATION)(?:;[^:\n]*)?:(.*)$", re.M)


def read(raw: bytes, *, marker: str = "") -> Mail:
    """The mail in `raw`. Never raises: what cannot be understood is left out and named in `defects`.

    `marker`: the line that our own mails carry above what they quote.
    """
    try:
        message = message_from_bytes(raw, policy=compat32)
        found = parts.find(message)
    except (
        RecursionError,
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
        IndexError,
        AssertionError,
    ) as error:
        message = message_from_bytes(raw.partition(b"\n\n")[0][:_HEAD] + b"\n\n", policy=compat32)
        found = parts.Found(defects=[f"parts cannot be read: {type(error).__name__}"])
    written, quoted = _words(found, marker)
    return Mail(
        message_id=next(iter(headers.message_ids(message, "Message-ID")), ""),
        in_reply_to=tuple(headers.message_ids(message, "In-Reply-To")),
        references=tuple(headers.message_ids(message, "References")),
        sender=_sender(message),
        reply_to=next(iter(headers.addresses(message, "Reply-To")), None),
        recipients=tuple(headers.addresses(message, "To", "Resent-To")),
        copied=tuple(headers.addresses(message, "Cc")),
        delivered_to=tuple(each.address for each in headers.addresses(message, *_DELIVERED)),
        subject=headers.header(message, "Subject"),
        sent_at=headers.date(message),
        automatic=kind_of(message),
        silent=wants_no_answer(message),
        bounce=bounce_of(message),
        text=written,
        quoted=quoted,
        html=markup.safe("\n".join(found.htmls)) if found.htmls else "",
        files=tuple(found.files),
        defects=tuple(dict.fromkeys(found.defects)),
    )


def _sender(message: Message) -> Address:
    """From; only where that names nobody, Sender or the Return-Path."""
    for name in ("From", "Sender", "Return-Path"):
        for each in headers.addresses(message, name):
            return each
    return Address("", "")


def _words(found: parts.Found, marker: str) -> tuple[str, str]:
    """What was written and what was quoted: from the plain text, else from the HTML, else from an invitation."""
    plain = "\n\n".join(each.strip("\n") for each in found.texts if each.strip())
    if plain:
        written, quoted = quotes.part(_cut(plain, found), marker=marker)
    elif found.htmls:
        text, beneath = markup.texts("\n".join(found.htmls))
        written, more = quotes.part(_cut(text, found), marker=marker)
        quoted = "\n\n".join(filter(None, [more, beneath]))
        if not written:
            written, quoted = quoted, ""
    else:
        written, quoted = "\n\n".join(_invitation(each) for each in found.calendars), ""
    return kit_text.clean(written).strip(), kit_text.clean(quoted[: parts.LONGEST_TEXT]).strip()


def _cut(text: str, found: parts.Found) -> str:
    if len(text) > parts.LONGEST_TEXT:
        found.defects.append("text is cut")
    return text[: parts.LONGEST_TEXT]


def _invitation(calendar: str) -> str:
    """The lines of an invitation (RFC 5545) that a person would read."""
    unfolded = re.sub(r"\r?\n[ \t]", "", calendar).replace("\r\n", "\n")
    return "\n".join(
        value.replace("\\n", "\n").replace("\\,", ",") for _, value in _CALENDAR_LINE.findall(unfolded)
    )
