"""Another person, or a more senior one, at the customer's own wish: three levels, each recorded and counted (HND-013).

Level 1: it is explained once more to the same agent. Level 2: another agent, or a supervisor. Level 3: a supervisor
gets the history and the deed that the customer demands. The history stays with the contact at every level.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select

from madoguchi.counter.actors import Actor
from madoguchi.counter.contacts import events
from madoguchi.counter.contacts import queries as contact_queries
from madoguchi.counter.contacts import service as contacts
from madoguchi.counter.contacts.model import Contact, ledger_entry
from madoguchi.counter.contacts.redaction import redact
from madoguchi.counter.problems import Conflict, Invalid
from madoguchi.counter.routing import hands, places, queries, queues, service
from madoguchi.counter.routing.policy import Rules
from madoguchi.counter.team import queries as team
from madoguchi.engine.database import Transaction

Wish = Literal["again", "other", "senior", "demand"]
LEVEL: dict[Wish, int] = {"again": 1, "other": 2, "senior": 2, "demand": 3}
_SOONEST = 2  # below the emergencies


def escalate(tx: Transaction, actor: Actor, contact_id: str, wish: Wish, text: str, rules: Rules) -> Contact:
    """The customer's wish. `text`: what is explained again, or the deed demanded, which levels 1 and 3 need.

    Raises NotFound, Invalid("empty_message"), Conflict("contact_ended" | "not_with_person").
    """
    seen = contact_queries.visible(tx, actor, contact_id)
    said = redact(text.strip())
    if seen.state == "ended":
        raise Conflict("contact_ended")
    if wish in ("again", "demand") and not said:
        raise Invalid("empty_message", field="text")
    if wish in ("again", "other") and seen.owner_kind != "agent":
        raise Conflict("not_with_person")
    note(tx, seen, actor, wish, said)
    if wish == "other":
        _to_queue(tx, seen, _queue_of(tx, seen), rules, actor, "other_agent")
    elif LEVEL[wish] > 1:
        _to_queue(tx, seen, queues.SUPERVISOR, rules, actor, "supervisor", demand=said)
    return contact_queries.get(tx, contact_id)


def note(tx: Transaction, seen: Contact, actor: Actor, wish: Wish, text: str = "") -> None:
    """The fact alone: the level, from whom, and what is wished."""
    body: dict[str, Any] = {"level": LEVEL[wish], "wish": wish, "text": text}
    if seen.owner_kind == "agent":
        body["agent_id"] = seen.owner_id
    contacts.append(tx, seen.id, events.ESCALATION, body, actor=actor)


def by_level(tx: Transaction, since: datetime) -> dict[int, int]:
    """How often each level was asked for since then; all three are in it."""
    rows = tx.all(
        select(ledger_entry.c.body).where(
            ledger_entry.c.kind == events.ESCALATION, ledger_entry.c.at >= since
        )
    )
    counted = Counter(int(row.body["level"]) for row in rows)
    return {level: counted[level] for level in (1, 2, 3)}


def _to_queue(
    tx: Transaction,
    seen: Contact,
    queue_id: str,
    rules: Rules,
    actor: Actor,
    reason: str,
    *,
    demand: str = "",
) -> None:
    """With the summary of the hand-over before, and what was said since told in a line of its own."""
    handed = contact_queries.newest(tx, seen.id, events.HAND_OVER)
    summary = dict(handed.body.get("summary") or {}) if handed else {}
    if demand:
        summary["wish"] = demand
    if seen.owner_kind == "agent":
        body = {"agent_id": seen.owner_id, "name": team.display_name(tx, seen.owner_id)}
        contacts.append(tx, seen.id, events.LEFT, body, actor=actor)
        hands.let_go(tx, seen.id, seen.owner_id)
    queue = queues.get(tx, queue_id)
    service.enter(
        tx,
        seen,
        queue_id,
        priority=max(_SOONEST, min(queue.priority, service.second_wait(queue))),
        reason=reason,
        summary=summary,
        actor=actor,
        rules=rules,
    )
    if seen.owner_kind == "agent":
        _not_to(tx, seen)


def _not_to(tx: Transaction, seen: Contact) -> None:
    """Whoever had it does not get it again, as long as the contact lasts and somebody else can take it (offers.py)."""
    place = queries.place_for_update(tx, seen.id)
    assert place is not None
    places.change(tx, seen.id, preferred="", not_to=sorted({*place.not_to, seen.owner_id}))


def _queue_of(tx: Transaction, seen: Contact) -> str:
    handed = contact_queries.newest(tx, seen.id, events.HAND_OVER)
    found = queues.find(tx, str(handed.body.get("queue", ""))) if handed else None
    return found.id if found is not None and found.active else queues.queue_for(seen.topic)
