"""What a case is proved by: every file of its contacts, with its digest, its time and who brought it (CASE-008)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

from madoguchi.counter.contacts.model import attachment, contact
from madoguchi.engine.database import Transaction


@dataclass(frozen=True)
class Evidence:
    """A file as it is kept: `sha256` of its bytes, `at` when it came. Reading the bytes leaves a line in the audit log."""

    id: str
    contact_id: str
    channel: str
    name: str
    media_type: str
    size: int
    sha256: str
    author_kind: str
    author_id: str
    at: datetime


def of_case(tx: Transaction, case_id: str) -> list[Evidence]:
    """Oldest first. What was uploaded and never sent is no evidence yet, except from the customer."""
    query = (
        select(
            attachment.c.id,
            attachment.c.contact_id,
            contact.c.channel,
            attachment.c.name,
            attachment.c.media_type,
            attachment.c.size,
            attachment.c.sha256,
            attachment.c.author_kind,
            attachment.c.author_id,
            attachment.c.created_at.label("at"),
        )
        .join(contact, contact.c.id == attachment.c.contact_id)
        .where(
            contact.c.case_id == case_id,
            or_(attachment.c.said.is_(True), attachment.c.author_kind == "customer"),
        )
        .order_by(attachment.c.created_at, attachment.c.id)
    )
    return [Evidence(**row._mapping) for row in tx.all(query)]
