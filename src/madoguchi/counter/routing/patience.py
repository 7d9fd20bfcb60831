"""What a waiting customer is told unasked: other ways after a while, and once that a promise is not kept (HND-009).

Errands, written with the hand-over. Each looks first whether it still means this hand-over: who has been served, has
left or was handed over anew hears nothing of it. Each says its word once, however often it is delivered.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from madoguchi.counter.actors import SYSTEM, Actor
from madoguchi.counter.conditions import queries as conditions
from madoguchi.counter.contacts import events
from madoguchi.counter.contacts import queries as contact_queries
from madoguchi.counter.contacts import service as contacts
from madoguchi.counter.contacts.model import Contact, Entry
from madoguchi.counter.problems import Conflict, Invalid
from madoguchi.counter.routing import opening, positions, queries
from madoguchi.counter.routing.model import Place
from madoguchi.counter.routing.policy import Rules
from madoguchi.counter.routing.promising import promised_at
from madoguchi.counter.routing.queues import Queue
from madoguchi.engine import outbox
from madoguchi.engine.database import Transaction

PROMISE_DUE = "waiting.promise_due"  # errand: {"contact_id", "handed_seq", "promise_at"}
OTHER_WAYS_DUE = "waiting.other_ways_due"  # errand: {"contact_id", "handed_seq"}


def watch_over(tx: Transaction, handed: Entry, promise_at: datetime | None, other_ways_after: int) -> None:
    """Write the errands of one hand-over. `other_ways_after`: seconds."""
    payload = {"contact_id": handed.contact_id, "handed_seq": handed.seq}
    about = f"{handed.contact_id}/{handed.seq}"
    later = tx.now + timedelta(seconds=other_ways_after)
    outbox.put(tx, OTHER_WAYS_DUE, payload, due_at=later, key=f"{OTHER_WAYS_DUE}/{about}")
    if promise_at is not None:
        told = {**payload, "promise_at": promise_at.isoformat()}
        outbox.put(tx, PROMISE_DUE, told, due_at=promise_at, key=f"{PROMISE_DUE}/{about}")


def promise(tx: Transaction, place: Place, queue: Queue, rules: Rules) -> datetime | None:
    """By when a person answers somebody who has just got this place; in a peak season later (QUE-006)."""
    expected = positions.expectation(tx, place.contact_id, rules)
    if expected is None:
        return None
    percent = conditions.conditions(tx, rules.peaks).percent if rules.peaks else 100
    hours = opening.hours_of(opening.calendars(tx, rules), queue, language=place.language)
    return promised_at(tx.now, expected, queue.target_seconds, hours, percent)


def offer_other_ways(tx: Transaction, payload: Mapping[str, Any]) -> bool:
    """The customer still waits: other ways are offered beside the place. False where nobody waits any more."""
    return _tell(tx, payload, events.OTHER_WAYS, {})


def tell_broken_promise(tx: Transaction, payload: Mapping[str, Any]) -> bool:
    """Nobody has come by the moment that was promised: say so once. False where somebody has."""
    return _tell(tx, payload, events.PROMISE_BROKEN, {"promise_at": payload["promise_at"]})


def answer_by_mail(tx: Transaction, actor: Actor, contact_id: str) -> Contact:
    """The customer need not stay: the place is kept, and the answer is mailed as well. Twice is once.

    Raises Conflict("not_waiting"), Invalid("transcript_needs_sign_in") where no address is on file.
    """
    seen = contact_queries.visible(tx, actor, contact_id)
    handed = contact_queries.newest(tx, contact_id, events.HAND_OVER)
    if handed is None or not _waits(tx, contact_id):
        raise Conflict("not_waiting")
    if seen.customer_id is None:
        raise Invalid("transcript_needs_sign_in")
    key = f"{events.MAIL_WISHED}/{handed.seq}"
    if contact_queries.by_client_key(tx, contact_id, SYSTEM.id, key) is None:
        contacts.append(tx, contact_id, events.MAIL_WISHED, {}, actor=SYSTEM, client_key=key)
    return contact_queries.get(tx, contact_id)


def wants_mail(tx: Transaction, contact_id: str) -> bool:
    """Whether the customer has asked for the answer by mail since the last hand-over."""
    wished = contact_queries.newest(tx, contact_id, events.MAIL_WISHED)
    handed = contact_queries.newest(tx, contact_id, events.HAND_OVER)
    return wished is not None and (handed is None or wished.seq > handed.seq)


def _tell(tx: Transaction, payload: Mapping[str, Any], kind: str, body: dict[str, Any]) -> bool:
    contact_id, handed_seq = payload["contact_id"], payload["handed_seq"]
    if contact_queries.find(tx, contact_id) is None or not _waits(tx, contact_id):
        return False
    handed = contact_queries.newest(tx, contact_id, events.HAND_OVER)
    if handed is None or handed.seq != handed_seq:
        return False
    key = f"{kind}/{handed_seq}"
    if contact_queries.by_client_key(tx, contact_id, SYSTEM.id, key) is not None:
        return False
    contacts.append(tx, contact_id, kind, body, actor=SYSTEM, client_key=key)
    return True


def _waits(tx: Transaction, contact_id: str) -> bool:
    place = queries.place_for_update(tx, contact_id)
    return place is not None and place.state in ("waiting", "offered")
