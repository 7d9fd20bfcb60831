"""What the live board costs: reading it, and what one change sends, with 1,000 agents and 10,000 people waiting.

The rival does the least that no board could do without: one count of the waiting and one of the contacts in hand, each
grouped, and every agent's status. The ratio says what our expected waits, service levels, averages, skills and alerts
cost beside it. `--agents`, `--waiting`, `--rounds` make it smaller.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import func, insert, select

from madoguchi.building import build_house
from madoguchi.counter.contacts.model import contact
from madoguchi.counter.routing.model import agent_status, queue_place, wait_sample
from madoguchi.counter.routing.policy import Rules
from madoguchi.counter.supervision.board import board
from madoguchi.counter.team.model import agent
from madoguchi.engine.database import Database, Transaction
from madoguchi.engine.settings import Settings
from madoguchi.faces.live_board import BoardFeed, LiveBoard

QUEUES = ("orders", "payments", "returns", "general")
HANDLED = 5_000


def fill(tx: Transaction, agents: int, waiting: int) -> None:
    """Agents with a contact each in hand, people who wait, and a day of waits that are over."""
    now = tx.now
    people = [_agent(n, now) for n in range(agents)]
    tx.execute(insert(agent), people)
    tx.execute(insert(agent_status), [_status(each["id"], n, now) for n, each in enumerate(people)])
    held = [_contact(f"con_h{n}", "agent", each["id"], now) for n, each in enumerate(people)]
    waits = [_contact(f"con_w{n}", "queue", QUEUES[n % 4], now) for n in range(waiting)]
    tx.execute(insert(contact), held + waits)
    taken = [_place(f"con_h{n}", QUEUES[n % 4], "taken", each["id"], now) for n, each in enumerate(people)]
    tx.execute(
        insert(queue_place),
        taken + [_place(f"con_w{n}", QUEUES[n % 4], "waiting", "", now) for n in range(waiting)],
    )
    tx.execute(insert(wait_sample), [_sample(n, agents, now) for n in range(HANDLED)])


def least(tx: Transaction) -> int:
    """The rival."""
    waiting = tx.all(
        select(queue_place.c.queue_id, func.count(), func.min(queue_place.c.entered_at))
        .where(queue_place.c.state.in_(("waiting", "offered")))
        .group_by(queue_place.c.queue_id)
    )
    held = tx.all(
        select(contact.c.owner_id, func.count())
        .where(contact.c.owner_kind == "agent", contact.c.state == "open")
        .group_by(contact.c.owner_id)
    )
    return len(waiting) + len(held) + len(tx.all(select(agent_status)))


def timed(run: Callable[[], object]) -> float:
    """Milliseconds of processor."""
    begin = time.process_time()
    run()
    return 1000 * (time.process_time() - begin)


def measure(database: Database, settings: Settings, rounds: int) -> dict[str, float]:
    rules, zone = Rules.of(settings), ZoneInfo(settings.shop.timezone)
    ours, rival = [], []
    for _ in range(rounds):
        ours.append(timed(lambda: database.read(board, rules, zone)))
        rival.append(timed(lambda: database.read(least)))
    ratio = statistics.median(a / b for a, b in zip(ours, rival, strict=True))
    return {"read_ms": statistics.median(ours), "rival_ms": statistics.median(rival), "ratio": ratio}


def measure_screens(database: Database, settings: Settings, screens: int = 10) -> dict[str, float]:
    """What a screen is sent at first; then an agent goes on a break: what telling it costs for each screen, and sends."""
    live = LiveBoard(settings, tick=lambda: 0.0)  # read anew when told to, not by the clock
    feeds = [BoardFeed(live, "ja") for _ in range(screens)]
    whole = [database.read(feed.frame) for feed in feeds]
    database.write(_one_takes_a_break)
    live.forget()
    sent: list[object] = []
    cost = [timed(partial(_tell, database, feed, sent)) for feed in feeds]
    return {
        "first_screen_ms": cost[0],
        "each_further_screen_ms": statistics.median(cost[1:]),
        "whole_bytes": _size(whole[0]),
        "one_change_bytes": _size(sent[-1]),
    }


def _tell(database: Database, feed: BoardFeed, sent: list[object]) -> None:
    sent.append(database.read(feed.frame))


def _one_takes_a_break(tx: Transaction) -> None:
    there = agent_status.c.status == "available"
    one = tx.scalar(select(agent_status.c.agent_id).where(there).limit(1))
    tx.execute(agent_status.update().where(agent_status.c.agent_id == one).values(status="break"))


def _size(frame: object) -> int:
    return len(json.dumps(frame, ensure_ascii=False).encode())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--agents", type=int, default=1_000)
    parser.add_argument("--waiting", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=15)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings.load(None, data={"folder": Path(folder)})
        house = build_house(settings)
        house.database.write(fill, wanted.agents, wanted.waiting)
        found = measure(house.database, settings, wanted.rounds) | measure_screens(house.database, settings)
        house.database.close()
    for name, value in found.items():
        print(f"{name:24} {value:,.2f}")


def _agent(n: int, now: datetime) -> dict[str, object]:
    return {
        "id": f"agt_{n}",
        "login": f"agent{n}",
        "name": f"Agent {n}",
        "display_name": f"Agent {n}",
        "password_hash": "",
        "roles": ["agent"],
        "languages": ["ja"],
        "queues": [QUEUES[n % 4], QUEUES[(n + 1) % 4]],
        "capacity": 3,
        "active": True,
        "created_at": now,
    }


def _status(agent_id: object, n: int, now: datetime) -> dict[str, object]:
    status = "available" if n % 5 else "break"
    return {"agent_id": agent_id, "status": status, "since": now, "last_seen_at": now + timedelta(hours=1)}


def _contact(contact_id: str, owner_kind: str, owner_id: object, now: datetime) -> dict[str, object]:
    return {
        "id": contact_id,
        "visitor_id": f"vis_{contact_id}",
        "channel": "chat",
        "initiation_method": "customer",
        "language": "ja",
        "topic": "",
        "order_number": "",
        "owner_kind": owner_kind,
        "owner_id": owner_id,
        "owner_version": 2,
        "state": "open",
        "customer_rung": 0,
        "proven_orders": [],
        "last_seq": 0,
        "last_customer_seq": 0,
        "answered_seq": 0,
        "customer_seen_seq": 0,
        "agent_seen_seq": 0,
        "opened_at": now,
        "updated_at": now,
        "disconnect_reason": "",
        "attributes": {},
    }


def _place(contact_id: str, queue: str, state: str, taken_by: object, now: datetime) -> dict[str, object]:
    taken = state == "taken"
    return {
        "contact_id": contact_id,
        "queue_id": queue,
        "state": state,
        "priority": 4,
        "language": "ja",
        "entered_at": now,
        "offered_to": "",
        "declined_by": [],
        "shown_ahead": -1,
        "shown_low_s": -1,
        "shown_high_s": -1,
        "taken_at": now if taken else None,
        "taken_by": taken_by,
        "channel": "chat",
    }


def _sample(n: int, agents: int, now: datetime) -> dict[str, object]:
    return {
        "queue_id": QUEUES[n % 4],
        "contact_id": f"con_h{n % agents}",
        "at": now.astimezone(UTC),
        "wait_s": n % 300,
        "handle_s": 120 + n % 600,
        "agents": 10,
    }


if __name__ == "__main__":
    main()
