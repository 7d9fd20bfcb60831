"""How many contacts a second find their agent: 1,000 agents, 10,000 waiting; on the board alone and through the database.

The board's rival is two heaps that know no skills: places in the order of service, agents by load; processor time. The rival of the
database writes the same rows for each pair (place, fact, errand) in the same transactions, without deciding anything.
"""

from __future__ import annotations

import argparse
import heapq
import json
import random
import statistics
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, update

from madoguchi.cli.dev.torture.ground import scratch_database
from madoguchi.cli.dev.torture.report import LOCAL_SERVER
from madoguchi.counter.contacts.model import contact
from madoguchi.counter.hours import always_open
from madoguchi.counter.routing import service
from madoguchi.counter.routing.matching import Board
from madoguchi.counter.routing.model import Place, agent_status, queue_place
from madoguchi.counter.routing.policy import Candidate, Rules, rank
from madoguchi.counter.routing.queues import Queue, ensure_queues
from madoguchi.counter.team.model import agent
from madoguchi.engine.database import Database, Transaction
from madoguchi.kit.clock import to_micros

NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)
QUEUES = ("orders", "payments", "returns", "digital_devices", "general")
LANGUAGES = ("ja", "ja", "ja", "en", "zh-Hans", "ko")
CHANNELS = ("chat", "chat", "mail", "phone")
CAPACITY = 3
RULES = Rules(60, 36_000, always_open(), reserve_seconds=15, alone=frozenset({"phone"}))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--database", choices=("none", "sqlite", "postgresql"), default="none")
    options.add_argument("--server", default=LOCAL_SERVER)
    options.add_argument("--agents", type=int, default=1000)
    options.add_argument("--waiting", type=int, default=10_000)
    options.add_argument("--profiles", type=int, default=40, help="how many sorts of skills the agents have")
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--json", action="store_true", help="only the JSON line")
    chosen = options.parse_args()
    desk = Desk(chosen.agents, chosen.waiting, chosen.profiles)
    if chosen.database == "none":
        found = board_alone(desk, chosen.rounds)
    else:
        with scratch_database(chosen.database, chosen.server) as url:
            found = through_database(desk, url, chosen.rounds)
    if not chosen.json:
        print(
            f"{found['assignments_per_s']} assignments a second with {chosen.agents} agents and {chosen.waiting}"
            f" waiting; {found['share_of_rival']} of its rival"
        )
    print(json.dumps({"benchmark": "assignments", **vars(chosen), **found}))


class Desk:
    """Agents and places from one throw of the dice."""

    def __init__(self, agents: int, waiting: int, profiles: int) -> None:
        self.dice = random.Random(1)
        sorts = [self._sort() for _ in range(profiles)]
        self.team = [self._agent(number, sorts[number % profiles]) for number in range(agents)]
        self.places = [self._place(number) for number in range(waiting)]

    def _sort(self) -> dict[str, Any]:
        queues = self.dice.sample(QUEUES, self.dice.randint(2, 4))
        return {
            "queues": frozenset(queues),
            "languages": frozenset({"ja", *self.dice.sample(LANGUAGES, 1)}),
            "levels": {f"queue:{name}": self.dice.randint(1, 5) for name in queues},
        }

    def _agent(self, number: int, sort: dict[str, Any]) -> Candidate:
        return Candidate(
            agent_id=f"agt_{number:05d}",
            name="",
            supervisor=False,
            capacity=CAPACITY,
            held=0,
            status="available",
            since=NOW - timedelta(seconds=number),
            present=True,
            alone=RULES.alone,
            **sort,
        )

    def _place(self, number: int) -> Place:
        entered = NOW - timedelta(seconds=20 + number % 3600)
        return Place(
            contact_id=f"con_{number:07d}",
            queue_id=self.dice.choice(QUEUES),
            state="waiting",
            priority=self.dice.choice((2, 3, 4, 4, 4)),
            language=self.dice.choice(LANGUAGES),
            entered_at=entered,
            offered_to="",
            offer_deadline=None,
            declined_by=[],
            shown_ahead=-1,
            shown_low_s=-1,
            shown_high_s=-1,
            taken_at=None,
            taken_by="",
            left_at=None,
            channel=self.dice.choice(CHANNELS),
        )


def board_alone(desk: Desk, rounds: int) -> dict[str, Any]:
    """Everybody waits; contacts end one by one, each end gives a pair, and somebody new comes for each who is served."""
    rates, shares, fills = [], [], []
    for _ in range(rounds):
        ours, fill = _time_board(desk)
        rates.append(ours)
        fills.append(fill)
        shares.append(ours / _time_heaps(desk))
    return {
        "assignments_per_s": round(statistics.median(rates)),
        "filling_ms": round(statistics.median(fills) * 1000),
        "share_of_rival": round(statistics.median(shares), 2),
    }


def _time_board(desk: Desk) -> tuple[float, float]:
    board, began = Board([Queue(name, {}, 4, 60, False, True) for name in QUEUES]), time.process_time()
    for member in desk.team:
        board.agent(member)
    channels = {}
    for place in desk.places:
        board.wait(place)
        channels[place.contact_id] = place.channel
    pairs = board.next_pairs(NOW)
    filled = time.process_time() - began
    served, began, now = 0, time.process_time(), NOW
    while served < len(desk.places):
        now += timedelta(milliseconds=50)
        contact_id, agent_id = pairs[served % len(pairs)]
        board.done(agent_id, channels[contact_id], now)
        found = board.next_pairs(now)
        for pair in found:
            again = desk.places[served % len(desk.places)]
            fresh = Place(**{**vars(again), "contact_id": f"new_{served}", "entered_at": now})
            channels[fresh.contact_id] = fresh.channel
            board.wait(fresh)
            pairs[served % len(pairs)] = pair
            served += 1
        if not found:
            break
    return served / (time.process_time() - began), filled


def _time_heaps(desk: Desk) -> float:
    places = [rank(place) for place in desk.places]
    heapq.heapify(places)
    free = [(0, member.agent_id) for member in desk.team]
    heapq.heapify(free)
    began = time.process_time()
    for number in range(len(desk.places)):
        heapq.heappop(places)
        load, agent_id = heapq.heappop(free)
        heapq.heappush(free, (load + 1, agent_id))
        entered = NOW + timedelta(milliseconds=50 * number)
        heapq.heappush(places, (entered, entered, f"new_{number}"))
    return len(desk.places) / (time.process_time() - began)


def through_database(desk: Desk, url: str, rounds: int) -> dict[str, Any]:
    """As the server's round does it: pairs from one look, 100 offers in a transaction, until all hands are full."""
    database = Database(url, clock=lambda: NOW)
    database.write(_fill, desk)
    ours, rival, looks = [], [], []
    for _ in range(rounds):
        began, offered = time.perf_counter(), 0
        pairs = database.read(service.find_pairs, RULES)
        looks.append(time.perf_counter() - began)
        for start in range(0, len(pairs), service.AT_ONCE):
            offered += len(database.write(service.offer_pairs, RULES, pairs[start : start + service.AT_ONCE]))
        ours.append(offered / (time.perf_counter() - began))
        pairs = database.write(_empty_hands)
        began = time.perf_counter()
        for start in range(0, len(pairs), service.AT_ONCE):
            database.write(_write_bare, pairs[start : start + service.AT_ONCE])
        rival.append(len(pairs) / (time.perf_counter() - began))
        database.write(_empty_hands)
    database.close()
    shares = [mine / bare for mine, bare in zip(ours, rival, strict=True)]
    return {
        "assignments_per_s": round(statistics.median(ours)),
        "rival_per_s": round(statistics.median(rival)),
        "look_ms": round(statistics.median(looks) * 1000),
        "share_of_rival": round(statistics.median(shares), 2),
    }


def _fill(tx: Transaction, desk: Desk) -> None:
    ensure_queues(tx)
    for member in desk.team:
        tx.execute(
            insert(agent).values(
                id=member.agent_id,
                login=member.agent_id,
                name=member.agent_id,
                display_name=member.agent_id,
                password_hash="-",
                roles=["agent"],
                languages=sorted(member.languages),
                queues=sorted(member.queues),
                levels=dict(member.levels),
                capacity=member.capacity,
                active=True,
                created_at=NOW,
            )
        )
    seen = [{"agent_id": m.agent_id, "status": "available", "since": m.since} for m in desk.team]
    tx.execute(insert(agent_status), [{**each, "last_seen_at": NOW} for each in seen])
    tx.execute(insert(contact), [_contact(place) for place in desk.places])
    tx.execute(insert(queue_place), [vars(place) for place in desk.places])


def _contact(place: Place) -> dict[str, Any]:
    numbers = dict.fromkeys(
        ("last_seq", "last_customer_seq", "answered_seq", "customer_seen_seq", "agent_seen_seq"), 0
    )
    return {
        "id": place.contact_id,
        "visitor_id": f"vis_{place.contact_id}",
        "channel": place.channel,
        "initiation_method": "customer",
        "language": place.language,
        "topic": "",
        "order_number": "",
        "owner_kind": "queue",
        "owner_id": place.queue_id,
        "owner_version": 1,
        "state": "open",
        "customer_rung": 0,
        "proven_orders": [],
        "opened_at": place.entered_at,
        "updated_at": place.entered_at,
        "disconnect_reason": "",
        "attributes": {},
        **numbers,
    }


def _empty_hands(tx: Transaction) -> list[tuple[str, str]]:
    """What was offered waits again; returns who had been offered what."""
    offered = tx.all(
        select(queue_place.c.contact_id, queue_place.c.offered_to).where(queue_place.c.state == "offered")
    )
    tx.execute(
        update(queue_place)
        .where(queue_place.c.state == "offered")
        .values(state="waiting", offered_to="", offer_deadline=None)
    )
    tx.driver("DELETE FROM outbox").close()
    return [(row.contact_id, row.offered_to) for row in offered]


def _write_bare(tx: Transaction, pairs: Sequence[tuple[str, str]]) -> None:
    now = to_micros(NOW)
    for contact_id, agent_id in pairs:
        tx.driver(
            "UPDATE queue_place SET state = 'offered', offered_to = ?, offer_deadline = ? WHERE contact_id = ?",
            (agent_id, now, contact_id),
        ).close()
        cursor = tx.driver(
            "UPDATE contact SET last_seq = last_seq + 1 WHERE id = ? RETURNING last_seq", (contact_id,)
        )
        (seq,) = cursor.fetchone()
        cursor.close()
        tx.driver(
            "INSERT INTO ledger_entry (contact_id, seq, kind, visibility, author_kind, author_id, client_key, body, at)"
            " VALUES (?, ?, 'offer.made', 'internal', 'system', 'system', ?, '{}', ?)",
            (contact_id, seq, f"~{seq}", now),
        ).close()
        tx.driver(
            "INSERT INTO outbox (topic, payload, due_at, attempts, state, created_at)"
            " VALUES ('routing.offer_expired', '{}', ?, 0, 'waiting', ?)",
            (now, now),
        ).close()


if __name__ == "__main__":
    main()
