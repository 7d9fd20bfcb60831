"""Which words of a contact can be found, and by whom: those of its entries, and its two cards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from madoguchi.counter.cases import queries as cases
from madoguchi.counter.contacts import events
from madoguchi.counter.contacts.model import Contact, Entry, attachment, ledger_entry
from madoguchi.counter.customers import queries as customers
from madoguchi.counter.search.model import PUBLIC_CARD
from madoguchi.counter.team import queries as team
from madoguchi.engine.database import Transaction

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


def cards_of(tx: Transaction, contact: Contact, tracking: Sequence[str] = ()) -> Cards:
    """By what a contact is known: its numbers, who answered (CASE-002), subjects of its mails (CH-047); for staff the customer."""
    case = cases.find(tx, contact.case_id) if contact.case_id else None
    orders = [contact.order_number, case.order_number if case else ""]
    public = [case.label if case else "", *orders, *tracking, *_agents(tx, contact), *_subjects(tx, contact)]
    who = customers.find(tx, contact.customer_id) if contact.customer_id else None
    staff = [who.name, who.kana, who.company, who.email, who.phone, who.shop_ref] if who else []
    return Cards(_kept(public), _kept(staff))


def _agents(tx: Transaction, contact: Contact) -> list[str]:
    """Display names only, never a login or a legal name."""
    ids = tx.all(
        select(ledger_entry.c.author_id)
        .where(ledger_entry.c.contact_id == contact.id, ledger_entry.c.author_kind == "agent")
        .where(ledger_entry.c.visibility == "public")
        .distinct()
        .order_by(ledger_entry.c.author_id)
    )
    return [team.display_name(tx, row.author_id) for row in ids]


def _subjects(tx: Transaction, contact: Contact) -> list[str]:
    if contact.channel != "mail":
        return []
    rows = tx.all(
        select(ledger_entry.c.body)
        .where(ledger_entry.c.contact_id == contact.id, ledger_entry.c.kind == events.MAIL_TAKEN)
        .order_by(ledger_entry.c.seq)
        .limit(50)
    )
    return [str(row.body.get("subject") or "") for row in rows]


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
