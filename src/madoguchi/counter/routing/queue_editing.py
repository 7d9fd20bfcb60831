"""Changing queues: names, urgency, skill, overflow, and which kinds of enquiry lead to which. Audited; none commits."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from madoguchi.counter.actors import Actor
from madoguchi.counter.problems import Conflict, Invalid
from madoguchi.counter.routing import queues
from madoguchi.counter.routing.model import queue, queue_place, queue_topic
from madoguchi.counter.routing.queues import GENERAL, SECURITY, SUPERVISOR, Queue
from madoguchi.engine import audit
from madoguchi.engine.database import Transaction
from madoguchi.kit.seen import seen_mark
from madoguchi.kit.text import normalise

NEEDED = (GENERAL, SECURITY, SUPERVISOR)  # what nothing else takes over
LEVELS = range(1, 6)
PRIORITIES = range(1, 6)
LONGEST_S = 7 * 24 * 3600
_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,38}")


def all_queues(tx: Transaction) -> list[Queue]:
    """Every queue, those in use first, the most urgent first."""
    order = (queue.c.active.desc(), queue.c.priority, queue.c.id)
    return [Queue(**row._mapping) for row in tx.all(select(queue).order_by(*order))]


def mark_of(found: Queue | None) -> str:
    """What a form carries to say which queue it has seen; "" for a new one."""
    return seen_mark(asdict(found)) if found else ""


def save(tx: Transaction, actor: Actor, wanted: Queue, seen: str) -> Queue:
    """Make a queue, or change the one that was `seen` (`mark_of`).

    Raises Invalid with the field, Conflict("changed_meanwhile"), and for one that is switched off
    Conflict("queue_needed") or Conflict("queue_in_use", waiting=…).
    """
    tx.lock("queues")
    before = queues.find(tx, wanted.id)
    if mark_of(before) != seen:
        raise Conflict("changed_meanwhile")
    found = _checked(tx, wanted)
    if not found.active:
        _may_be_off(tx, found.id)
    values = asdict(found)
    if before is None:
        tx.execute(insert(queue).values(**values))
    else:
        tx.execute(update(queue).where(queue.c.id == found.id).values(**values))
    _audit(tx, actor, "queue.saved", found.id, before=asdict(before) if before else {}, after=values)
    return found


def set_topics(tx: Transaction, actor: Actor, wanted: Mapping[str, str]) -> dict[str, str]:
    """Kind of enquiry → queue, for the kinds that are given; what the product itself says is not kept as a change.

    Returns what has changed: kind → queue. Raises Invalid("unknown_queue") with the kind as the field.
    """
    tx.lock("queues")
    before = queues.topics(tx)
    there = {each.id for each in all_queues(tx) if each.active}
    changed = {
        kind: queue_id for kind, queue_id in wanted.items() if queues.queue_for(kind, own=before) != queue_id
    }
    for kind, queue_id in changed.items():
        if queue_id not in there:
            raise Invalid("unknown_queue", field=kind, queue=queue_id)
        tx.execute(delete(queue_topic).where(queue_topic.c.topic == kind))
        if queues.queue_for(kind) != queue_id:
            tx.execute(insert(queue_topic).values(topic=kind, queue_id=queue_id))
    if changed:
        old = {kind: queues.queue_for(kind, own=before) for kind in changed}
        _audit(tx, actor, "queue.topics_set", "topics", before=old, after=changed)
    return changed


def _checked(tx: Transaction, wanted: Queue) -> Queue:
    if not _ID.fullmatch(wanted.id):
        raise Invalid("id_unusable", field="id")
    names = {key: normalise(text).strip()[:60] for key, text in wanted.name.items() if text.strip()}
    if not names:
        raise Invalid("name_missing", field="name")
    _within("priority", wanted.priority, PRIORITIES)
    _within("level", wanted.level, LEVELS)
    _within("target_seconds", wanted.target_seconds, range(1, LONGEST_S))
    _within("after_contact_s", wanted.after_contact_s, range(3601))
    return replace(
        wanted,
        name=names,
        relaxation=_checked_relaxation(wanted.relaxation, wanted.level),
        overflow=_checked_overflow(tx, wanted),
    )


def _checked_relaxation(steps: Sequence[Mapping[str, int]], level: int) -> list[dict[str, int]]:
    """Later steps ask for less: else they would do nothing."""
    ordered = sorted(({"after_s": step["after_s"], "level": step["level"]} for step in steps), key=_after)
    for step in ordered:
        if step["level"] not in LEVELS or not 0 < step["after_s"] < LONGEST_S or step["level"] >= level:
            raise Invalid("relaxation_unusable", field="relaxation")
        level = step["level"]
    return ordered


def _checked_overflow(tx: Transaction, wanted: Queue) -> list[dict[str, Any]]:
    found = sorted(
        ({"after_s": int(step["after_s"]), "queue": step["queue"]} for step in wanted.overflow), key=_after
    )
    there = {each.id for each in all_queues(tx)}
    for step in found:
        if step["queue"] not in there or step["queue"] == wanted.id:
            raise Invalid("unknown_queue", field="overflow", queue=step["queue"])
        if not 0 < step["after_s"] < LONGEST_S:
            raise Invalid("overflow_unusable", field="overflow")
    return found


def _after(step: Mapping[str, Any]) -> int:
    return int(step["after_s"])


def _may_be_off(tx: Transaction, queue_id: str) -> None:
    if queue_id in NEEDED:
        raise Conflict("queue_needed")
    waiting = tx.scalar(
        select(func.count()).where(
            queue_place.c.queue_id == queue_id, queue_place.c.state.in_(("waiting", "offered"))
        )
    )
    if waiting:
        raise Conflict("queue_in_use", waiting=waiting)


def _within(field: str, value: int, allowed: range) -> None:
    if value not in allowed:
        raise Invalid("out_of_range", field=field, low=allowed[0], high=allowed[-1])


def _audit(tx: Transaction, actor: Actor, action: str, object_id: str, *, before: Any, after: Any) -> None:
    audit.record(
        tx,
        actor_kind=actor.kind,
        actor_id=actor.id,
        action=action,
        object_kind="queue",
        object_id=object_id,
        before=before,
        after=after,
    )
    tx.wake("routing", "inbox")
