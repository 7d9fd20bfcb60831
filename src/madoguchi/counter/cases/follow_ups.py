"""Looking at a case again at a date: then it waits for us, and its owner is told (CASE-012)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from madoguchi.counter.actors import SYSTEM, Actor
from madoguchi.counter.cases import events, queries, rows
from madoguchi.counter.cases.model import Case, case_file
from madoguchi.counter.cases.policy import is_live
from madoguchi.counter.contacts import events as facts
from madoguchi.counter.contacts import queries as contact_queries
from madoguchi.counter.contacts import service as contacts
from madoguchi.counter.problems import Conflict, Invalid
from madoguchi.engine import outbox
from madoguchi.engine.database import Transaction
from madoguchi.engine.texts import tr

DUE = "case.follow_up"


def follow_up(tx: Transaction, case_id: str, at: datetime | None, by: Actor, *, why: str = "") -> Case:
    """Look at it again then; None takes the date away. Whoever sets one has the case if nobody has it.

    Raises Invalid("in_the_past"), Conflict("case_state" | "case_merged").
    """
    seen = rows.hold(tx, case_id)
    if not is_live(seen.state):
        raise Conflict("case_state", state=seen.state, deed="follow_up")
    if at is not None and at <= tx.now:
        raise Invalid("in_the_past", field="at")
    owner = seen.owner_id or (by.id if by.kind == "agent" else "")
    changed = rows.change(tx, case_id, follow_up_at=at, owner_id=owner)
    schedule(tx, changed)
    body = {"at": at.isoformat() if at else "", "why": why}
    events.note(tx, case_id, "follow_up.set" if at else "follow_up.cleared", body, by)
    rows.record(tx, by, "case.follow_up", case_id, at=body["at"])
    return changed


def schedule(tx: Transaction, seen: Case) -> None:
    """The errand that wakes the case; one whose date has been changed by then does nothing."""
    if seen.follow_up_at is not None:
        at = seen.follow_up_at
        outbox.put(tx, DUE, {"case_id": seen.id, "at": at.isoformat()}, due_at=at)


def wake(tx: Transaction, case_id: str, at: datetime, language: str) -> Case | None:
    """The date has come: the case waits for us, staff read why, its owner's desk rings. None where it was changed.

    The date stays until somebody sets another or takes it away: it is how the desk lists what is due.
    """
    if queries.find(tx, case_id) is None:
        return None  # erased since
    seen = queries.get_for_update(tx, case_id)
    told = [each.body["at"] for each in events.of_case(tx, case_id, kinds=("follow_up.due",))]
    if seen.follow_up_at != at or at.isoformat() in told or not is_live(seen.state):
        return None
    set_by = events.of_case(tx, case_id, kinds=("follow_up.set",))
    why = str(set_by[-1].body.get("why", "")) if set_by else ""
    woken = rows.change(tx, case_id, state="waiting_for_us")
    events.note(tx, case_id, "follow_up.due", {"at": at.isoformat(), "why": why}, SYSTEM)
    _note(tx, woken, at, why, language)
    if woken.owner_id:
        tx.wake(f"agent:{woken.owner_id}")
    return woken


def due_of(tx: Transaction, agent_id: str) -> int:
    """How many of an agent's cases wait for a look."""
    query = select(func.count()).where(
        case_file.c.owner_id == agent_id,
        case_file.c.follow_up_at <= tx.now,
        case_file.c.state.not_in(("resolved", "closed")),
    )
    return int(tx.scalar(query))


def _note(tx: Transaction, seen: Case, at: datetime, why: str, language: str) -> None:
    found = contact_queries.of_case(tx, seen.id)
    if not found:
        return
    newest = found[-1]
    text = tr(language, "Follow-up: look at case {number} again.", number=seen.label)
    contacts.append(
        tx,
        newest.id,
        facts.NOTE,
        {"text": f"{text} {why}".strip()},
        actor=SYSTEM,
        client_key=f"follow_up/{seen.id}/{at.isoformat()}",
    )
    if newest.snoozed_until is not None:
        contacts.wake_up(tx, newest.id, SYSTEM)
