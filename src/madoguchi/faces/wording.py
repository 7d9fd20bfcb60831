"""Words that several faces share: the wait before somebody joins a queue, the ways on which a contact came."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from madoguchi.counter.hours import closed_text, opening_text
from madoguchi.counter.routing.model import Expectation
from madoguchi.counter.routing.wording import duration_text
from madoguchi.engine.texts import tr
from madoguchi.kit.languages import gap


def wait_text(found: Expectation, now: datetime, timezone: ZoneInfo, language: str) -> str:
    """The expected wait before joining, in a few words; honest when it is unknown (QUE-004)."""
    if not found.open:
        if found.opens_at is None:
            return tr(language, "Nobody is at the desk right now")
        when = opening_text(found.opens_at, now, timezone, language)
        why = closed_text(found.closed_for, language)
        again = tr(language, "People answer again {when}", when=when)
        return gap(language).join(filter(None, (why, again)))
    if found.low_s is None or found.high_s is None:
        return tr(language, "The wait for a person is not known yet")
    low, high = duration_text(found.low_s, language), duration_text(found.high_s, language)
    if low == high:
        return tr(language, "Wait for a person: about {time}", time=high)
    return tr(language, "Wait for a person: about {low} to {high}", low=low, high=high)


CHANNELS = ("chat", "mail", "form", "phone", "callback")


def channel_label(channel: str, language: str) -> str:
    """The channel's own name where it is none of ours."""
    return {
        "chat": tr(language, "Chat"),
        "mail": tr(language, "Mail"),
        "form": tr(language, "Enquiry form"),
        "phone": tr(language, "Telephone call"),
        "callback": tr(language, "Call-back"),
    }.get(channel, channel)
