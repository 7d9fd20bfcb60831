"""Conversations as a customer may keep them: everything that was said to them and by them, by whom and when (HIS-007, ADV-017).

Built from the same views as the page, so that nothing internal can be in it. How it is written down: `record_text` and
`record_pdf`; `as_json` here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from madoguchi.counter.actors import Actor
from madoguchi.counter.contacts import queries
from madoguchi.counter.contacts.model import Contact
from madoguchi.engine.database import Transaction
from madoguchi.faces.api.schemas import ContactOut, EntryOut
from madoguchi.faces.entry_views import entries_out
from madoguchi.faces.views import contacts_out
from madoguchi.faces.wording import channel_label

PART = 1000
_OF_PARCEL = ("state_label", "promised_text", "carrier", "tracking_number")


@dataclass(frozen=True)
class Saying:
    """One entry. `spoken` is False for what happened, such as a hand-over; `lines` stand on the card that came with it."""

    seq: int
    at: datetime
    kind: str
    who: str
    spoken: bool
    text: str
    lang: str
    lines: tuple[str, ...]
    files: tuple[str, ...]


@dataclass(frozen=True)
class Conversation:
    contact: ContactOut
    channel: str
    url: str
    said: tuple[Saying, ...]

    @property
    def number(self) -> str:
        """What people quote."""
        return self.contact.case.number if self.contact.case else self.contact.id


@dataclass(frozen=True)
class Record:
    """`about`: what it holds, as a file's name: `C-10482`, or `history`."""

    shop: str
    about: str
    language: str
    zone: ZoneInfo
    made_at: datetime
    conversations: tuple[Conversation, ...]


def conversations(
    tx: Transaction, actor: Actor, contacts: Sequence[Contact], language: str, zone: ZoneInfo, base_url: str
) -> tuple[Conversation, ...]:
    """The conversations as this customer may read them, each from its first entry to its last."""
    views = contacts_out(tx, actor, contacts, language, timezone=zone)
    return tuple(
        Conversation(
            view,
            channel_label(contact.channel, language),
            f"{base_url}/contacts/{contact.id}",
            tuple(_said(tx, actor, contact, language, zone)),
        )
        for contact, view in zip(contacts, views, strict=True)
    )


def spoken_choices(entries: Sequence[EntryOut]) -> list[EntryOut]:
    """A pressed button is read as its label."""
    labels = {
        (entry.choices.key, option.value): option.label
        for entry in entries
        if entry.choices
        for option in entry.choices.options
    }
    spoken = []
    for entry in entries:
        choice = entry.data.get("choice") if not entry.text else None
        label = labels.get((choice["key"], choice["value"]), choice["value"]) if choice else ""
        spoken.append(entry.model_copy(update={"text": label}) if label else entry)
    return spoken


def as_json(record: Record) -> dict[str, Any]:
    """Moments with the offset of the named zone."""

    def moment(value: datetime) -> str:
        return value.astimezone(record.zone).isoformat(timespec="seconds")

    return {
        "shop": record.shop,
        "made_at": moment(record.made_at),
        "time_zone": record.zone.key,
        "conversations": [
            {
                "number": talk.number,
                "contact": talk.contact.id,
                "about": talk.contact.title,
                "channel": talk.contact.channel,
                "order_number": talk.contact.order_number,
                "state": talk.contact.state,
                "opened_at": moment(talk.contact.opened_at),
                "ended_at": moment(talk.contact.ended_at) if talk.contact.ended_at else None,
                "url": talk.url,
                "entries": [
                    {
                        "seq": each.seq,
                        "at": moment(each.at),
                        "kind": "message" if each.spoken else "event",
                        "from": {"kind": each.kind, "name": each.who},
                        "text": each.text,
                        "language": each.lang,
                        "details": list(each.lines),
                        "files": list(each.files),
                    }
                    for each in talk.said
                ],
            }
            for talk in record.conversations
        ],
    }


def _said(tx: Transaction, actor: Actor, contact: Contact, language: str, zone: ZoneInfo) -> Iterable[Saying]:
    entries = []
    after = 0
    while part := queries.entries(tx, contact.id, after=after, limit=PART, internal=False):
        entries += part
        after = part[-1].seq
    for entry in spoken_choices(entries_out(tx, actor, contact, entries, language, zone=zone)):
        lines = tuple(_lines(entry.card or {}))
        files = tuple(file.name for file in entry.attachments)
        if entry.text or lines or files:
            yield Saying(
                entry.seq,
                entry.at,
                entry.author.kind,
                entry.author.name,
                entry.kind == "message",
                entry.text,
                entry.lang or "",
                lines,
                files,
            )


def _lines(card: Mapping[str, Any]) -> Iterable[str]:
    """What stands on a card that matters later: what was proposed, done, or is on its way."""
    kind = card.get("kind")
    if kind == "tracking":
        for parcel in card.get("parcels") or [card]:
            yield " · ".join(str(parcel[key]) for key in _OF_PARCEL if parcel.get(key))
    elif kind in ("proposal", "receipt"):
        told = card.get("receipt") or card
        if told.get("title"):
            yield str(told["title"])
        for row in told.get("rows") or ():
            yield f"{row['label']}: {row['value']}"
        yield from (f"- {words}" for words in told.get("effects") or ())
    elif kind == "order":
        yield " · ".join(str(card[key]) for key in ("number", "headline", "state_label") if card.get(key))
    elif kind == "link" and card.get("url"):
        yield " ".join(str(card[key]) for key in ("label", "title", "url") if card.get(key))
