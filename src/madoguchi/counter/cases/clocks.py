"""What became of the promises of a case, told from what happened in it, from the first fact to now. Pure.

The course is read from its beginning every time, so that the same facts always give the same promises: a crash, a late
worker or a second reader change nothing. A promise runs from its start to its due moment; it stands still while it is
somebody else's turn, and afterwards has as much time left as before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from madoguchi.counter.cases.promise_model import State
from madoguchi.counter.cases.promises import Kind, Waited, Within
from madoguchi.counter.working_time import NeverOpen, WorkingTime, calendar_time

Happened = Literal[
    "asked",  # the customer has spoken
    "answered",  # something of substance was said
    "asked_back",  # the assistant needs to know more
    "handed_over",  # a person has to go on
    "waits_for_customer",
    "waits_for_third_party",
    "goes_on",  # the case is ours again
    "solved",
    "reopened",
    "gone",  # merged into another case
]
WaitsFor = Literal["us", "customer", "third_party", ""]


@dataclass(frozen=True)
class Fact:
    """One thing that happened; `by` says who: customer, assistant, agent or system."""

    at: datetime
    happened: Happened
    by: str = ""


@dataclass(frozen=True)
class Terms:
    """What is promised in this case: kind → spans of which the soonest holds; for whom each kind's clock stands still."""

    within: Mapping[Kind, Sequence[Within]]
    hours: WorkingTime
    pauses: Mapping[Kind, Sequence[Waited]] = field(default_factory=dict)

    def due(self, kind: Kind, start: datetime) -> tuple[datetime, WorkingTime] | None:
        """When it is due, and the time in which it is counted; None where nothing is promised."""
        found = [self._due(each, start) for each in self.within.get(kind, ())]
        return min(found, key=lambda each: each[0], default=None)

    def _due(self, span: Within, start: datetime) -> tuple[datetime, WorkingTime]:
        if span.unit.startswith("business"):
            try:
                return span.due(start, self.hours), self.hours
            except NeverOpen:
                return span.due(start, calendar_time()), calendar_time()
        return span.due(start, self.hours), calendar_time()


@dataclass(frozen=True)
class Clock:
    """One promise. `left` and `paused_at` while it stands still; `settled_at` once it is answered, solved or cancelled."""

    kind: Kind
    started_at: datetime
    due_at: datetime
    time: WorkingTime
    state: State = "running"
    paused: timedelta = timedelta(0)
    paused_at: datetime | None = None
    left: timedelta | None = None
    settled_at: datetime | None = None
    settled_by: str = ""

    def pause(self, at: datetime) -> Clock:
        """What is late already stays late."""
        if self.state != "running" or at > self.due_at:
            return self
        return replace(self, state="paused", paused_at=at, left=self.time.between(at, self.due_at))

    def resume(self, at: datetime) -> Clock:
        if self.state != "paused" or self.paused_at is None or self.left is None:
            return self
        due = max(self.due_at, self._after(at, self.left))
        return replace(
            self,
            state="running",
            due_at=due,
            paused=self.paused + (at - self.paused_at),
            paused_at=None,
            left=None,
        )

    def settle(self, at: datetime, by: str) -> Clock:
        """Done: kept if in time."""
        clock = self.resume(at)
        return replace(clock, state="kept" if at <= clock.due_at else "broken", settled_at=at, settled_by=by)

    def cancel(self, at: datetime) -> Clock:
        return replace(self, state="cancelled", settled_at=at, paused_at=None, left=None)

    def at(self, now: datetime) -> Clock:
        """As it stands now: what runs and is over is broken."""
        late = self.state == "running" and now > self.due_at
        return replace(self, state="broken") if late else self

    def _after(self, at: datetime, left: timedelta) -> datetime:
        try:
            return self.time.after(at, left)
        except NeverOpen:
            return at + left


@dataclass(frozen=True)
class Reckoning:
    """Every promise as it stands, oldest first; whose turn it is; when something last happened."""

    clocks: tuple[Clock, ...]
    waits_for: WaitsFor
    last_at: datetime


def reckon(opened_at: datetime, facts: Iterable[Fact], terms: Terms, now: datetime) -> Reckoning:
    """Read the course. `facts` in the order in which they happened, none before the opening."""
    course = _Course(terms, opened_at)
    for fact in facts:
        course.read(fact)
    return course.result(now)


class _Course:
    def __init__(self, terms: Terms, opened_at: datetime) -> None:
        self._terms = terms
        self._running: dict[Kind, Clock] = {}
        self._done: list[Clock] = []
        self._desk: WaitsFor = "us"  # as staff have said
        self._talk: WaitsFor = (
            "us"  # as the conversation stands: after the assistant's word it is the customer's turn
        )
        self._answered = False
        self._last_at = opened_at
        self._start("first_answer", opened_at)
        self._start("solution", opened_at)

    def read(self, fact: Fact) -> None:
        at = fact.at
        self._last_at = max(self._last_at, at)
        match fact.happened:
            case "asked":
                if self._desk == "customer":
                    self._desk = "us"
                self._talk = "us"
                if self._answered and self._desk != "":
                    self._start("next_answer", at)
            case "answered":
                self._answered = True
                self._settle(("first_answer", "next_answer"), at, fact.by)
                self._talk = "customer" if fact.by == "assistant" else "us"
            case "asked_back":
                self._talk = "customer"
            case "handed_over" | "goes_on":
                self._talk = "us"
                self._desk = "us" if fact.happened == "goes_on" else self._desk
            case "waits_for_customer":
                self._desk = "customer"
            case "waits_for_third_party":
                self._desk = "third_party"
            case "solved":
                self._answered, self._desk = True, ""
                self._settle(("first_answer", "next_answer", "solution"), at, fact.by)
            case "reopened":
                self._talk = self._desk = "us"
                self._start("solution", at)
                if fact.by == "customer":
                    self._start("next_answer", at)
            case "gone":
                self._desk = ""
                self._done += [clock.cancel(at) for clock in self._running.values()]
                self._running.clear()
        self._let_run_or_stand(at)

    def result(self, now: datetime) -> Reckoning:
        standing = [*self._done, *(clock.at(now) for clock in self._running.values())]
        standing.sort(key=lambda clock: (clock.started_at, clock.kind))
        return Reckoning(tuple(standing), self._waits_for, self._last_at)

    @property
    def _waits_for(self) -> WaitsFor:
        return self._talk if self._desk == "us" else self._desk

    def _start(self, kind: Kind, at: datetime) -> None:
        """What runs already goes on running: a second word does not give more time. One of a kind begins at a moment."""
        if kind in self._running or any((clock.kind, clock.started_at) == (kind, at) for clock in self._done):
            return
        due = self._terms.due(kind, at)
        if due is not None:
            self._running[kind] = Clock(kind, at, *due)

    def _settle(self, kinds: Sequence[Kind], at: datetime, by: str) -> None:
        self._done += [self._running.pop(kind).settle(at, by) for kind in kinds if kind in self._running]

    def _let_run_or_stand(self, at: datetime) -> None:
        for kind, clock in self._running.items():
            stands = self._waits_for in self._terms.pauses.get(kind, ())
            self._running[kind] = clock.pause(at) if stands else clock.resume(at)
