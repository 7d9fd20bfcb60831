"""How a case's row is changed: what is new, when, and a wake-up for whoever looks at it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import update

from madoguchi.counter.actors import Actor
from madoguchi.counter.cases import queries
from madoguchi.counter.cases.model import Case, case_file
from madoguchi.counter.problems import Conflict
from madoguchi.engine import audit
from madoguchi.engine.database import Transaction


def change(tx: Transaction, case_id: str, **values: Any) -> Case:
    """Set columns of a case and read it again."""
    tx.execute(update(case_file).where(case_file.c.id == case_id).values(updated_at=tx.now, **values))
    tx.wake("inbox", f"case:{case_id}")
    return queries.get(tx, case_id)


def hold(tx: Transaction, case_id: str) -> Case:
    """The case that is worked on, held until the end of the transaction.

    Raises Conflict("case_merged") for one that goes on in another: who saw it has to look again.
    """
    seen = queries.get_for_update(tx, case_id)
    if seen.merged_into:
        raise Conflict("case_merged", number=queries.going_on(tx, seen).label)
    return seen


def hold_both(tx: Transaction, one_id: str, other_id: str) -> tuple[Case, Case]:
    """Two cases, locked in one order whoever asks, so that two who merge crosswise do not wait for each other."""
    held = {case_id: hold(tx, case_id) for case_id in sorted({one_id, other_id})}
    return held[one_id], held[other_id]


def record(tx: Transaction, by: Actor, action: str, case_id: str, **detail: Any) -> None:
    """A line of the audit log on a case."""
    audit.record(
        tx,
        actor_kind=by.kind,
        actor_id=by.id,
        action=action,
        object_kind="case",
        object_id=case_id,
        **detail,
    )
