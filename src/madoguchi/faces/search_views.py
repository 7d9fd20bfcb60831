"""View models of what a search found: contacts with their newest hits, as the reader may see them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from madoguchi.counter.actors import Actor
from madoguchi.counter.search.finding import EVERYTHING, Found, Hit, Page, find
from madoguchi.counter.search.query import parse
from madoguchi.counter.search.rows import Filters
from madoguchi.engine.database import Transaction
from madoguchi.engine.settings import Settings
from madoguchi.faces.api.schemas import ContactOut, Out, PersonOut
from madoguchi.faces.entry_views import entries_out
from madoguchi.faces.views import contacts_out


class PieceOut(Out):
    """Some of a text as it was written; `marked` where it is what was looked for. Plain text, never HTML."""

    text: str
    marked: bool = False


class HitOut(Out):
    """An entry with its words; without `author` the contact itself, found by a number or name."""

    seq: int
    internal: bool = False
    author: PersonOut | None = None
    at: datetime | None = None
    pieces: list[PieceOut]


class FoundOut(Out):
    contact: ContactOut
    hits: list[HitOut]
    more: int = 0  # further hits seen in this contact


class SearchOut(Out):
    found: list[FoundOut]
    next: str | None = None  # the cursor of the next page


def search(
    tx: Transaction,
    actor: Actor,
    words: str,
    settings: Settings,
    language: str,
    filters: Filters = EVERYTHING,
    limit: int = 20,
) -> SearchOut:
    """One page of what the reader may see; a customer's reaches back as far as conversations are kept (C-01)."""
    kept = tx.now - timedelta(days=settings.history.keep_days)
    page = find(tx, actor, parse(words), filters, limit=limit, own_since=kept)
    return SearchOut(
        found=_all(tx, actor, page, language, ZoneInfo(settings.shop.timezone)),
        next=None if page.next is None else str(page.next),
    )


def days(
    settings: Settings, since: date | None, until: date | None
) -> tuple[datetime | None, datetime | None]:
    """From the first moment of one day to the last of the other, where the shop is."""
    zone = ZoneInfo(settings.shop.timezone)
    begin = datetime.combine(since, time(), zone) if since else None
    end = datetime.combine(until + timedelta(days=1), time(), zone) if until and until < date.max else None
    return begin, end


def _all(tx: Transaction, actor: Actor, page: Page, language: str, zone: ZoneInfo) -> list[FoundOut]:
    views = contacts_out(tx, actor, [found.contact for found in page.found], language, timezone=zone)
    shown = []
    for found, view in zip(page.found, views, strict=True):
        hits = _hits(tx, actor, found, language)
        if hits:
            shown.append(FoundOut(contact=view, hits=hits, more=found.more))
    return shown


def _hits(tx: Transaction, actor: Actor, found: Found, language: str) -> list[HitOut]:
    entries = [hit.entry for hit in found.hits if hit.entry is not None]
    authors = {entry.seq: entry for entry in entries_out(tx, actor, found.contact, entries, language)}
    kept: Sequence[Hit] = [hit for hit in found.hits if hit.entry is None or hit.seq in authors]
    return [
        HitOut(
            seq=max(hit.seq, 0),
            internal=hit.entry is not None and not hit.public,
            author=authors[hit.seq].author if hit.entry else None,
            at=hit.entry.at if hit.entry else None,
            pieces=[PieceOut(text=piece.text, marked=piece.marked) for piece in hit.pieces],
        )
        for hit in kept
    ]
