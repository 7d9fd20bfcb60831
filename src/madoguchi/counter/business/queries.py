"""Reading organisations, their people and their documents."""

from __future__ import annotations

from sqlalchemy import select

from madoguchi.counter.business.model import (
    Appointment,
    Document,
    Member,
    Organisation,
    Terms,
    business_document,
    organisation,
    organisation_appointment,
    organisation_member,
    organisation_terms,
)
from madoguchi.counter.customers.model import customer
from madoguchi.counter.problems import NotFound
from madoguchi.engine.database import Transaction


def get(tx: Transaction, organisation_id: str) -> Organisation:
    """Raises NotFound."""
    row = tx.first(select(organisation).where(organisation.c.id == organisation_id))
    if row is None:
        raise NotFound("organisation_not_found")
    return Organisation(**row._mapping)


def of_customer(tx: Transaction, customer_id: str) -> tuple[Organisation, Member] | None:
    """The organisation that somebody belongs to, and as what."""
    found = tx.scalar(
        select(organisation_member.c.organisation_id).where(organisation_member.c.customer_id == customer_id)
    )
    if found is None:
        return None
    me = next(member for member in members(tx, found) if member.customer_id == customer_id)
    return get(tx, found), me


def members(tx: Transaction, organisation_id: str) -> list[Member]:
    """Owners first, then by name."""
    rows = tx.all(
        select(
            organisation_member.c.customer_id,
            customer.c.name,
            organisation_member.c.role,
            organisation_member.c.since,
        )
        .join(customer, customer.c.id == organisation_member.c.customer_id)
        .where(organisation_member.c.organisation_id == organisation_id)
    )
    found = [Member(**row._mapping) for row in rows]
    return sorted(found, key=lambda member: (member.role != "owner", member.name))


def by_number_or_name(tx: Transaction, registration_number: str, name: str) -> Organisation | None:
    """The same organisation by its number; where it has none, by its name."""
    same = (
        organisation.c.registration_number == registration_number
        if registration_number
        else (organisation.c.name == name)
    )
    row = tx.first(select(organisation).where(same).order_by(organisation.c.created_at))
    return None if row is None else Organisation(**row._mapping)


def document(tx: Transaction, document_id: str) -> Document:
    """Raises NotFound."""
    row = tx.first(select(business_document).where(business_document.c.id == document_id))
    if row is None:
        raise NotFound("document_not_found")
    return Document(**row._mapping)


def documents(tx: Transaction, organisation_id: str, *, limit: int = 100) -> list[Document]:
    """Newest first."""
    rows = tx.all(
        select(business_document)
        .where(business_document.c.organisation_id == organisation_id)
        .order_by(business_document.c.issued_at.desc(), business_document.c.number.desc())
        .limit(limit)
    )
    return [Document(**row._mapping) for row in rows]


# ── looking after them ────────────────────────────────────────────────────────────────────────────


def search(tx: Transaction, text: str, *, limit: int = 50) -> list[Organisation]:
    """By a part of the name, or the whole number."""
    wanted = text.strip()
    same = organisation.c.name.contains(wanted, autoescape=True) | (
        organisation.c.registration_number == wanted.upper()
    )
    rows = tx.all(select(organisation).where(same).order_by(organisation.c.name).limit(limit))
    return [Organisation(**row._mapping) for row in rows]


def group_of(tx: Transaction, to: Organisation) -> list[Organisation]:
    """The other companies of its group, by name."""
    if not to.group_id:
        return []
    rows = tx.all(
        select(organisation)
        .where(organisation.c.group_id == to.group_id, organisation.c.id != to.id)
        .order_by(organisation.c.name)
    )
    return [Organisation(**row._mapping) for row in rows]


def terms(tx: Transaction, terms_id: str) -> Terms:
    """Raises NotFound."""
    row = tx.first(select(organisation_terms).where(organisation_terms.c.id == terms_id))
    if row is None:
        raise NotFound("terms_not_found")
    return Terms(**row._mapping)


def terms_of(tx: Transaction, organisation_id: str) -> list[Terms]:
    """Newest first, undecided and declined ones too."""
    rows = tx.all(
        select(organisation_terms)
        .where(organisation_terms.c.organisation_id == organisation_id)
        .order_by(organisation_terms.c.asked_at.desc(), organisation_terms.c.id.desc())
    )
    return [Terms(**row._mapping) for row in rows]


def appointments_of(tx: Transaction, organisation_id: str) -> list[Appointment]:
    """What is still to come, the next first."""
    rows = tx.all(
        select(organisation_appointment)
        .where(
            organisation_appointment.c.organisation_id == organisation_id,
            organisation_appointment.c.at >= tx.now,
        )
        .order_by(organisation_appointment.c.at)
    )
    return [Appointment(**row._mapping) for row in rows]


def appointment_of_key(tx: Transaction, organisation_id: str, key: str) -> Appointment | None:
    row = tx.first(
        select(organisation_appointment).where(
            organisation_appointment.c.organisation_id == organisation_id,
            organisation_appointment.c.client_key == key,
        )
    )
    return None if row is None else Appointment(**row._mapping)
