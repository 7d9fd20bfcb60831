"""Reading queues: who waits, who is there, how long it takes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from madoguchi.counter.contacts import events
from madoguchi.counter.contacts import queries as contacts
from madoguchi.counter.contacts.model import contact
from madoguchi.counter.customers.model import customer
from madoguchi.counter.routing import queues
from madoguchi.counter.routing.model import Place, Status, agent_status, queue_place, wait_sample
from madoguchi.counter.routing.policy import Candidate, Rules, rank, skilled
from madoguchi.counter.team import queries as team
from madoguchi.engine.database import Transaction

_HANDLING_DAYS = 14
_WAIT_HOURS = 24
_MOST_SAMPLES = 200


@dataclass(frozen=True)
class Presence:
    """What an agent is doing, as the desk last said; `present` is false when the desk has gone silent."""

    agent_id: str
    status: Status
    since: datetime | None
    present: bool


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


def waiting_list(tx: Transaction, queue_id: str | None = None) -> list[Place]:
    """Everybody who waits or is being offered, in the order of service."""
    query = select(queue_place).where(queue_place.c.state.in_(("waiting", "offered")))
    if queue_id is not None:
        query = query.where(queue_place.c.queue_id == queue_id)
    return sorted((Place(**row._mapping) for row in tx.all(query)), key=rank)


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
    return Presence(agent_id, row.status, row.since, _is_alive(row.last_seen_at, tx.now, rules))


def crew(tx: Transaction, rules: Rules) -> list[Candidate]:
    """Every active agent with skills, load and presence."""
    statuses = {row.agent_id: row for row in tx.all(select(agent_status))}
    in_hand = contacts.open_contacts_of_agents(tx)
    offers = {
        row.offered_to: row.offers
        for row in tx.all(
            select(queue_place.c.offered_to, func.count().label("offers"))
            .where(queue_place.c.state == "offered")
            .group_by(queue_place.c.offered_to)
        )
    }
    members = []
    for found in team.agents(tx, active_only=True):
        status = statuses.get(found.id)
        members.append(
            Candidate(
                agent_id=found.id,
                name=found.display_name,
                languages=frozenset(found.languages),
                queues=frozenset(found.queues),
                supervisor="supervisor" in found.roles,
                capacity=found.capacity,
                held=in_hand.get(found.id, 0) + offers.get(found.id, 0),
                status=status.status if status else "offline",
                since=status.since if status else tx.now,
                present=status is not None and _is_alive(status.last_seen_at, tx.now, rules),
            )
        )
    return members


def held_by(tx: Transaction, agent_id: str, except_offer_of: str = "") -> int:
    """Contacts in the agent's hands and offers on the way, without the offer of one contact."""
    offers = tx.scalar(
        select(func.count()).where(
            queue_place.c.state == "offered",
            queue_place.c.offered_to == agent_id,
            queue_place.c.contact_id != except_offer_of,
        )
    )
    return contacts.open_contacts_of_agents(tx).get(agent_id, 0) + int(offers or 0)


def handling_times(tx: Transaction, queue_id: str) -> list[int]:
    """Seconds for which recent contacts of this queue kept an agent, newest first."""
    rows = tx.all(
        select(wait_sample.c.handle_s)
        .where(
            wait_sample.c.queue_id == queue_id,
            wait_sample.c.handle_s.is_not(None),
            wait_sample.c.at > tx.now - timedelta(days=_HANDLING_DAYS),
        )
        .order_by(wait_sample.c.at.desc())
        .limit(_MOST_SAMPLES)
    )
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


def overview(tx: Transaction, rules: Rules) -> list[QueueOverview]:
    """Every active queue, the most urgent first."""
    places, members = waiting_list(tx), crew(tx, rules)
    found = []
    for queue in queues.queues(tx):
        here = [place for place in places if place.queue_id == queue.id]
        hours = rules.hours_of(queue)
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
    """Places for which nobody on the whole team has the skill: an operator has to mend this."""
    members = crew(tx, rules)
    return [place for place in waiting_list(tx) if not skilled(place, members)]


def _is_alive(last_seen_at: datetime, now: datetime, rules: Rules) -> bool:
    return now - last_seen_at <= timedelta(seconds=rules.away_after_seconds)


def helped_last(tx: Transaction, case_id: str | None) -> str:
    """The agent who joined a contact of this case last; "" where nobody has (BOT-016)."""
    if case_id is None:
        return ""
    found = [contacts.newest(tx, each.id, events.JOINED) for each in contacts.of_case(tx, case_id)]
    newest = max((entry for entry in found if entry), key=lambda entry: entry.at, default=None)
    return str(newest.body["agent_id"]) if newest else ""
