"""A place that was had before, on another way, is kept: the same rank in the same order of service (CB-004)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update

from madoguchi.counter.routing.model import queue_place
from madoguchi.engine.database import Transaction


def keep_place(tx: Transaction, contact_id: str, entered_at: datetime, priority: int) -> None:
    """Let a contact that waits stand where somebody stood who came at `entered_at` with this class."""
    tx.execute(
        update(queue_place)
        .where(queue_place.c.contact_id == contact_id, queue_place.c.state.in_(("waiting", "offered")))
        .values(entered_at=entered_at, priority=priority)
    )
    tx.wake("routing", "inbox", f"contact:{contact_id}")
