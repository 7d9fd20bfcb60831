"""A mail as it was read: the shape that everything above works with. Nothing in it proves who sent it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from madoguchi.channels.mail.reading.automatic import Automatic, Bounce
from madoguchi.channels.mail.reading.headers import Address


@dataclass(frozen=True)
class File:
    """Something that came with a mail. `name` as the sender gave it, for showing only, never a path; `content_id`
    without brackets if the HTML may show it in its place; `media_type` as claimed.
    """

    name: str
    media_type: str
    content: bytes = field(repr=False)
    content_id: str = ""


@dataclass(frozen=True)
class Mail:
    """Headers, decoded; `text` what was written and `quoted` what it answers, as plain text; `html` safe HTML, "" if
    there was none; `files` in order. `message_id`, `in_reply_to`, `references` keep their angle brackets, newest last.
    `defects`: what was wrong with the mail or too much of it, in short English words for the log and the desk.
    """

    message_id: str
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    sender: Address
    reply_to: Address | None
    recipients: tuple[Address, ...]
    copied: tuple[Address, ...]
    delivered_to: tuple[str, ...]
    subject: str
    sent_at: datetime | None
    automatic: Automatic
    silent: bool
    bounce: Bounce | None
    text: str
    quoted: str
    html: str
    files: tuple[File, ...]
    defects: tuple[str, ...]
