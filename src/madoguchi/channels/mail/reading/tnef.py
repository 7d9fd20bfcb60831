"""`winmail.dat`: what Outlook wraps a mail in for other Outlooks (MS-OXTNEF). Pure."""

from __future__ import annotations

from dataclasses import dataclass

from madoguchi.channels.mail.reading.charsets import decode
from madoguchi.channels.mail.reading.mail import File

_MOST = 50


@dataclass(frozen=True)
class Opened:
    """What lay in it; `text` and `html` are "" where there was none."""

    text: str
    html: str
    files: tuple[File, ...]


def opened(content: bytes) -> Opened | None:
    """Unwrap it; None if it cannot be read."""
    from tnefparse import TNEF  # here: few mails need it

    try:
        told = TNEF(content, do_checksum=False)
        files = [
            File(
                str(each.long_filename() or each.name or "file"), "application/octet-stream", bytes(each.data)
            )
            for each in told.attachments[:_MOST]
        ]
        return Opened(_text(told.body), _text(told.htmlbody), tuple(files))
    except Exception:
        return None


def _text(value: object) -> str:
    if isinstance(value, bytes):
        return decode(value)
    if isinstance(value, list):
        return _text(value[0]) if value else ""
    return str(value) if value else ""
