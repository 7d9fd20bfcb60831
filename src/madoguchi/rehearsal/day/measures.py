"""What the house itself would have measured by now, and what it promises a newcomer from it."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter, defaultdict, deque
from collections.abc import Sequence
from datetime import UTC, datetime

from madoguchi.counter.routing.estimate import Range, promise
from madoguchi.counter.routing.model import Place
from madoguchi.counter.routing.outlook import Kind, Outlook, Pace, mean_patience_s, pace
from madoguchi.counter.routing.policy import rank, skilled
from madoguchi.rehearsal.day.crews import Crews
from madoguchi.rehearsal.day.scenario import Scenario

_KEPT = 200  # measurements of a queue, as routing's own queries
_LOOK_BACK_S = 3_600.0
_ANY_TIME = datetime.min.replace(tzinfo=UTC)
_FRESH = 25  # a pace is reckoned anew after so many contacts
_Rank = tuple[datetime, datetime, str]


class Measures:
    """The line as it stands, and the figures of the day so far."""

    def __init__(self, scenario: Scenario, crews: Crews, pick_up_limit_s: int) -> None:
        self._streams, self._crews, self._limit = scenario.streams, crews, pick_up_limit_s
        self._line: list[tuple[_Rank, int]] = []
        self._handled: dict[str, deque[float]] = defaultdict(lambda: deque(maxlen=_KEPT))
        self._waited: dict[str, deque[float]] = defaultdict(lambda: deque(maxlen=_KEPT))
        self._all_waits: Counter[str] = Counter()
        self._gave_up: Counter[str] = Counter()
        self._entered: dict[int, deque[float]] = defaultdict(deque)
        self._paces: dict[str, Pace | None] = {}
        self._able: dict[Kind, list[int]] = {}

    def enters(self, place: Place, stream: int, at_s: float) -> None:
        insort(self._line, (rank(place), stream))
        self._entered[stream].append(at_s)

    def leaves(self, place: Place) -> None:
        """The line, for an agent or for good."""
        del self._line[bisect_left(self._line, (rank(place), -1))]

    def served(self, stream: int, wait_s: float) -> None:
        queue = self._streams[stream].queue
        self._waited[queue].append(wait_s)
        self._all_waits[queue] += round(wait_s)

    def gave_up(self, stream: int, wait_s: float) -> None:
        queue = self._streams[stream].queue
        self._gave_up[queue] += 1
        self._all_waits[queue] += round(wait_s)

    def finished(self, stream: int, handled_s: float) -> None:
        queue = self._streams[stream].queue
        self._handled[queue].append(handled_s)
        if len(self._handled[queue]) % _FRESH == 0 or len(self._handled[queue]) < _FRESH:
            self._paces.pop(queue, None)

    def promised(self, place: Place, at_s: float) -> Range | None:
        """What somebody at this place of the line is told; None where nobody can tell."""
        mine = rank(place)
        outlook = self._outlook(at_s)
        for before, stream in self._line:
            if before >= mine:
                break
            outlook.turn(self._kind(stream))
        turn = outlook.turn(Kind(place.queue_id, place.language, place.priority))
        return promise(turn, list(self._waited[place.queue_id]), self._limit)

    def _outlook(self, at_s: float) -> Outlook:
        staffing = {name: crew.staffing(at_s) for name, crew in enumerate(self._crews.crews)}
        return Outlook(staffing, self._able_for, self._pace, self._patience, self._arrivals_s(at_s))

    def _arrivals_s(self, at_s: float) -> dict[Kind, float]:
        """By what came in within the last hour."""
        seen_s = min(at_s, _LOOK_BACK_S) or 1.0
        found: dict[Kind, float] = defaultdict(float)
        for stream, moments in self._entered.items():
            while moments and moments[0] < at_s - _LOOK_BACK_S:
                moments.popleft()
            found[self._kind(stream)] += len(moments) / seen_s
        return found

    def _kind(self, stream: int) -> Kind:
        found = self._streams[stream]
        return Kind(found.queue, found.language, found.priority)

    def _able_for(self, kind: Kind) -> Sequence[int]:
        if kind not in self._able:
            members = [crew.member for crew in self._crews.crews]
            fit = {member.agent_id for member in skilled(newcomer(kind), members)}
            self._able[kind] = [name for name, member in enumerate(members) if member.agent_id in fit]
        return self._able[kind]

    def _pace(self, kind: Kind) -> Pace | None:
        queue = kind[0]
        if queue not in self._paces:
            own = self._handled[queue]
            self._paces[queue] = pace(own) or pace([each for all_ in self._handled.values() for each in all_])
        return self._paces[queue]

    def _patience(self, kind: Kind) -> float | None:
        queue = kind[0]
        return mean_patience_s(self._gave_up[queue], [self._all_waits[queue]])


def newcomer(kind: Kind, contact_id: str = "", entered_at: datetime = _ANY_TIME) -> Place:
    """A fresh place of this kind."""
    return Place(
        contact_id=contact_id,
        queue_id=kind.queue,
        state="waiting",
        priority=kind.priority,
        language=kind.language,
        entered_at=entered_at,
        offered_to="",
        offer_deadline=None,
        declined_by=[],
        shown_ahead=-1,
        shown_low_s=-1,
        shown_high_s=-1,
        taken_at=None,
        taken_by="",
        left_at=None,
        channel="chat",
    )
