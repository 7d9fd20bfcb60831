"""Scorecards: saved for each reviewed conversation, seen by the agent, averaged; conversations are drawn by lot (QLT-005)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from madoguchi.counter.actors import Actor
from madoguchi.counter.contacts import queries as contacts
from madoguchi.counter.contacts import service
from madoguchi.counter.problems import Invalid, NotAllowed, NotFound
from madoguchi.counter.quality import reviews
from madoguchi.counter.quality.model import Criterion
from madoguchi.counter.team import notices
from madoguchi.engine.audit import audit
from madoguchi.engine.database import Transaction
from tests.conftest import StillClock
from tests.routing.conftest import Desk
from tests.routing.conftest import _cheap_passwords as _cheap_passwords
from tests.routing.conftest import quick_desk as quick_desk

pytestmark = pytest.mark.req("QLT-005")
MARKS = {"kindness": 5, "exactness": 4, "solution": 3, "effort": 4, "calm": 5}


@pytest.fixture
def house(quick_desk: Desk) -> Desk:
    quick_desk.database.write(reviews.ensure_criteria)
    return quick_desk


def spoken(desk: Desk, agent: Actor) -> str:
    """A conversation that this agent has held and solved."""
    contact_id = desk.waiting("general")

    def hold(tx: Transaction) -> None:
        from madoguchi.counter.routing import service as routing

        seen = contacts.get(tx, contact_id)
        taken = routing.take(tx, contact_id, agent, seen.owner_version)
        service.say(
            tx,
            contact_id,
            actor=agent,
            text="承知しました",
            client_key="a",
            owner_version=taken.owner_version,
        )
        service.resolve(tx, contact_id, agent, taken.owner_version)

    desk.database.write(hold)
    return contact_id


def test_a_card_is_saved_the_agent_reads_it_and_averages_add_up(house: Desk, clock: StillClock) -> None:
    ito, mori = house.agent("ito"), house.agent("mori", roles=("agent", "supervisor"))
    first, second = spoken(house, ito), spoken(house, ito)
    card = house.database.write(reviews.review, first, ito.id, MARKS, "ていねいでした", mori)
    house.database.write(reviews.review, second, ito.id, dict.fromkeys(MARKS, 2), "", mori)
    assert [each.id for each in house.database.read(reviews.of_contact, first)] == [card.id]
    (mean,) = house.database.read(reviews.averages, clock.now - timedelta(days=1))
    assert (mean.reviews, mean.marks["kindness"], mean.mean) == (2, 3.5, pytest.approx((4.2 + 2) / 2))
    assert [each.kind for each in house.database.read(notices.unseen, ito.id)] == ["reviewed", "reviewed"]
    house.database.write(reviews.seen, card.id, ito)
    assert house.database.read(reviews.of_contact, first)[0].seen_at == clock.now
    with pytest.raises(NotFound):
        house.database.write(reviews.seen, card.id, mori)
    logged = house.database.read(lambda tx: tx.all(select(audit).where(audit.c.action == "contact.reviewed")))
    assert [(row.actor_id, row.object_id) for row in logged] == [(mori.id, first), (mori.id, second)]


def test_reviewing_again_replaces_ones_own_card_and_leaves_others(house: Desk) -> None:
    ito = house.agent("ito")
    mori, abe = (house.agent(name, roles=("agent", "supervisor")) for name in ("mori", "abe"))
    contact_id = spoken(house, ito)
    for by, mark in ((mori, 1), (abe, 3), (mori, 5)):
        house.database.write(reviews.review, contact_id, ito.id, dict.fromkeys(MARKS, mark), "", by)
    found = {each.reviewer_id: each.mean for each in house.database.read(reviews.of_contact, contact_id)}
    assert found == {mori.id: 5, abe.id: 3}


def test_every_criterion_needs_a_mark_and_nobody_reviews_themselves_or_who_was_silent(house: Desk) -> None:
    ito, mori = house.agent("ito"), house.agent("mori", roles=("agent", "supervisor"))
    contact_id = spoken(house, ito)
    for marks in ({}, {**MARKS, "kindness": 6}, {"kindness": 5}, {**MARKS, "other": 1}):
        with pytest.raises(Invalid):
            house.database.write(reviews.review, contact_id, ito.id, marks, "", mori)
    with pytest.raises(NotAllowed):
        house.database.write(reviews.review, contact_id, ito.id, MARKS, "", ito)
    with pytest.raises(Invalid):
        house.database.write(reviews.review, contact_id, house.agent("kato").id, MARKS, "", mori)


def test_criteria_are_data_and_what_the_house_changed_stays(house: Desk) -> None:
    mori, ito = house.agent("mori", roles=("agent", "supervisor")), house.agent("ito")
    own = Criterion("greeting", {"ja": "あいさつ"}, {}, 9, True)
    house.database.write(reviews.set_criterion, own, mori)
    off = Criterion("calm", {"ja": "冷静さ"}, {}, 4, False)
    house.database.write(reviews.set_criterion, off, mori)
    house.database.write(reviews.ensure_criteria)
    assert [each.id for each in house.database.read(reviews.criteria)] == [
        "kindness",
        "exactness",
        "solution",
        "effort",
        "greeting",
    ]
    contact_id = spoken(house, ito)
    marks = {"kindness": 5, "exactness": 5, "solution": 5, "effort": 5, "greeting": 1}
    house.database.write(reviews.review, contact_id, ito.id, marks, "", mori)
    for bad in (Criterion("あ", {"ja": "x"}, {}, 1, True), Criterion("fine", {"ja": " "}, {}, 1, True)):
        with pytest.raises(Invalid):
            house.database.write(reviews.set_criterion, bad, mori)


def test_the_lot_is_fair_over_agents_the_same_all_week_and_leaves_out_what_is_reviewed(house: Desk) -> None:
    many, few = house.agent("many", capacity=50), house.agent("few", capacity=50)
    mori = house.agent("mori", roles=("supervisor",))
    for _ in range(12):
        spoken(house, many)
    rare = [spoken(house, few) for _ in range(2)]
    drawn = house.database.read(lambda tx: reviews.sample(tx, size=6, seed="2026-47"))
    assert sorted(each.agent_id for each in drawn).count(few.id) == 2
    assert len({each.contact_id for each in drawn}) == 6
    assert drawn == house.database.read(lambda tx: reviews.sample(tx, size=6, seed="2026-47"))
    assert drawn != house.database.read(lambda tx: reviews.sample(tx, size=6, seed="2026-48"))
    house.database.write(reviews.review, rare[0], few.id, MARKS, "", mori)
    again = house.database.read(lambda tx: reviews.sample(tx, size=20, seed="2026-47"))
    assert rare[0] not in {each.contact_id for each in again}
