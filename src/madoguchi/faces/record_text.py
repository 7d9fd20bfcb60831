"""A record of conversations as plain text."""

from __future__ import annotations

from datetime import datetime

from madoguchi.engine.texts import tr
from madoguchi.faces.records import Conversation, Record
from madoguchi.kit.languages import colon


def write_text(record: Record) -> str:
    return "\n".join(
        [*head(record), "", *(line for talk in record.conversations for line in _talk(record, talk))]
    )


def head(record: Record) -> list[str]:
    """What it is, and in which zone the times are."""
    zone = f"{record.zone.key} (UTC{stamp(record, record.made_at, '%z')})"
    return [
        tr(record.language, "{shop}: record of your enquiries", shop=record.shop),
        tr(record.language, "Made on {time}", time=stamp(record, record.made_at)),
        tr(record.language, "All times: {zone}", zone=zone),
    ]


def facts(record: Record, talk: Conversation) -> list[tuple[str, str]]:
    """The head of one conversation: label and value."""
    contact, language = talk.contact, record.language
    rows = [
        (tr(language, "Enquiry number"), talk.number),
        (tr(language, "About"), contact.title),
        (tr(language, "Order number"), contact.order_number),
        (tr(language, "Channel"), talk.channel),
        (tr(language, "State"), contact.state_label),
        (tr(language, "Began"), stamp(record, contact.opened_at)),
        (tr(language, "Ended at"), stamp(record, contact.ended_at) if contact.ended_at else ""),
        (tr(language, "To go on"), talk.url),
    ]
    return [(label, value) for label, value in rows if value]


def stamp(record: Record, moment: datetime, shape: str = "%Y-%m-%d %H:%M:%S") -> str:
    written = moment.astimezone(record.zone).strftime(shape)
    return f"{written[:3]}:{written[3:]}" if shape == "%z" else written


def _talk(record: Record, talk: Conversation) -> list[str]:
    lines = ["=" * 60]
    lines += [f"{label}{colon(record.language)}{value}" for label, value in facts(record, talk)]
    lines += ["-" * 60]
    for each in talk.said:
        lines += [f"[{stamp(record, each.at)}] {each.who}" if each.spoken else f"[{stamp(record, each.at)}]"]
        lines += [part for part in (each.text, *(f"  {line}" for line in each.lines)) if part]
        lines += [f"  {tr(record.language, 'File')}{colon(record.language)}{name}" for name in each.files]
        lines += [""]
    return lines
