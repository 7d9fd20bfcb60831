"""Who has a case: a desk, an agent; and a more senior person where that is needed (HND-013)."""

from __future__ import annotations

from madoguchi.counter.actors import Actor
from madoguchi.counter.cases import events, rows
from madoguchi.counter.cases.model import Case
from madoguchi.counter.cases.policy import is_live
from madoguchi.counter.contacts.redaction import redact
from madoguchi.counter.problems import Conflict, Invalid
from madoguchi.counter.team import queries as team
from madoguchi.engine.database import Transaction

SENIOR = "supervisor"
LONGEST_REASON = 1000
_SOONEST = 2  # below the emergencies


def give(tx: Transaction, case_id: str, by: Actor, *, owner_id: str = "", queue: str = "") -> Case:
    """A desk has it, or one agent of a desk; an empty owner gives it back to the desk. Raises Invalid("unknown_agent")."""
    seen = rows.hold(tx, case_id)
    if owner_id:
        require_staff(tx, owner_id)
    if (owner_id, queue or seen.queue) == (seen.owner_id, seen.queue):
        return seen
    events.note(tx, case_id, "owner.changed", {"owner_id": owner_id, "queue": queue or seen.queue}, by)
    rows.record(tx, by, "case.given", case_id, owner=owner_id, queue=queue or seen.queue)
    if owner_id:
        tx.wake(f"agent:{owner_id}")
    return rows.change(tx, case_id, owner_id=owner_id, queue=queue or seen.queue)


def own(tx: Transaction, case_id: str | None, agent: Actor, queue: str = "") -> None:
    """Whoever takes a contact has its case, if nobody had it."""
    if case_id is None:
        return
    seen = rows.hold(tx, case_id)
    if not seen.owner_id and is_live(seen.state):
        give(tx, case_id, agent, owner_id=agent.id, queue=queue)


def pass_on(tx: Transaction, case_id: str, by: Actor, *, owner_id: str = "", queue: str = "") -> None:
    """Whoever has a case and passes its contact on, passes the case on with it; somebody else's case stays where it is."""
    seen = rows.hold(tx, case_id)
    if seen.owner_id == by.id and is_live(seen.state):
        give(tx, case_id, by, owner_id=owner_id, queue=queue)


def escalate(
    tx: Transaction, case_id: str, reason: str, by: Actor, *, queue: str = SENIOR, agent_id: str = ""
) -> Case:
    """A more senior desk or person looks at it, one class sooner. The customer is told that, and never the reason.

    Raises Invalid("reason_missing" | "unknown_agent"), Conflict("case_state" | "case_merged").
    """
    seen = rows.hold(tx, case_id)
    if not is_live(seen.state):
        raise Conflict("case_state", state=seen.state, deed="escalate")
    why = redact(reason.strip())
    if not why or len(why) > LONGEST_REASON:
        raise Invalid("reason_missing", field="reason")
    if agent_id:
        require_staff(tx, agent_id)
    events.note(tx, case_id, "case.escalated", {}, by, public=True)
    body = {"reason": why, "queue": queue, "agent_id": agent_id}
    events.note(tx, case_id, "escalation.reason", body, by)
    rows.record(tx, by, "case.escalated", case_id, queue=queue, agent=agent_id)
    if agent_id:
        tx.wake(f"agent:{agent_id}")
    return rows.change(
        tx,
        case_id,
        queue=queue,
        owner_id=agent_id,
        priority=min(seen.priority, max(_SOONEST, seen.priority - 1)),
        state="waiting_for_us",
    )


def is_escalated(tx: Transaction, case_id: str) -> bool:
    return bool(events.of_case(tx, case_id, kinds=("case.escalated",)))


def require_staff(tx: Transaction, agent_id: str) -> None:
    """Raises Invalid("unknown_agent") for somebody who does not work here."""
    found = team.find(tx, agent_id)
    if found is None or not found.active or found.seller_id:
        raise Invalid("unknown_agent", field="owner_id")
