"""What a bulk deed changed in each contact, kept as long as it can be undone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, insert, select, update

from madoguchi.counter.actors import Actor
from madoguchi.counter.contacts.model import Contact
from madoguchi.counter.inbox.model import Step, Undoable, bulk_step
from madoguchi.counter.problems import Conflict, NotFound
from madoguchi.engine.database import Transaction

_KEPT = timedelta(hours=1)


def note(
    tx: Transaction, bulk_id: str, after: Contact, deed: Undoable, before: Mapping[str, Any], by: Actor
) -> None:
    """`after`: the contact as the deed has left it."""
    tx.execute(
        insert(bulk_step).values(
            bulk_id=bulk_id,
            contact_id=after.id,
            agent_id=by.id,
            deed=deed,
            before=dict(before),
            owner_version=after.owner_version,
            at=tx.now,
        )
    )


def of_bulk(tx: Transaction, bulk_id: str, by: Actor, within: timedelta) -> list[Step]:
    """What is left to undo. Raises NotFound for another's, Conflict("undo_over") after its time."""
    query = select(bulk_step).where(bulk_step.c.bulk_id == bulk_id, bulk_step.c.agent_id == by.id)
    steps = [Step(**row._mapping) for row in tx.all(query.order_by(bulk_step.c.contact_id))]
    if not steps:
        raise NotFound("bulk_not_found")
    if tx.now > max(step.at for step in steps) + within:
        raise Conflict("undo_over")
    return [step for step in steps if step.undone_at is None]


def undone(tx: Transaction, step: Step) -> None:
    tx.execute(
        update(bulk_step)
        .where(bulk_step.c.bulk_id == step.bulk_id, bulk_step.c.contact_id == step.contact_id)
        .values(undone_at=tx.now)
    )


def forget(tx: Transaction) -> None:
    """What nobody can undo any more."""
    tx.execute(delete(bulk_step).where(bulk_step.c.at < tx.now - _KEPT))
