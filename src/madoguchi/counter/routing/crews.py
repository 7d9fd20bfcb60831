"""Crews: agents of the same skills, and for each channel who of them is next. Part of the board (matching.py). Pure."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from itertools import count

from madoguchi.counter.routing.policy import Candidate, Turn, turn

_SPARE = 64  # out-of-date entries that a heap may hold beside its own before it is made anew
Skills = tuple[frozenset[str], frozenset[str], bool, frozenset[tuple[str, int]]]


@dataclass(eq=False)
class Crew:
    """Its heaps hold who takes offers and has room for a channel; an entry whose version is past is no longer true."""

    members: dict[str, Candidate] = field(default_factory=dict)
    _versions: dict[str, int] = field(default_factory=dict)
    _heaps: dict[str, list[tuple[Turn, int]]] = field(default_factory=dict)
    _serial: count[int] = field(default_factory=count)

    @property
    def anybody(self) -> Candidate:
        """One who stands for the skills of all. Raises StopIteration in an empty crew."""
        return next(iter(self.members.values()))

    def put(self, candidate: Candidate) -> None:
        """The agent comes, or is otherwise than before."""
        self.members[candidate.agent_id] = candidate
        version = self._versions[candidate.agent_id] = next(self._serial)
        if not candidate.takes_offers:
            return
        for channel, heap in self._heaps.items():
            if candidate.has_room(channel):
                heapq.heappush(heap, (turn(candidate), version))
                if len(heap) > 2 * len(self.members) + _SPARE:
                    self._fill(channel)

    def take_out(self, agent_id: str) -> None:
        del self.members[agent_id]
        del self._versions[agent_id]

    def next_of(self, channel: str, without: frozenset[str]) -> Turn | None:
        """Whose turn it is among those who have room for this channel, but for some of them."""
        if channel not in self._heaps:
            self._fill(channel)
        heap, passed = self._heaps[channel], []
        found = None
        while heap and found is None:
            whose, version = heap[0]
            if self._versions.get(whose[-1]) != version:
                heapq.heappop(heap)
            elif whose[-1] in without:
                passed.append(heapq.heappop(heap))
            else:
                found = whose
        for entry in passed:
            heapq.heappush(heap, entry)
        return found

    def _fill(self, channel: str) -> None:
        ready = (each for each in self.members.values() if each.takes_offers and each.has_room(channel))
        self._heaps[channel] = [(turn(each), self._versions[each.agent_id]) for each in ready]
        heapq.heapify(self._heaps[channel])


def skills_of(candidate: Candidate) -> Skills:
    """What makes two agents of one crew."""
    levels = frozenset(candidate.levels.items())
    return candidate.queues, candidate.languages, candidate.supervisor, levels
