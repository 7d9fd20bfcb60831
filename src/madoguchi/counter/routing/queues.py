"""The queues: the defaults, which topic leads to which, and reading them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select, update

from madoguchi.counter.problems import Invalid
from madoguchi.counter.routing.model import queue, queue_topic
from madoguchi.engine.database import Transaction

_FILE = Path(__file__).with_name("queues.toml")
GENERAL = "general"
SECURITY = "security"
SUPERVISOR = "supervisor"
BUSINESS = "business"
SELLER_SUPPORT = "seller_support"
MEMBERS = "members"
INTERPRETER = "interpreter"


@dataclass(frozen=True)
class Queue:
    """Columns as in the table; `priority` 1 is served first.

    `level` is asked of agents at first, less after each step of `relaxation` ({"after_s", "level"}); from `after_s` on
    the agents of an `overflow` queue ({"after_s", "queue"}) serve too.
    """

    id: str
    name: dict[str, str]
    priority: int
    target_seconds: int
    always_open: bool
    active: bool
    level: int = 1
    relaxation: list[dict[str, int]] = field(default_factory=list)
    overflow: list[dict[str, Any]] = field(default_factory=list)
    after_contact_s: int = 0

    def label(self, language: str) -> str:
        return self.name.get(language) or self.name.get("en") or self.id


def ensure_queues(tx: Transaction, members: bool = False) -> None:
    """Make the default queues that do not exist yet; what an operator has changed stays.

    `members`: whether the members' own desk is open, as the settings say at every start.
    """
    tx.lock("queues")
    there = {row.id for row in tx.all(select(queue.c.id))}
    for queue_id, entry in _defaults().items():
        if queue_id in there:
            continue
        tx.execute(
            insert(queue).values(
                id=queue_id,
                name=entry["name"],
                priority=entry["priority"],
                target_seconds=entry["target_seconds"],
                always_open=entry.get("always_open", False),
                active=True,
            )
        )
    tx.execute(update(queue).where(queue.c.id == MEMBERS).values(active=members))


def queues(tx: Transaction) -> list[Queue]:
    """The active queues, the most urgent first."""
    rows = tx.all(select(queue).where(queue.c.active.is_(True)).order_by(queue.c.priority, queue.c.id))
    return [Queue(**row._mapping) for row in rows]


def get(tx: Transaction, queue_id: str) -> Queue:
    """Raises Invalid("unknown_queue") also for one that is switched off."""
    found = find(tx, queue_id)
    if found is None or not found.active:
        raise Invalid("unknown_queue", field="queue", queue=queue_id)
    return found


def in_use(tx: Transaction, queue_id: str) -> Queue:
    """This queue, or the general one in place of one that is switched off. Raises Invalid("unknown_queue")."""
    found = find(tx, queue_id)
    return get(tx, GENERAL if found is not None and not found.active else queue_id)


def find(tx: Transaction, queue_id: str) -> Queue | None:
    """A queue, also one that is switched off."""
    row = tx.first(select(queue).where(queue.c.id == queue_id))
    return Queue(**row._mapping) if row else None


def queue_name(tx: Transaction, queue_id: str, language: str) -> str:
    """A queue as people call it."""
    found = find(tx, queue_id)
    return found.label(language) if found else queue_id


def topics(tx: Transaction) -> dict[str, str]:
    """Kind of enquiry → queue, where the house has changed what the product says."""
    return {row.topic: row.queue_id for row in tx.all(select(queue_topic))}


def desk_for(tx: Transaction, topic: str, segments: Iterable[str] = ()) -> str:
    """The queue of a topic in this house; the general one where that is switched off."""
    wanted = find(tx, queue_for(topic, segments, topics(tx)))
    return wanted.id if wanted is not None and wanted.active else GENERAL


def queue_for(topic: str, segments: Iterable[str] = (), own: Mapping[str, str] | None = None) -> str:
    """The queue of a topic (taxonomy id or ""). `own`: what the house has changed (`topics`). Pure.

    Emergencies go to their own queue whoever asks; after that, business customers and sellers have their own desk.
    """
    by_topic = {**_by_topic(), **own} if own else _by_topic()
    found = by_topic.get(topic) or by_topic.get(topic.split(".")[0], GENERAL)
    if found in (SECURITY, SUPERVISOR):
        return found
    present = set(segments)
    if "business" in present:
        return BUSINESS
    if "seller" in present:
        return SELLER_SUPPORT
    return found


@lru_cache(maxsize=1)
def _by_topic() -> dict[str, str]:
    return {topic: queue_id for queue_id, entry in _defaults().items() for topic in entry["topics"]}


@lru_cache(maxsize=1)
def _defaults() -> dict[str, dict]:  # type: ignore[type-arg]
    return tomllib.loads(_FILE.read_text("utf-8"))
