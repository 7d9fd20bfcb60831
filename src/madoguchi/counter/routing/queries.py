"""Reading queues: who waits, who is there, how long it takes."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, and_, func, select

from madoguchi.counter.contacts import events, participants
from madoguchi.counter.contacts import queries as contacts
from madoguchi.counter.contacts.model import contact
from madoguchi.counter.customers.model import customer
from madoguchi.counter.routing import calls, opening, queues
from madoguchi.counter.routing.model import (
    Place,
    Status,
    after_contact_work,
    agent_status,
    queue_place,
    routing_profile,
    wait_sample,
)
from madoguchi.counter.routing.policy import (
    HEAD_START,
    SECOND_ROUND,
    Candidate,
    Rules,
    rank,
    skilled,
    steps_of,
)
from madoguchi.counter.team import queries as team
from madoguchi.counter.team.lending import lent_queues
from madoguchi.counter.team.model import Agent
from madoguchi.engine.database import Transaction
from madoguchi.kit.clock import from_micros, to_micros

_HANDLING_DAYS = 14
_WAIT_HOURS = 24
_MOST_SAMPLES = 200
_PLACE_NAMES = [column.name for column in queue_place.columns]
_PLACE_COLUMNS = ", ".join(_PLACE_NAMES)


@dataclass(frozen=True)
class Presence:
    """What an agent is doing, as the desk last said; `present` is false when the desk has gone silent."""

    agent_id: str
    status: Status
    since: datetime | None
    present: bool
    kind: str = ""
    until: datetime | None = None


@dataclass(frozen=True)
class QueueOverview:
    """A queue at a glance, for the desk. `longest_s`: the longest present wait."""

    queue: queues.Queue
    waiting: int
    longest_s: int
    available_agents: int
    open: bool
    opens_at: datetime | None


def place_of(tx: Transaction, contact_id: str) -> Place | None:
    """The contact's place, also one that it has left."""
    row = tx.first(select(queue_place).where(queue_place.c.contact_id == contact_id))
    return None if row is None else Place(**row._mapping)


def place_for_update(tx: Transaction, contact_id: str) -> Place | None:
    row = tx.first(select(queue_place).where(queue_place.c.contact_id == contact_id).with_for_update())
    return None if row is None else Place(**row._mapping)


def places_for_update(tx: Transaction, contact_ids: Collection[str]) -> dict[str, Place]:
    """The places of many contacts, held until the end of the transaction."""
    rows = tx.all(
        select(queue_place)
        .where(queue_place.c.contact_id.in_(contact_ids))
        .order_by(queue_place.c.contact_id)
        .with_for_update()
    )
    return {row.contact_id: Place(**row._mapping) for row in rows}


def waiting_list(tx: Transaction, queue_id: str | None = None) -> list[Place]:
    """Everybody who waits or is being offered, in the order of service."""
    query = select(queue_place).where(queue_place.c.state.in_(("waiting", "offered")))
    if queue_id is not None:
        query = query.where(queue_place.c.queue_id == queue_id)
    return sorted((Place(**row._mapping) for row in tx.all(query)), key=rank)


def first_of_each_kind(
    tx: Transaction, active: Iterable[queues.Queue], reserve: timedelta, at_most: int
) -> list[Place]:
    """The first so many of all who wait for the same people: nobody behind them can be among the next so many pairs.

    The columns after `OVER` and the moments are those by which the board tells kinds apart (matching.Board).
    """
    moments, given = ["CASE WHEN preferred <> '' AND entered_at > ? THEN 1 ELSE 0 END"], [tx.now - reserve]
    moments.append("CASE WHEN offer_deadline <= ? THEN 1 ELSE 0 END")
    given.append(tx.now - SECOND_ROUND)
    named: list[Any] = [to_micros(each) for each in given]
    for queue in active:
        for step in steps_of(queue):
            moments.append("CASE WHEN queue_id = ? AND entered_at <= ? THEN 1 ELSE 0 END")
            named += [queue.id, to_micros(tx.now - step)]
    cursor = tx.driver(
        f"SELECT {_PLACE_COLUMNS} FROM (SELECT {_PLACE_COLUMNS}, ROW_NUMBER() OVER (PARTITION BY"
        f" queue_id, language, channel, declined_by, preferred, not_to, {', '.join(moments)}"
        " ORDER BY entered_at + CAST(priority - 1 AS BIGINT) * ?, entered_at, contact_id) AS turn"
        " FROM queue_place WHERE state = 'waiting') AS waiting WHERE turn <= ?",
        (*named, HEAD_START // timedelta(microseconds=1), at_most),
    )
    rows = cursor.fetchall()
    cursor.close()
    return [_waiting(dict(zip(_PLACE_NAMES, row, strict=True))) for row in rows]


def overdue_offers(tx: Transaction) -> list[Place]:
    """Offers that have run out and still stand, because their errand is late."""
    rows = tx.all(
        select(queue_place).where(queue_place.c.state == "offered", queue_place.c.offer_deadline <= tx.now)
    )
    return sorted((Place(**row._mapping) for row in rows), key=rank)


def offered_to(tx: Transaction, agent_id: str) -> list[Place]:
    """The offers that this agent has to answer, the most urgent first."""
    return [place for place in waiting_list(tx) if place.state == "offered" and place.offered_to == agent_id]


def waiting_by_queue(tx: Transaction) -> dict[str, int]:
    """How many wait in each queue; queues without anybody are left out."""
    rows = tx.all(
        select(queue_place.c.queue_id, func.count().label("waiting"))
        .where(queue_place.c.state.in_(("waiting", "offered")))
        .group_by(queue_place.c.queue_id)
    )
    return {row.queue_id: row.waiting for row in rows}


def longest_wait(tx: Transaction) -> int:
    """Seconds for which the longest-waiting customer has waited; 0 when nobody does."""
    since = tx.scalar(
        select(func.min(queue_place.c.entered_at)).where(queue_place.c.state.in_(("waiting", "offered")))
    )
    return 0 if since is None else int((tx.now - since).total_seconds())


def presence(tx: Transaction, agent_id: str, rules: Rules) -> Presence:
    """An agent who has never said anything is offline."""
    row = tx.first(select(agent_status).where(agent_status.c.agent_id == agent_id))
    if row is None:
        return Presence(agent_id, "offline", None, False)
    present = _is_alive(row.last_seen_at, tx.now, rules)
    status, since, until = _doing(row, after_contact_under_way(tx).get(agent_id))
    on_call = calls.under_way(tx).get(agent_id)
    if on_call is not None and status != "offline":
        return Presence(agent_id, "on_call", on_call, present)
    return Presence(agent_id, status, since, present, row.kind, until)


def after_contact_under_way(tx: Transaction) -> dict[str, tuple[datetime, datetime]]:
    """Agent → since when and until when, of everybody who is at after-contact work."""
    work = after_contact_work.c
    rows = tx.all(
        select(
            work.agent_id, func.min(work.started_at).label("since"), func.max(work.ended_at).label("until")
        )
        .where(work.ended_at > tx.now)
        .group_by(work.agent_id)
    )
    return {row.agent_id: (row.since, row.until) for row in rows}


def crew(tx: Transaction, rules: Rules, only: Collection[str] | None = None) -> list[Candidate]:
    """Every active agent with skills, load and presence; or those of them alone."""
    said = (
        select(agent_status)
        if only is None
        else select(agent_status).where(agent_status.c.agent_id.in_(only))
    )
    statuses = {row.agent_id: row for row in tx.all(said)}
    working, loads, profiles = after_contact_under_way(tx), _loads(tx), _profiles(tx)
    on_calls = calls.under_way(tx)
    members = []
    lent = lent_queues(tx)
    for found in team.agents(tx, active_only=True, only=only):
        profile, helping = profiles.get(found.profile_id), lent.get(found.id, frozenset())
        member = _candidate(tx, found, profile, loads[found.id], rules.alone, helping)
        row = statuses.get(found.id)
        if row is not None:
            status, since, _ = _doing(row, working.get(found.id))
            alive = _is_alive(row.last_seen_at, tx.now, rules)
            member = replace(
                member,
                status=status,
                since=since,
                present=alive,
                idle_since=row.idle_since,
                call_since=on_calls.get(found.id),
            )
        members.append(member)
    return members


def last_seen(tx: Transaction, agent_ids: Sequence[str]) -> dict[str, datetime]:
    """When the desks of these agents were last alive."""
    rows = tx.all(
        select(agent_status.c.agent_id, agent_status.c.last_seen_at).where(
            agent_status.c.agent_id.in_(agent_ids)
        )
    )
    return {row.agent_id: row.last_seen_at for row in rows}


def hands_of(tx: Transaction, found: Agent, except_contact: str = "") -> Candidate:
    """An agent's capacity and load alone, without what one contact takes of it. Exact under the agent's lock."""
    loads = _loads(tx, found.id, except_contact)
    helping = lent_queues(tx).get(found.id, frozenset())
    profile = _profiles(tx).get(found.profile_id)
    return _candidate(tx, found, profile, loads[found.id], frozenset(), helping)


def _candidate(
    tx: Transaction,
    found: Agent,
    profile: Row[Any] | None,
    load: Counter[str],
    alone: frozenset[str],
    helping: frozenset[str],
) -> Candidate:
    """The agent, offline; a routing profile's queues and capacities count instead of the own ones, and let an agent be on several calls. `helping`: queues
    in which the agent helps out for a while (team.lending)."""
    queue_levels = {f"queue:{name}": level for name, level in profile.queues.items()} if profile else {}
    return Candidate(
        agent_id=found.id,
        name=found.display_name,
        languages=frozenset(found.languages),
        queues=frozenset(profile.queues if profile else found.queues) | helping,
        supervisor="supervisor" in found.roles,
        capacity=profile.capacity if profile else found.capacity,
        held=load.total(),
        status="offline",
        since=tx.now,
        present=False,
        levels={**found.levels, **queue_levels},
        channels=profile.channels if profile else {},
        held_on=load,
        alone=frozenset(each for each in alone if not profile or profile.channels.get(each, 1) <= 1),
    )


def _profiles(tx: Transaction) -> dict[str, Row[Any]]:
    return {row.id: row for row in tx.all(select(routing_profile).where(routing_profile.c.active.is_(True)))}


def _loads(tx: Transaction, agent_id: str = "", except_contact: str = "") -> dict[str, Counter[str]]:
    """Agent → channel → contacts in hand, offers on the way and conversations joined; of one agent or of all."""
    offers = (
        select(queue_place.c.offered_to, queue_place.c.channel, func.count().label("held"))
        .where(queue_place.c.state == "offered", queue_place.c.contact_id != except_contact)
        .group_by(queue_place.c.offered_to, queue_place.c.channel)
    )
    if agent_id:
        offers = offers.where(queue_place.c.offered_to == agent_id)
    loads: dict[str, Counter[str]] = defaultdict(Counter)
    for row in tx.all(offers):
        loads[row.offered_to][row.channel] += row.held
    joined = participants.load_by_channel(tx, agent_id, except_contact)
    for held in (contacts.in_hand_by_channel(tx, agent_id), joined):
        for who, by_channel in held.items():
            loads[who] += by_channel
    return loads


def _doing(
    row: Row[Any], working: tuple[datetime, datetime] | None
) -> tuple[Status, datetime, datetime | None]:
    """What the agent has said, or after-contact work where one would be available but for that."""
    if row.status == "available" and working is not None:
        return "after_contact", *working
    return row.status, row.since, row.until


def handling_times(tx: Transaction, queue_id: str = "") -> list[int]:
    """Seconds for which recent contacts of this queue, "" for any, kept an agent, newest first."""
    query = select(wait_sample.c.handle_s).where(
        wait_sample.c.handle_s.is_not(None), wait_sample.c.at > tx.now - timedelta(days=_HANDLING_DAYS)
    )
    if queue_id:
        query = query.where(wait_sample.c.queue_id == queue_id)
    rows = tx.all(query.order_by(wait_sample.c.at.desc()).limit(_MOST_SAMPLES))
    return [row.handle_s for row in rows]


def waits(tx: Transaction, queue_id: str) -> list[int]:
    """Seconds that contacts of this queue have waited within the last day, newest first."""
    rows = tx.all(
        select(wait_sample.c.wait_s)
        .where(
            wait_sample.c.queue_id == queue_id,
            wait_sample.c.at > tx.now - timedelta(hours=_WAIT_HOURS),
        )
        .order_by(wait_sample.c.at.desc())
        .limit(_MOST_SAMPLES)
    )
    return [row.wait_s for row in rows]


def waits_by_segment(tx: Transaction, since: datetime) -> dict[str, list[int]]:
    """Seconds waited since then for members, companies and all others ("member", "business", "other") (PRM-001, BIZ-005)."""
    rows = tx.all(
        select(wait_sample.c.wait_s, customer.c.segments)
        .join(contact, contact.c.id == wait_sample.c.contact_id)
        .outerjoin(customer, customer.c.id == contact.c.customer_id)
        .where(wait_sample.c.at >= since)
    )
    found: dict[str, list[int]] = {"member": [], "business": [], "other": []}
    for row in rows:
        known = row.segments or []
        segment = next((name for name in ("business", "member") if name in known), "other")
        found[segment].append(row.wait_s)
    return found


def segments_of_places(tx: Transaction) -> dict[str, list[str]]:
    """The segments of everybody who waits and is known, by contact."""
    rows = tx.all(
        select(queue_place.c.contact_id, customer.c.segments)
        .join(contact, contact.c.id == queue_place.c.contact_id)
        .join(customer, customer.c.id == contact.c.customer_id)
        .where(queue_place.c.state.in_(("waiting", "offered")))
    )
    return {row.contact_id: row.segments or [] for row in rows}


def overview(tx: Transaction, rules: Rules) -> list[QueueOverview]:
    """Every active queue, the most urgent first."""
    places, members = waiting_list(tx), crew(tx, rules)
    calendars = opening.calendars(tx, rules)
    found = []
    for queue in queues.queues(tx):
        here = [place for place in places if place.queue_id == queue.id]
        hours = opening.hours_of(calendars, queue)
        found.append(
            QueueOverview(
                queue=queue,
                waiting=len(here),
                longest_s=max(
                    (int((tx.now - place.entered_at).total_seconds()) for place in here), default=0
                ),
                available_agents=sum(m.takes_offers and m.has_queue(queue.id) for m in members),
                open=hours.is_open(tx.now),
                opens_at=hours.next_opening(tx.now),
            )
        )
    return found


def unserved(tx: Transaction, rules: Rules) -> list[Place]:
    """Places for which nobody on the whole team has the skill, however long they wait: an operator has to mend this."""
    members, by_id = crew(tx, rules), {queue.id: queue for queue in queues.queues(tx)}
    return [
        place
        for place in waiting_list(tx)
        if not skilled(place, members, by_id.get(place.queue_id), rules.language_levels)
    ]


def _waiting(values: dict[str, Any]) -> Place:
    for name in ("entered_at", "offer_deadline", "taken_at", "left_at"):
        if values[name] is not None:
            values[name] = from_micros(values[name])
    for name in ("declined_by", "not_to"):
        values[name] = [] if values[name] == "[]" else json.loads(values[name])
    return Place(**values)


def _is_alive(last_seen_at: datetime, now: datetime, rules: Rules) -> bool:
    return now - last_seen_at <= timedelta(seconds=rules.away_after_seconds)


def helped_last(tx: Transaction, case_id: str | None) -> str:
    """The agent who joined a contact of this case last; "" where nobody has (BOT-016)."""
    if case_id is None:
        return ""
    found = [contacts.newest(tx, each.id, events.JOINED) for each in contacts.of_case(tx, case_id)]
    newest = max((entry for entry in found if entry), key=lambda entry: entry.at, default=None)
    return str(newest.body["agent_id"]) if newest else ""


def offers_to(tx: Transaction, agent_id: str) -> dict[str, datetime | None]:
    """Contact → the deadline until which it is held out to this agent."""
    held_out = and_(queue_place.c.state == "offered", queue_place.c.offered_to == agent_id)
    rows = tx.all(select(queue_place.c.contact_id, queue_place.c.offer_deadline).where(held_out))
    return {row.contact_id: row.offer_deadline for row in rows}
