"""The verbs of an organisation: found, add and change people, issue documents. None commits."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from madoguchi.counter.actors import SYSTEM, Actor
from madoguchi.counter.business import policy, queries
from madoguchi.counter.business.model import (
    Document,
    DocumentKind,
    Item,
    MemberRole,
    Organisation,
    business_document,
    organisation,
    organisation_member,
)
from madoguchi.counter.problems import Conflict, Invalid, NotFound
from madoguchi.engine import audit
from madoguchi.engine.database import Transaction
from madoguchi.kit.ids import new_id

_LETTER: dict[DocumentKind, str] = {"quote": "Q", "invoice": "I"}


def found(
    tx: Transaction, name: str, registration_number: str = "", country: str = "JP", notes: str = ""
) -> Organisation:
    """The organisation of this number or name, made where there is none. Raises Invalid("registration_number")."""
    number = policy.registration_number(registration_number)
    if registration_number and not number:
        raise Invalid("registration_number", field="registration_number")
    known = queries.by_number_or_name(tx, number, name)
    if known is not None:
        return known
    made = {
        "id": new_id("org"),
        "name": name,
        "registration_number": number,
        "country": country,
        "notes": notes,
        "manager_id": "",
        "language": "ja",
        "timezone": "",
        "group_id": "",
        "shares_cases": False,
        "created_at": tx.now,
        "updated_at": tx.now,
    }
    tx.execute(insert(organisation).values(**made))
    return queries.get(tx, str(made["id"]))


def put_member(
    tx: Transaction, organisation_id: str, customer_id: str, role: MemberRole, by: Actor = SYSTEM
) -> None:
    """Give somebody a role; they leave the organisation they were in. Raises Conflict("last_owner"), Invalid."""
    if role not in policy.ROLES:
        raise Invalid("unknown_role", field="role", roles=", ".join(policy.ROLES))
    tx.lock("organisation", organisation_id)
    before = tx.first(select(organisation_member).where(organisation_member.c.customer_id == customer_id))
    if before is not None and before.organisation_id == organisation_id:
        if before.role == role:
            return
        _require_owner(tx, organisation_id, customer_id, role)
        tx.execute(
            update(organisation_member)
            .where(organisation_member.c.customer_id == customer_id)
            .values(role=role)
        )
    else:
        if before is not None:
            remove_member(tx, before.organisation_id, customer_id, by)
        tx.execute(
            insert(organisation_member).values(
                customer_id=customer_id, organisation_id=organisation_id, role=role, since=tx.now
            )
        )
    _audit(tx, by, "organisation.role_set", organisation_id, customer=customer_id, role=role)


def remove_member(tx: Transaction, organisation_id: str, customer_id: str, by: Actor = SYSTEM) -> None:
    """Somebody leaves. Raises NotFound, Conflict("last_owner")."""
    tx.lock("organisation", organisation_id)
    everybody = queries.members(tx, organisation_id)
    if all(member.customer_id != customer_id for member in everybody):
        raise NotFound("member_not_found")
    if len(everybody) > 1:
        _require_owner(tx, organisation_id, customer_id, None)
    tx.execute(delete(organisation_member).where(organisation_member.c.customer_id == customer_id))
    _audit(tx, by, "organisation.member_removed", organisation_id, customer=customer_id)


def issue(
    tx: Transaction,
    kind: DocumentKind,
    to: Organisation,
    actor: Actor,
    items: list[Item],
    currency: str,
    *,
    key: str,
    order_number: str = "",
    placed_at: datetime | None = None,
    days: int | None = None,
) -> Document:
    """Give a document the next number of its kind and year and keep it as it is; the same key gives the same one."""
    if not items:
        raise Invalid("nothing_to_print", field="items")
    tx.lock("business_document", kind)
    known = tx.scalar(
        select(business_document.c.id).where(
            business_document.c.organisation_id == to.id, business_document.c.client_key == key
        )
    )
    if known is not None:
        return queries.document(tx, known)
    body: dict[str, Any] = {
        "addressee": to.name,
        "their_number": to.registration_number,
        "currency": currency,
        "language": to.language,
        "zone": to.timezone,
        "items": [asdict(item) for item in items],
        "placed_at": placed_at.isoformat() if placed_at else "",
    }
    document_id = new_id("doc")
    tx.execute(
        insert(business_document).values(
            id=document_id,
            kind=kind,
            number=_next_number(tx, kind),
            organisation_id=to.id,
            customer_id=actor.customer_id or "",
            order_number=order_number,
            client_key=key,
            body=body,
            issued_at=tx.now,
            valid_until=tx.now + timedelta(days=days) if days else None,
        )
    )
    _audit(tx, actor, f"{kind}.issued", to.id, document=document_id)
    return queries.document(tx, document_id)


def _next_number(tx: Transaction, kind: DocumentKind) -> str:
    """Q2026-000001: without gaps within a kind and year."""
    start = f"{_LETTER[kind]}{tx.now.year}-"
    last = tx.scalar(
        select(func.max(business_document.c.number)).where(
            business_document.c.kind == kind, business_document.c.number.like(f"{start}%")
        )
    )
    return f"{start}{int(last.removeprefix(start)) + 1 if last else 1:06d}"


def _require_owner(tx: Transaction, organisation_id: str, customer_id: str, role: MemberRole | None) -> None:
    if not policy.keeps_an_owner(queries.members(tx, organisation_id), customer_id, role):
        raise Conflict("last_owner")


def _audit(tx: Transaction, by: Actor, action: str, organisation_id: str, **detail: Any) -> None:
    audit.record(
        tx,
        actor_kind=by.kind,
        actor_id=by.id,
        action=action,
        object_kind="organisation",
        object_id=organisation_id,
        **detail,
    )
