"""When a waiting customer was last at the screen: kept in the database, so that every process and a restart know (ux §5.9)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Boolean, Column, String, Table, select, update

from madoguchi.engine.database import Transaction
from madoguchi.engine.ownership import OfPerson, Through, belongs
from madoguchi.engine.schema import Moment, metadata
from madoguchi.kit.clock import to_micros

# A screen says every 20 seconds that it is there; one that has missed this is gone without a word.
GONE_AFTER = timedelta(seconds=60)
SELDOM = timedelta(seconds=10)

customer_presence = Table(
    "customer_presence",
    metadata,
    Column("contact_id", String(60), primary_key=True),
    Column("seen_at", Moment, nullable=False),
    Column("here", Boolean, nullable=False),  # false: the last screen has closed
    info=belongs(OfPerson(through=Through("contact_id", "contact"))),
)


@dataclass(frozen=True)
class LastSeen:
    """Of one contact's customer."""

    seen_at: datetime
    here: bool

    def present(self, now: datetime) -> bool:
        return self.here and now - self.seen_at < GONE_AFTER


def seen(tx: Transaction, contact_ids: Collection[str]) -> None:
    """The customer looks at these now. Written at most every ten seconds; coming back rings at the desk."""
    before = last_seen(tx, tuple(contact_ids))
    for contact_id in contact_ids:
        known = before.get(contact_id)
        if known is not None and known.here and tx.now - known.seen_at < SELDOM:
            continue
        tx.driver(
            "INSERT INTO customer_presence (contact_id, seen_at, here) VALUES (?, ?, ?)"
            " ON CONFLICT (contact_id) DO UPDATE SET seen_at = excluded.seen_at, here = excluded.here",
            (contact_id, to_micros(tx.now), True),
        ).close()
        if known is None or not known.present(tx.now):
            tx.wake("inbox", f"contact:{contact_id}")


def gone(tx: Transaction, contact_ids: Collection[str]) -> None:
    """The customer's last screen of these has closed. Only what was ever seen is noted."""
    left = update(customer_presence).where(
        customer_presence.c.contact_id.in_(list(contact_ids)), customer_presence.c.here.is_(True)
    )
    if tx.execute(left.values(here=False, seen_at=tx.now)).rowcount:
        tx.wake("inbox", *(f"contact:{contact_id}" for contact_id in contact_ids))


def last_seen(tx: Transaction, contact_ids: Sequence[str]) -> dict[str, LastSeen]:
    """Contact → when its customer was last there; without those who never were."""
    if not contact_ids:
        return {}
    rows = tx.all(select(customer_presence).where(customer_presence.c.contact_id.in_(list(contact_ids))))
    return {row.contact_id: LastSeen(row.seen_at, bool(row.here)) for row in rows}
