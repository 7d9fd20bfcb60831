"""The staff on those days: when they come and go, their breaks and other doings, and who is free for the next visitor."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, time, timedelta

from madoguchi.counter.actors import Actor
from madoguchi.counter.routing import presence, queues, schedules, status_kinds
from madoguchi.counter.routing.model import Status
from madoguchi.demonstration.plan import Days
from madoguchi.demonstration.stage import Scene

_DAY, _SOON = timedelta(days=1), timedelta(minutes=2)
Deed = Callable[[], None]
Note = Callable[[datetime, Deed], None]


class Staff:
    """One contact at a time for each; who goes on a break finishes it first."""

    def __init__(self, scene: Scene, wanted: Days, chance: random.Random, note: Note) -> None:
        self._scene, self._wanted, self._chance, self._note = scene, wanted, chance, note
        self._people = {login: scene.staff(login) for login in wanted.shifts}
        self._status: dict[str, Status] = dict.fromkeys(wanted.shifts, "offline")
        self._free_at = dict.fromkeys(wanted.shifts, scene.tx.now)
        self._serving: set[str] = set()

    def plan_day(self, midnight: datetime) -> None:
        """Note what each does on this day, a little early or late, as people are."""
        for login, who in self._people.items():
            plan = schedules.plan_of(self._scene.tx, who.id)
            for start, end in plan.shifts(midnight, midnight + _DAY):
                self._at(start, login, "available", -4, 16)
                self._at(end, login, "offline", -3, 12)
            for start, end in plan.pauses(midnight, midnight + _DAY):
                self._at(start, login, "break", 0, 5)
                self._at(end, login, "available", -3, 14)
            if plan.shifts(midnight, midnight + _DAY):
                self._plan_doings(login, midnight)

    def free(self) -> str | None:
        """The login of whoever has been without a contact the longest; None when nobody is free."""
        now = self._scene.tx.now
        there = [
            login
            for login, status in self._status.items()
            if status == "available" and login not in self._serving and self._free_at[login] <= now
        ]
        return min(there, key=lambda login: self._free_at[login], default=None)

    def take(self, login: str) -> Actor:
        self._serving.add(login)
        return self._people[login]

    def let_go(self, login: str, queue_id: str) -> None:
        """The contact is over; after-contact work goes on for as long as the queue allows."""
        self._serving.discard(login)
        after = queues.get(self._scene.tx, queue_id).after_contact_s
        self._free_at[login] = self._scene.tx.now + timedelta(seconds=after)

    def seem_alive(self) -> None:
        """The desks of those who are there report themselves."""
        for login, status in self._status.items():
            if status != "offline":
                presence.heartbeat(self._scene.tx, self._people[login].id)

    def go_home(self) -> None:
        """Nobody is signed in when the demonstration opens."""
        for login, status in self._status.items():
            if status != "offline":
                self._be(login, "offline")

    def _plan_doings(self, login: str, midnight: datetime) -> None:
        for doing in self._wanted.doings:
            if doing.who == login and doing.weekday == midnight.weekday():
                start = datetime.combine(midnight.date(), time.fromisoformat(doing.start), self._scene.zone)
                base = self._wanted.statuses[doing.status].base
                self._at(start, login, base, 0, 3, doing.status)
                self._at(start + timedelta(minutes=doing.minutes), login, "available", -2, 4)

    def _at(self, at: datetime, login: str, status: Status, early: int, late: int, kind: str = "") -> None:
        """`early`, `late`: minutes before (negative) and after the planned time."""
        moment = at + timedelta(minutes=self._chance.uniform(early, late))
        self._note(moment, lambda: self._change(login, status, kind))

    def _change(self, login: str, status: Status, kind: str) -> None:
        if login in self._serving:
            self._note(self._scene.tx.now + _SOON, lambda: self._change(login, status, kind))
        else:
            self._be(login, status, kind)

    def _be(self, login: str, status: Status, kind: str = "") -> None:
        self._status[login] = status
        status_kinds.choose(self._scene.tx, self._people[login].id, status, kind)
