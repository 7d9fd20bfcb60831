"""The verbs of looking after a company: notes, manager, group, terms of its own, appointments. None commits.

Terms are asked for by one of the shop's people and decided by another one, a supervisor; both stay on record (BIZ-007).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, update

from madoguchi.counter.actors import Actor
from madoguchi.counter.business import queries
from madoguchi.counter.business.model import (
    Appointment,
    Organisation,
    Terms,
    organisation,
    organisation_appointment,
    organisation_terms,
)
from madoguchi.counter.problems import Conflict, Invalid, NotAllowed
from madoguchi.counter.team import queries as team
from madoguchi.engine import audit
from madoguchi.engine.database import Transaction
from madoguchi.kit.ids import new_id


def change(tx: Transaction, organisation_id: str, by: Actor, values: Mapping[str, Any]) -> Organisation:
    """Notes, manager, language, time zone, group, sharing; None leaves a field. Raises NotFound, Invalid."""
    queries.get(tx, organisation_id)
    given = {name: value for name, value in values.items() if value is not None}
    manager = given.get("manager_id")
    if manager:
        found = team.find(tx, manager)
        if found is None or not found.active or found.seller_id:
            raise Invalid("unknown_agent", field="manager_id")
    if given:
        changed = update(organisation).where(organisation.c.id == organisation_id)
        tx.execute(changed.values(updated_at=tx.now, **given))
        _audit(tx, by, "organisation.changed", organisation_id, fields=sorted(given))
    return queries.get(tx, organisation_id)


def ask_terms(
    tx: Transaction, organisation_id: str, kind: str, text: str, payment_days: int | None, by: Actor
) -> Terms:
    """Write down what the company wishes; nothing holds before it is decided."""
    queries.get(tx, organisation_id)
    made = {
        "id": new_id("trm"),
        "organisation_id": organisation_id,
        "kind": kind,
        "text": text.strip(),
        "payment_days": payment_days,
        "state": "asked",
        "asked_by": by.id,
        "asked_at": tx.now,
        "decided_by": "",
        "decided_at": None,
        "reason": "",
    }
    tx.execute(insert(organisation_terms).values(**made))
    _audit(tx, by, "terms.asked", organisation_id, terms=made["id"], kind=kind)
    return queries.terms(tx, str(made["id"]))


def decide_terms(tx: Transaction, terms_id: str, approved: bool, reason: str, by: Actor) -> Terms:
    """A supervisor's word on what somebody else asked for; once.

    Raises NotAllowed("approval_needs_supervisor" | "own_request"), Conflict("terms_decided").
    """
    tx.lock("terms", terms_id)
    asked = queries.terms(tx, terms_id)
    if not by.may("supervisor"):
        raise NotAllowed("approval_needs_supervisor")
    if asked.asked_by == by.id:
        raise NotAllowed("own_request")
    if asked.state != "asked":
        raise Conflict("terms_decided")
    state = "approved" if approved else "declined"
    tx.execute(
        update(organisation_terms)
        .where(organisation_terms.c.id == terms_id)
        .values(state=state, decided_by=by.id, decided_at=tx.now, reason=reason.strip())
    )
    _audit(tx, by, f"terms.{state}", asked.organisation_id, terms=terms_id)
    return queries.terms(tx, terms_id)


def book(
    tx: Transaction, to: Organisation, actor: Actor, at: datetime, minutes: int, about: str, key: str
) -> Appointment:
    """A talk with the company's manager; the same key books it once.

    Raises Conflict("no_manager" | "slot_taken"), Invalid("not_a_slot") for a moment that is over or not a full slot.
    """
    known = queries.appointment_of_key(tx, to.id, key)
    if known is not None:
        return known
    if not to.manager_id:
        raise Conflict("no_manager")
    if at <= tx.now or at.timestamp() % (minutes * 60):
        raise Invalid("not_a_slot", field="at", minutes=minutes)
    tx.lock("appointment", to.manager_id)
    span = timedelta(minutes=minutes)
    near = (organisation_appointment.c.at > at - span) & (organisation_appointment.c.at < at + span)
    theirs = organisation_appointment.c.agent_id == to.manager_id
    if tx.first(select(organisation_appointment.c.id).where(theirs, near)) is not None:
        raise Conflict("slot_taken")
    made = Appointment(
        new_id("app"), to.id, actor.customer_id or "", to.manager_id, at, about.strip(), key, tx.now
    )
    tx.execute(insert(organisation_appointment).values(**vars(made)))
    _audit(tx, actor, "appointment.booked", to.id, appointment=made.id)
    tx.wake(f"agent:{to.manager_id}")
    return made


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
