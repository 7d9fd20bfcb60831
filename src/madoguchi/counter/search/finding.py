"""Finding what was said: the newest first, by contact, only what the reader may see.

Who reads is part of the question that the database answers. Staff look through the index; a customer, or staff within
one customer, through the entries of that customer's contacts: the fewer rows, and no way to another's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from madoguchi.counter.actors import Actor
from madoguchi.counter.contacts import queries
from madoguchi.counter.contacts.model import Contact, Entry
from madoguchi.counter.problems import NotAllowed
from madoguchi.counter.search.gathering import cards_of, names_of_files, words_of
from madoguchi.counter.search.model import PUBLIC_CARD
from madoguchi.counter.search.query import Group, Query
from madoguchi.counter.search.rows import NAMED, Bounds, Filters, Row, in_contacts, in_index, on_cards
from madoguchi.counter.search.snippets import Piece, snippet
from madoguchi.counter.team.policy import may
from madoguchi.engine.database import Transaction

EVERYTHING = Filters()
OnCards = Callable[[Sequence[Group], int], list[str]]
SHOWN_OF_ONE = 3
_LOOKED_AT = 120  # rows at a time, until there are contacts enough
_MOST_LOOKS = 8
_OWN = 2000  # contacts of one person


@dataclass(frozen=True)
class Hit:
    """`entry` is None for a contact that was found by its numbers and names."""

    seq: int
    entry: Entry | None
    public: bool
    pieces: list[Piece]


@dataclass
class Found:
    """A contact with its newest hits; `more`: how many further ones were seen."""

    contact: Contact
    hits: list[Hit] = field(default_factory=list)
    more: int = 0


@dataclass(frozen=True)
class Page:
    found: list[Found]
    next: int | None


def find(
    tx: Transaction,
    actor: Actor,
    query: Query,
    filters: Filters = EVERYTHING,
    *,
    limit: int = 20,
    own_since: datetime | None = None,
) -> Page:
    """One page of contacts. Staff need `contacts.read`; a customer finds public words of their own, opened since `own_since`.

    Raises NotAllowed("role_missing").
    """
    rows = _Rows(tx, actor, query, filters, own_since)
    if not query and not (filters.any or rows.own is not None):
        return Page([], None)
    grouped: dict[str, list[Row]] = {}
    before = filters.before
    for _ in range(_MOST_LOOKS):
        seen = rows.before(before)
        for row in seen:
            if row.contact_id not in grouped and len(grouped) == limit:
                return Page(_shown(tx, actor, query, grouped), before)
            grouped.setdefault(row.contact_id, []).append(row)
            before = row.id
        if len(seen) < _LOOKED_AT:
            return Page(_shown(tx, actor, query, grouped), None)
    return Page(_shown(tx, actor, query, grouped), before)


class _Rows:
    """The rows that one reader may see for one question, in portions, newest first."""

    def __init__(
        self,
        tx: Transaction,
        actor: Actor,
        query: Query,
        filters: Filters,
        own_since: datetime | None,
    ) -> None:
        self._tx, self._query, self._filters = tx, query, filters
        self.own: list[str] | None = None  # the contacts to which the reader is bound
        self._public_only = actor.kind == "customer"
        if actor.kind == "customer":
            self.own = [each.id for each in queries.of_actor(tx, actor, limit=_OWN, since=own_since)]
        elif not may(actor, "contacts.read"):
            raise NotAllowed("role_missing")
        elif filters.customer_id:
            found = queries.of_customer(tx, filters.customer_id, limit=_OWN)
            self.own = [each.id for each in found]
        self._by_card = self._split() if self.own is None else None

    def before(self, cursor: int | None) -> list[Row]:
        bounds = Bounds.of(self._filters, cursor, public_only=self._public_only)
        groups = self._query.groups
        if self.own is not None:
            return self._in_own(groups, bounds)
        rows = in_index(self._tx, groups, bounds, _LOOKED_AT)
        if self._by_card:
            contacts, rest = self._by_card
            more = in_contacts(self._tx, contacts, rest, bounds, _LOOKED_AT)
            both = {row.id: row for row in (*rows, *more)}
            rows = sorted(both.values(), key=lambda row: -row.id)[:_LOOKED_AT]
        return rows

    def _in_own(self, groups: Sequence[Group], bounds: Bounds) -> list[Row]:
        """In one entry, or some of the words on the contact's card and the others in an entry of it."""
        assert self.own is not None
        rows = in_contacts(self._tx, self.own, groups, bounds, _LOOKED_AT)
        if len(groups) < 2:
            return rows
        split = _cards_and_rest(
            groups,
            lambda some, limit: on_cards(
                self._tx, some, own=self.own, public_only=self._public_only, limit=limit
            ),
        )
        if split is None:
            return rows
        more = in_contacts(self._tx, *split, bounds, _LOOKED_AT)
        both = {row.id: row for row in (*rows, *more)}
        return sorted(both.values(), key=lambda row: -row.id)[:_LOOKED_AT]

    def _split(self) -> tuple[list[str], tuple[Group, ...]] | None:
        if len(self._query.groups) < 2:
            return None
        return _cards_and_rest(self._query.groups, lambda some, limit: on_cards(self._tx, some, limit=limit))


def _cards_and_rest(groups: Sequence[Group], on: OnCards) -> tuple[list[str], tuple[Group, ...]] | None:
    """「山田 返品」: the contacts whose cards hold some of the words, and the words that are left for what was said there."""
    named = tuple(group for group in groups if on([group], 1))
    rest = tuple(group for group in groups if group not in named)
    if not named or not rest:
        return None
    contacts = on(named, NAMED)
    return (contacts, rest) if contacts else None


def _shown(tx: Transaction, actor: Actor, query: Query, grouped: dict[str, list[Row]]) -> list[Found]:
    found = []
    for contact_id, rows in grouped.items():
        contact = queries.find(tx, contact_id)
        if contact is None or not queries.may_see(actor, contact):
            continue
        spoken = [row for row in rows if row.seq > PUBLIC_CARD] or rows[:1]
        hits = [_hit(tx, actor, contact, row, query) for row in spoken[:SHOWN_OF_ONE]]
        kept = [hit for hit in hits if hit is not None]
        if kept:
            found.append(Found(contact, kept, len(spoken) - len(hits)))
    return found


def _hit(tx: Transaction, actor: Actor, contact: Contact, row: Row, query: Query) -> Hit | None:
    """The entry itself is read again, so that nothing is shown which has been erased or hidden meanwhile."""
    if row.seq <= PUBLIC_CARD:
        words = cards_of(tx, [contact], {})[contact.id].words(row.seq).replace("\n", " ・ ")
        return Hit(row.seq, None, row.seq == PUBLIC_CARD, snippet(words, query))
    entries = queries.entries(tx, contact.id, after=row.seq - 1, limit=1, internal=actor.kind != "customer")
    if not entries or entries[0].seq != row.seq:
        return None
    files = names_of_files(tx, contact.id) if entries[0].body.get("attachments") else {}
    return Hit(row.seq, entries[0], row.public, snippet(words_of(entries[0], files), query))
