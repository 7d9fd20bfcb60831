"""What must happen outside, or later: rows written with their cause, delivered by a worker until done.

`put(tx, topic, payload)` writes the wish in the same transaction as its cause. A `Courier` leases due rows and
hands them to the handler of their topic, outside any transaction; an error is tried again with growing pauses.
Rows of one `lane` go in order: nothing overtakes a row that still waits. A row ends `done` or `failed`.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Column, Index, Integer, String, Table, Text, and_, exists, insert, or_, select, update

from madoguchi.engine.database import Database, Transaction
from madoguchi.engine.failpoints import failpoint
from madoguchi.engine.ownership import OfPerson, belongs
from madoguchi.engine.schema import JsonText, Moment, metadata

log = structlog.get_logger()

LEASE = timedelta(seconds=60)
MAX_ATTEMPTS = 12
TOPIC = "outbox"

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("topic", String(80), nullable=False),
    Column("key", String(200), unique=True),
    Column("lane", String(200)),
    Column("payload", JsonText, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("state", String(12), nullable=False),
    Column("lease_until", Moment),
    Column("created_at", Moment, nullable=False),
    Column("finished_at", Moment),
    Column("error", Text),
    Index("ix_outbox_state_due", "state", "due_at"),
    Index("ix_outbox_lane", "lane", "id"),
    info=belongs(OfPerson(mentioned="payload", withheld=("key", "lane", "payload", "error"))),
)


class GiveUp(Exception):
    """Raised by a handler: trying again cannot help; the row becomes `failed`."""


@dataclass(frozen=True)
class Errand:
    """One leased row: `attempt` counts from 1."""

    id: int
    topic: str
    payload: Any
    attempt: int
    key: str | None


Handler = Callable[[Errand], None]


def put_all(
    tx: Transaction, topic: str, errands: Sequence[tuple[Any, datetime]], keys: Sequence[str]
) -> None:
    """Write many errands of one topic, each (payload, due at) under its key; one whose key is there is ignored."""
    there = set(tx.connection.scalars(select(outbox.c.key).where(outbox.c.key.in_(keys))))
    rows = [
        {
            "topic": topic,
            "key": key,
            "payload": payload,
            "due_at": due_at,
            "state": "waiting",
            "attempts": 0,
            "created_at": tx.now,
        }
        for (payload, due_at), key in zip(errands, keys, strict=True)
        if key not in there
    ]
    if rows:
        tx.execute(insert(outbox), rows)
        tx.wake(TOPIC)


def put(
    tx: Transaction,
    topic: str,
    payload: Any,
    *,
    due_at: datetime | None = None,
    key: str | None = None,
    lane: str | None = None,
) -> bool:
    """Write an errand. With a `key`, a second one with the same key is ignored (returns False)."""
    row = {
        "topic": topic,
        "key": key,
        "lane": lane,
        "payload": payload,
        "due_at": due_at or tx.now,
        "state": "waiting",
        "attempts": 0,
        "created_at": tx.now,
    }
    tx.wake(TOPIC)
    if key is not None and tx.scalar(select(outbox.c.id).where(outbox.c.key == key)) is not None:
        return False
    tx.execute(insert(outbox).values(**row))
    return True


def cancel(tx: Transaction, key: str) -> bool:
    """Take back an errand that has not been started; False when it is already on its way or done."""
    result = tx.execute(
        update(outbox)
        .where(outbox.c.key == key, outbox.c.state == "waiting")
        .values(state="cancelled", finished_at=tx.now, key=None)
    )
    return result.rowcount > 0


class Courier:
    """Delivers errands. `handlers`: topic → function called outside any transaction, in a thread."""

    def __init__(self, database: Database, handlers: Mapping[str, Handler]) -> None:
        self._database = database
        self._handlers = dict(handlers)

    def handle(self, topic: str, handler: Handler) -> None:
        """Register the handler of a topic."""
        self._handlers[topic] = handler

    def deliver_due(self, limit: int = 50) -> int:
        """Deliver what is due now, one by one; returns how many errands were tried."""
        tried = 0
        while tried < limit:
            errand = self._database.write(_lease_next, tuple(self._handlers))
            if errand is None:
                return tried
            self._deliver(errand)
            tried += 1
        return tried

    async def run(self, stopping: asyncio.Event) -> None:
        """Deliver until `stopping` is set: at wake-ups, when something falls due, and every second."""
        with self._database.stream.waiter(TOPIC) as bell:
            while not stopping.is_set():
                try:
                    tried = await asyncio.to_thread(self.deliver_due)
                except Exception:
                    log.exception("outbox.courier_failed")
                    tried = 0
                if not tried:
                    await bell.wait(1.0)

    def _deliver(self, errand: Errand) -> None:
        failpoint("outbox.before_delivery")
        try:
            self._handlers[errand.topic](errand)
        except GiveUp as error:
            self._database.write(_finish, errand.id, "failed", str(error))
        except Exception as error:
            log.warning("outbox.delivery_failed", topic=errand.topic, id=errand.id, error=repr(error))
            self._database.write(_postpone, errand, repr(error))
        else:
            failpoint("outbox.after_delivery")
            self._database.write(_finish, errand.id, "done", None)


def _lease_next(tx: Transaction, topics: tuple[str, ...]) -> Errand | None:
    earlier = outbox.alias("earlier")
    free = and_(
        outbox.c.topic.in_(topics),
        outbox.c.due_at <= tx.now,
        or_(
            outbox.c.state == "waiting",
            and_(outbox.c.state == "taken", outbox.c.lease_until < tx.now),
        ),
        or_(
            outbox.c.lane.is_(None),
            ~exists().where(
                earlier.c.lane == outbox.c.lane,
                earlier.c.id < outbox.c.id,
                earlier.c.state.in_(("waiting", "taken")),
            ),
        ),
    )
    found = tx.first(
        select(outbox)
        .where(free)
        .order_by(outbox.c.due_at, outbox.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if found is None:
        return None
    attempt = found.attempts + 1
    tx.execute(
        update(outbox)
        .where(outbox.c.id == found.id)
        .values(state="taken", attempts=attempt, lease_until=tx.now + LEASE)
    )
    return Errand(found.id, found.topic, found.payload, attempt, found.key)


def _finish(tx: Transaction, errand_id: int, state: str, error: str | None) -> None:
    tx.execute(
        update(outbox).where(outbox.c.id == errand_id).values(state=state, finished_at=tx.now, error=error)
    )


def _postpone(tx: Transaction, errand: Errand, error: str) -> None:
    if errand.attempt >= MAX_ATTEMPTS:
        _finish(tx, errand.id, "failed", error)
        return
    pause = min(2 ** (errand.attempt - 1), 3600) * (1 + random.random() / 4)
    tx.execute(
        update(outbox)
        .where(outbox.c.id == errand.id)
        .values(state="waiting", due_at=tx.now + timedelta(seconds=pause), error=error)
    )
