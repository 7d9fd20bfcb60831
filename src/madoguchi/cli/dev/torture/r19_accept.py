"""R-19: many agents, one contact; one agent, many contacts; a crowd of both (I6).

2 to 50 agents in two processes accept or take the same contact at one instant: exactly one gets it. One agent takes
more contacts at one instant than the agent has room for: exactly as many succeed as there is room. And a whole queue
is fought for at once, each contact by a few agents who want others too: one owner each, nobody above capacity, and
nobody goes without who could have been served.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, insert, select

from madoguchi.cli.dev.torture.ground import Crew, Tick, Work, at_once, crew, look, scratch_database
from madoguchi.cli.dev.torture.report import Report
from madoguchi.counter.actors import SYSTEM, Actor
from madoguchi.counter.contacts import events, service
from madoguchi.counter.contacts.model import contact, ledger_entry
from madoguchi.counter.hours import always_open
from madoguchi.counter.problems import Problem
from madoguchi.counter.routing import presence
from madoguchi.counter.routing import service as routing
from madoguchi.counter.routing.policy import Rules
from madoguchi.counter.routing.queues import ensure_queues
from madoguchi.counter.team.model import Agent, agent
from madoguchi.engine.database import Database, Transaction

AGENTS = 50
CROWD = 24
KINDS = ("one contact", "one agent", "crowd")
SHARES = (5, 2, 3)
QUEUE = "orders"
RULES = Rules(offer_seconds=60, away_after_seconds=3600, hours=always_open())


@dataclass(frozen=True)
class Hire:
    capacities: tuple[int, ...]


@dataclass(frozen=True)
class Wait:
    """Let these visitors' contacts wait for a person, and make up to so many offers."""

    visitors: tuple[str, ...]
    offers: int = 0


@dataclass(frozen=True)
class Grab:
    """`accept` an offer or `take` from the queue, with the owner version that was seen."""

    verb: str
    contact_id: str
    agent_id: str
    owner_version: int


@dataclass(frozen=True)
class Finish:
    contact_ids: tuple[str, ...]


@dataclass(frozen=True)
class Waiting:
    contact_id: str
    owner_version: int
    offered_to: str


@dataclass(frozen=True)
class Got:
    """`code` says why not, where `won` is false."""

    agent_id: str
    contact_id: str
    won: bool
    code: str = ""


@dataclass(frozen=True)
class Owners:
    """What the database says afterwards: contact → owner, contact → agents who joined, agent → contacts in hand."""

    owner: Mapping[str, str]
    joined: Mapping[str, Sequence[str]]
    held: Mapping[str, int]


def run(kind: str, server: str, *, count: int, seed: int, tick: Tick = lambda _: None) -> Report:
    """Hold `count` contests or a few more; each contact of a crowd is one."""
    report = Report("R-19", kind, seed)
    chance = random.Random(seed)
    capacity = {agent_id(place): 1 + place % 3 for place in range(AGENTS)}
    contests = dict(zip(KINDS, (_one_contact, _one_agent, _crowd), strict=True))
    with scratch_database(kind, server) as url, crew(_desk, url) as desks:
        desks.alone(Hire(tuple(capacity.values())))
        place = 0
        while report.tried < count:
            hold = contests[chance.choices(KINDS, SHARES)[0]]
            report.tried += hold(report, url, desks, chance, capacity, place)
            place += 1
            tick(min(report.tried, count))
    return report


def agent_id(place: int) -> str:
    return f"agt_torture{place:02d}"


def check_contest(
    report: Report, got: Sequence[Got], owners: Owners, capacity: Mapping[str, int], winners: int
) -> None:
    """As many winners as there should be, each the only owner; nobody above capacity; losers know why."""
    won = [each for each in got if each.won]
    report.acknowledged += len(won)
    report.lost += max(0, winners - len(won))
    report.duplicated += max(0, len(won) - winners)
    for each in won:
        if owners.owner.get(each.contact_id) != each.agent_id:
            report.lost += 1
            report.note(f"{each.agent_id} was given {each.contact_id}, {owners.owner} have it")
        if list(owners.joined.get(each.contact_id, ())) != [each.agent_id]:
            report.note_illegal(f"joined {each.contact_id}: {owners.joined}")
    for each in got:
        if not each.won and not each.code:
            report.note_illegal(f"{each.agent_id} lost {each.contact_id} without a reason")
    for who, held in owners.held.items():
        if held > capacity[who]:
            report.note_illegal(f"{who} holds {held} of {capacity[who]}")


def check_crowd(
    report: Report, got: Sequence[Got], owners: Owners, capacity: Mapping[str, int], offered: Collection[str]
) -> None:
    """One winner for each contact; none only where everybody who wanted it had both hands full.

    `offered`: agents who had an offer before them, which keeps a hand busy until it is gone.
    """
    wanted: dict[str, list[Got]] = {}
    for each in got:
        wanted.setdefault(each.contact_id, []).append(each)
    for rivals in wanted.values():
        full = all(
            each.code == "at_capacity" and (owners.held.get(each.agent_id) or each.agent_id in offered)
            for each in rivals
        )
        report.count("left_waiting", full)
        check_contest(report, rivals, owners, capacity, 0 if full else 1)


def _one_contact(
    report: Report, url: str, desks: Crew, chance: random.Random, capacity: Mapping[str, int], place: int
) -> int:
    """2 to 50 agents, small fields more often than large ones; whoever has the offer accepts, the others take."""
    size = min(AGENTS, 2 + int(chance.expovariate(1 / 8)))
    (waiting,) = desks.alone(Wait((f"vis_{place:06d}",), offers=1))[0]
    field = {agent_id(n) for n in chance.sample(range(AGENTS), size)}
    if waiting.offered_to:
        field.add(waiting.offered_to)
    grabs = [
        Grab(
            "accept" if who == waiting.offered_to else "take", waiting.contact_id, who, waiting.owner_version
        )
        for who in sorted(field)
    ]
    chance.shuffle(grabs)
    report.count("grabs", len(grabs))
    got = desks.together(grabs)
    check_contest(report, got, _owners(url, [waiting.contact_id]), capacity, 1)
    desks.alone(Finish((waiting.contact_id,)))
    return 1


def _one_agent(
    report: Report, url: str, desks: Crew, chance: random.Random, capacity: Mapping[str, int], place: int
) -> int:
    """One agent pulls 2 to 6 contacts out of the queue with both hands."""
    who = agent_id(chance.randrange(AGENTS))
    visitors = tuple(f"vis_{place:06d}_{n}" for n in range(chance.randint(2, 6)))
    (waiting,) = desks.alone(Wait(visitors))
    grabs = [Grab("take", each.contact_id, who, each.owner_version) for each in waiting]
    report.count("grabs", len(grabs))
    got = desks.together(grabs)
    ids = [each.contact_id for each in waiting]
    check_contest(report, got, _owners(url, ids), capacity, min(len(ids), capacity[who]))
    desks.alone(Finish(tuple(ids)))
    return 1


def _crowd(
    report: Report, url: str, desks: Crew, chance: random.Random, capacity: Mapping[str, int], place: int
) -> int:
    """A queue of contacts, some of them offered; two to four agents reach for each, and for others at the same time."""
    visitors = tuple(f"vis_{place:06d}_{n}" for n in range(CROWD))
    (waiting,) = desks.alone(Wait(visitors, offers=chance.choice((0, CROWD // 3))))
    grabs = []
    for each in waiting:
        field = {agent_id(n) for n in chance.sample(range(AGENTS), chance.randint(2, 4))}
        if each.offered_to:
            field.add(each.offered_to)
        for who in sorted(field):
            verb = "accept" if who == each.offered_to else "take"
            grabs.append(Grab(verb, each.contact_id, who, each.owner_version))
    chance.shuffle(grabs)
    report.count("grabs", len(grabs))
    got = desks.together(grabs)
    ids = [each.contact_id for each in waiting]
    check_crowd(report, got, _owners(url, ids), capacity, {each.offered_to for each in waiting})
    desks.alone(Finish(tuple(ids)))
    return len(ids)


def _desk(url: str) -> Work:
    """A process of the crew: it hires, lets wait, grabs and finishes."""
    database = Database(url)

    doers: dict[type, Callable[[Any], Any]] = {
        Hire: lambda deed: database.write(hire, deed),
        Wait: lambda deed: database.write(_wait, deed),
        Grab: lambda deed: _grab(database, deed),
        Finish: lambda deed: database.write(_finish, deed),
    }
    return at_once(lambda deed: doers[type(deed)](deed))


def _grab(database: Database, deed: Grab) -> Got:
    verb = routing.accept if deed.verb == "accept" else routing.take
    try:
        database.write(verb, deed.contact_id, _actor(deed.agent_id), deed.owner_version)
    except Problem as problem:
        return Got(deed.agent_id, deed.contact_id, False, problem.code)
    return Got(deed.agent_id, deed.contact_id, True)


def hire(tx: Transaction, deed: Hire) -> None:
    ensure_queues(tx)
    for place, capacity in enumerate(deed.capacities):
        hired = Agent(
            id=agent_id(place),
            login=agent_id(place),
            name=agent_id(place),
            display_name=agent_id(place),
            password_hash="-",
            totp_secret=None,
            totp_last_step=None,
            roles=["agent"],
            languages=["ja"],
            queues=["*"],
            capacity=capacity,
            active=True,
            created_at=tx.now,
        )
        tx.execute(insert(agent).values(**vars(hired)))
        presence.set_status(tx, hired.id, "available")


def _wait(tx: Transaction, deed: Wait) -> list[Waiting]:
    opened = []
    for name in deed.visitors:
        visitor = Actor(kind="customer", id=name)
        made = service.open_contact(
            tx, actor=visitor, channel="chat", language="ja", client_key="opening-key"
        )
        routing.enter(tx, made, QUEUE)
        opened.append(made.id)
    offers: dict[str, str] = {}
    while len(offers) < deed.offers and (offer := routing.offer_next(tx, RULES)) is not None:
        offers[offer.contact_id] = offer.agent_id
    rows = tx.all(select(contact.c.id, contact.c.owner_version).where(contact.c.id.in_(opened)))
    return [Waiting(row.id, row.owner_version, offers.get(row.id, "")) for row in rows]


def _finish(tx: Transaction, deed: Finish) -> None:
    for contact_id in deed.contact_ids:
        service.end(tx, contact_id, SYSTEM, "torture")
        routing.finished(tx, contact_id)


def _owners(url: str, contact_ids: list[str]) -> Owners:
    with look(url) as connection:
        owner = connection.execute(
            select(contact.c.id, contact.c.owner_id).where(
                contact.c.id.in_(contact_ids), contact.c.owner_kind == "agent"
            )
        ).all()
        joined = connection.execute(
            select(ledger_entry.c.contact_id, ledger_entry.c.author_id).where(
                ledger_entry.c.contact_id.in_(contact_ids), ledger_entry.c.kind == events.JOINED
            )
        ).all()
        held = connection.execute(
            select(contact.c.owner_id, func.count().label("held"))
            .where(contact.c.owner_kind == "agent", contact.c.state == "open")
            .group_by(contact.c.owner_id)
        ).all()
    return Owners(
        {row.id: row.owner_id for row in owner},
        {each: [row.author_id for row in joined if row.contact_id == each] for each in contact_ids},
        {row.owner_id: row.held for row in held},
    )


def _actor(who: str) -> Actor:
    return Actor(kind="agent", id=who, name=who, roles=frozenset({"agent"}))
