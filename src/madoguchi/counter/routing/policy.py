"""Who is served next, and by whom. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Self

from madoguchi.counter.conditions import policy as peaks
from madoguchi.counter.hours import Hours, always_open, desk_hours, phone_hours
from madoguchi.counter.routing.model import Place, Status
from madoguchi.counter.routing.queues import SUPERVISOR, Queue
from madoguchi.engine.settings import Settings

# A class of priority is worth a quarter of an hour: an ordinary enquiry (4) is overtaken by the emergencies (1) of
# the next 45 minutes and by nobody after that. Fixed at the entry, so nobody starves and the order never flickers.
HEAD_START = timedelta(minutes=15)
SECOND_ROUND = timedelta(seconds=30)  # after the last offer: those who let it pass may be asked again
HIGHEST_LEVEL = 5
EVERY_QUEUE = "*"
ON_DUTY: frozenset[Status] = frozenset({"available", "busy", "break", "after_contact", "on_call"})
SPOKEN: frozenset[str] = frozenset({"phone", "callback"})  # channels in which an agent talks and listens
_LINGUA_FRANCA = "en"


def covers(queues: Collection[str], queue_id: str) -> bool:
    """Whether these skills are enough for the queue; `*` is every queue."""
    return queue_id in queues or EVERY_QUEUE in queues


@dataclass(frozen=True)
class Rules:
    """What the settings say about routing.

    `hours`, `phone`: of a house that has no calendars of its own (opening.py). `reserve_seconds`: how long a place is
    kept for the agent who helped before. `language_levels`: language → proficiency that it asks of agents. `alone`:
    channels in which a contact has the agent's whole attention.
    `passed_limit`: offers that may run out in a row before a break is set, 0 for any number.
    `release_after_minutes`: silence after which live contacts go back into their queues, 0 for never.
    """

    offer_seconds: int
    away_after_seconds: int
    hours: Hours
    reserve_seconds: int = 0
    language_levels: Mapping[str, int] = field(default_factory=dict)
    alone: frozenset[str] = frozenset()
    passed_limit: int = 0
    release_after_minutes: int = 0
    phone: Hours | None = None
    other_ways_seconds: int = 120
    peaks: peaks.Rules | None = None  # None: peaks change nothing

    @classmethod
    def of(cls, settings: Settings) -> Self:
        desk = settings.desk
        return cls(
            offer_seconds=desk.offer_seconds,
            away_after_seconds=desk.away_after_seconds,
            hours=desk_hours(settings),
            phone=phone_hours(settings),
            reserve_seconds=desk.reserve_seconds,
            language_levels=desk.language_levels,
            alone=SPOKEN if desk.calls_alone else frozenset(),
            passed_limit=desk.passed_limit,
            release_after_minutes=desk.release_after_minutes,
            other_ways_seconds=desk.offer_other_ways_seconds,
            peaks=peaks.Rules.of(settings),
        )

    def hours_of(self, queue: Queue) -> Hours:
        """What the settings file says; what holds now is asked of `opening.hours_of`."""
        return always_open() if queue.always_open else self.hours


@dataclass(frozen=True)
class Asked:
    """What a place asks of whoever serves it at one moment: one of these queues (its own first) at this level."""

    queues: tuple[str, ...]
    level: int
    language: str


@dataclass(frozen=True)
class Candidate:
    """An agent as routing sees one.

    `held`: contacts in hand and offers on the way; `held_on`: the same by channel; `channels`: how many of a channel at
    once, where it has a limit of its own; `alone`: channels whose contact has the agent's whole attention. `levels`:
    proficiency by `queue:orders`, `queue:*`, `language:ja`, where it is not the highest. `present`: the desk is alive.
    `idle_since`: when the last contact left the agent's hands, None where `since` (of the status) says it.
    `call_since`: on a call since then; `status` is what the agent has said, and holds again afterwards.
    """

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
    levels: Mapping[str, int] = field(default_factory=dict)
    channels: Mapping[str, int] = field(default_factory=dict)
    held_on: Mapping[str, int] = field(default_factory=dict)
    alone: frozenset[str] = frozenset()
    idle_since: datetime | None = None
    call_since: datetime | None = None

    @property
    def free(self) -> int:
        return max(0, self.capacity - self.held)

    @property
    def load(self) -> float:
        return self.held / self.capacity if self.capacity else 1.0

    @property
    def idle(self) -> datetime:
        return self.since if self.idle_since is None else max(self.since, self.idle_since)

    @property
    def takes_offers(self) -> bool:
        return self.present and self.status == "available"

    @property
    def on_duty(self) -> bool:
        return self.present and self.status in ON_DUTY

    def has_room(self, channel: str) -> bool:
        """Whether one more contact of this channel fits into the agent's hands."""
        if self.held >= self.capacity or any(self.held_on.get(each) for each in self.alone):
            return False
        limit = self.channels.get(channel)
        return limit is None or self.held_on.get(channel, 0) < limit

    def holding(self, channel: str, more: int) -> Candidate:
        """The agent with so many contacts of this channel more in hand, or fewer."""
        held_on = {**self.held_on, channel: max(0, self.held_on.get(channel, 0) + more)}
        return replace(self, held=max(0, self.held + more), held_on=held_on)

    def has_queue(self, queue_id: str) -> bool:
        """Whether the agent has the skill; the supervisors' queue needs the role as well."""
        if queue_id == SUPERVISOR and not self.supervisor:
            return False
        return covers(self.queues, queue_id)

    def level_in(self, queue_id: str) -> int:
        """Proficiency 1 to 5; 0 without the skill."""
        if not self.has_queue(queue_id):
            return 0
        general = HIGHEST_LEVEL if queue_id in self.queues else self.levels.get("queue:*", HIGHEST_LEVEL)
        return self.levels.get(f"queue:{queue_id}", general)

    def level_of(self, language: str) -> int:
        """Proficiency 1 to 5; 0 for a language that the agent does not speak."""
        return self.levels.get(f"language:{language}", HIGHEST_LEVEL) if language in self.languages else 0

    def serves(self, asked: Asked) -> bool:
        return any(self.level_in(queue_id) >= asked.level for queue_id in asked.queues)


Fit = tuple[int, int, int]
Turn = tuple[float, datetime, str]


def rank(place: Place) -> tuple[datetime, datetime, str]:
    """The order of service: the earlier of two ranks goes first (QUE-003). First come, first served within a class."""
    return place.entered_at + (place.priority - 1) * HEAD_START, place.entered_at, place.contact_id


def asked_after(queue: Queue, language: str, waited: timedelta) -> Asked:
    """What a place of this queue asks when it has waited so long: less by each step, of more queues by each overflow."""
    seconds = waited.total_seconds()
    levels = [step["level"] for step in queue.relaxation if step["after_s"] <= seconds]
    others = [each["queue"] for each in queue.overflow if each["after_s"] <= seconds]
    return Asked((queue.id, *others), min([queue.level, *levels]), language)


def asked_at_last(queue: Queue, language: str) -> Asked:
    """What it asks when nothing more is relaxed."""
    return asked_after(queue, language, timedelta.max)


def steps_of(queue: Queue) -> list[timedelta]:
    """The waits after which a place of this queue asks for something else."""
    seconds = {step["after_s"] for step in queue.relaxation} | {each["after_s"] for each in queue.overflow}
    return [timedelta(seconds=each) for each in sorted(seconds)]


def able(
    now: Asked, at_last: Asked, team: Iterable[Candidate], language_levels: Mapping[str, int]
) -> list[Candidate]:
    """Those of the team who can serve what is asked now: the queue's skill and the customer's language (HND-015, HND-016).

    Who writes the other Chinese script speaks the language too (PRM-010). Where nobody who could ever serve it speaks
    it well enough, those who speak it at all do, then those who speak English, and without them anybody with the
    skill: better a translated answer than none (HND-012).
    """
    ever = [member for member in team if member.serves(at_last)]
    return [member for member in _speakers(now.language, ever, language_levels) if member.serves(now)]


def skilled(
    place: Place,
    team: Iterable[Candidate],
    queue: Queue | None = None,
    language_levels: Mapping[str, int] | None = None,
) -> list[Candidate]:
    """Those of the team who can serve this place at some time, without the waits that its queue asks for first."""
    at_last = asked_at_last(queue, place.language) if queue else Asked((place.queue_id,), 1, place.language)
    return able(at_last, at_last, team, language_levels or {})


def fit(member: Candidate, asked: Asked) -> Fit:
    """How well an able agent suits what is asked, best first: own queue before overflow, then the most proficient."""
    queue = next(place for place, each in enumerate(asked.queues) if member.level_in(each) >= asked.level)
    return queue, -member.level_in(asked.queues[queue]), -member.level_of(asked.language)


def turn(member: Candidate) -> Turn:
    """Who is next among equally suited agents: the least loaded, then who has been idle longest."""
    return member.load, member.idle, member.agent_id


def avoided(
    place: Place, team: Sequence[Candidate], queue: Queue | None, language_levels: Mapping[str, int]
) -> frozenset[str]:
    """Whom the customer wants no more, for the whole contact, as long as anybody else with the skill is on duty (HND-013)."""
    if not place.not_to:
        return frozenset()
    able_ones = skilled(place, team, queue, language_levels)
    others = any(each.on_duty and each.agent_id not in place.not_to for each in able_ones)
    return frozenset(place.not_to) if others else frozenset()


def not_asked(place: Place, now: datetime) -> frozenset[str]:
    """Who is not offered this place now: they have let it pass just before, or the customer wants them no more."""
    return declined_by(place, now) | frozenset(place.not_to)


def declined_by(place: Place, now: datetime) -> frozenset[str]:
    """Who is not asked for this place now, because they have let it pass just before."""
    rested = place.offer_deadline is not None and now >= place.offer_deadline + SECOND_ROUND
    return frozenset() if rested else frozenset(place.declined_by)


def choose(
    place: Place,
    team: Sequence[Candidate],
    queue: Queue,
    now: datetime,
    rules: Rules,
    preferred: str = "",
) -> Candidate | None:
    """The agent to whom this place is offered: skilled, with room, and has not let it pass.

    The agent who helped before comes first, and has it alone for a moment while at the desk (HND-014); then who has the
    fewest contacts in hand for their capacity, then who suits best, then who has been idle longest. The rule
    in one look; `matching.Board` comes to the same for thousands of places.
    """
    asked = asked_after(queue, place.language, now - place.entered_at)
    suited = able(asked, asked_at_last(queue, place.language), team, rules.language_levels)
    willing = [m for m in suited if m.takes_offers and m.agent_id not in not_asked(place, now)]
    before = next((member for member in willing if member.agent_id == preferred), None)
    if before and before.has_room(place.channel):
        return before
    if before and now < place.entered_at + timedelta(seconds=rules.reserve_seconds):
        return None
    return min(
        (member for member in willing if member.has_room(place.channel)),
        key=lambda member: order(turn(member), fit(member, asked)),
        default=None,
    )


def order(whose: Turn, suits: Fit) -> tuple[float, Fit, datetime, str]:
    """The order in which able agents are asked."""
    load, idle, agent_id = whose
    return load, suits, idle, agent_id


def _speakers(
    language: str, with_skill: list[Candidate], language_levels: Mapping[str, int]
) -> list[Candidate]:
    enough = language_levels.get(language, 1)
    found = [member for member in with_skill if member.level_of(language) >= enough]
    for wanted, of in ((language, str), (language, _tongue), (_LINGUA_FRANCA, str)):
        if not found:
            found = [m for m in with_skill if of(wanted) in {of(each) for each in m.languages}]
    return found or with_skill


def _tongue(language: str) -> str:
    """What is spoken, however it is written: `zh` of `zh-Hant`."""
    return language.split("-")[0]
