"""Mails as programs write them, for tests."""

from __future__ import annotations

from email.message import EmailMessage, Message
from email.mime.base import MIMEBase


def mail(text: str = "届きません。", html: str = "", **headers: str) -> EmailMessage:
    """A mail from a customer; header names with `_` for `-`."""
    told = EmailMessage()
    named = {
        "From": "山田 花子 <hanako@example.jp>",
        "To": "support@example.com",
        "Subject": "荷物の件",
        **headers,
    }
    for name, value in named.items():
        told[name.replace("_", "-")] = value
    told.set_content(text)
    if html:
        told.add_alternative(html, subtype="html")
    return told


def raw(*lines: str | bytes) -> bytes:
    """A mail line by line, as it stands on the wire."""
    return b"\r\n".join(line.encode("utf-8") if isinstance(line, str) else line for line in lines)


def enclosed(content: bytes, maintype: str, subtype: str, **params: str) -> Message:
    part = MIMEBase(maintype, subtype, **params)
    part.set_payload(content)
    return part


def words_of(sent: EmailMessage) -> str:
    """The plain text of a mail of ours, whatever else is in it."""
    body = sent.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def page_of(sent: EmailMessage) -> str:
    """Its HTML."""
    body = sent.get_body(("html",))
    assert body is not None
    return str(body.get_content())
