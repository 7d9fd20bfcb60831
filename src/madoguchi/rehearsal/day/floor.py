"""The desk of one day, event by event: who comes, gives up, is offered, taken and finished, whose shift begins or ends.

The clock jumps from event to event; who is served by whom is decided by the board of routing, the same that serves the
live desk. A contact that is given up while it rings leaves the agent free again.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

from madoguchi.counter.routing.matching import Board
from madoguchi.counter.routing.model import Place, Status
from madoguchi.counter.routing.outlook import Kind
from madoguchi.counter.routing.queues import Queue
from madoguchi.rehearsal.day.arrivals import Arrivals, draw
from madoguchi.rehearsal.day.crews import Crews
from madoguchi.rehearsal.day.measures import Measures, newcomer
from madoguchi.rehearsal.day.outcome import Outcome, Promised
from madoguchi.rehearsal.day.scenario import Scenario
from madoguchi.rehearsal.day.staffing import staffed

MIDNIGHT = datetime(2027, 1, 18, tzinfo=UTC)  # a Monday; no rule of routing looks at the date
RING_S = 30  # an offer lasts so long
MOST_PROMISES = 20_000
CHANNEL = "chat"


def play(
    scenario: Scenario, seed: int, queues: tuple[Queue, ...] = (), *, most_promises: int = MOST_PROMISES
) -> Outcome:
    """One day. `queues`: with what they ask of agents; left out, every agent with the skill may serve.

    Of every contact that must wait the promise is kept beside its wait; of more contacts than `most_promises`, of an
    even sample of so many; with 0 of none.
    """
    full = staffed(scenario)
    return _Floor(full, draw(full, seed), queues, most_promises).play()


class _Floor:
    def __init__(
        self, scenario: Scenario, arrivals: Arrivals, queues: tuple[Queue, ...], most_promises: int
    ) -> None:
        self._arrivals = arrivals
        self._kinds = [Kind(each.queue, each.language, each.priority) for each in scenario.streams]
        self._board = Board(queues)
        self._crews = Crews(scenario, MIDNIGHT)
        self._measures = Measures(scenario, self._crews, RING_S)
        self._outcome = Outcome(scenario, arrivals)
        self._every = max(1, len(arrivals) // most_promises) if most_promises else len(arrivals) + 1
        self._waiting: dict[int, Place] = {}
        self._events: list[tuple[float, int, Callable[[int, float], None], int]] = []
        self._serial = count()

    def play(self) -> Outcome:
        for agent in self._crews.agents:
            self._board.agent(agent)
        for shift_s, number, comes in self._crews.shifts:
            self._at(shift_s, self._comes if comes else self._goes, number)
        events = self._events
        for contact, at_s in enumerate(self._arrivals.at_s):
            while events and events[0][0] <= at_s:
                self._next_event()
            self._arrives(contact, at_s)
        while events:
            self._next_event()
        return self._outcome

    # ── what happens ──────────────────────────────────────────────────────────────────────────────

    def _arrives(self, contact: int, at_s: float) -> None:
        stream = self._arrivals.stream[contact]
        place = newcomer(self._kinds[stream], f"{contact:08d}", moment(at_s))
        self._waiting[contact] = place
        self._measures.enters(place, stream, at_s)
        self._board.wait(place)
        self._match(at_s)
        if contact in self._waiting:
            if (contact + 1) % self._every == 0:
                found = self._measures.promised(place, at_s)
                self._outcome.promises[contact] = Promised(found.low_s, found.high_s) if found else None
            patience = self._arrivals.patience_s[contact]
            if patience != float("inf"):
                self._at(at_s + patience, self._gives_up, contact)

    def _gives_up(self, contact: int, at_s: float) -> None:
        place = self._waiting.get(contact)
        if place is None:
            return
        self._board.leave(place.contact_id)
        self._leaves_line(contact)
        self._lost(contact, at_s)

    def _match(self, at_s: float) -> None:
        for pair in self._board.next_pairs(moment(at_s)):
            self._rings(int(pair.contact_id), int(pair.agent_id.removeprefix("agent_")), at_s)

    def _rings(self, contact: int, agent: int, at_s: float) -> None:
        self._leaves_line(contact)
        self._crews.hold(agent, 1)
        entered, patience = self._arrivals.at_s[contact], self._arrivals.patience_s[contact]
        taken_s = at_s + self._arrivals.pick_up_s[contact]
        if entered + patience < taken_s:
            self._at(
                entered + patience, lambda _, when: self._lost_at_the_ring(contact, agent, when), contact
            )
            return
        self._outcome.wait_s[contact] = taken_s - entered
        self._measures.served(self._arrivals.stream[contact], taken_s - entered)
        ends_s = taken_s + self._arrivals.handling_s[contact]
        self._at(ends_s, lambda _, when: self._finishes(contact, agent, when), contact)

    def _lost_at_the_ring(self, contact: int, agent: int, at_s: float) -> None:
        self._lost(contact, at_s)
        self._is_free(agent, at_s)

    def _finishes(self, contact: int, agent: int, at_s: float) -> None:
        self._measures.finished(self._arrivals.stream[contact], self._arrivals.handling_s[contact])
        self._is_free(agent, at_s)

    def _comes(self, agent: int, at_s: float) -> None:
        self._crews.comes(agent)
        self._set_status(agent, at_s, "available")
        self._match(at_s)

    def _goes(self, agent: int, at_s: float) -> None:
        self._crews.goes(agent)
        self._set_status(agent, at_s, "offline")

    # ── inside ────────────────────────────────────────────────────────────────────────────────────

    def _lost(self, contact: int, at_s: float) -> None:
        waited = at_s - self._arrivals.at_s[contact]
        self._outcome.gave_up_s[contact] = waited
        self._measures.gave_up(self._arrivals.stream[contact], waited)

    def _leaves_line(self, contact: int) -> None:
        self._measures.leaves(self._waiting.pop(contact))

    def _is_free(self, agent: int, at_s: float) -> None:
        self._crews.hold(agent, -1)
        self._board.done(self._crews.agents[agent].agent_id, CHANNEL, moment(at_s))
        self._match(at_s)

    def _set_status(self, agent: int, at_s: float, status: Status) -> None:
        now = self._board.candidate(self._crews.agents[agent].agent_id)
        assert now is not None
        self._board.agent(replace(now, status=status, since=moment(at_s)))

    def _at(self, at_s: float, deed: Callable[[int, float], None], subject: int) -> None:
        heapq.heappush(self._events, (at_s, next(self._serial), deed, subject))

    def _next_event(self) -> None:
        at_s, _, deed, subject = heapq.heappop(self._events)
        deed(subject, at_s)


def moment(at_s: float) -> datetime:
    """Of the simulated day, so many seconds after its midnight."""
    return MIDNIGHT + timedelta(seconds=at_s)
