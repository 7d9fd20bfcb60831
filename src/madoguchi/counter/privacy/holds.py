"""Holds: a person or a case that must be kept, with the reason, by whom, until when (HIS-006, PRIV-004)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, insert, or_, select, update

from madoguchi.counter.actors import Actor
from madoguchi.counter.cases import queries as cases
from madoguchi.counter.cases.model import case_file
from madoguchi.counter.contacts.model import contact
from madoguchi.counter.customers import queries as customers
from madoguchi.counter.privacy.model import Hold, legal_hold
from madoguchi.counter.privacy.ways import Person, of_person
from madoguchi.counter.problems import Conflict, Invalid, NotAllowed, NotFound
from madoguchi.counter.team.policy import may
from madoguchi.engine import audit
from madoguchi.engine.database import Transaction
from madoguchi.kit.ids import new_id

_LONGEST = 500


def set_hold(
    tx: Transaction,
    by: Actor,
    *,
    customer_id: str | None = None,
    case: str = "",
    reason: str,
    until: datetime | None = None,
) -> Hold:
    """Keep a customer's records, or one case (C-10482). Raises NotAllowed, Invalid, NotFound."""
    _check(by)
    if not reason.strip() or len(reason) > _LONGEST:
        raise Invalid("hold_reason_needed", field="reason")
    if bool(customer_id) == bool(case):
        raise Invalid("hold_of_one_thing", field="case")
    if until is not None and until <= tx.now:
        raise Invalid("hold_in_the_past", field="until")
    held = Hold(
        id=new_id("hold"),
        customer_id=customers.get(tx, customer_id).id if customer_id else None,
        case_id=_case_id(tx, case) if case else None,
        reason=reason.strip(),
        until=until,
        set_by=by.id,
        set_at=tx.now,
        lifted_by="",
        lifted_at=None,
    )
    tx.execute(insert(legal_hold).values(**held.__dict__))
    _audit(tx, by, "hold.set", held.id)
    return held


def lift(tx: Transaction, by: Actor, hold_id: str) -> None:
    """From now on it may be erased again; lifting twice is lifting once. Raises NotAllowed, NotFound."""
    _check(by)
    if tx.first(select(legal_hold.c.id).where(legal_hold.c.id == hold_id)) is None:
        raise NotFound("not_found")
    here = (legal_hold.c.id == hold_id, legal_hold.c.lifted_at.is_(None))
    if tx.execute(update(legal_hold).where(*here).values(lifted_by=by.id, lifted_at=tx.now)).rowcount:
        _audit(tx, by, "hold.lifted", hold_id)


def standing(tx: Transaction) -> list[Hold]:
    """The holds that bind now, newest first."""
    rows = tx.all(select(legal_hold).where(_binds(tx)).order_by(legal_hold.c.set_at.desc()))
    return [Hold(**row._mapping) for row in rows]


def of_person_now(tx: Transaction, person: Person) -> list[Hold]:
    """The holds that bind anything of this person."""
    return _found(tx, or_(_of_customer(person.customer_id), legal_hold.c.case_id.in_(_cases_of(person))))


def of_contact_now(tx: Transaction, contact_id: str) -> list[Hold]:
    """The holds that bind this contact: by its case, or by its customer."""
    row = tx.first(select(contact.c.case_id, contact.c.customer_id).where(contact.c.id == contact_id))
    if row is None:
        return []
    return _found(tx, or_(_of_customer(row.customer_id), legal_hold.c.case_id == row.case_id))


def refuse_if_held(found: list[Hold]) -> None:
    """Raises Conflict("held"); why it is held is nobody's business but the shop's."""
    if found:
        raise Conflict("held")


def is_held(tx: Transaction, customer: Any, case: Any) -> ColumnElement[bool]:
    """For retention: whether the row of these two columns is bound by a hold."""
    binds = _binds(tx)
    by_customer = select(legal_hold.c.customer_id).where(binds, legal_hold.c.customer_id.is_not(None))
    by_case = select(legal_hold.c.case_id).where(binds, legal_hold.c.case_id.is_not(None))
    return or_(
        and_(customer.is_not(None), customer.in_(by_customer)), and_(case.is_not(None), case.in_(by_case))
    )


def _case_id(tx: Transaction, number: str) -> str:
    found = cases.by_number(tx, number)
    if found is None:
        raise NotFound("case_not_found", number=number)
    return found.id


def _binds(tx: Transaction) -> ColumnElement[bool]:
    return and_(
        legal_hold.c.lifted_at.is_(None), or_(legal_hold.c.until.is_(None), legal_hold.c.until > tx.now)
    )


def _of_customer(customer_id: str | None) -> ColumnElement[bool]:
    return and_(legal_hold.c.customer_id.is_not(None), legal_hold.c.customer_id == customer_id)


def _cases_of(person: Person) -> Any:
    own = of_person(person)(case_file)
    assert own is not None
    return select(case_file.c.id).where(own)


def _found(tx: Transaction, which: ColumnElement[bool]) -> list[Hold]:
    return [Hold(**row._mapping) for row in tx.all(select(legal_hold).where(which, _binds(tx)))]


def _check(by: Actor) -> None:
    if not may(by, "history.erase"):
        raise NotAllowed("not_allowed")


def _audit(tx: Transaction, by: Actor, action: str, hold_id: str) -> None:
    audit.record(
        tx, actor_kind=by.kind, actor_id=by.id, action=action, object_kind="legal_hold", object_id=hold_id
    )
