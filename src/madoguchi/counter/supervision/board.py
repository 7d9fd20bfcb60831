"""The desk as it is now: sums, queues and agents, in a fixed number of queries whatever the size of the house (S1)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import and_, case, func, or_, select

from madoguchi.counter.contacts.model import contact
from madoguchi.counter.routing import opening, positions, queries, queues
from madoguchi.counter.routing.model import Expectation, Status, agent_status, queue, queue_place, wait_sample
from madoguchi.counter.routing.policy import Candidate, Rules
from madoguchi.engine.database import Transaction

_WAITS = ("waiting", "offered")
_SPOKEN_WITHIN = timedelta(minutes=15)  # a talk with the assistant that somebody still reads


@dataclass(frozen=True)
class Kept:
    """How today went for those who waited. `within`: taken within the queue's target; `left`: gone before."""

    served: int = 0
    within: int = 0
    left: int = 0

    def __add__(self, other: Kept) -> Kept:
        return Kept(self.served + other.served, self.within + other.within, self.left + other.left)

    @property
    def level(self) -> float | None:
        """The service level, 0 to 1; None where nobody has come yet."""
        return self.within / (self.served + self.left) if self.served + self.left else None

    @property
    def abandoned(self) -> float | None:
        """The share of those who left before a person came, 0 to 1."""
        return self.left / (self.served + self.left) if self.served + self.left else None


@dataclass(frozen=True)
class QueueNow:
    """A queue. `since`: since when the longest-waiting has waited; `expected`: of somebody who came now
    and speaks what most of the team speaks.
    """

    queue: queues.Queue
    waiting: int
    since: datetime | None
    in_hand: int
    free: int
    on_duty: int
    open: bool
    expected: Expectation
    today: Kept


@dataclass(frozen=True)
class AgentNow:
    """An agent. `kind`: the house's own status, "" for none; `average_s`: seconds a contact took today, None: none yet."""

    agent_id: str
    name: str
    status: Status
    kind: str
    since: datetime | None
    present: bool
    in_hand: int
    capacity: int
    average_s: int | None


@dataclass(frozen=True)
class Board:
    """Everything at one moment. `places`: contacts that those who are on duty could have in hand at once."""

    at: datetime
    queues: Sequence[QueueNow]
    agents: Sequence[AgentNow]
    assistant: int

    @property
    def waiting(self) -> int:
        return sum(row.waiting for row in self.queues)

    @property
    def since(self) -> datetime | None:
        return min((row.since for row in self.queues if row.since), default=None)

    @property
    def in_hand(self) -> int:
        return sum(row.in_hand for row in self.agents)

    @property
    def places(self) -> int:
        return sum(row.capacity for row in self.agents if row.present and row.status != "offline")

    @property
    def today(self) -> Kept:
        return sum((row.today for row in self.queues), Kept())


def board(tx: Transaction, rules: Rules, zone: ZoneInfo) -> Board:
    """The board now. `zone`: the shop's, whose midnight begins the day."""
    midnight = tx.now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    crew = queries.crew(tx, rules)
    known = queues.queues(tx)
    return Board(
        at=tx.now,
        queues=_queues(tx, rules, known, crew, midnight),
        agents=_agents(tx, crew, midnight),
        assistant=_with_assistant(tx),
    )


def _queues(
    tx: Transaction,
    rules: Rules,
    known: Sequence[queues.Queue],
    crew: Sequence[Candidate],
    midnight: datetime,
) -> list[QueueNow]:
    ids = [each.id for each in known]
    waits, in_hand, today = _waiting(tx), _in_hand_by_queue(tx), _today(tx, ids, midnight)
    expected = positions.before_joining_each(tx, _spoken(crew), rules)
    calendars = opening.calendars(tx, rules)
    return [
        _queue(
            each,
            crew,
            waits.get(each.id, (0, None)),
            in_hand[each.id],
            expected[each.id],
            today[each.id],
            is_open=opening.hours_of(calendars, each).is_open(tx.now),
        )
        for each in known
    ]


def _queue(
    found: queues.Queue,
    crew: Sequence[Candidate],
    waits: tuple[int, datetime | None],
    in_hand: int,
    expected: Expectation,
    today: Kept,
    *,
    is_open: bool,
) -> QueueNow:
    able = [member for member in crew if member.has_queue(found.id)]
    there = [member for member in able if member.takes_offers]
    waiting, since = waits
    return QueueNow(
        queue=found,
        waiting=waiting,
        since=since,
        in_hand=in_hand,
        free=sum(member.free for member in there),
        on_duty=sum(member.on_duty for member in able),
        open=is_open,
        expected=expected,
        today=today,
    )


def _spoken(crew: Sequence[Candidate]) -> str:
    """The language that most of the team speaks."""
    speakers = Counter(language for member in crew for language in member.languages)
    return max(speakers, key=lambda language: (speakers[language], language), default="en")


def _waiting(tx: Transaction) -> dict[str, tuple[int, datetime | None]]:
    rows = tx.all(
        select(
            queue_place.c.queue_id,
            func.count().label("waiting"),
            func.min(queue_place.c.entered_at).label("since"),
        )
        .where(queue_place.c.state.in_(_WAITS))
        .group_by(queue_place.c.queue_id)
    )
    return {row.queue_id: (row.waiting, row.since) for row in rows}


def _in_hand_by_queue(tx: Transaction) -> Counter[str]:
    rows = tx.all(
        select(queue_place.c.queue_id, func.count().label("held"))
        .select_from(contact)
        .join(queue_place, queue_place.c.contact_id == contact.c.id)
        .where(
            contact.c.owner_kind == "agent",
            contact.c.state == "open",
            or_(contact.c.snoozed_until.is_(None), contact.c.snoozed_until <= tx.now),
        )
        .group_by(queue_place.c.queue_id)
    )
    return Counter({row.queue_id: row.held for row in rows})


def _today(tx: Transaction, ids: Sequence[str], midnight: datetime) -> dict[str, Kept]:
    served = tx.all(
        select(
            wait_sample.c.queue_id,
            func.count().label("served"),
            func.sum(case((wait_sample.c.wait_s <= queue.c.target_seconds, 1), else_=0)).label("within"),
        )
        .join(queue, queue.c.id == wait_sample.c.queue_id)
        .where(wait_sample.c.queue_id.in_(ids), wait_sample.c.at >= midnight)
        .group_by(wait_sample.c.queue_id)
    )
    left = tx.all(
        select(queue_place.c.queue_id, func.count().label("left"))
        .where(
            queue_place.c.state == "left",
            queue_place.c.queue_id.in_(ids),
            queue_place.c.entered_at >= midnight - timedelta(days=1),
            queue_place.c.left_at >= midnight,
            queue_place.c.taken_at.is_(None),
        )
        .group_by(queue_place.c.queue_id)
    )
    found: dict[str, Kept] = defaultdict(Kept)
    for row in served:
        found[row.queue_id] += Kept(served=row.served, within=int(row.within))
    for row in left:
        found[row.queue_id] += Kept(left=row.left)
    return found


def _agents(tx: Transaction, crew: Sequence[Candidate], midnight: datetime) -> list[AgentNow]:
    kinds = {row.agent_id: row.kind for row in tx.all(select(agent_status.c.agent_id, agent_status.c.kind))}
    in_hand, averages = _in_hand_by_agent(tx), _averages(tx, midnight)
    return [
        AgentNow(
            agent_id=member.agent_id,
            name=member.name,
            status="on_call" if _is_on_call(member) else member.status,
            kind="" if _is_on_call(member) else kinds.get(member.agent_id, ""),
            since=member.call_since or (member.since if member.agent_id in kinds else None),
            present=member.present,
            in_hand=in_hand[member.agent_id],
            capacity=member.capacity,
            average_s=averages.get(member.agent_id),
        )
        for member in sorted(crew, key=lambda member: (member.name, member.agent_id))
    ]


def _is_on_call(member: Candidate) -> bool:
    return member.call_since is not None and member.status != "offline"


def _in_hand_by_agent(tx: Transaction) -> Counter[str]:
    rows = tx.all(
        select(contact.c.owner_id, func.count().label("held"))
        .where(
            contact.c.owner_kind == "agent",
            contact.c.state == "open",
            or_(contact.c.snoozed_until.is_(None), contact.c.snoozed_until <= tx.now),
        )
        .group_by(contact.c.owner_id)
    )
    return Counter({row.owner_id: row.held for row in rows})


def _averages(tx: Transaction, midnight: datetime) -> dict[str, int]:
    """Agent id → seconds that the contacts of today took on average, from taking to solving or passing on."""
    rows = tx.all(
        select(queue_place.c.taken_by, func.avg(wait_sample.c.handle_s).label("average"))
        .select_from(wait_sample)
        .join(queue_place, queue_place.c.contact_id == wait_sample.c.contact_id)
        .where(and_(wait_sample.c.at >= midnight, wait_sample.c.handle_s.is_not(None)))
        .group_by(queue_place.c.taken_by)
    )
    return {row.taken_by: round(float(row.average)) for row in rows if row.taken_by}


def _with_assistant(tx: Transaction) -> int:
    return int(
        tx.scalar(
            select(func.count()).where(
                contact.c.owner_kind == "assistant",
                contact.c.state == "open",
                contact.c.updated_at >= tx.now - _SPOKEN_WITHIN,
            )
        )
        or 0
    )
