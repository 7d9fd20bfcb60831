"""How many calls fit into a slot: each needs somebody with its skill and language, and everybody makes a few. Pure.

Bookings of different desks and languages share people, so counting by desk would promise the same agent twice. What
fits is found by seating each booking with somebody who can take it, moving others along where that makes room
(augmenting paths; the bookings of one slot are few).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Caller:
    """Somebody who is there in the slot, with the desks and languages that they serve."""

    agent_id: str
    queues: frozenset[str]
    languages: frozenset[str]
    every_queue: bool = False

    def serves(self, wanted: Wanted) -> bool:
        return (self.every_queue or wanted.queue_id in self.queues) and wanted.language in self.languages


@dataclass(frozen=True)
class Wanted:
    """What a booking needs."""

    queue_id: str
    language: str


@dataclass(frozen=True)
class Room:
    """`left`: further bookings of one kind that fit; `of`: how many of that kind would fit into an empty slot."""

    left: int
    of: int

    @property
    def few(self) -> bool:
        """One left, or at most a quarter."""
        return 0 < self.left <= max(1, self.of // 4)


def room(
    callers: Sequence[Caller], booked: Sequence[Wanted], wanted: Wanted, calls_each: int, share: float
) -> Room:
    """`calls_each`: calls that one agent makes in the slot; `share` of all of them can be booked, at least one."""
    bookable = _bookable(len(callers) * calls_each, share)
    able = sum(caller.serves(wanted) for caller in callers) * calls_each
    of = min(able, bookable)
    seats = _Seats(callers, calls_each)
    if not all(seats.take(each) for each in booked):
        return Room(0, of)  # somebody of those who were to be there is not any more
    left = 0
    while left < of and len(booked) + left < bookable and seats.take(wanted):
        left += 1
    return Room(left, of)


def _bookable(calls: int, share: float) -> int:
    return max(1, math.floor(calls * share)) if calls else 0


class _Seats:
    """Who makes which call."""

    def __init__(self, callers: Sequence[Caller], calls_each: int) -> None:
        self._callers = callers
        self._calls_each = calls_each
        self._given: list[list[Wanted]] = [[] for _ in callers]

    def take(self, wanted: Wanted) -> bool:
        """Seat one more; False where no moving about makes room."""
        return self._seat(wanted, set())

    def _seat(self, wanted: Wanted, tried: set[int]) -> bool:
        for place, caller in enumerate(self._callers):
            if place in tried or not caller.serves(wanted):
                continue
            tried.add(place)
            given = self._given[place]
            if len(given) < self._calls_each:
                given.append(wanted)
                return True
            for at, other in enumerate(given):
                if other != wanted and self._seat(other, tried):
                    given[at] = wanted
                    return True
        return False
