"""Agents who help out in another queue for a while: a skill with an end, which needs nobody to take it back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Column, Index, String, Table, insert, select, update

from madoguchi.counter.actors import Actor
from madoguchi.counter.problems import Invalid, NotFound
from madoguchi.counter.team import notices, queries
from madoguchi.engine import audit
from madoguchi.engine.database import Transaction
from madoguchi.engine.ownership import OfHouse, belongs
from madoguchi.engine.schema import Moment, metadata
from madoguchi.kit.ids import new_id

LONGEST = timedelta(hours=24)

lent_skill = Table(
    "lent_skill",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("agent_id", String(60), nullable=False),
    Column("queue_id", String(40), nullable=False),
    Column("given_at", Moment, nullable=False),
    Column("until", Moment, nullable=False),
    Column("given_by", String(60), nullable=False),
    Index("ix_lent_skill_until", "until"),
    info=belongs(OfHouse("Which agents help out in which queue, and until when.")),
)


@dataclass(frozen=True)
class Loan:
    """Columns as in the table."""

    id: str
    agent_id: str
    queue_id: str
    given_at: datetime
    until: datetime
    given_by: str


def lend(tx: Transaction, agent_id: str, queue_id: str, by: Actor, *, lasts: timedelta) -> Loan:
    """Let an agent be offered contacts of this queue too, for so long. Lending again sets a new end.

    Routing reads it at the next offer. Raises Invalid("lending_time") outside of 1 minute to 24 hours, NotFound.
    """
    if not timedelta(minutes=1) <= lasts <= LONGEST:
        raise Invalid("lending_time", field="minutes")
    queries.get(tx, agent_id)
    tx.lock("agent", agent_id)
    _end(tx, agent_id, queue_id)
    loan = Loan(new_id("len"), agent_id, queue_id, tx.now, tx.now + lasts, by.id)
    tx.execute(insert(lent_skill).values(**vars(loan)))
    until = loan.until.isoformat()
    _audit(tx, by, "agent.lent", agent_id, queue=queue_id, until=until)
    notices.tell(tx, agent_id, "lent", by, queue=queue_id, until=until)
    tx.wake("inbox")
    return loan


def take_back(tx: Transaction, loan_id: str, by: Actor) -> None:
    """End it before its time; one that is over already stays over. Raises NotFound."""
    row = tx.first(select(lent_skill).where(lent_skill.c.id == loan_id))
    if row is None:
        raise NotFound("not_found")
    _end(tx, row.agent_id, row.queue_id)
    _audit(tx, by, "agent.lending_ended", row.agent_id, queue=row.queue_id)
    tx.wake("inbox")


def loans(tx: Transaction) -> list[Loan]:
    """What is lent now, the first to end first."""
    rows = tx.all(select(lent_skill).where(lent_skill.c.until > tx.now).order_by(lent_skill.c.until))
    return [Loan(**row._mapping) for row in rows]


def lent_queues(tx: Transaction) -> dict[str, frozenset[str]]:
    """Agent id → the queues that this agent serves beside the own ones, now."""
    found: dict[str, set[str]] = {}
    for loan in loans(tx):
        found.setdefault(loan.agent_id, set()).add(loan.queue_id)
    return {agent_id: frozenset(queues) for agent_id, queues in found.items()}


def _end(tx: Transaction, agent_id: str, queue_id: str) -> None:
    tx.execute(
        update(lent_skill)
        .where(
            lent_skill.c.agent_id == agent_id,
            lent_skill.c.queue_id == queue_id,
            lent_skill.c.until > tx.now,
        )
        .values(until=tx.now)
    )


def _audit(tx: Transaction, by: Actor, action: str, agent_id: str, **detail: str) -> None:
    audit.record(
        tx,
        actor_kind=by.kind,
        actor_id=by.id,
        action=action,
        object_kind="agent",
        object_id=agent_id,
        **detail,
    )
