"""Bringing contacts into the index, and taking words out of it. Repeating any of it changes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, func, insert, or_, select, update

from madoguchi.counter.contacts import queries
from madoguchi.counter.contacts.model import Contact, Entry, contact
from madoguchi.counter.customers.model import customer
from madoguchi.counter.search.cutting import CARD, VERSION, cut
from madoguchi.counter.search.gathering import cards_of, names_of_files, words_of
from madoguchi.counter.search.model import (
    PUBLIC_CARD,
    STAFF_CARD,
    search_entry,
    search_progress,
    search_state,
)
from madoguchi.engine.database import Transaction

_PLACES = 1 << 10  # within a second
_AT_A_TIME = 300  # entries in one transaction
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def index(tx: Transaction, contacts: Mapping[str, Sequence[str]]) -> list[str]:
    """Bring contacts up to date; returns those of which more is left for the next transaction.

    `contacts`: id → tracking numbers of its order.
    """
    tx.lock("search")
    return [contact_id for contact_id, tracking in contacts.items() if _index(tx, contact_id, tracking)]


def _index(tx: Transaction, contact_id: str, tracking: Sequence[str]) -> bool:
    seen = queries.find(tx, contact_id)
    if seen is None:
        forget(tx, contact_id)
        return False
    done = tx.scalar(select(search_progress.c.seq).where(search_progress.c.contact_id == contact_id)) or 0
    entries = queries.entries(tx, contact_id, after=done, limit=_AT_A_TIME)
    _add(tx, seen, entries)
    _write_cards(tx, seen, tracking)
    _note_progress(tx, contact_id, entries[-1].seq if entries else done)
    return len(entries) == _AT_A_TIME


def due(tx: Transaction, limit: int = 500) -> list[str]:
    """Contacts that are not wholly in the index, or whose case, order or customer has changed since; oldest first.

    This, not the wake-up, is what nothing escapes: it compares the ledger with the index.
    """
    rows = tx.all(
        select(contact.c.id)
        .outerjoin(search_progress, search_progress.c.contact_id == contact.c.id)
        .outerjoin(customer, customer.c.id == contact.c.customer_id)
        .where(
            or_(
                search_progress.c.contact_id.is_(None),
                search_progress.c.seq < contact.c.last_seq,
                search_progress.c.at < contact.c.updated_at,
                search_progress.c.at < customer.c.updated_at,
            )
        )
        .order_by(contact.c.opened_at, contact.c.id)
        .limit(limit)
    )
    return [row.id for row in rows]


def behind(tx: Transaction) -> int:
    """Entries of the ledger that cannot be found yet."""
    left = tx.scalar(
        select(func.sum(contact.c.last_seq - func.coalesce(search_progress.c.seq, 0)))
        .outerjoin(search_progress, search_progress.c.contact_id == contact.c.id)
        .where(contact.c.last_seq > func.coalesce(search_progress.c.seq, 0))
    )
    return int(left or 0)


def forget(tx: Transaction, contact_id: str, seqs: Sequence[int] | None = None) -> None:
    """Take the words of these entries, or of the whole contact, out of the index (HIS-006, PRIV-005).

    Nothing finds them from this transaction on. Its cards go too and are written anew from what is left. On SQLite the
    bytes leave the file with the next `indexing.scrub`.
    """
    gone = search_entry.c.contact_id == contact_id
    if seqs is None:
        tx.execute(delete(search_entry).where(gone))
        tx.execute(delete(search_progress).where(search_progress.c.contact_id == contact_id))
        return
    tx.execute(delete(search_entry).where(gone, search_entry.c.seq.in_([*seqs, PUBLIC_CARD, STAFF_CARD])))
    again = update(search_progress).where(search_progress.c.contact_id == contact_id)
    tx.execute(again.values(at=_LONG_AGO))


def clear(tx: Transaction) -> None:
    """Empty the index, so that all of it is made anew from the ledger."""
    tx.lock("search")
    if tx.dialect == "sqlite":
        _clear_sqlite(tx)
    else:
        tx.driver("TRUNCATE search_index, search_entry, search_progress").close()
    tx.execute(update(search_state).where(search_state.c.name == "cut").values(value=VERSION))


def is_outdated(tx: Transaction) -> bool:
    """Whether the words in the index were cut by another version than this one's."""
    made = tx.scalar(select(search_state.c.value).where(search_state.c.name == "cut"))
    return bool(made != VERSION)


def needs_scrub(tx: Transaction) -> bool:
    return bool(tx.scalar(select(search_state.c.value).where(search_state.c.name == "scrub")))


def scrub_begins(tx: Transaction) -> None:
    tx.execute(update(search_state).where(search_state.c.name == "scrub").values(value="begun"))


def scrub_ends(tx: Transaction) -> None:
    """Unless something was erased meanwhile."""
    scrub = update(search_state).where(search_state.c.name == "scrub", search_state.c.value == "begun")
    tx.execute(scrub.values(value=""))


def merge_some(tx: Transaction, pages: int) -> bool:
    """FTS5: merge a little of the index, deleted words left out; False when there is nothing more to merge."""
    before = _changes(tx)
    tx.driver("INSERT INTO search_index (search_index, rank) VALUES ('merge', ?)", (-pages,)).close()
    return _changes(tx) - before >= 2  # as SQLite's manual has it


def _changes(tx: Transaction) -> int:
    cursor = tx.driver("SELECT total_changes()")
    (count,) = cursor.fetchone()
    cursor.close()
    return int(count)


def _clear_sqlite(tx: Transaction) -> None:
    """Without the trigger, so that a million rows go as fast as one."""
    cursor = tx.driver("SELECT sql FROM sqlite_master WHERE name = 'search_entry_went'")
    (trigger,) = cursor.fetchone()
    cursor.close()
    for statement in (
        "DROP TRIGGER search_entry_went",
        "DELETE FROM search_entry",
        "DELETE FROM search_progress",
        "INSERT INTO search_index (search_index) VALUES ('delete-all')",
        trigger,
    ):
        tx.driver(statement).close()


def _add(tx: Transaction, seen: Contact, entries: Sequence[Entry]) -> None:
    files = names_of_files(tx, seen.id) if any(entry.body.get("attachments") for entry in entries) else {}
    known = _indexed(tx, seen.id, entries)
    rows = []
    places: dict[int, int] = {}
    for entry in entries:
        terms = [] if entry.seq in known else cut(words_of(entry, files))
        if terms:
            row = {"seq": entry.seq, "public": entry.visibility == "public", "terms": " ".join(terms)}
            with_files = bool(entry.body.get("attachments"))
            rows.append(
                {**row, "id": _place(tx, entry.at, places), "files": with_files, "contact_id": seen.id}
            )
    if rows:
        tx.execute(insert(search_entry), rows)


def _indexed(tx: Transaction, contact_id: str, entries: Sequence[Entry]) -> set[int]:
    """What an index made anew, or forgotten in part, holds already."""
    if not entries:
        return set()
    rows = tx.all(
        select(search_entry.c.seq).where(
            search_entry.c.contact_id == contact_id, search_entry.c.seq >= entries[0].seq
        )
    )
    return {row.seq for row in rows}


def _place(tx: Transaction, at: datetime, places: dict[int, int]) -> int:
    """A free number within the second; in the next one where a thousand were said at once."""
    second = int(at.timestamp())
    while True:
        first = second * _PLACES
        if second not in places:
            newest = _newest(tx, first)
            places[second] = first if newest is None else newest + 1
        number = places[second]
        if number < first + _PLACES:
            places[second] += 1
            return number
        second += 1


def _newest(tx: Transaction, first: int) -> int | None:
    """By hand: asked for every entry."""
    cursor = tx.driver(
        "SELECT id FROM search_entry WHERE id >= ? AND id < ? ORDER BY id DESC LIMIT 1",
        (first, first + _PLACES),
    )
    row = cursor.fetchone()
    cursor.close()
    return None if row is None else int(row[0])


def _write_cards(tx: Transaction, seen: Contact, tracking: Sequence[str]) -> None:
    cards = cards_of(tx, seen, tracking)
    rows = tx.all(
        select(search_entry.c.seq, search_entry.c.terms).where(
            search_entry.c.contact_id == seen.id, search_entry.c.seq.in_((PUBLIC_CARD, STAFF_CARD))
        )
    )
    before: Mapping[int, str] = {row.seq: row.terms for row in rows}
    for seq in (PUBLIC_CARD, STAFF_CARD):
        terms = " ".join([*cut(cards.words(seq)), CARD])
        if seq not in before:
            values: dict[str, Any] = {"contact_id": seen.id, "seq": seq, "public": seq == PUBLIC_CARD}
            number = _place(tx, seen.opened_at, {})
            tx.execute(insert(search_entry).values(id=number, files=False, terms=terms, **values))
        elif before[seq] != terms:
            where = (search_entry.c.contact_id == seen.id, search_entry.c.seq == seq)
            tx.execute(update(search_entry).where(*where).values(terms=terms))


def _note_progress(tx: Transaction, contact_id: str, seq: int) -> None:
    known = update(search_progress).where(search_progress.c.contact_id == contact_id)
    if not tx.execute(known.values(seq=seq, at=tx.now)).rowcount:
        tx.execute(insert(search_progress).values(contact_id=contact_id, seq=seq, at=tx.now))
