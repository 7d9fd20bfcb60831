"""Reading what a contact's row is made of, and the row itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, insert, or_, select, update

from madoguchi.counter.cases.model import case_file
from madoguchi.counter.cases.policy import SOLVED
from madoguchi.counter.contacts import events
from madoguchi.counter.contacts.model import Contact, contact, ledger_entry
from madoguchi.counter.customers.model import customer
from madoguchi.counter.reports.course import Fact
from madoguchi.counter.reports.model import Measured, measured_contact
from madoguchi.counter.reports.reckoning import WEEK, Around
from madoguchi.counter.routing.model import queue
from madoguchi.engine.database import Transaction

_SEGMENTS = ("business", "member")
_TOLD = (
    events.MESSAGE, events.OPENED, events.HAND_OVER, events.TRANSFERRED, events.POSITION, events.JOINED, events.LEFT,
    events.RETURNED_TO_ASSISTANT, events.RESOLVED, events.REOPENED, events.RESOLUTION_DENIED, events.ENDED,
    events.FLOW_STARTED, events.FLOW_ANSWERED, events.FLOW_ENDED,
)  # fmt: skip
_WITHOUT_ID = [column.name for column in measured_contact.c if column.name != "id"]


def contacts(tx: Transaction, ids: Collection[str]) -> list[Contact]:
    """Those that are there and not erased."""
    here = and_(contact.c.id.in_(ids), contact.c.disconnect_reason != "erased")
    return [Contact(**row._mapping) for row in tx.all(select(contact).where(here))]


def facts(tx: Transaction, ids: Collection[str]) -> dict[str, list[Fact]]:
    """Contact → its facts in order; one whose opening is gone is being erased, and left out."""
    rows = tx.all(
        select(ledger_entry)
        .where(ledger_entry.c.contact_id.in_(ids), ledger_entry.c.kind.in_(_TOLD))
        .order_by(ledger_entry.c.contact_id, ledger_entry.c.seq)
    )
    found: dict[str, list[Fact]] = defaultdict(list)
    for row in rows:
        found[row.contact_id].append(Fact(row.kind, row.author_kind, row.body, row.at))
    return {key: told for key, told in found.items() if told[0].kind == events.OPENED}


def around(tx: Transaction, seen: Contact, targets: Mapping[str, int]) -> Around:
    """What stands around a contact: its person's next contacts, its case."""
    case = tx.first(select(case_file).where(case_file.c.id == seen.case_id)) if seen.case_id else None
    return Around(
        segment=_segment(tx, seen.customer_id),
        targets=targets,
        next_at=_next(tx, seen),
        next_kind_at=_next(tx, seen, seen.topic) if seen.topic else None,
        case_first=case is not None and _opened_its_case(tx, seen),
        case_solved=case is not None and case.state in SOLVED,
        case_at=case.updated_at if case else None,
    )


def targets(tx: Transaction) -> dict[str, int]:
    """Queue → the seconds in which it should take a contact."""
    return {row.id: row.target_seconds for row in tx.all(select(queue.c.id, queue.c.target_seconds))}


def earlier_of_person(tx: Transaction, seen: Contact) -> list[str]:
    """Contacts of the same person after which this one may be the next."""
    rows = tx.all(
        select(contact.c.id).where(
            _same_person(seen),
            contact.c.id != seen.id,
            contact.c.opened_at <= seen.opened_at,
            contact.c.updated_at >= seen.opened_at - WEEK,
        )
    )
    return [row.id for row in rows]


def of_case(tx: Transaction, case_id: str) -> list[str]:
    return [row.id for row in tx.all(select(contact.c.id).where(contact.c.case_id == case_id))]


def known(tx: Transaction, ids: Collection[str]) -> dict[str, Measured]:
    """Contact → its row."""
    rows = tx.all(select(measured_contact).where(measured_contact.c.contact_id.in_(ids)))
    return {row.contact_id: measured_of(row) for row in rows}


def measured_of(row: Any) -> Measured:
    return Measured(**row._mapping)


def put(tx: Transaction, row: Measured, before: Measured | None) -> None:
    """Write a contact's row, new or instead of the one before."""
    values = {name: getattr(row, name) for name in _WITHOUT_ID}
    if before is None:
        tx.execute(insert(measured_contact).values(**values))
    else:
        tx.execute(update(measured_contact).where(measured_contact.c.id == before.id).values(**values))


def changed(tx: Transaction, limit: int) -> Sequence[str]:
    """Contacts that have no row, or one that is older than they are; this is what nothing escapes."""
    rows = tx.all(
        select(contact.c.id)
        .outerjoin(measured_contact, measured_contact.c.contact_id == contact.c.id)
        .outerjoin(case_file, case_file.c.id == contact.c.case_id)
        .where(
            contact.c.disconnect_reason != "erased",
            or_(
                measured_contact.c.id.is_(None),
                measured_contact.c.reached != contact.c.last_seq,
                measured_contact.c.contact_at != contact.c.updated_at,
                measured_contact.c.case_at.is_distinct_from(case_file.c.updated_at),
                measured_contact.c.case_id != func.coalesce(contact.c.case_id, ""),
            ),
        )
        .order_by(contact.c.opened_at, contact.c.id)
        .limit(limit)
    )
    return [row.id for row in rows]


def due(tx: Transaction, limit: int) -> Sequence[str]:
    """Contacts of which time alone has changed something."""
    here = and_(measured_contact.c.look_at <= tx.now, measured_contact.c.contact_id.is_not(None))
    rows = tx.all(
        select(measured_contact.c.contact_id).where(here).order_by(measured_contact.c.look_at).limit(limit)
    )
    return [row.contact_id for row in rows]


def under_other_terms(tx: Transaction, mark: str, limit: int) -> Sequence[str]:
    """Contacts that were measured under other settings."""
    here = and_(measured_contact.c.terms != mark, measured_contact.c.contact_id.is_not(None))
    rows = tx.all(select(measured_contact.c.contact_id).where(here).limit(limit))
    return [row.contact_id for row in rows]


def _segment(tx: Transaction, customer_id: str | None) -> str:
    if customer_id is None:
        return "other"
    known = tx.scalar(select(customer.c.segments).where(customer.c.id == customer_id)) or []
    return next((name for name in _SEGMENTS if name in known), "other")


def _same_person(seen: Contact) -> Any:
    same = contact.c.visitor_id == seen.visitor_id
    return or_(same, contact.c.customer_id == seen.customer_id) if seen.customer_id else same


def _next(tx: Transaction, seen: Contact, kind: str = "") -> datetime | None:
    """When the same person opened the next contact (of this kind)."""
    later = or_(
        contact.c.opened_at > seen.opened_at,
        and_(contact.c.opened_at == seen.opened_at, contact.c.id > seen.id),
    )
    here = and_(_same_person(seen), contact.c.id != seen.id, later)
    if kind:
        here = and_(here, contact.c.topic == kind)
    found: datetime | None = tx.scalar(select(func.min(contact.c.opened_at)).where(here))
    return found


def _opened_its_case(tx: Transaction, seen: Contact) -> bool:
    first = tx.scalar(
        select(contact.c.id)
        .where(contact.c.case_id == seen.case_id)
        .order_by(contact.c.opened_at, contact.c.id)
        .limit(1)
    )
    return bool(first == seen.id)
