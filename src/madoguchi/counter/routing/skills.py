"""What the shop's agents speak and serve; a routing profile's queues count instead of an agent's own (QUE-015)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from madoguchi.counter.routing.model import routing_profile
from madoguchi.counter.routing.policy import covers
from madoguchi.counter.team.model import Agent, agent
from madoguchi.engine.database import Transaction

# Routing profile → its queues, with proficiency.
ProfileQueues = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class Skills:
    languages: frozenset[str]
    queues: frozenset[str]

    def serve(self, queue_id: str) -> bool:
        return covers(self.queues, queue_id)


def of_the_team(tx: Transaction) -> list[Skills]:
    """Of all active agents, for questions that need no names.

    As many as there are combinations, because every hand-over asks: a thousand agents have a few dozen.
    """
    profiles = profile_queues(tx)
    combinations = (
        select(agent.c.languages, agent.c.queues, agent.c.profile_id)
        .where(agent.c.active.is_(True))
        .distinct()
    )
    return [
        Skills(frozenset(row.languages), frozenset(profiles.get(row.profile_id, row.queues)))
        for row in tx.all(combinations)
    ]


def of_agent(found: Agent, profiles: ProfileQueues) -> Skills:
    return Skills(frozenset(found.languages), frozenset(profiles.get(found.profile_id, found.queues)))


def profile_queues(tx: Transaction) -> ProfileQueues:
    """Of the profiles that are in use."""
    rows = tx.all(
        select(routing_profile.c.id, routing_profile.c.queues).where(routing_profile.c.active.is_(True))
    )
    return {row.id: row.queues for row in rows}
