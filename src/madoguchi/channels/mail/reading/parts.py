"""The parts of a MIME message: which is its text, which its HTML, and which are files. Pure, within limits (R-13, R-14).

Parts lie in each other to any depth and in any number; both are limited, and what lies beyond is not read. The raw
mail is kept whole by whoever received it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import errors
from email.message import Message

from madoguchi.channels.mail.reading import headers, tnef
from madoguchi.channels.mail.reading.charsets import decode
from madoguchi.channels.mail.reading.mail import File
from madoguchi.kit import text as kit_text

MOST_PARTS = 300
DEEPEST = 30
MOST_FILES = 50
LONGEST_TEXT = 200_000  # characters that are read as text
_ENDINGS = {"image/jpeg": ".jpg", "text/plain": ".txt", "text/html": ".html", "message/rfc822": ".eml"}
_RAW_NAME = re.compile(r"name\s*=\s*\"?([^\";\r\n]+)", re.I)
_WINMAIL = {"application/ms-tnef", "application/vnd.ms-tnef"}


@dataclass
class Found:
    """What the parts hold. `texts` and `htmls` in their order; `calendars`: iCalendar texts."""

    texts: list[str] = field(default_factory=list)
    htmls: list[str] = field(default_factory=list)
    calendars: list[str] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    defects: list[str] = field(default_factory=list)


def find(message: Message) -> Found:
    """Sort the parts of a message. Never raises for what a message may hold."""
    found = Found()
    for number, (part, depth, in_alternative) in enumerate(_leaves(message), 1):
        if number > MOST_PARTS or depth > DEEPEST:
            found.defects.append("too many parts")
            break
        _sort(part, found, first=number == 1, in_alternative=in_alternative)
    found.defects += sorted({type(each).__name__ for each in _defects(message)})
    return found


def _leaves(message: Message) -> Iterator[tuple[Message, int, bool]]:
    """Parts that hold something, depth first, in order; an enclosed mail is one of them. Without recursion."""
    stack = [(message, 0, False)]
    while stack:
        part, depth, in_alternative = stack.pop()
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            alternative = part.get_content_subtype() == "alternative" or in_alternative
            told = headers.inner(part)[: MOST_PARTS + 1]
            stack.extend((each, depth + 1, alternative) for each in reversed(told))
        else:
            yield part, depth, in_alternative


def _defects(message: Message) -> Iterator[errors.MessageDefect]:
    stack, seen = [message], 0
    while stack and seen < MOST_PARTS:
        part = stack.pop()
        seen += 1
        yield from part.defects
        stack.extend(headers.inner(part)[:MOST_PARTS])


def _sort(part: Message, found: Found, *, first: bool, in_alternative: bool) -> None:
    kind = part.get_content_type()
    name = _name(part)
    attached = part.get_content_disposition() == "attachment"
    if kind == "message/rfc822":
        _enclosed(part, found)
    elif kind == "message/delivery-status":
        found.files.append(_file(part, name or "delivery-status.txt", kind, _inner_bytes(part)))
    elif kind in _WINMAIL or name.lower() == "winmail.dat":
        _winmail(part, name, found)
    elif kind == "text/calendar" and not attached:
        content = _content(part)
        found.calendars.append(_decoded(part, content))
        found.files.append(File(name or "invitation.ics", kind, content))
    elif kind in ("text/plain", "text/enriched") and not attached and not (name and not first):
        found.texts.append(_decoded(part, _content(part)))
    elif kind == "text/html" and not attached and (in_alternative or not name):
        found.htmls.append(_decoded(part, _content(part)))
    else:
        _keep(found, _file(part, name, kind, _content(part)))


def _enclosed(part: Message, found: Found) -> None:
    """A mail in a mail is a file that can be opened; it is never read as what its sender wrote."""
    subject = next((headers.header(each, "Subject") for each in headers.inner(part)), "")
    _keep(found, File(f"{subject[:80] or 'mail'}.eml", "message/rfc822", _inner_bytes(part)))


def _winmail(part: Message, name: str, found: Found) -> None:
    content = _content(part)
    opened = tnef.opened(content)
    if opened is None:
        found.defects.append("winmail.dat cannot be read")
        _keep(found, File(name or "winmail.dat", "application/ms-tnef", content))
        return
    found.texts += filter(None, [opened.text])
    found.htmls += filter(None, [opened.html])
    for each in opened.files:
        _keep(found, each)


def _keep(found: Found, file: File) -> None:
    if len(found.files) < MOST_FILES:
        found.files.append(file)
    elif "too many files" not in found.defects:
        found.defects.append("too many files")


def _file(part: Message, name: str, kind: str, content: bytes) -> File:
    content_id = headers.header(part, "Content-ID").strip("<> ")[:200]
    return File(name or f"file{_ENDINGS.get(kind, '')}", kind, content, content_id)


def _name(part: Message) -> str:
    """The file name as its sender meant it, wherever and however it is coded (RFC 2231, RFC 2047, raw)."""
    for header in ("Content-Disposition", "Content-Type"):
        for told in headers.raw_headers(part, header):
            eight_bit = None if told.isascii() else _RAW_NAME.search(told)
            if eight_bit:
                return headers.decoded(eight_bit.group(1).strip())[:200]
    named = part.get_filename()
    return headers.decoded(named)[:200] if named else ""


def _content(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _inner_bytes(part: Message) -> bytes:
    if not part.is_multipart():
        return _content(part)
    try:
        return b"\n".join(each.as_bytes() for each in headers.inner(part)[:10])
    except (UnicodeError, LookupError, ValueError, RecursionError, AttributeError):
        return b""


def _decoded(part: Message, content: bytes) -> str:
    charset = part.get_param("charset", "")
    label = str(charset[2] if isinstance(charset, tuple) else charset)
    text = decode(content[: LONGEST_TEXT * 4], label)
    if part.get_content_type() == "text/plain" and str(part.get_param("format", "")).lower() == "flowed":
        text = _unflowed(text, keep_space=str(part.get_param("delsp", "")).lower() != "yes")
    return kit_text.clean(text)


def _unflowed(text: str, *, keep_space: bool) -> str:
    """Lines that end in a space go on in the next (RFC 3676)."""
    told: list[str] = []
    open_end = False
    for line in re.split(r"\r?\n", text):
        unstuffed = line[1:] if line.startswith(" ") else line
        flows = unstuffed.endswith(" ") and unstuffed != "-- "
        piece = unstuffed if keep_space or not flows else unstuffed[:-1]
        if open_end and not unstuffed.startswith(">"):
            told[-1] += piece
        else:
            told.append(piece)
        open_end = flows
    return "\n".join(told)
