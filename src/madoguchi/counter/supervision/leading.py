"""What those who lead change about an agent's work: status, contacts in hand. The agent is told who did it; the log too."""

from __future__ import annotations

from madoguchi.counter.actors import Actor
from madoguchi.counter.problems import NotAllowed
from madoguchi.counter.routing import presence
from madoguchi.counter.routing.model import Status
from madoguchi.counter.team import notices
from madoguchi.counter.team import queries as team
from madoguchi.counter.team.policy import may
from madoguchi.engine import audit
from madoguchi.engine.database import Transaction


def set_status_of(tx: Transaction, agent_id: str, status: Status, by: Actor) -> None:
    """Say for an agent what they are doing. Raises NotAllowed, NotFound, Invalid("unknown_status")."""
    if not may(by, "team.lead"):
        raise NotAllowed("role_missing")
    team.get(tx, agent_id)
    presence.set_status(tx, agent_id, status)
    _audit(tx, by, "agent.status_set", agent_id, status=status)
    notices.tell(tx, agent_id, "status_set", by, status=status)


def put_back(tx: Transaction, agent_id: str, by: Actor) -> list[str]:
    """Everything that an agent who has left holds goes back to its queues, one class up. Returns the contacts."""
    if not may(by, "contacts.reassign"):
        raise NotAllowed("role_missing")
    moved = presence.release(tx, agent_id, by)
    told_of_moves(tx, agent_id, len(moved), by)
    return moved


def told_of_moves(tx: Transaction, agent_id: str, count: int, by: Actor) -> None:
    """Contacts were taken out of an agent's hands."""
    if not count:
        return
    _audit(tx, by, "agent.contacts_moved", agent_id, count=count)
    notices.tell(tx, agent_id, "contacts_moved", by, count=count)


def _audit(tx: Transaction, by: Actor, action: str, agent_id: str, **detail: object) -> None:
    audit.record(
        tx,
        actor_kind=by.kind,
        actor_id=by.id,
        action=action,
        object_kind="agent",
        object_id=agent_id,
        **detail,
    )
