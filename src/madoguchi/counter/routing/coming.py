"""Who comes to the desk and who leaves it within the next hours, by the schedules."""

from __future__ import annotations

from datetime import timedelta

from madoguchi.counter.routing import schedules
from madoguchi.engine.database import Transaction

LOOK_AHEAD = timedelta(hours=4)


def coming_and_going(tx: Transaction) -> dict[str, list[tuple[float, bool]]]:
    """By agent: (seconds from now, comes or leaves), in order; agents whose plan says nothing are left out."""
    if not schedules.has_plans(tx):
        return {}
    found: dict[str, list[tuple[float, bool]]] = {}
    for agent_id, plan in schedules.plans(tx).items():
        events = []
        for start, end in plan.work(tx.now, tx.now + LOOK_AHEAD):
            if start > tx.now:
                events.append(((start - tx.now).total_seconds(), True))
            if end < tx.now + LOOK_AHEAD:
                events.append(((end - tx.now).total_seconds(), False))
        if events:
            found[agent_id] = events
    return found
