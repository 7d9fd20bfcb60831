"""A round reads only the first of each kind of place, and still finds what the rule in one look finds."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, update

from madoguchi.counter.routing import queries, service
from madoguchi.counter.routing.model import Place, queue, queue_place
from madoguchi.counter.routing.policy import Rules, choose, rank
from madoguchi.counter.routing.queues import queues
from madoguchi.engine.database import Transaction
from tests.routing.conftest import RULES, Desk

SEVERAL = Rules(
    30, 90, RULES.hours, reserve_seconds=20, language_levels={"ja": 2}, alone=frozenset({"phone"})
)


def a_crowd(desk: Desk, dice: random.Random, agents: list[str]) -> None:
    now = desk.database.clock()

    def fill(tx: Transaction) -> None:
        steps: dict[str, Any] = {
            "level": 4,
            "relaxation": [{"after_s": 60, "level": 1}],
            "overflow": [{"after_s": 120, "queue": "payments"}],
        }
        tx.execute(update(queue).where(queue.c.id == "orders").values(**steps))
        for number in range(120):
            declined = dice.sample(agents, dice.choice([0, 0, 0, 1, 2]))
            ended = now - timedelta(seconds=dice.choice([5, 40]))
            place = Place(
                contact_id=f"con_{number:03d}",
                queue_id=dice.choice(["orders", "payments", "general"]),
                state="waiting",
                priority=dice.choice([1, 4, 4]),
                language=dice.choice(["ja", "ja", "ko"]),
                entered_at=now - timedelta(seconds=dice.randint(0, 200)),
                offered_to="",
                offer_deadline=ended if declined else None,
                declined_by=sorted(declined),
                shown_ahead=-1,
                shown_low_s=-1,
                shown_high_s=-1,
                taken_at=None,
                taken_by="",
                left_at=None,
                channel=dice.choice(["chat", "chat", "phone"]),
                preferred=dice.choice(["", "", *agents]),
            )
            tx.execute(insert(queue_place).values(**vars(place)))

    desk.database.write(fill)


def in_one_look(tx: Transaction) -> list[tuple[str, str]]:
    by_id = {each.id: each for each in queues(tx)}
    team = {member.agent_id: member for member in queries.crew(tx, SEVERAL)}
    pairs = []
    for place in sorted(queries.waiting_list(tx), key=rank):
        found = choose(place, list(team.values()), by_id[place.queue_id], tx.now, SEVERAL, place.preferred)
        if found is not None:
            pairs.append((place.contact_id, found.agent_id))
            team[found.agent_id] = found.holding(place.channel, 1)
    return pairs


@pytest.mark.parametrize("seed", range(6))
def test_a_round_finds_the_pairs_of_the_rule_in_one_look(desk: Desk, seed: int) -> None:
    dice = random.Random(seed)
    skills = [("*",), ("orders",), ("payments", "general")]
    agents = [
        desk.agent(f"agent{number}", queues=dice.choice(skills), capacity=dice.randint(1, 3)).id
        for number in range(6)
    ]
    a_crowd(desk, dice, agents)
    expected = desk.database.read(in_one_look)
    assert len(expected) >= 4
    assert desk.database.read(service.find_pairs, SEVERAL) == expected
    assert desk.database.read(service.find_pairs, SEVERAL, 3) == expected[:3]


def test_pairs_of_a_look_that_is_out_of_date_are_left_to_the_next(desk: Desk) -> None:
    """Between the look and the offer one agent fills up, one place is taken, one contact ends unsaid."""
    first, second = desk.agent("hana", capacity=1), desk.agent("ken", capacity=3)
    waiting = [desk.waiting() for _ in range(4)]
    pairs = desk.database.read(service.find_pairs, RULES)
    assert sorted(pair.contact_id for pair in pairs) == sorted(waiting)
    of_first = next(pair.contact_id for pair in pairs if pair.agent_id == first.id)
    of_second = [pair.contact_id for pair in pairs if pair.agent_id == second.id]
    another = desk.waiting()
    desk.database.write(service.take, another, first, desk.contact(another).owner_version)
    boss = desk.agent("boss")
    desk.database.write(service.take, of_second[0], boss, desk.contact(of_second[0]).owner_version)
    offers = desk.database.write(service.offer_pairs, RULES, pairs)
    assert [offer.contact_id for offer in offers] == of_second[1:]
    assert desk.contact(of_first).owner_kind == "queue"
    assert [offer.contact_id for offer in desk.offers()] == [of_first]
    assert desk.database.write(service.offer_pairs, RULES, pairs) == []
