"""Outages and peaks in the words of customers. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from madoguchi.counter.conditions.model import Conditions, Disturbance, Part, Peak
from madoguchi.counter.orders.phrases import moment_text
from madoguchi.engine.texts import tr
from madoguchi.kit.languages import gap

_NAMES: dict[Part, str] = {
    "chat": "Chat with people and the AI assistant",
    "assistant": "AI assistant",
    "mail": "Mail",
    "shop": "Orders and account",
    "phone": "Telephone",
}
_HEADINGS: dict[Part, str] = {
    "chat": "The chat is not available now.",
    "assistant": "The AI assistant answers slowly or not at all now.",
    "mail": "Our mails arrive late now.",
    "shop": "Orders cannot be looked up now.",
    "phone": "Our telephone cannot be reached now.",
}
_CAUSES: dict[Part, str] = {
    "chat": "Our system does not answer as it should. We are looking into it.",
    "assistant": "Our system is slow. We are looking into it; a person can be asked for at any time.",
    "mail": "The sending of mails is disturbed. Nothing is lost; they go out as soon as it works again.",
    "shop": "The line to the shop's records is disturbed. We are looking into it.",
    "phone": "The telephone line is disturbed.",
}
_INSTEAD: dict[Part, str] = {
    "chat": "Meanwhile our form works; we answer by mail, in the order in which enquiries came.",
    "assistant": "Meanwhile “Talk to a person” and our form work.",
    "mail": "Meanwhile you find our answers under “Enquiries” on these pages.",
    "shop": "Meanwhile you can describe your matter in the chat or the form; we look it up later.",
    "phone": "Meanwhile the chat and our form work.",
}


def part_name(part: Part, language: str) -> str:
    return tr(language, _NAMES[part])


def heading(found: Disturbance, language: str) -> str:
    """`ただいまチャットをご利用いただけません。`"""
    return tr(language, _HEADINGS[found.part])


def cause(found: Disturbance, language: str) -> str:
    return said(found.cause, language) or tr(language, _CAUSES[found.part])


def instead(found: Disturbance, language: str) -> str:
    """What does meanwhile."""
    return said(found.instead, language) or tr(language, _INSTEAD[found.part])


def times(found: Disturbance, zone: ZoneInfo, language: str) -> str:
    """From when, and until when it is expected to last."""
    since = moment_text(found.since, zone, language)
    if found.until is None:
        return tr(language, "Since {since}. We do not know yet when it is over.", since=since)
    return tr(
        language,
        "From {since} until about {until}.",
        since=since,
        until=moment_text(found.until, zone, language),
    )


def peak_text(peak: Peak, zone: ZoneInfo, language: str) -> str:
    """The banner of a peak season: the shop's own words, or ours."""
    own = said(peak.notice, language)
    if own:
        return own
    parts = [tr(language, "Very many enquiries come in at present, and answers take longer than usual.")]
    if peak.until is not None:
        parts.append(
            tr(language, "This goes on until about {until}.", until=moment_text(peak.until, zone, language))
        )
    parts.append(tr(language, "The chat and the help articles are quickest; the telephone is hard to reach."))
    return gap(language).join(parts)


def banner(found: Conditions, zone: ZoneInfo, language: str) -> list[str]:
    """One line for each thing that customers should know before they begin."""
    lines = [
        gap(language).join(
            (
                heading(each, language),
                cause(each, language),
                times(each, zone, language),
                instead(each, language),
            )
        )
        for each in found.disturbances
    ]
    return [*lines, peak_text(found.peak, zone, language)] if found.peak else lines


def said(words: Mapping[str, str] | None, language: str) -> str:
    """What staff have written in this language; in English for a language that they left out; "" where neither is there."""
    given = words or {}
    return given.get(language) or given.get("en") or ""
