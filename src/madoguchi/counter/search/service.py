"""Bringing contacts into the index, and taking words out of it. Repeating any of it changes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, func, insert, or_, select, update

from madoguchi.counter.contacts import queries
from madoguchi.counter.contacts.model import Contact, Entry, contact, ledger_entry
from madoguchi.counter.customers.model import customer
from madoguchi.counter.search.cutting import CARD, VERSION, cut
from madoguchi.counter.search.gathering import Tracking, cards_of, names_of_files, words_of
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


def index(tx: Transaction, contacts: Tracking) -> list[str]:
    """Bring contacts up to date; returns those of which more is left for the next transaction."""
    tx.lock("search")
    rows = tx.all(select(contact).where(contact.c.id.in_(list(contacts))))
    seen = [Contact(**row._mapping) for row in rows]
    for gone in set(contacts) - {each.id for each in seen}:
        forget(tx, gone)
    done = _progress(tx, [each.id for each in seen])
    entries = _missing(tx, seen, done)
    places: dict[int, int] = {}
    _add(tx, entries, _there(tx, [each.id for each in seen if each.id not in done]), places)
    _write_cards(tx, seen, contacts, places)
    reached = {
        each.id: entries[each.id][-1].seq if entries[each.id] else done.get(each.id, 0) for each in seen
    }
    _note_progress(tx, reached, known=done)
    return [each.id for each in seen if reached[each.id] < each.last_seq]


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
                search_progress.c.reached < contact.c.last_seq,
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
        select(func.sum(contact.c.last_seq - func.coalesce(search_progress.c.reached, 0)))
        .outerjoin(search_progress, search_progress.c.contact_id == contact.c.id)
        .where(contact.c.last_seq > func.coalesce(search_progress.c.reached, 0))
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


def _progress(tx: Transaction, ids: Sequence[str]) -> dict[str, int]:
    rows = tx.all(
        select(search_progress.c.contact_id, search_progress.c.reached).where(
            search_progress.c.contact_id.in_(ids)
        )
    )
    return {row.contact_id: row.reached for row in rows}


def _missing(tx: Transaction, seen: Sequence[Contact], done: Mapping[str, int]) -> dict[str, list[Entry]]:
    """What is to come in now: short contacts that are new in one statement, of the others the next part."""
    fresh = [each.id for each in seen if each.id not in done and each.last_seq <= _AT_A_TIME]
    rows = tx.all(
        select(ledger_entry)
        .where(ledger_entry.c.contact_id.in_(fresh))
        .order_by(ledger_entry.c.contact_id, ledger_entry.c.seq)
    )
    entries: dict[str, list[Entry]] = {contact_id: [] for contact_id in fresh}
    for row in rows:
        entries[row.contact_id].append(Entry(**row._mapping))
    for each in seen:
        if each.id not in entries:
            after = done.get(each.id, 0)
            entries[each.id] = queries.entries(tx, each.id, after=after, limit=_AT_A_TIME)
    return entries


def _there(tx: Transaction, ids: Sequence[str]) -> set[tuple[str, int]]:
    """What is in the index of contacts whose progress is not known (any more)."""
    rows = tx.all(
        select(search_entry.c.contact_id, search_entry.c.seq).where(search_entry.c.contact_id.in_(ids))
    )
    return {(row.contact_id, row.seq) for row in rows}


def _add(
    tx: Transaction,
    entries: Mapping[str, Sequence[Entry]],
    there: set[tuple[str, int]],
    places: dict[int, int],
) -> None:
    rows = []
    for contact_id, part in entries.items():
        files = names_of_files(tx, contact_id) if any(each.body.get("attachments") for each in part) else {}
        for entry in part:
            terms = [] if (contact_id, entry.seq) in there else cut(words_of(entry, files))
            if terms:
                rows.append(
                    {
                        "id": _place(tx, entry.at, places),
                        "contact_id": contact_id,
                        "seq": entry.seq,
                        "public": entry.visibility == "public",
                        "files": bool(entry.body.get("attachments")),
                        "terms": " ".join(terms),
                    }
                )
    if rows:
        tx.execute(insert(search_entry), rows)


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


def _write_cards(
    tx: Transaction, seen: Sequence[Contact], tracking: Tracking, places: dict[int, int]
) -> None:
    cards = cards_of(tx, seen, tracking)
    before = _cards_before(tx, list(cards))
    new = []
    for each in seen:
        for seq in (PUBLIC_CARD, STAFF_CARD):
            terms = " ".join([*cut(cards[each.id].words(seq)), CARD])
            row: dict[str, Any] = {"contact_id": each.id, "seq": seq, "public": seq == PUBLIC_CARD}
            if (each.id, seq) not in before:
                number = _place(tx, each.opened_at, places)
                new.append({**row, "id": number, "files": False, "terms": terms})
            elif before[each.id, seq] != terms:
                where = (search_entry.c.contact_id == each.id, search_entry.c.seq == seq)
                tx.execute(update(search_entry).where(*where).values(terms=terms))
    if new:
        tx.execute(insert(search_entry), new)


def _cards_before(tx: Transaction, ids: Sequence[str]) -> dict[tuple[str, int], str]:
    rows = tx.all(
        select(search_entry.c.contact_id, search_entry.c.seq, search_entry.c.terms).where(
            search_entry.c.contact_id.in_(ids), search_entry.c.seq.in_((PUBLIC_CARD, STAFF_CARD))
        )
    )
    return {(row.contact_id, row.seq): row.terms for row in rows}


def _note_progress(tx: Transaction, reached: Mapping[str, int], *, known: Mapping[str, int]) -> None:
    new = [
        {"contact_id": one, "reached": seq, "at": tx.now} for one, seq in reached.items() if one not in known
    ]
    if new:
        tx.execute(insert(search_progress), new)
    for contact_id, seq in reached.items():
        if contact_id in known:
            where = search_progress.c.contact_id == contact_id
            tx.execute(update(search_progress).where(where).values(reached=seq, at=tx.now))
