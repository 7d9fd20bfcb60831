"""A booked call as an entry for the customer's own calendar (RFC 5545). Pure."""

from __future__ import annotations

from datetime import UTC, datetime

from madoguchi.counter.callbacks.model import Callback
from madoguchi.counter.problems import Conflict

_OCTETS = 74  # of a line, before it is folded


def calendar_entry(
    seen: Callback, *, title: str, text: str, url: str, now: datetime, remind_minutes: int
) -> str:
    """The file's content. Raises Conflict("callback_state") for what has no slot or is over."""
    if seen.slot_at is None or seen.slot_end is None or not seen.live:
        raise Conflict("callback_state", state=seen.state)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Madoguchi//Call-backs//EN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{seen.id}@madoguchi",
        f"DTSTAMP:{_utc(now)}",
        f"DTSTART:{_utc(seen.slot_at)}",
        f"DTEND:{_utc(seen.slot_end)}",
        f"SUMMARY:{_escaped(title)}",
        f"DESCRIPTION:{_escaped(text)}",
        f"URL:{url}",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{_escaped(title)}",
        f"TRIGGER:-PT{max(1, remind_minutes)}M",
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _escaped(text: str) -> str:
    plain = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return plain.replace("\r", "").replace("\n", "\\n")


def _folded(line: str) -> str:
    """Lines of at most 75 octets; no character is cut."""
    pieces, piece, size = [], "", 0
    for sign in line:
        octets = len(sign.encode())
        if size + octets > _OCTETS:
            pieces.append(piece)
            piece, size = " ", 1
        piece, size = piece + sign, size + octets
    return "\r\n".join([*pieces, piece])
