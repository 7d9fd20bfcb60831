"""What alerts are decided on, gathered in one look: the board, and counts from cases, routing and the outbox."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from madoguchi.counter.cases.promise_model import case_promise
from madoguchi.counter.contacts.model import contact
from madoguchi.counter.quality.model import strain
from madoguchi.counter.routing.model import queue_place
from madoguchi.counter.routing.policy import Rules
from madoguchi.counter.supervision import health
from madoguchi.counter.supervision.board import board
from madoguchi.counter.supervision.conditions import Facts
from madoguchi.counter.supervision.model import Signal
from madoguchi.engine.database import Transaction
from madoguchi.engine.outbox import outbox

_NEAR = timedelta(minutes=15)
_PASSED_WITHIN = timedelta(hours=1)
_FAILED_TIMES = 3


Count = Callable[[Transaction], int]


@dataclass(frozen=True)
class Elsewhere:
    """What other rooms know: late call-backs, calls to the model that failed in a row, figure → per cent off its goal.

    `mailbox`: the one that is fetched, "" where mails come by themselves.
    """

    callbacks_late: Count | None = None
    model_failed: Count | None = None
    missed: Mapping[str, int] = field(default_factory=dict)
    mailbox: str = ""


def gather(tx: Transaction, rules: Rules, zone: ZoneInfo, elsewhere: Elsewhere) -> Facts:
    model_failed = elsewhere.model_failed(tx) if elsewhere.model_failed else 0
    return Facts(
        board=board(tx, rules, zone),
        promises=_promises_near(tx),
        callbacks=elsewhere.callbacks_late(tx) if elsewhere.callbacks_late else 0,
        abusive=_abusive(tx),
        passed=_passed(tx),
        stuck=_stuck(tx),
        missed=elsewhere.missed,
        parts=[*health.signals(tx, elsewhere.mailbox), Signal("model_failing", "", model_failed)],
    )


def _promises_near(tx: Transaction) -> int:
    return int(
        tx.scalar(
            select(func.count()).where(
                case_promise.c.state == "running",
                case_promise.c.due_at >= tx.now,
                case_promise.c.due_at < tx.now + _NEAR,
            )
        )
        or 0
    )


def _abusive(tx: Transaction) -> int:
    return int(
        tx.scalar(
            select(func.count())
            .select_from(strain)
            .join(contact, contact.c.id == strain.c.contact_id)
            .where(strain.c.kind == "abusive", contact.c.state == "open")
        )
        or 0
    )


def _passed(tx: Transaction) -> Counter[str]:
    """Agent id → contacts that came within the hour and that the agent has let pass."""
    rows = tx.all(
        select(queue_place.c.declined_by).where(
            queue_place.c.entered_at >= tx.now - _PASSED_WITHIN, queue_place.c.declined_by != []
        )
    )
    return Counter(agent_id for row in rows for agent_id in row.declined_by)


def _stuck(tx: Transaction) -> Counter[str]:
    """Channel (the topic's first word) → errands that have failed again and again and are still to be done."""
    rows = tx.all(
        select(outbox.c.topic, func.count().label("stuck"))
        .where(outbox.c.state == "waiting", outbox.c.attempts >= _FAILED_TIMES)
        .group_by(outbox.c.topic)
    )
    found: Counter[str] = Counter()
    for row in rows:
        found[row.topic.partition(".")[0]] += row.stuck
    return found
