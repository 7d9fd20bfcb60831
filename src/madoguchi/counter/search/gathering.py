"""Which words of a contact can be found, and by whom: those of its entries, and its two cards."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select

from madoguchi.counter.cases.model import case_file
from madoguchi.counter.contacts import events
from madoguchi.counter.contacts.model import Contact, Entry, attachment, ledger_entry
from madoguchi.counter.customers import queries as customers
from madoguchi.counter.search.model import PUBLIC_CARD
from madoguchi.counter.team.model import agent
from madoguchi.engine.database import Transaction

Tracking = Mapping[str, Sequence[str]]  # contact → tracking numbers of its order
_SAID = ("text", "subject", "comment")
_STAFF_ONLY = ("from",)
_ON_CARDS = frozenset({"number", "order_number", "tracking_number", "title", "name", "carrier"})


@dataclass(frozen=True)
class Cards:
    """`public`: what the customer may find the contact by; `staff`: what more staff may."""

    public: tuple[str, ...]
    staff: tuple[str, ...]

    def words(self, seq: int) -> str:
        return "\n".join(self.public if seq == PUBLIC_CARD else (*self.public, *self.staff))


def names_of_files(tx: Transaction, contact_id: str) -> dict[str, str]:
    rows = tx.all(select(attachment.c.id, attachment.c.name).where(attachment.c.contact_id == contact_id))
    return {row.id: row.name for row in rows}


def words_of(entry: Entry, files: dict[str, str]) -> str:
    """What was said in an entry, with the names of its files and the numbers on its card; empty for bare facts.

    A public entry gives only what the customer may read: a note on a transfer stays with staff.
    """
    body = entry.body
    keys = _SAID if entry.visibility == "public" else (*_SAID, *_STAFF_ONLY)
    said = [str(body[key]) for key in keys if body.get(key)]
    original = body.get("original")
    if isinstance(original, dict) and original.get("text"):
        said.append(str(original["text"]))
    if entry.kind == events.MESSAGE:
        said += [files[item] for item in body.get("attachments") or () if item in files]
        said += dict.fromkeys(_of_card(body.get("card")))
    said += [str(name) for name in body.get("files_left_out") or ()]
    return "\n".join(said)


def cards_of(tx: Transaction, contacts: Sequence[Contact], tracking: Tracking) -> dict[str, Cards]:
    """Contact → by what it is known: its numbers, who answered (CASE-002), subjects of its mails (CH-047); for staff the
    customer. A fixed number of statements, however many contacts."""
    ids = [contact.id for contact in contacts]
    files = _cases(tx, [contact.case_id for contact in contacts if contact.case_id])
    people = customers.by_ids(tx, [contact.customer_id for contact in contacts if contact.customer_id])
    agents = _agents(tx, ids)
    subjects = _subjects(tx, [contact.id for contact in contacts if contact.channel == "mail"])
    cards = {}
    for contact in contacts:
        case = files.get(contact.case_id or "")
        numbers = [f"C-{case.number}", case.order_number] if case else []
        public = [*numbers, contact.order_number, *tracking.get(contact.id, ()), *agents[contact.id]]
        who = people.get(contact.customer_id or "")
        staff = [who.name, who.kana, who.company, who.email, who.phone, who.shop_ref] if who else []
        cards[contact.id] = Cards(_kept([*public, *subjects[contact.id]]), _kept(staff))
    return cards


def _cases(tx: Transaction, ids: Sequence[str]) -> dict[str, Row[Any]]:
    if not ids:
        return {}
    columns = select(case_file.c.id, case_file.c.number, case_file.c.order_number)
    return {row.id: row for row in tx.all(columns.where(case_file.c.id.in_(ids)))}


def _agents(tx: Transaction, ids: Sequence[str]) -> dict[str, list[str]]:
    """Display names only, never a login or a legal name."""
    rows = tx.all(
        select(ledger_entry.c.contact_id, agent.c.display_name)
        .join(agent, agent.c.id == ledger_entry.c.author_id)
        .where(
            ledger_entry.c.contact_id.in_(ids),
            ledger_entry.c.author_kind == "agent",
            ledger_entry.c.visibility == "public",
        )
        .distinct()
        .order_by(ledger_entry.c.contact_id, agent.c.display_name)
    )
    return _by_contact((row.contact_id, row.display_name) for row in rows)


def _subjects(tx: Transaction, ids: Sequence[str]) -> dict[str, list[str]]:
    if not ids:
        return _by_contact(())
    rows = tx.all(
        select(ledger_entry.c.contact_id, ledger_entry.c.body)
        .where(ledger_entry.c.contact_id.in_(ids), ledger_entry.c.kind == events.MAIL_TAKEN)
        .order_by(ledger_entry.c.contact_id, ledger_entry.c.seq)
    )
    return _by_contact((row.contact_id, str(row.body.get("subject") or "")) for row in rows)


def _by_contact(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for contact_id, value in pairs:
        found[contact_id].append(value)
    return found


def _kept(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))


def _of_card(card: Any) -> Iterator[str]:
    """Numbers and names on a card, however deep."""
    if isinstance(card, dict):
        for key, value in card.items():
            if key in _ON_CARDS and isinstance(value, str) and value:
                yield value
            else:
                yield from _of_card(value)
    elif isinstance(card, list):
        for value in card:
            yield from _of_card(value)
