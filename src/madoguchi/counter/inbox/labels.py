"""Labels: short words that staff put on contacts, to find them again. Each one put and taken off is an internal fact."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, insert, select

from madoguchi.counter.actors import Actor
from madoguchi.counter.contacts import events
from madoguchi.counter.contacts import queries as contacts
from madoguchi.counter.contacts.ledger import append
from madoguchi.counter.inbox.model import contact_label
from madoguchi.counter.problems import Conflict, Invalid
from madoguchi.engine.database import Transaction
from madoguchi.kit.text import normalise

LONGEST = 40
MOST = 20


def put(tx: Transaction, contact_id: str, label: str, by: Actor) -> bool:
    """False when it is there already. Raises Invalid("label_text"), Conflict("too_many_labels")."""
    words = usable(label)
    contacts.get_for_update(tx, contact_id)
    there = of_contact(tx, contact_id)
    if words in there:
        return False
    if len(there) >= MOST:
        raise Conflict("too_many_labels", most=MOST)
    tx.execute(insert(contact_label).values(contact_id=contact_id, label=words, agent_id=by.id, at=tx.now))
    append(tx, contact_id, events.LABELLED, {"label": words}, actor=by)
    return True


def take_off(tx: Transaction, contact_id: str, label: str, by: Actor) -> bool:
    """False when it is not there."""
    words = usable(label)
    gone = tx.execute(
        delete(contact_label).where(contact_label.c.contact_id == contact_id, contact_label.c.label == words)
    )
    if not gone.rowcount:
        return False
    append(tx, contact_id, events.UNLABELLED, {"label": words}, actor=by)
    return True


def of_contact(tx: Transaction, contact_id: str) -> list[str]:
    return of_many(tx, [contact_id]).get(contact_id, [])


def of_many(tx: Transaction, contact_ids: Sequence[str]) -> dict[str, list[str]]:
    """Contact → its labels by name."""
    found: dict[str, list[str]] = {}
    if contact_ids:
        query = select(contact_label).where(contact_label.c.contact_id.in_(contact_ids))
        for row in tx.all(query.order_by(contact_label.c.label)):
            found.setdefault(row.contact_id, []).append(row.label)
    return found


def in_use(tx: Transaction, *, limit: int = 200) -> list[str]:
    """Every label that some contact has, by name."""
    query = select(contact_label.c.label).distinct().order_by(contact_label.c.label).limit(limit)
    return [row.label for row in tx.all(query)]


def usable(label: str) -> str:
    """As it is kept: without needless spaces and in one width."""
    words = normalise(" ".join(label.split()))
    if not words or len(words) > LONGEST:
        raise Invalid("label_text", field="label", longest=LONGEST)
    return words
