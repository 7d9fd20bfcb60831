"""The waiting room in one look: everybody who waits, everybody who is there, and what each may expect."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from functools import cached_property

from madoguchi.counter.routing import opening, queries, queues
from madoguchi.counter.routing.coming import coming_and_going
from madoguchi.counter.routing.estimate import promise
from madoguchi.counter.routing.measures import Measures
from madoguchi.counter.routing.model import Expectation, Place
from madoguchi.counter.routing.outlook import Kind, Outlook, Staffing, Wanted
from madoguchi.counter.routing.policy import Candidate, Rules, avoided, rank, skilled
from madoguchi.engine.database import Transaction


class Room:
    """Read once; `newcomers` are places that are not in it yet and wait for nobody else. `segments`: kinds of customer, by contact, where hours depend on them."""

    def __init__(self, tx: Transaction, rules: Rules, newcomers: Collection[Place] = ()) -> None:
        self.tx, self.rules = tx, rules
        self.places = sorted([*queries.waiting_list(tx), *newcomers], key=rank)
        self._asking = {each.contact_id for each in newcomers}
        self.team = queries.crew(tx, rules)
        self.queues = {queue.id: queue for queue in queues.queues(tx)}
        self.calendars = opening.calendars(tx, rules)
        by_segment = any(rule.segment for rule in self.calendars.rules)
        self.segments: dict[str, Collection[str]] = dict(queries.segments_of_places(tx)) if by_segment else {}
        self._measures = Measures(tx)

    def expectations(self) -> Iterator[tuple[Place, Expectation]]:
        """Everybody, in the order of service, with what each may expect."""
        outlook = Outlook(
            self._staffing, self._crews_for, self._measures.pace, self._measures.patience_s, self._arrivals_s
        )
        before: Counter[Wanted] = Counter()
        for place in self.places:
            kind = _kind(place)
            wanted = kind.wanted
            ahead = sum(before[each] for each in self._rivals[wanted])
            asks = place.contact_id in self._asking
            turn = outlook.turn(kind, held=place.state == "offered", asks=asks)
            before[wanted] += not asks
            if not self._somebody_there[wanted]:
                yield place, self._closed(place, ahead)
                continue
            found = promise(turn, self._measures.waits(place.queue_id), self.rules.offer_seconds)
            low, high = (found.low_s, found.high_s) if found else (None, None)
            yield place, Expectation(ahead, low, high, open=True, opens_at=None)

    def last_left(self, place: Place) -> tuple[datetime | None, datetime | None]:
        """When an agent for this place last stopped being available, and when one last fell silent; None for never."""
        return self._last_left[_kind(place).wanted]

    @cached_property
    def _last_left(self) -> dict[Wanted, tuple[datetime | None, datetime | None]]:
        silent = [each.agent_id for each in self.team if each.status == "available" and not each.present]
        seen = queries.last_seen(self.tx, silent) if silent else {}
        return {
            wanted: (
                max(
                    (each.since for each in able if each.status not in ("available", "after_contact")),
                    default=None,
                ),
                max((seen[each.agent_id] for each in able if each.agent_id in seen), default=None),
            )
            for wanted, able in self._able.items()
        }

    @cached_property
    def _able(self) -> dict[Wanted, list[Candidate]]:
        first_of = {_kind(place).wanted: place for place in self.places}
        return {wanted: self._able_for(place) for wanted, place in first_of.items()}

    def _able_for(self, place: Place) -> list[Candidate]:
        """Who may be offered this place sooner or later (HND-013: not whom the customer wants no more)."""
        queue, levels = self.queues.get(place.queue_id), self.rules.language_levels
        spared = avoided(place, self.team, queue, levels)
        able = skilled(place, self.team, queue, levels)
        return [each for each in able if each.agent_id not in spared]

    @cached_property
    def _somebody_there(self) -> dict[Wanted, bool]:
        return {wanted: any(each.on_duty for each in able) for wanted, able in self._able.items()}

    @cached_property
    def _serves(self) -> dict[str, frozenset[Wanted]]:
        """By agent: all that is waited for and that this agent can serve."""
        found: dict[str, set[Wanted]] = {}
        for wanted, able in self._able.items():
            for member in able:
                found.setdefault(member.agent_id, set()).add(wanted)
        return {agent_id: frozenset(each) for agent_id, each in found.items()}

    @cached_property
    def _signatures(self) -> list[frozenset[Wanted]]:
        """Of the crews: what each of them serves."""
        return sorted(set(self._serves.values()), key=sorted)

    @cached_property
    def _rivals(self) -> dict[Wanted, set[Wanted]]:
        """What waits for some of the same people."""
        rivals: dict[Wanted, set[Wanted]] = {wanted: {wanted} for wanted in self._able}
        for signature in self._signatures:
            for wanted in signature:
                rivals[wanted] |= signature
        return rivals

    @cached_property
    def _staffing(self) -> dict[int, Staffing]:
        crews: dict[frozenset[Wanted], list[Candidate]] = {each: [] for each in self._signatures}
        for member in self.team:
            if (served := self._serves.get(member.agent_id)) is not None:
                crews[served].append(member)
        plan = coming_and_going(self.tx)
        return {
            number: _staffing(crews[signature], plan) for number, signature in enumerate(self._signatures)
        }

    @cached_property
    def _crews_by_wanted(self) -> dict[Wanted, list[int]]:
        return {
            wanted: [number for number, signature in enumerate(self._signatures) if wanted in signature]
            for wanted in self._able
        }

    @cached_property
    def _arrivals_s(self) -> dict[Kind, float]:
        """Of what somebody waits for; others have crews of their own or do not wait."""
        return {kind: rate for kind, rate in self._measures.arrivals_s().items() if kind.wanted in self._able}

    def _crews_for(self, kind: Kind) -> Sequence[int]:
        return self._crews_by_wanted[kind.wanted]

    def _closed(self, place: Place, ahead: int) -> Expectation:
        """When it opens and why it is closed; neither while it is open by the calendar though nobody is there."""
        queue, now = self.queues.get(place.queue_id), self.tx.now
        if queue is None:
            return Expectation(ahead, None, None, open=False, opens_at=None)
        segments = self.segments.get(place.contact_id, ())
        hours = opening.hours_of(
            self.calendars, queue, channel=place.channel, language=place.language, segments=segments
        )
        opens_at = None if hours.is_open(now) else hours.next_opening(now)
        return Expectation(ahead, None, None, open=False, opens_at=opens_at, closed_for=hours.closed_for(now))


def _staffing(members: Sequence[Candidate], plan: dict[str, list[tuple[float, bool]]]) -> Staffing:
    there = {member.agent_id: member.takes_offers for member in members}
    slots = sum(member.capacity for member in members if there[member.agent_id])
    free = sum(member.free for member in members if there[member.agent_id])
    events = sorted(
        (after_s, member.agent_id, member.capacity, comes)
        for member in members
        for after_s, comes in plan.get(member.agent_id, ())
    )
    now, changes = slots, []
    for after_s, agent_id, capacity, comes in events:
        if there[agent_id] != comes:
            there[agent_id] = comes
            now += capacity if comes else -capacity
            changes.append((after_s, now))
    return Staffing(slots, free, tuple(changes))


def _kind(place: Place) -> Kind:
    return Kind(place.queue_id, place.language, place.priority, tuple(place.not_to))
