"""What waiting customers are told: their place, an honest range, and when somebody will be there."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, update

from madoguchi.counter.actors import SYSTEM
from madoguchi.counter.contacts import events
from madoguchi.counter.contacts import service as contacts
from madoguchi.counter.routing import queues
from madoguchi.counter.routing.estimate import Range, Reason, Shown, settle, worth_telling
from madoguchi.counter.routing.model import Expectation, Place, queue_place
from madoguchi.counter.routing.policy import Rules
from madoguchi.counter.routing.room import Room
from madoguchi.engine.database import Transaction
from madoguchi.kit.clock import from_micros, to_micros

# What `shown_low_s` says when there is no range; `shown_high_s` then holds the minute of the opening, or 0.
_NOTHING, _UNKNOWN, _NOBODY = -1, -2, -3


def expectation(tx: Transaction, contact_id: str, rules: Rules) -> Expectation | None:
    """What this contact may expect now, freshly computed; None when it does not wait."""
    found = Room(tx, rules).expectations()
    return next((fresh for place, fresh in found if place.contact_id == contact_id), None)


def shown(place: Place) -> Expectation | None:
    """What was last told to the customer of this place; None before the first word."""
    if place.state not in ("waiting", "offered") or place.shown_ahead < 0:
        return None
    if place.shown_low_s == _NOBODY:
        opens_at = from_micros(place.shown_high_s * 60_000_000) if place.shown_high_s else None
        return Expectation(place.shown_ahead, None, None, open=False, opens_at=opens_at)
    if place.shown_low_s < 0:
        return Expectation(place.shown_ahead, None, None, open=True, opens_at=None)
    return Expectation(place.shown_ahead, place.shown_low_s, place.shown_high_s, open=True, opens_at=None)


def before_joining(
    tx: Transaction,
    queue_id: str,
    language: str,
    rules: Rules,
    *,
    channel: str = "chat",
    segments: Collection[str] = (),
) -> Expectation:
    """What somebody who joined this queue now might expect (QUE-004). Raises Invalid("unknown_queue")."""
    newcomer = _newcomer(queues.get(tx, queue_id), language, channel, tx.now)
    room = Room(tx, rules, [newcomer])
    room.segments[newcomer.contact_id] = segments
    return next(fresh for place, fresh in room.expectations() if place is newcomer)


def before_joining_each(
    tx: Transaction, language: str, rules: Rules, *, channel: str = "chat"
) -> dict[str, Expectation]:
    """The same for every queue, by id, in one look at the room."""
    newcomers = [_newcomer(queue, language, channel, tx.now) for queue in queues.queues(tx)]
    asking = {each.contact_id for each in newcomers}
    found = Room(tx, rules, newcomers).expectations()
    return {place.queue_id: fresh for place, fresh in found if place.contact_id in asking}


def _newcomer(queue: queues.Queue, language: str, channel: str, now: datetime) -> Place:
    return Place(
        contact_id=f"~{queue.id}",  # after everybody who came at the same moment
        queue_id=queue.id,
        state="waiting",
        priority=queue.priority,
        language=language,
        entered_at=now,
        offered_to="",
        offer_deadline=None,
        declined_by=[],
        shown_ahead=_NOTHING,
        shown_low_s=_NOTHING,
        shown_high_s=_NOTHING,
        taken_at=None,
        taken_by="",
        left_at=None,
        channel=channel,
    )


def refresh_positions(tx: Transaction, rules: Rules) -> list[str]:
    """Tell every waiting customer whose place or range has changed; returns the contacts that were told.

    Call it after changes and at least every 30 seconds (HND-009). The fact `queue.position_changed` carries `reason`
    when the range has risen: urgent_first, fewer_agents or longer_than_usual. Far back in a long line not every step
    forward is told (estimate.worth_telling).
    """
    tx.lock("routing")
    room = Room(tx, rules)
    told: list[str] = []
    changed: list[dict[str, Any]] = []
    for place, fresh in room.expectations():
        settled, reason = _settled(room, place, fresh)
        marks = _marks(settled)
        if marks[1:] == (place.shown_low_s, place.shown_high_s) and not worth_telling(
            place.shown_ahead, settled.ahead
        ):
            continue
        changed.append(_row(place, marks, settled, tx.now))
        body = position_body(settled)
        if reason:
            body["reason"] = reason
        contacts.append(tx, place.contact_id, events.POSITION, body, actor=SYSTEM)
        told.append(place.contact_id)
    if changed:
        tx.execute(update(queue_place).where(queue_place.c.contact_id == bindparam("key")), changed)
    return told


def position_body(found: Expectation) -> dict[str, Any]:
    """The body of `queue.position_changed`."""
    return {
        "ahead": found.ahead,
        "low_s": found.low_s,
        "high_s": found.high_s,
        "open": found.open,
        "opens_at": found.opens_at.isoformat() if found.opens_at else None,
        **({"closed_for": dict(found.closed_for)} if found.closed_for else {}),
    }


def _settled(room: Room, place: Place, fresh: Expectation) -> tuple[Expectation, Reason | None]:
    if not fresh.open or fresh.low_s is None or fresh.high_s is None or place.shown_low_s < 0:
        return fresh, None
    new = Range(fresh.low_s, fresh.high_s)
    if new.high_s <= place.shown_high_s:
        return fresh, None
    result = settle(
        Shown(place.shown_ahead, Range(place.shown_low_s, place.shown_high_s)),
        fresh.ahead,
        new,
        waited_s=waited_s(place, room.tx.now),
        fewer_agents=_somebody_left(room, place),
    )
    assert result.range is not None
    kept = Expectation(result.ahead, result.range.low_s, result.range.high_s, open=True, opens_at=None)
    return kept, result.reason


def _somebody_left(room: Room, place: Place) -> bool:
    """Whether an agent for this place has stopped being available since the customer was last told."""
    if place.told_at is None:
        return False
    left_at, silent_at = room.last_left(place)
    return (left_at is not None and left_at > place.told_at) or (
        silent_at is not None and silent_at > place.entered_at
    )


def _row(place: Place, marks: tuple[int, int, int], told: Expectation, now: datetime) -> dict[str, Any]:
    """What the place remembers: what is shown, and the first range, reckoned from the entry (the promise)."""
    low, high = place.promised_low_s, place.promised_high_s
    if high is None and told.low_s is not None and told.high_s is not None:
        waited = waited_s(place, now)
        low, high = waited + told.low_s, waited + told.high_s
    return {
        "key": place.contact_id,
        "shown_ahead": marks[0],
        "shown_low_s": marks[1],
        "shown_high_s": marks[2],
        "told_at": now,
        "promised_low_s": low,
        "promised_high_s": high,
    }


def waited_s(place: Place, now: datetime) -> int:
    """Whole seconds since the entry."""
    return int((now - place.entered_at).total_seconds())


def _marks(found: Expectation) -> tuple[int, int, int]:
    if not found.open:
        minute = to_micros(found.opens_at) // 60_000_000 if found.opens_at else 0
        return found.ahead, _NOBODY, minute
    if found.low_s is None or found.high_s is None:
        return found.ahead, _UNKNOWN, 0
    return found.ahead, found.low_s, found.high_s
