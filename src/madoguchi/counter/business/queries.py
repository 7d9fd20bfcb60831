"""Reading organisations, their people and their documents."""

from __future__ import annotations

from sqlalchemy import select

from madoguchi.counter.business.model import (
    Document,
    Member,
    Organisation,
    business_document,
    organisation,
    organisation_member,
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
