"""The board: places that wait and agents with room, kept so that the next pairs are found without looking at all.

Pure: no database, no clock of its own. The rules are those of `policy`; here are only the indexes. Places that wait for
the same people are of one *kind*; agents with the same skills are one *crew*. A kind whose first place finds nobody is
left alone until an agent of its crews changes or a moment comes at which its places ask for something else.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import count
from typing import NamedTuple

from madoguchi.counter.routing.crews import Crew, Skills, skills_of
from madoguchi.counter.routing.model import Place
from madoguchi.counter.routing.policy import (
    SECOND_ROUND,
    Asked,
    Candidate,
    Fit,
    able,
    asked_after,
    asked_at_last,
    fit,
    not_asked,
    order,
    rank,
    steps_of,
)
from madoguchi.counter.routing.queues import Queue

_SPARE = 64  # out-of-date entries that a heap may hold beside its own before it is made anew


class Pair(NamedTuple):
    """Who is offered what."""

    contact_id: str
    agent_id: str


class _KindKey(NamedTuple):
    asked: Asked
    at_last: Asked
    channel: str
    not_asked: frozenset[str]
    kept_for: str  # the agent for whom the place is kept, "" for none


@dataclass(eq=False)
class _Kind:
    """Places that wait for the same people, in the order of service."""

    key: _KindKey
    heap: list[tuple[tuple[datetime, datetime, str], int, _Waiting]] = field(default_factory=list)
    waiting: int = 0
    crews: dict[Crew, Fit] = field(default_factory=dict)
    hopeful: set[Crew] = field(default_factory=set)  # crews in which somebody may have room


@dataclass(eq=False)
class _Waiting:
    place: Place
    preferred: str
    kind: _Kind | None = None


class Board:
    """Everybody who waits and everybody who serves.

    Tell it what happens (`wait`, `leave`, `agent`, `done`, `gone`), then ask for `next_pairs`. Deterministic: the same
    places and agents give the same pairs, in whatever order they were told. An agent who is not on duty stays on the
    board with that status: who speaks what on the whole team counts. `language_levels`: proficiency that a language
    asks for; `reserve`: how long a place is kept for the agent who helped before.
    """

    def __init__(
        self,
        queues: Iterable[Queue] = (),
        *,
        language_levels: Mapping[str, int] | None = None,
        reserve: timedelta = timedelta(0),
    ) -> None:
        self._queues = {each.id: each for each in queues}
        self._language_levels = dict(language_levels or {})
        self._reserve = reserve
        self._steps: dict[str, list[timedelta]] = {}
        self._asked: dict[tuple[str, str, int], tuple[Asked, Asked]] = {}
        self._waiting: dict[str, _Waiting] = {}
        self._by_preferred: dict[str, set[str]] = defaultdict(set)
        self._kinds: dict[_KindKey, _Kind] = {}
        self._kept: dict[str, set[_Kind]] = defaultdict(set)
        self._dirty: set[_Kind] = set()
        self._crews: dict[Skills, Crew] = {}
        self._crew_of: dict[str, Crew] = {}
        self._kinds_of: dict[Crew, set[_Kind]] = defaultdict(set)
        self._moments: list[tuple[datetime, int, _Waiting]] = []
        self._serial = count()
        self._now = datetime.min.replace(tzinfo=UTC)
        self._crews_changed = False

    def __len__(self) -> int:
        """How many places wait."""
        return len(self._waiting)

    def candidate(self, agent_id: str) -> Candidate | None:
        """The agent as the board sees one now, with the pairs it has given since."""
        crew = self._crew_of.get(agent_id)
        return crew.members[agent_id] if crew else None

    def wait(self, place: Place, preferred: str = "") -> None:
        """A place waits, or waits otherwise than before. `preferred`: the agent who helped before (HND-014)."""
        self.leave(place.contact_id)
        waiting = _Waiting(place, preferred)
        self._waiting[place.contact_id] = waiting
        if preferred:
            self._by_preferred[preferred].add(place.contact_id)
        for moment in self._turning_points(waiting):
            heapq.heappush(self._moments, (moment, next(self._serial), waiting))
        if not self._crews_changed:  # else everybody is filed anew before the next pairs
            self._file(waiting)

    def leave(self, contact_id: str) -> None:
        """A place is given up, or offered elsewhere. One that does not wait is nothing."""
        waiting = self._waiting.pop(contact_id, None)
        if waiting is None:
            return
        self._unfile(waiting)
        if waiting.preferred:
            self._by_preferred[waiting.preferred].discard(contact_id)

    def agent(self, candidate: Candidate) -> None:
        """An agent is there, or is otherwise than before: skills, status, contacts in hand."""
        before = self.candidate(candidate.agent_id)
        if before == candidate:
            return
        skills = skills_of(candidate)
        crew, former = self._crews.get(skills), self._crew_of.get(candidate.agent_id)
        if crew is None or former is not crew:
            self._take_out(candidate.agent_id)
            if crew is None:
                crew = self._crews[skills] = Crew()
                self._crews_changed = True
            self._crew_of[candidate.agent_id] = crew
        crew.put(candidate)
        self._ready(crew, candidate.agent_id)
        if before is None or former is not crew or before.takes_offers != candidate.takes_offers:
            self._file_again(self._by_preferred.get(candidate.agent_id, ()))

    def done(self, agent_id: str, channel: str, now: datetime) -> None:
        """A contact of this channel has left the agent's hands. Raises KeyError for an unknown agent."""
        crew = self._crew_of[agent_id]
        crew.put(replace(crew.members[agent_id].holding(channel, -1), idle_since=now))
        self._ready(crew, agent_id)

    def gone(self, agent_id: str) -> None:
        """The agent is no longer of the team."""
        if agent_id in self._crew_of:
            self._take_out(agent_id)
            self._file_again(self._by_preferred.get(agent_id, ()))

    def next_pairs(self, now: datetime, limit: int | None = None) -> list[Pair]:
        """Who is offered what now, in the order of service; each such place leaves the board, each agent holds it.

        None is left that could be served, unless `limit` stops it.
        """
        self._now = max(self._now, now)
        if self._crews_changed:
            self._look_at_crews_again()
        self._pass_moments()
        pairs: list[Pair] = []
        heads = [head for kind in self._dirty if (head := self._head(kind))]
        heapq.heapify(heads)
        while heads and (limit is None or len(pairs) < limit):
            _, _, waiting = heapq.heappop(heads)
            kind = waiting.kind
            assert kind is not None
            member = self._choose(kind, waiting)
            if member is None:
                self._dirty.discard(kind)
                continue
            pairs.append(Pair(waiting.place.contact_id, member.agent_id))
            self.leave(waiting.place.contact_id)
            self._crew_of[member.agent_id].put(member.holding(kind.key.channel, 1))
            if head := self._head(kind):
                heapq.heappush(heads, head)
        return pairs

    # ── places ────────────────────────────────────────────────────────────────────────────────────

    def _turning_points(self, waiting: _Waiting) -> Iterator[datetime]:
        """When this place begins to ask for something else."""
        place = waiting.place
        for step in self._steps_of(place.queue_id):
            yield place.entered_at + step
        if waiting.preferred and self._reserve:
            yield place.entered_at + self._reserve
        if place.declined_by and place.offer_deadline is not None:
            yield place.offer_deadline + SECOND_ROUND

    def _pass_moments(self) -> None:
        while self._moments and self._moments[0][0] <= self._now:
            waiting = heapq.heappop(self._moments)[2]
            if self._waiting.get(waiting.place.contact_id) is waiting:
                self._unfile(waiting)
                self._file(waiting)

    def _file(self, waiting: _Waiting) -> None:
        place = waiting.place
        now = max(self._now, place.entered_at)
        key = _KindKey(
            *self._asked_of(place, now - place.entered_at),
            place.channel,
            not_asked(place, now),
            "",
        )
        kind = self._kind(key)
        if waiting.preferred and now < place.entered_at + self._reserve:
            member = self.candidate(waiting.preferred)
            if member and member.takes_offers and self._may(kind, member):
                kind = self._kind(key._replace(kept_for=waiting.preferred))
        waiting.kind = kind
        kind.waiting += 1
        heapq.heappush(kind.heap, (rank(place), next(self._serial), waiting))
        self._dirty.add(kind)

    def _unfile(self, waiting: _Waiting) -> None:
        kind = waiting.kind
        if kind is None:
            return
        waiting.kind = None
        kind.waiting -= 1
        if not kind.waiting:
            self._forget(kind)
        elif len(kind.heap) > 2 * kind.waiting + _SPARE:
            kind.heap = [entry for entry in kind.heap if entry[2].kind is kind]
            heapq.heapify(kind.heap)

    def _file_again(self, contact_ids: Iterable[str]) -> None:
        if self._crews_changed:
            return
        for contact_id in list(contact_ids):
            waiting = self._waiting[contact_id]
            self._unfile(waiting)
            self._file(waiting)

    def _head(self, kind: _Kind) -> tuple[tuple[datetime, datetime, str], int, _Waiting] | None:
        while kind.heap and kind.heap[0][2].kind is not kind:
            heapq.heappop(kind.heap)
        return kind.heap[0] if kind.heap else None

    def _kind(self, key: _KindKey) -> _Kind:
        kind = self._kinds.get(key)
        if kind is None:
            kind = self._kinds[key] = _Kind(key)
            self._find_crews(kind)
        return kind

    def _forget(self, kind: _Kind) -> None:
        """Empty kinds of everyday stay, with what was found out about them; the particular ones go."""
        kind.heap.clear()
        self._dirty.discard(kind)
        if kind.key.not_asked or kind.key.kept_for:
            del self._kinds[kind.key]
            self._kept[kind.key.kept_for].discard(kind)
            for crew in kind.crews:
                self._kinds_of[crew].discard(kind)

    def _asked_of(self, place: Place, waited: timedelta) -> tuple[Asked, Asked]:
        """What it asks now and at last; places of one queue and language ask the same between two steps."""
        passed = sum(step <= waited for step in self._steps_of(place.queue_id))
        known = (place.queue_id, place.language, passed)
        if known not in self._asked:
            queue = self._queue(place.queue_id)
            at_last = asked_at_last(queue, place.language)
            self._asked[known] = asked_after(queue, place.language, waited), at_last
        return self._asked[known]

    def _steps_of(self, queue_id: str) -> list[timedelta]:
        if queue_id not in self._steps:
            self._steps[queue_id] = steps_of(self._queue(queue_id))
        return self._steps[queue_id]

    def _queue(self, queue_id: str) -> Queue:
        return self._queues.get(queue_id) or _plain_queue(queue_id)

    # ── agents ────────────────────────────────────────────────────────────────────────────────────

    def _ready(self, crew: Crew, agent_id: str) -> None:
        """The agent may have more room than before: whoever could be served is looked at again."""
        for kind in self._kinds_of[crew]:
            kind.hopeful.add(crew)
            if kind.waiting:
                self._dirty.add(kind)
        self._dirty.update(kind for kind in self._kept.get(agent_id, ()) if kind.waiting)

    def _take_out(self, agent_id: str) -> None:
        crew = self._crew_of.pop(agent_id, None)
        if crew is None:
            return
        crew.take_out(agent_id)
        if not crew.members:
            self._crews = {skills: each for skills, each in self._crews.items() if each is not crew}
            self._crews_changed = True

    def _look_at_crews_again(self) -> None:
        """Skills have come to the team or left it: find out anew who can serve what."""
        self._crews_changed = False
        self._kinds_of.clear()
        self._kinds.clear()
        self._kept.clear()
        self._dirty.clear()
        for waiting in self._waiting.values():
            self._file(waiting)

    def _find_crews(self, kind: _Kind) -> None:
        asked, at_last, _, _, kept_for = kind.key
        by_member = {crew.anybody.agent_id: crew for crew in self._crews.values()}
        team = [crew.anybody for crew in self._crews.values()]
        suited = able(asked, at_last, team, self._language_levels)
        kind.crews = {by_member[member.agent_id]: fit(member, asked) for member in suited}
        kind.hopeful = set(kind.crews)
        if kept_for:
            self._kept[kept_for].add(kind)
            return
        for crew in kind.crews:
            self._kinds_of[crew].add(kind)

    def _choose(self, kind: _Kind, waiting: _Waiting) -> Candidate | None:
        before = self.candidate(waiting.preferred) if waiting.preferred else None
        if before and before.takes_offers and before.has_room(kind.key.channel) and self._may(kind, before):
            return before
        if kind.key.kept_for:
            return None
        heads = []
        for crew in list(kind.hopeful):
            if whose := crew.next_of(kind.key.channel, kind.key.not_asked):
                heads.append(order(whose, kind.crews[crew]))
            else:
                kind.hopeful.discard(crew)  # until one of it has more room, and is ready
        return self.candidate(min(heads)[-1]) if heads else None

    def _may(self, kind: _Kind, member: Candidate) -> bool:
        mine = self._crew_of[member.agent_id]
        return member.agent_id not in kind.key.not_asked and mine in kind.crews


@lru_cache(maxsize=256)
def _plain_queue(queue_id: str) -> Queue:
    """A queue of which nothing more is known."""
    return Queue(queue_id, {}, 4, 0, always_open=False, active=True)
