"""Who is served next, and by whom. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from madoguchi.counter.hours import Hours, always_open, desk_hours
from madoguchi.counter.routing.model import Place, Status
from madoguchi.counter.routing.queues import SUPERVISOR, Queue
from madoguchi.engine.settings import Settings

# A class of priority is worth a quarter of an hour: an ordinary enquiry (4) is overtaken by the emergencies (1) of
# the next 45 minutes and by nobody after that. Fixed at the entry, so nobody starves and the order never flickers.
HEAD_START = timedelta(minutes=15)
EVERY_QUEUE = "*"
ON_DUTY: frozenset[Status] = frozenset({"available", "busy", "break"})
_LINGUA_FRANCA = "en"


@dataclass(frozen=True)
class Rules:
    """What the settings say about routing."""

    offer_seconds: int
    away_after_seconds: int
    hours: Hours

    @classmethod
    def of(cls, settings: Settings) -> Self:
        desk = settings.desk
        return cls(desk.offer_seconds, desk.away_after_seconds, desk_hours(settings))

    def hours_of(self, queue: Queue) -> Hours:
        return always_open() if queue.always_open else self.hours


@dataclass(frozen=True)
class Candidate:
    """An agent as routing sees one. `held`: contacts in hand and offers on the way; `present`: the desk is alive."""

    agent_id: str
    name: str
    languages: frozenset[str]
    queues: frozenset[str]
    supervisor: bool
    capacity: int
    held: int
    status: Status
    since: datetime
    present: bool

    @property
    def free(self) -> int:
        return max(0, self.capacity - self.held)

    @property
    def takes_offers(self) -> bool:
        return self.present and self.status == "available"

    @property
    def on_duty(self) -> bool:
        return self.present and self.status in ON_DUTY

    def has_queue(self, queue_id: str) -> bool:
        """Whether the agent has the skill; the supervisors' queue needs the role as well."""
        if queue_id == SUPERVISOR and not self.supervisor:
            return False
        return queue_id in self.queues or EVERY_QUEUE in self.queues


def rank(place: Place) -> tuple[datetime, datetime, str]:
    """The order of service: the earlier of two ranks goes first (QUE-003). First come, first served within a class."""
    return place.entered_at + (place.priority - 1) * HEAD_START, place.entered_at, place.contact_id


def skilled(place: Place, team: Iterable[Candidate]) -> list[Candidate]:
    """Those of the team who can serve this place: the queue's skill and the customer's language (HND-015, HND-016).

    Who writes the other Chinese script speaks the language too (PRM-010). Where nobody on the whole team speaks it,
    those who speak English serve, and without them anybody with the skill: better a translated answer than none
    (HND-012).
    """
    with_skill = [member for member in team if member.has_queue(place.queue_id)]
    for wanted, of in ((place.language, str), (place.language, _tongue), (_LINGUA_FRANCA, str)):
        speakers = [m for m in with_skill if of(wanted) in {of(language) for language in m.languages}]
        if speakers:
            return speakers
    return with_skill


def _tongue(language: str) -> str:
    """What is spoken, however it is written: `zh` of `zh-Hant`."""
    return language.split("-")[0]


def choose(place: Place, team: Sequence[Candidate], preferred: str = "") -> Candidate | None:
    """The agent to whom this place is offered: free, skilled, and has not let it pass.

    The agent who helped before comes first (HND-014), then who has the fewest contacts in hand for their capacity,
    then who has been available longest.
    """
    free = [
        member
        for member in skilled(place, team)
        if member.takes_offers and member.free > 0 and member.agent_id not in place.declined_by
    ]
    if not free:
        return None
    return min(
        free,
        key=lambda m: (m.agent_id != preferred, m.held / m.capacity, m.since, m.agent_id),
    )
