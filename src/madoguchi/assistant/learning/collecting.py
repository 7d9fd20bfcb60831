"""The regular round that reads the ledgers: what was mistaken, and what was said before something was picked.

By cursor; every message is kept once, veiled.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select

from madoguchi.assistant.learning import service
from madoguchi.assistant.learning.facts import Said, mistaken
from madoguchi.assistant.learning.queries import cursor
from madoguchi.assistant.learning.veil import Own, bare, says_something, veil
from madoguchi.assistant.learning.words import service as words
from madoguchi.assistant.learning.words.model import Sighting
from madoguchi.assistant.learning.words.sightings import picks
from madoguchi.counter.cases import queries as cases
from madoguchi.counter.contacts import queries as contacts
from madoguchi.counter.contacts.model import Contact, Entry, contact
from madoguchi.counter.customers import queries as customers
from madoguchi.counter.customers.model import Customer
from madoguchi.engine.database import Database, Transaction

_BATCH = 50
_PAGE = 1000
# A transaction that began before the cursor's moment may commit after it; what is read again is kept once all the same.
_GRACE = timedelta(minutes=1)
_START = datetime.fromisoformat("2000-01-01T00:00:00+00:00")


@dataclass(frozen=True)
class Read:
    """One contact as the round sees it."""

    contact: Contact
    entries: list[Entry]
    customer: Customer | None
    category: str


class Collector:
    """One at a time is enough, several do no harm."""

    def __init__(self, database: Database, keep_days: int) -> None:
        self._database = database
        self._keep = timedelta(days=keep_days)

    def round(self) -> int:
        """Read every contact that changed since the last round; how many messages were found. Forgets old ones."""
        began = self._database.read(cursor)
        after = (began - _GRACE if began else _START, "")
        found = 0
        while batch := self._database.read(_changed, after):
            after = (batch[-1].contact.updated_at, batch[-1].contact.id)
            kept = [(read.contact.id, list(self._worth(read))) for read in batch]
            self._database.write(
                words.keep, [(read.contact.id, list(self._sightings(read))) for read in batch]
            )
            found += self._database.write(service.keep, [each for each in kept if each[1]], after[0])
        self._database.write(service.forget_old, self._keep)
        self._database.write(words.forget_old, self._keep)
        return found

    def _worth(self, read: Read) -> Iterator[tuple[Said, str]]:
        own = own_of(read.contact, read.customer)
        category = read.category if read.contact.connected_at is not None else ""
        oldest = self._database.clock() - self._keep
        for said in mistaken(read.entries, topic=read.contact.topic, category=category):
            text = veil(said.text, own)
            if said.at >= oldest and says_something(text):
                yield said, text

    def _sightings(self, read: Read) -> Iterator[Sighting]:
        own = own_of(read.contact, read.customer)
        who = read.contact.customer_id or read.contact.id
        oldest = self._database.clock() - self._keep
        for pick in picks(read.entries):
            text = bare(veil(pick.text, own))
            if pick.said_at >= oldest and text:
                yield Sighting(pick.seq, pick.matter, who, pick.language, text, pick.chosen, pick.said_at)


def own_of(seen: Contact, customer: Customer | None) -> Own:
    """Everything that we know to be this customer's."""
    numbers = tuple(filter(None, (seen.order_number, *seen.proven_orders)))
    if customer is None:
        return Own(others=numbers)
    recipients, lines, phones = _of_addresses(customer.addresses)
    local, _, _ = customer.email.partition("@")
    others = (customer.email, local, customer.phone, customer.company, customer.shop_ref, *phones, *numbers)
    return Own(
        names=tuple(filter(None, (customer.name, customer.kana, *recipients))),
        addresses=tuple(filter(None, lines)),
        others=tuple(filter(None, others)),
    )


def _of_addresses(addresses: Sequence[dict[str, str]]) -> tuple[list[str], list[str], list[str]]:
    names, lines, phones = [], [], []
    for address in addresses:
        names += [address.get("name", ""), address.get("kana", "")]
        phones.append(address.get("phone", ""))
        lines += [address.get(key, "") for key in ("postal_code", "region", "city", "line1", "line2")]
    return names, lines, phones


def _changed(tx: Transaction, after: tuple[datetime, str]) -> list[Read]:
    moment, contact_id = after
    later = or_(
        contact.c.updated_at > moment, and_(contact.c.updated_at == moment, contact.c.id > contact_id)
    )
    rows = tx.all(select(contact).where(later).order_by(contact.c.updated_at, contact.c.id).limit(_BATCH))
    seen = [Contact(**row._mapping) for row in rows]
    known = customers.by_ids(tx, [c.customer_id for c in seen if c.customer_id])
    found = []
    for each in seen:
        case = cases.find(tx, each.case_id) if each.case_id else None
        found.append(
            Read(
                each,
                list(_ledger(tx, each.id)),
                known.get(each.customer_id or ""),
                case.category if case else "",
            )
        )
    return found


def _ledger(tx: Transaction, contact_id: str) -> Iterator[Entry]:
    after = 0
    while page := contacts.entries(tx, contact_id, after=after, limit=_PAGE):
        yield from page
        after = page[-1].seq
