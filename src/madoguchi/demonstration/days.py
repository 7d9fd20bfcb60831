"""The usual days of the desk before the demonstration opened: shifts worked, chats that came, waited and were served.

Played hour by hour through the counter's verbs, with chance that is the same each time, so that reports, waits,
forecasts and schedules show what a small shop's desk shows.
"""

from __future__ import annotations

import heapq
import itertools
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from madoguchi.counter.contacts import queries
from madoguchi.counter.contacts.service import contact_id_of
from madoguchi.counter.hours import holidays_of
from madoguchi.counter.routing import forecasting, queue_editing, queues, schedules, status_kinds
from madoguchi.counter.routing.policy import Rules
from madoguchi.demonstration.plan import Days, days
from madoguchi.demonstration.staff import Deed, Staff
from madoguchi.demonstration.stage import Scene
from madoguchi.demonstration.visit import Visit, visitor_id
from madoguchi.engine.database import Transaction
from madoguchi.engine.settings import Settings

DAYS = 57
_WITH_STAFF = 28  # of these days; before them the assistant was alone
_WITH_FORECAST = 21
_LONGEST = timedelta(minutes=45)  # from a visitor's coming to the end of the contact
_AFTER_CONTACT_S = {"orders": 45, "returns": 60}
_SEED = 20
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


def live(tx: Transaction, settings: Settings) -> bool:
    """Eight weeks and today until now; whether there was something to do."""
    if queries.find(tx, contact_id_of(visitor_id(0), "demo/day/0")) is not None:
        return False
    scene = Scene(tx, ZoneInfo(settings.shop.timezone))
    _arrange(scene, days())
    Past(scene, settings).live()
    scene.come_back()
    return True


class Past:
    """What happens next is the earliest of what is noted; a deed may note others."""

    def __init__(self, scene: Scene, settings: Settings) -> None:
        self._scene, self._settings = scene, settings
        self._chance = random.Random(_SEED)
        self._noted: list[tuple[datetime, int, Deed]] = []
        self._order = itertools.count()
        self._visitors = itertools.count()
        self._staff = Staff(scene, days(), self._chance, self.note)

    def note(self, at: datetime, deed: Deed) -> None:
        """Something to be done then; what would be later than the present does not happen."""
        if at < self._scene.present:
            heapq.heappush(self._noted, (at, next(self._order), deed))

    def live(self) -> None:
        for ago in range(DAYS, -1, -1):
            midnight = self._scene.midnight(ago)
            staffed = ago <= _WITH_STAFF
            if staffed:
                self._staff.plan_day(midnight)
            for at in self._arrivals(midnight, days().mean if staffed else days().mean_before):
                self._expect(at, staffed)
            if 0 < ago <= _WITH_FORECAST + 1:
                self.note(midnight + 23 * _HOUR + _HOUR / 2, self._forecast)
            self._until(midnight + _DAY)
        self._scene.come_back()
        self._staff.go_home()

    def _until(self, end: datetime) -> None:
        while self._noted and self._noted[0][0] < end:
            at, _, deed = heapq.heappop(self._noted)
            self._scene.be_at(at)
            deed()

    def _arrivals(self, midnight: datetime, mean: float) -> Iterator[datetime]:
        wanted = days()
        level = mean * wanted.weekdays[midnight.weekday()] * self._chance.uniform(0.8, 1.2)
        for hour, weight in enumerate(wanted.hours):
            at = midnight + hour * _HOUR
            while (
                at := at + _HOUR * self._chance.expovariate(level * weight / sum(wanted.hours))
            ) < midnight + (hour + 1) * _HOUR:
                yield at

    def _expect(self, at: datetime, staffed: bool) -> None:
        if at + _LONGEST < self._scene.present:
            asked = days().asked
            about = self._chance.choices(asked, [each.weight for each in asked])[0]
            if not staffed:
                about = about.model_copy(update={"alone": 1.0})
            rules = Rules.of(self._settings)
            visit = Visit(
                self._scene, self._staff, rules, self._chance, self.note, next(self._visitors), about
            )
            self.note(at, visit.begin)

    def _forecast(self) -> None:
        forecasting.make(self._scene.tx, self._scene.zone, holidays_of(self._settings))


def _arrange(scene: Scene, wanted: Days) -> None:
    """What the supervisor set up before: statuses, schedules, after-contact work."""
    scene.go_to(DAYS + 1, 9)
    tx, mori, zone = scene.tx, scene.staff("mori"), scene.zone.key
    for place, (kind_id, own) in enumerate(wanted.statuses.items()):
        status_kinds.save(
            tx, mori, kind_id=kind_id, name=own.name, base=own.base, remind_minutes=own.remind, position=place
        )
    for login, shift in wanted.shifts.items():
        who, breaks = scene.staff(login), [shift.pause] * 7
        schedules.save_week(tx, mori, who.id, timezone=zone, week=shift.week, breaks=breaks, version=0)
        for ago in (each for each in (shift.away, -shift.leave) if each):
            first = scene.midnight(ago).date().isoformat()
            schedules.add_day(tx, mori, who.id, first=first, note="有給休暇")
    for queue_id, seconds in _AFTER_CONTACT_S.items():
        seen = queues.get(tx, queue_id)
        queue_editing.save(tx, mori, replace(seen, after_contact_s=seconds), queue_editing.mark_of(seen))
