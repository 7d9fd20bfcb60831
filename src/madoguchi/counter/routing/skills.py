"""What the shop's agents speak and serve, each combination once: for questions about the team that need no names."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import and_, select

from madoguchi.counter.routing.model import routing_profile
from madoguchi.counter.routing.policy import EVERY_QUEUE
from madoguchi.counter.team.model import agent
from madoguchi.engine.database import Transaction


@dataclass(frozen=True)
class Skills:
    languages: frozenset[str]
    queues: frozenset[str]

    def serve(self, queue_id: str) -> bool:
        return queue_id in self.queues or EVERY_QUEUE in self.queues


def of_the_team(tx: Transaction) -> list[Skills]:
    """Of all active agents; a routing profile's queues count instead of the own ones.

    As many as there are combinations, because every hand-over asks: a thousand agents have a few dozen.
    """
    of_profile = and_(routing_profile.c.id == agent.c.profile_id, routing_profile.c.active.is_(True))
    query = (
        select(agent.c.languages, agent.c.queues, routing_profile.c.queues.label("instead"))
        .outerjoin(routing_profile, of_profile)
        .where(agent.c.active.is_(True))
        .distinct()
    )
    return [
        Skills(frozenset(row.languages), frozenset(row.queues if row.instead is None else row.instead))
        for row in tx.all(query)
    ]
