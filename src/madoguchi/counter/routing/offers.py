"""Offers: a waiting contact is offered to one agent until a deadline; accepted, declined, or passed on when it runs out.

Pairs are found on the board (matching.py) from one look at the house, without holding anybody up. Then the agents are
locked, and each agent and each place is looked at once more before an offer is written: what has changed in between is
left to the next round.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, update

from madoguchi.counter.actors import SYSTEM, Actor
from madoguchi.counter.contacts import events
from madoguchi.counter.contacts import queries as contact_queries
from madoguchi.counter.contacts import service as contacts
from madoguchi.counter.contacts.model import Contact
from madoguchi.counter.problems import Conflict
from madoguchi.counter.routing import hands, places, policy, queries, queues, spells
from madoguchi.counter.routing.matching import Board, Pair
from madoguchi.counter.routing.model import Place, agent_status, queue_place
from madoguchi.counter.routing.policy import Candidate, Rules, declined_by, not_asked
from madoguchi.counter.team import queries as team
from madoguchi.engine import outbox
from madoguchi.engine.database import Transaction
from madoguchi.kit.clock import to_micros

OFFER_EXPIRED = "routing.offer_expired"  # errand: {"contact_id", "agent_id", "deadline"}
AT_ONCE = 100  # offers of one transaction: others want to write too


@dataclass(frozen=True)
class Offer:
    """A contact offered to an agent until the deadline."""

    contact_id: str
    agent_id: str
    deadline: datetime


def find_pairs(tx: Transaction, rules: Rules, limit: int | None = None) -> list[Pair]:
    """Who could be offered what now, in the order of service. Reads only; `offer_pairs` looks once more."""
    crew = queries.crew(tx, rules)
    room = sum(member.free for member in crew if member.takes_offers)
    if not room:
        return []
    return _board(tx, rules, crew, room if limit is None else min(limit, room)).next_pairs(tx.now, limit)


def offer_pairs(tx: Transaction, rules: Rules, pairs: Sequence[Pair]) -> list[Offer]:
    """Offer those of the pairs that still hold: the place waits, the agent takes offers and has room."""
    meant = {pair.agent_id for pair in pairs}
    for agent_id in sorted(meant):
        tx.lock("agent", agent_id)
    held = queries.places_for_update(tx, [pair.contact_id for pair in pairs])
    crew = {member.agent_id: member for member in queries.crew(tx, rules, meant)}
    avoided = _avoided(tx, rules, list(held.values()))
    chosen: list[tuple[Place, str]] = []
    for contact_id, agent_id in pairs:
        place, member = held.get(contact_id), crew.get(agent_id)
        if place is None or place.state != "waiting":
            continue
        if _has_gone_elsewhere(tx, contact_id):
            places.leave(tx, contact_id)
        elif member is not None and _still_takes(member, replace(place, not_to=avoided[contact_id]), tx.now):
            crew[agent_id] = member.holding(place.channel, 1)
            chosen.append((place, agent_id))
    return _write(tx, rules, chosen)


def expire_overdue(tx: Transaction, rules: Rules) -> None:
    """Offers must not hang when the courier is late or dead."""
    overdue = queries.overdue_offers(tx)
    for agent_id in sorted({place.offered_to for place in overdue}):
        tx.lock("agent", agent_id)
    for place in overdue:
        assert place.offer_deadline is not None
        expire(tx, place.contact_id, place.offered_to, place.offer_deadline, rules.passed_limit)


def offer_round(tx: Transaction, rules: Rules, limit: int = AT_ONCE) -> list[Offer]:
    """All of it in one transaction, up to `limit` offers; [] when there is nothing more."""
    tx.lock("routing")
    expire_overdue(tx, rules)
    return offer_pairs(tx, rules, find_pairs(tx, rules, limit))


def offer_next(tx: Transaction, rules: Rules) -> Offer | None:
    """Offer the next contact that somebody can take; None when there is no such pair."""
    offers = offer_round(tx, rules, limit=1)
    return offers[0] if offers else None


def accept(tx: Transaction, contact_id: str, agent: Actor, owner_version: int) -> Contact:
    """The agent takes what was offered. Raises Conflict("offer_gone" | "owner_changed" | "at_capacity")."""
    me = hands.locked_agent(tx, agent.id)
    place = queries.place_for_update(tx, contact_id)
    if place is None or place.state != "offered" or place.offered_to != me.id:
        raise Conflict("offer_gone")
    return hands.give(tx, contact_id, place, me, owner_version)


def decline(tx: Transaction, contact_id: str, agent: Actor) -> None:
    """The agent lets the offer pass; the next agent gets it. Declining what is gone is nothing."""
    tx.lock("agent", agent.id)
    place = queries.place_for_update(tx, contact_id)
    if place is not None and place.state == "offered" and place.offered_to == agent.id:
        _let_pass(tx, place, declined=True)
        hands.answered_offer(tx, agent.id)


def expire(
    tx: Transaction, contact_id: str, agent_id: str, deadline: datetime, passed_limit: int = 0
) -> bool:
    """Nobody has answered this offer in time; False when it was answered or is not due. The errand's deed.

    After `passed_limit` offers in a row the agent is set to a break: contacts should not travel past an empty chair.
    """
    tx.lock("agent", agent_id)
    place = queries.place_for_update(tx, contact_id)
    if place is None or place.state != "offered" or place.offered_to != agent_id:
        return False
    if place.offer_deadline != deadline or tx.now < deadline:
        return False
    _let_pass(tx, place, declined=False)
    _count_passed(tx, agent_id, passed_limit)
    return True


def meet_wish(tx: Transaction, place: Place | None, agent_id: str, rules: Rules) -> None:
    """Somebody is about to get this contact in hand otherwise than by an offer; told if the customer wanted another one.

    Raises Conflict("another_agent_wished") while anybody else with the skill is on duty (HND-013).
    """
    if place is None or agent_id not in place.not_to:
        return
    if agent_id in _avoided(tx, rules, [place])[place.contact_id]:
        raise Conflict("another_agent_wished")
    nobody_else(tx, place.contact_id, agent_id)


def nobody_else(tx: Transaction, contact_id: str, agent_id: str) -> None:
    """Said to customer and agent, once for each wish: the same person again, because nobody else is there."""
    wished = contact_queries.newest(tx, contact_id, events.ESCALATION)
    key = f"{events.SAME_AGENT}/{wished.seq if wished else 0}/{agent_id}"
    if contact_queries.by_client_key(tx, contact_id, SYSTEM.id, key) is None:
        body = {"agent_id": agent_id, "name": team.display_name(tx, agent_id)}
        contacts.append(tx, contact_id, events.SAME_AGENT, body, actor=SYSTEM, client_key=key)


def give_back(tx: Transaction, agent_id: str) -> None:
    """The agent has stopped taking offers: those on the way wait again, at their places. The agent is locked."""
    for place in queries.offered_to(tx, agent_id):
        held = queries.place_for_update(tx, place.contact_id)
        if held is None or held.state != "offered" or held.offered_to != agent_id:
            continue
        places.change(tx, held.contact_id, state="waiting", offered_to="", offer_deadline=tx.now)
        body = {"agent_id": agent_id, "declined": False}
        contacts.append(tx, held.contact_id, events.OFFER_EXPIRED, body, actor=SYSTEM)
        places.ring(tx, held.contact_id)


def _board(tx: Transaction, rules: Rules, crew: Sequence[Candidate], at_most: int) -> Board:
    active = queues.queues(tx)
    by_id = {queue.id: queue for queue in active}
    reserve = timedelta(seconds=rules.reserve_seconds)
    board = Board(active, language_levels=rules.language_levels, reserve=reserve)
    for member in crew:
        board.agent(member)
    for place in queries.first_of_each_kind(tx, active, reserve, at_most):
        queue = by_id.get(place.queue_id)
        avoided = policy.avoided(place, crew, queue, rules.language_levels) if place.not_to else ()
        board.wait(replace(place, not_to=sorted(avoided)), place.preferred)
    return board


def _avoided(tx: Transaction, rules: Rules, held: Sequence[Place]) -> dict[str, list[str]]:
    """Contact → whom it is not offered; the whole team is looked at only where somebody is wanted no more."""
    wishing = [place for place in held if place.not_to]
    found: dict[str, list[str]] = {place.contact_id: [] for place in held}
    if wishing:
        crew, by_id = queries.crew(tx, rules), {queue.id: queue for queue in queues.queues(tx)}
        for place in wishing:
            avoided = policy.avoided(place, crew, by_id.get(place.queue_id), rules.language_levels)
            found[place.contact_id] = sorted(avoided)
    return found


def _still_takes(member: Candidate, place: Place, now: datetime) -> bool:
    unwilling = member.agent_id in not_asked(place, now)
    return member.takes_offers and member.has_room(place.channel) and not unwilling


def _has_gone_elsewhere(tx: Transaction, contact_id: str) -> bool:
    """Without saying so to its place."""
    seen = contact_queries.get(tx, contact_id)
    return seen.owner_kind != "queue" or seen.state == "ended"


def _write(tx: Transaction, rules: Rules, chosen: Sequence[tuple[Place, str]]) -> list[Offer]:
    """Place, fact and errand of every offer; places and errands in one statement each."""
    if not chosen:
        return []
    deadline = tx.now + timedelta(seconds=rules.offer_seconds)
    rows = [
        {
            "place": place.contact_id,
            "offered_to": agent_id,
            "declined_by": sorted(declined_by(place, tx.now)),
        }
        for place, agent_id in chosen
    ]
    tx.execute(
        update(queue_place)
        .where(queue_place.c.contact_id == bindparam("place"))
        .values(state="offered", offer_deadline=deadline),
        rows,
    )
    errands, keys = [], []
    for place, agent_id in chosen:
        if agent_id in place.not_to:
            nobody_else(tx, place.contact_id, agent_id)
        body = {"agent_id": agent_id, "deadline": deadline.isoformat()}
        contacts.append(tx, place.contact_id, events.OFFERED, body, actor=SYSTEM)
        errands.append(({"contact_id": place.contact_id, **body}, deadline))
        keys.append(f"offer/{place.contact_id}/{to_micros(deadline)}")
        tx.wake(f"agent:{agent_id}", f"contact:{place.contact_id}", "inbox")
    outbox.put_all(tx, OFFER_EXPIRED, errands, keys)
    return [Offer(place.contact_id, agent_id, deadline) for place, agent_id in chosen]


def _let_pass(tx: Transaction, place: Place, *, declined: bool) -> None:
    places.change(tx, place.contact_id, state="waiting", offered_to="", declined_by=_passed_by(place))
    body = {"agent_id": place.offered_to, "declined": declined}
    contacts.append(tx, place.contact_id, events.OFFER_EXPIRED, body, actor=SYSTEM)
    places.ring(tx, place.contact_id, place.offered_to)


def _count_passed(tx: Transaction, agent_id: str, limit: int) -> None:
    mine = agent_status.c.agent_id == agent_id
    tx.execute(update(agent_status).where(mine).values(passed=agent_status.c.passed + 1))
    row = tx.first(select(agent_status.c.passed, agent_status.c.status).where(mine))
    if row is not None and limit and row.passed >= limit and row.status == "available":
        spells.begin(tx, agent_id, "break", kind=spells.UNANSWERED)
        give_back(tx, agent_id)
        tx.wake(places.TOPIC, "inbox", f"agent:{agent_id}")


def _passed_by(place: Place) -> list[str]:
    return sorted({*place.declined_by, place.offered_to})
