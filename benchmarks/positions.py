"""What it costs to keep ten thousand waiting people told: a round of positions with 1,000 agents, all of them busy.

`first`: everybody is told for the first time. `still`: nothing has changed. `moving`: before each round ten contacts at
the front were taken and ten have come, as in three seconds of a desk with 1,000 agents. `joining`: what one
newcomer may expect. Seconds of the clock and of the processor.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import insert, update

from madoguchi.cli.dev.torture.ground import scratch_database
from madoguchi.cli.dev.torture.report import LOCAL_SERVER
from madoguchi.counter.actors import Actor
from madoguchi.counter.contacts import service as contacts
from madoguchi.counter.hours import always_open
from madoguchi.counter.routing import presence, queries, service
from madoguchi.counter.routing.model import queue_place, wait_sample
from madoguchi.counter.routing.policy import Rules
from madoguchi.counter.routing.positions import before_joining, refresh_positions
from madoguchi.counter.routing.queues import ensure_queues
from madoguchi.counter.team.model import agent
from madoguchi.engine.database import Database, Transaction
from madoguchi.engine.migrations import migrate

QUEUES = ("orders", "returns", "payments", "general")
RULES = Rules(offer_seconds=30, away_after_seconds=1_000_000, hours=always_open(str(ZoneInfo("UTC"))))


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2027, 1, 18, 3, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    options.add_argument("--server", default=LOCAL_SERVER)
    options.add_argument("--waiting", type=int, default=10_000)
    options.add_argument("--agents", type=int, default=1_000)
    options.add_argument("--rounds", type=int, default=10)
    options.add_argument("--json", action="store_true", help="only the JSON line")
    chosen = options.parse_args()
    with scratch_database(chosen.database, chosen.server) as url:
        found = measure(url, chosen.waiting, chosen.agents, chosen.rounds)
    found = {"benchmark": "positions", "database": chosen.database, "waiting": chosen.waiting, **found}
    if not chosen.json:
        print(
            f"a round of {chosen.waiting:,} places: {found['still_s']} s still, {found['moving_s']} s moving"
        )
    print(json.dumps(found))


def measure(url: str, waiting: int, agents: int, rounds: int) -> dict[str, object]:
    clock = Clock()
    database = Database(url, clock=clock)
    migrate(database)
    database.write(ensure_queues)
    database.write(_hire, agents)
    for start in range(0, waiting, 1_000):
        database.write(_come, start, min(1_000, waiting - start))
        clock.now += timedelta(seconds=30)
    first = _timed(lambda: database.write(refresh_positions, RULES))
    still = [_timed(lambda: database.write(refresh_positions, RULES)) for _ in range(rounds)]
    joining = [_timed(lambda: database.read(before_joining, "orders", "ja", RULES)) for _ in range(rounds)]
    moving, told = [], 0
    for each in range(rounds):
        database.write(_take_ten)
        database.write(_come, waiting + 10 * each, 10)
        clock.now += timedelta(seconds=3)
        moving.append(_timed(lambda: database.write(refresh_positions, RULES)))
        told += moving[-1][2]
    database.close()
    return {
        "agents": agents,
        "first_s": round(first[0], 2),
        "still_s": _median(still, 0),
        "still_processor_s": _median(still, 1),
        "moving_s": _median(moving, 0),
        "moving_processor_s": _median(moving, 1),
        "told_a_round": round(told / rounds),
        "joining_s": _median(joining, 0),
    }


def _hire(tx: Transaction, number: int) -> None:
    for each in range(number):
        tx.execute(
            insert(agent).values(
                id=f"agt_{each:05d}",
                login=f"agent{each}",
                name=f"Agent {each}",
                display_name=f"Agent {each}",
                password_hash="",
                roles=["agent"],
                queues=["*"] if each % 3 else list(QUEUES[each % 4 :]),
                languages=["ja", "en"] if each % 10 == 0 else ["ja"],
                capacity=3,
                active=True,
                created_at=tx.now,
                totp_secret="",
            )
        )
        presence.set_status(tx, f"agt_{each:05d}", "available")
    for each in range(400):
        tx.execute(
            insert(wait_sample).values(
                queue_id=QUEUES[each % 4],
                contact_id="",
                at=tx.now,
                wait_s=300 + each,
                handle_s=200 + each,
                agents=number,
            )
        )


def _come(tx: Transaction, start: int, number: int) -> None:
    for each in range(start, start + number):
        language = "en" if each % 15 == 0 else "ja"
        visitor = Actor(kind="customer", id=f"vis_{each}", language=language)
        opened = contacts.open_contact(tx, actor=visitor, channel="chat", language=language)
        service.enter(tx, opened, QUEUES[each % 4], actor=visitor)


def _take_ten(tx: Transaction) -> None:
    for place in queries.waiting_list(tx)[:10]:
        tx.execute(
            update(queue_place).where(queue_place.c.contact_id == place.contact_id).values(state="taken")
        )


def _timed(deed: Callable[[], object]) -> tuple[float, float, int]:
    clock, processor = time.perf_counter(), time.process_time()
    found = deed()
    told = len(found) if isinstance(found, list) else 0
    return time.perf_counter() - clock, time.process_time() - processor, told


def _median(rounds: list[tuple[float, float, int]], place: int) -> float:
    return round(statistics.median(each[place] for each in rounds), 3)


if __name__ == "__main__":
    main()
