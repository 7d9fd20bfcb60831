"""What waiting customers are told: their place, an honest range, and when somebody will be there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update

from madoguchi.counter.actors import SYSTEM
from madoguchi.counter.contacts import events
from madoguchi.counter.contacts import queries as contact_queries
from madoguchi.counter.contacts import service as contacts
from madoguchi.counter.routing import queries, queues
from madoguchi.counter.routing.estimate import Crew, Range, Shown, estimate, settle
from madoguchi.counter.routing.model import Expectation, Place, agent_status, queue_place
from madoguchi.counter.routing.policy import Candidate, Rules, rank, skilled
from madoguchi.engine.database import Transaction
from madoguchi.kit.clock import from_micros, to_micros

# What `shown_low_s` says when there is no range; `shown_high_s` then holds the minute of the opening, or 0.
_NOTHING, _UNKNOWN, _NOBODY = -1, -2, -3


_Kind = tuple[str, str]  # queue and language: places of one kind wait for the same people


class _Room:
    """One look at everybody who waits and everybody who is there."""

    def __init__(self, tx: Transaction, rules: Rules) -> None:
        self.tx = tx
        self.rules = rules
        self.places = queries.waiting_list(tx)
        self.team = queries.crew(tx, rules)
        self.queues = {queue.id: queue for queue in queues.queues(tx)}
        self._measured: dict[str, tuple[list[int], list[int]]] = {}
        self._able: dict[_Kind, list[Candidate]] = {}

    def expectations(self) -> Iterator[tuple[Place, Expectation]]:
        """Everybody who waits, in the order of service, with what each may expect."""
        waiting: Counter[_Kind] = Counter()
        offered: Counter[_Kind] = Counter()
        for place in self.places:
            yield place, self.expectation(place, waiting, offered)
            (offered if place.state == "offered" else waiting)[_kind(place)] += 1

    def expectation(self, place: Place, waiting: Counter[_Kind], offered: Counter[_Kind]) -> Expectation:
        """What somebody at this place may expect, behind those who rank before, counted by kind."""
        able = self.able(place)
        undecided = self._rivals(place, waiting)  # offers hold their slots already
        ahead = undecided + self._rivals(place, offered)
        if not any(member.on_duty for member in able):
            return Expectation(ahead, None, None, open=False, opens_at=self._opens_at(place))
        handled, waited = self._measures(place.queue_id)
        crew = _crew_of(able)
        if place.state == "offered":  # a slot is being held for this very place
            crew = Crew(crew.slots, crew.free + 1)
        found = estimate(undecided, crew, handled, waited)
        low, high = (found.low_s, found.high_s) if found else (None, None)
        return Expectation(ahead, low, high, open=True, opens_at=None)

    def able(self, place: Place) -> list[Candidate]:
        kind = _kind(place)
        if kind not in self._able:
            self._able[kind] = skilled(place, self.team)
        return self._able[kind]

    def _rivals(self, place: Place, before: Counter[_Kind]) -> int:
        """Those before who wait for the same people."""
        mine = {member.agent_id for member in self.able(place)}
        return sum(
            count
            for kind, count in before.items()
            if kind == _kind(place) or any(member.agent_id in mine for member in self._able[kind])
        )

    def _opens_at(self, place: Place) -> datetime | None:
        """None while it is open by the calendar though nobody is there: then nobody knows."""
        queue = self.queues.get(place.queue_id)
        if queue is None or self.rules.hours_of(queue).is_open(self.tx.now):
            return None
        return self.rules.hours_of(queue).next_opening(self.tx.now)

    def _measures(self, queue_id: str) -> tuple[list[int], list[int]]:
        if queue_id not in self._measured:
            self._measured[queue_id] = (
                queries.handling_times(self.tx, queue_id),
                queries.waits(self.tx, queue_id),
            )
        return self._measured[queue_id]


def expectation(tx: Transaction, contact_id: str, rules: Rules) -> Expectation | None:
    """What this contact may expect now, freshly computed; None when it does not wait."""
    found = _Room(tx, rules).expectations()
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


def before_joining(tx: Transaction, queue_id: str, language: str, rules: Rules) -> Expectation:
    """What somebody who joined this queue now might expect (QUE-004). Raises Invalid("unknown_queue")."""
    queue = queues.get(tx, queue_id)
    room = _Room(tx, rules)
    newcomer = Place(
        contact_id="~",  # after everybody who came at the same moment
        queue_id=queue_id,
        state="waiting",
        priority=queue.priority,
        language=language,
        entered_at=tx.now,
        offered_to="",
        offer_deadline=None,
        declined_by=[],
        shown_ahead=_NOTHING,
        shown_low_s=_NOTHING,
        shown_high_s=_NOTHING,
        taken_at=None,
        taken_by="",
        left_at=None,
    )
    waiting: Counter[_Kind] = Counter()
    offered: Counter[_Kind] = Counter()
    for place in room.places:
        if rank(place) < rank(newcomer):
            room.able(place)
            (offered if place.state == "offered" else waiting)[_kind(place)] += 1
    return room.expectation(newcomer, waiting, offered)


def refresh_positions(tx: Transaction, rules: Rules) -> list[str]:
    """Tell every waiting customer whose place or range has changed; returns the contacts that were told.

    Call it after changes and at least every 30 seconds (HND-009). The fact `queue.position_changed` carries `reason`
    when the range has risen: urgent_first, fewer_agents or longer_than_usual.
    """
    tx.lock("routing")
    room = _Room(tx, rules)
    told = []
    for place, fresh in room.expectations():
        settled, reason = _settled(tx, place, fresh, room.team)
        marks = _marks(settled)
        if marks == (place.shown_ahead, place.shown_low_s, place.shown_high_s):
            continue
        tx.execute(
            update(queue_place)
            .where(queue_place.c.contact_id == place.contact_id)
            .values(shown_ahead=marks[0], shown_low_s=marks[1], shown_high_s=marks[2])
        )
        body = position_body(settled)
        if reason:
            body["reason"] = reason
        contacts.append(tx, place.contact_id, events.POSITION, body, actor=SYSTEM)
        told.append(place.contact_id)
    return told


def position_body(found: Expectation) -> dict[str, Any]:
    """The body of `queue.position_changed`."""
    return {
        "ahead": found.ahead,
        "low_s": found.low_s,
        "high_s": found.high_s,
        "open": found.open,
        "opens_at": found.opens_at.isoformat() if found.opens_at else None,
    }


def _settled(
    tx: Transaction, place: Place, fresh: Expectation, team: Sequence[Candidate]
) -> tuple[Expectation, str | None]:
    if not fresh.open or fresh.low_s is None or fresh.high_s is None or place.shown_low_s < 0:
        return fresh, None
    new = Range(fresh.low_s, fresh.high_s)
    if new.high_s <= place.shown_high_s:
        return fresh, None
    result = settle(
        Shown(place.shown_ahead, Range(place.shown_low_s, place.shown_high_s)),
        fresh.ahead,
        new,
        waited_s=int((tx.now - place.entered_at).total_seconds()),
        fewer_agents=_somebody_left(tx, place, team),
    )
    assert result.range is not None
    kept = Expectation(result.ahead, result.range.low_s, result.range.high_s, open=True, opens_at=None)
    return kept, result.reason


def _somebody_left(tx: Transaction, place: Place, team: Sequence[Candidate]) -> bool:
    """Whether an agent for this place has stopped being available since the customer was last told."""
    told = contact_queries.newest(tx, place.contact_id, events.POSITION)
    if told is None:
        return False
    if any(
        not m.takes_offers and m.since > told.at and m.status != "available" for m in skilled(place, team)
    ):
        return True
    silent = [m.agent_id for m in skilled(place, team) if m.status == "available" and not m.present]
    last_seen = tx.scalar(
        select(func.max(agent_status.c.last_seen_at)).where(agent_status.c.agent_id.in_(silent))
    )
    return last_seen is not None and last_seen > place.entered_at


def _kind(place: Place) -> _Kind:
    return place.queue_id, place.language


def _crew_of(able: Sequence[Candidate]) -> Crew:
    there = [member for member in able if member.takes_offers]
    return Crew(slots=sum(m.capacity for m in there), free=sum(m.free for m in there))


def _marks(found: Expectation) -> tuple[int, int, int]:
    if not found.open:
        minute = to_micros(found.opens_at) // 60_000_000 if found.opens_at else 0
        return found.ahead, _NOBODY, minute
    if found.low_s is None or found.high_s is None:
        return found.ahead, _UNKNOWN, 0
    return found.ahead, found.low_s, found.high_s
