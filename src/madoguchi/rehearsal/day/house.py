"""The same day, played through the verbs of a real house: entered, offered, accepted, told and finished on a database.

Slower than the board alone, and the whole truth: what customers are told here is what `refresh_positions` tells them, what
is measured is what the house itself has measured. The database is a file that is thrown away; the clock jumps from event to
event. Rounds of routing come after each event, as at a live desk.
"""

from __future__ import annotations

import heapq
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

from sqlalchemy import insert, select

from madoguchi.counter.actors import SYSTEM, Actor
from madoguchi.counter.contacts import queries as contact_queries
from madoguchi.counter.contacts import service as contacts
from madoguchi.counter.hours import always_open
from madoguchi.counter.routing import offers, presence, queries, queues, service
from madoguchi.counter.routing.model import queue, queue_place
from madoguchi.counter.routing.policy import Candidate, Rules
from madoguchi.counter.routing.positions import refresh_positions
from madoguchi.counter.team.model import agent
from madoguchi.engine.database import Database, Transaction
from madoguchi.engine.migrations import migrate
from madoguchi.rehearsal.day.arrivals import Arrivals, draw
from madoguchi.rehearsal.day.crews import Crews
from madoguchi.rehearsal.day.floor import CHANNEL, MIDNIGHT, RING_S, moment
from madoguchi.rehearsal.day.outcome import Outcome, Promised
from madoguchi.rehearsal.day.scenario import Scenario
from madoguchi.rehearsal.day.staffing import staffed

_NEVER_AWAY_S = 10 * 86_400
_INSTANT_S = 0.001
REFRESH_S = 30.0  # positions are told anew at least so often (HND-009)


@dataclass
class _Clock:
    now: datetime = MIDNIGHT

    def __call__(self) -> datetime:
        return self.now


def play(scenario: Scenario, seed: int) -> Outcome:
    """One day on a fresh SQLite file."""
    full = staffed(scenario)
    with tempfile.TemporaryDirectory(prefix="madoguchi-day-") as folder:
        clock = _Clock()
        database = Database(f"sqlite:///{Path(folder) / 'day.db'}", clock=clock)
        try:
            migrate(database)
            return _House(full, draw(full, seed), database, clock).play()
        finally:
            database.close()


class _House:
    def __init__(self, scenario: Scenario, arrivals: Arrivals, database: Database, clock: _Clock) -> None:
        self._scenario, self._arrivals, self._database, self._clock = scenario, arrivals, database, clock
        self._rules = Rules(RING_S, _NEVER_AWAY_S, always_open())
        self._crews = Crews(scenario, MIDNIGHT)
        self._outcome = Outcome(scenario, arrivals)
        self._ids: list[str] = []
        self._numbers: dict[str, int] = {}
        self._events: list[tuple[float, int, Callable[[int], None], int]] = []
        self._serial = count()

    def play(self) -> Outcome:
        self._database.write(_open, self._scenario, self._crews.agents)
        for shift_s, number, comes in self._crews.shifts:
            self._at(shift_s, self._comes if comes else self._goes, number)
        for contact, entered_s in enumerate(self._arrivals.at_s):
            self._at(entered_s, self._arrives, contact)
        last_told = 0.0
        while self._events:
            at_s, _, deed, subject = heapq.heappop(self._events)
            self._clock.now = moment(at_s)
            deed(subject)
            self._round(at_s)
            if at_s - last_told >= REFRESH_S:
                self._database.write(refresh_positions, self._rules)
                last_told = at_s
        self._database.read(self._read_promises)
        return self._outcome

    # ── what happens ──────────────────────────────────────────────────────────────────────────────

    def _arrives(self, contact: int) -> None:
        stream = self._scenario.streams[self._arrivals.stream[contact]]
        visitor = Actor(kind="customer", id=f"vis_{contact}", language=stream.language)

        def begin(tx: Transaction) -> str:
            opened = contacts.open_contact(tx, actor=visitor, channel=CHANNEL, language=stream.language)
            service.enter(tx, opened, stream.queue, priority=stream.priority, actor=visitor)
            return opened.id

        contact_id = self._database.write(begin)
        self._ids.append(contact_id)
        self._numbers[contact_id] = contact
        patience = self._arrivals.patience_s[contact]
        if patience != float("inf"):
            self._at(self._arrivals.at_s[contact] + patience, self._gives_up, contact)

    def _gives_up(self, contact: int) -> None:
        if contact in self._outcome.wait_s:
            return
        self._outcome.gave_up_s[contact] = self._arrivals.patience_s[contact]
        self._database.write(_end, self._ids[contact])

    def _comes(self, number: int) -> None:
        self._database.write(presence.set_status, self._crews.agents[number].agent_id, "available")

    def _goes(self, number: int) -> None:
        self._database.write(presence.set_status, self._crews.agents[number].agent_id, "offline")

    def _finishes(self, contact: int) -> None:
        self._database.write(_end, self._ids[contact])

    def _round(self, at_s: float) -> None:
        """As the server's round: offers until there is none, then everybody who waits is told."""
        changed = False
        while found := self._database.write(offers.offer_round, self._rules):
            for offer in found:
                changed = True
                self._rings(self._numbers[offer.contact_id], offer.agent_id, at_s)
        waiting = self._database.read(queries.waiting_by_queue)
        if waiting and (changed or not self._told()):
            self._database.write(refresh_positions, self._rules)

    def _told(self) -> bool:
        """Whether everybody who waits has been told something."""
        untold = select(queue_place.c.contact_id).where(
            queue_place.c.state.in_(("waiting", "offered")), queue_place.c.shown_ahead < 0
        )
        return self._database.read(lambda tx: tx.first(untold)) is None

    def _rings(self, contact: int, agent_id: str, at_s: float) -> None:
        taken_s = at_s + self._arrivals.pick_up_s[contact]
        if self._arrivals.at_s[contact] + self._arrivals.patience_s[contact] < taken_s:
            return  # given up while it rings; that event is there already
        self._at(taken_s, lambda subject: self._accepts(subject, agent_id, taken_s), contact)

    def _accepts(self, contact: int, agent_id: str, at_s: float) -> None:
        contact_id = self._ids[contact]

        def take(tx: Transaction) -> bool:
            place = queries.place_of(tx, contact_id)
            if place is None or place.state != "offered" or place.offered_to != agent_id:
                return False  # rang too long, or the agent has gone home: somebody else is asked
            seen = contact_queries.get(tx, contact_id)
            offers.accept(
                tx,
                contact_id,
                Actor(kind="agent", id=agent_id, roles=frozenset({"agent"})),
                seen.owner_version,
            )
            return True

        if self._database.write(take):
            self._outcome.wait_s[contact] = at_s - self._arrivals.at_s[contact]
            self._at(at_s + self._arrivals.handling_s[contact], self._finishes, contact)

    # ── inside ────────────────────────────────────────────────────────────────────────────────────

    def _at(self, at_s: float, deed: Callable[[int], None], subject: int) -> None:
        heapq.heappush(self._events, (at_s, next(self._serial), deed, subject))

    def _read_promises(self, tx: Transaction) -> None:
        """What each was told first; of those who waited longer than a ring, so that it was told while they waited."""
        for row in tx.all(
            select(queue_place.c.contact_id, queue_place.c.promised_low_s, queue_place.c.promised_high_s)
        ):
            contact = self._numbers[row.contact_id]
            if self._outcome.wait_s.get(contact, 0.0) > self._arrivals.pick_up_s[contact] + _INSTANT_S:
                self._outcome.promises[contact] = (
                    None if row.promised_high_s is None else Promised(row.promised_low_s, row.promised_high_s)
                )


def _open(tx: Transaction, scenario: Scenario, agents: list[Candidate]) -> None:
    """Queues of the scenario and its people, off duty."""
    queues.ensure_queues(tx)
    there = {each.id for each in queues.queues(tx)}
    for stream in scenario.streams:
        if stream.queue not in there:
            there.add(stream.queue)
            tx.execute(
                insert(queue).values(
                    id=stream.queue,
                    name={"en": stream.queue},
                    priority=stream.priority,
                    target_seconds=round(scenario.target_s),
                    always_open=True,
                    active=True,
                )
            )
    for each in agents:
        tx.execute(
            insert(agent).values(
                id=each.agent_id,
                login=each.agent_id,
                name=each.name,
                display_name=each.name,
                password_hash="",  # nobody signs in
                roles=["agent"],
                queues=sorted(each.queues),
                languages=sorted(each.languages),
                capacity=each.capacity,
                active=True,
                created_at=MIDNIGHT - timedelta(days=1),
            )
        )


def _end(tx: Transaction, contact_id: str) -> None:
    service.finished(tx, contact_id)
    contacts.end(tx, contact_id, SYSTEM, "simulated")
