"""How many calls fit into a slot: never more than people can make, counted against trying every way of sharing them (CB-003)."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies

from madoguchi.counter.callbacks import queries, slots
from madoguchi.counter.callbacks.capacity import Caller, Wanted, room
from madoguchi.counter.problems import Conflict, Invalid
from madoguchi.counter.routing import profiles, schedules
from madoguchi.counter.routing.profiles import Profile
from madoguchi.counter.team.model import agent
from madoguchi.engine.database import Database, Transaction
from tests.callbacks.conftest import Shop, slot_after
from tests.conftest import StillClock

QUEUES, LANGUAGES = ("orders", "payments", "returns"), ("ja", "en")

callers = strategies.builds(
    Caller,
    agent_id=strategies.just("a"),
    queues=strategies.frozensets(strategies.sampled_from(QUEUES), min_size=1),
    languages=strategies.frozensets(strategies.sampled_from(LANGUAGES), min_size=1),
    every_queue=strategies.booleans(),
)
wishes = strategies.builds(Wanted, strategies.sampled_from(QUEUES), strategies.sampled_from(LANGUAGES))


def fits(people: Sequence[Caller], booked: Sequence[Wanted], each: int) -> bool:
    """Slowly: some way of giving every booking to somebody who can take it, nobody getting more than `each`."""
    for way in itertools.product(range(len(people)), repeat=len(booked)):
        able = all(people[who].serves(wanted) for who, wanted in zip(way, booked, strict=True))
        if able and all(way.count(who) <= each for who in range(len(people))):
            return True
    return not booked


@pytest.mark.req("CB-003")
@settings(max_examples=300)
@given(
    strategies.lists(callers, min_size=1, max_size=3),
    strategies.lists(wishes, max_size=4),
    wishes,
    strategies.integers(1, 2),
)
def test_what_is_left_is_exactly_what_people_can_still_take(
    people: list[Caller], booked: list[Wanted], wanted: Wanted, each: int
) -> None:
    left = room(people, booked, wanted, each, 1.0).left
    assert fits(people, [*booked, *[wanted] * left], each) or not left
    if fits(people, booked, each):
        assert not fits(people, [*booked, *[wanted] * (left + 1)], each)


@given(
    strategies.lists(callers, max_size=4),
    strategies.integers(1, 3),
    strategies.floats(0.1, 1),
    wishes,
)
def test_bookings_one_after_the_other_stay_within_the_share(
    people: list[Caller], each: int, share: float, wanted: Wanted
) -> None:
    booked: list[Wanted] = []
    while room(people, booked, wanted, each, share).left:
        booked.append(wanted)
    able = sum(caller.serves(wanted) for caller in people) * each
    assert len(booked) == min(able, max(1, int(len(people) * each * share)) if people else 0)
    assert room(people, booked, wanted, each, share).left == 0


def test_desks_that_share_an_agent_do_not_promise_the_agent_twice() -> None:
    both = Caller("a", frozenset({"orders", "payments"}), frozenset({"ja"}))
    assert room([both], [Wanted("orders", "ja")] * 2, Wanted("payments", "ja"), 2, 1.0).left == 0


def test_others_are_moved_along_to_make_room() -> None:
    both = Caller("a", frozenset({"orders", "payments"}), frozenset({"ja"}))
    one = Caller("b", frozenset({"orders"}), frozenset({"ja"}))
    assert room([both, one], [Wanted("orders", "ja")], Wanted("payments", "ja"), 1, 1.0).left == 1


def test_a_few_and_full_are_said() -> None:
    people = [Caller(str(n), frozenset({"orders"}), frozenset({"ja"})) for n in range(4)]
    wanted = Wanted("orders", "ja")
    states = [
        (room(people, [wanted] * n, wanted, 2, 1.0).left, room(people, [wanted] * n, wanted, 2, 1.0).few)
        for n in (0, 5, 6, 7, 8)
    ]
    assert states == [(8, False), (3, False), (2, True), (1, True), (0, False)]


@pytest.mark.req("CB-003")
def test_whoever_comes_at_once_never_gets_more_places_than_there_are(
    database: Database, clock: StillClock, tmp_path: Path
) -> None:
    """Twelve people want the same slot at the same moment, on six lines."""
    shop = Shop(database, clock, tmp_path, callback={"slot_share": 1.0})
    for name in ("ito", "kato"):
        shop.agent(name)
    people = [shop.customer(f"c{n}", f"03-1234-56{n:02d}") for n in range(12)]
    wishes = [shop.wish(f"03-1234-56{n:02d}", slot_at=slot_after(shop, 3)) for n in range(12)]
    got: list[str] = []
    refused: list[str] = []
    start = threading.Barrier(6)

    def come(mine: range) -> None:
        start.wait()
        for n in mine:
            try:
                got.append(shop.calls.book(people[n], wishes[n]).id)
            except Conflict as full:
                refused.append(full.code)

    threads = [threading.Thread(target=come, args=(range(n, 12, 6),)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert (len(got), refused) == (4, ["slot_full"] * 8)
    at = slot_after(shop, 3)
    assert len(database.read(queries.in_slots, at, at + timedelta(minutes=30))[at]) == 4


@pytest.mark.req("CB-003")
def test_slots_lie_within_the_telephones_hours_and_the_days_ahead(sqlite_shop: Shop) -> None:
    shop = sqlite_shop
    shop.agent("ito")
    rules, now = shop.calls.rules, shop.clock()
    days = slots.days(rules, now)
    assert len(days) == 8
    wanted = Wanted("general", "ja")
    today = shop.database.read(slots.of_day, rules, days[0], wanted)
    assert today[0].slot.at == now + timedelta(minutes=30)  # a quarter of an hour ahead at least
    assert today[-1].slot.end.astimezone(rules.zone).hour == 21
    tomorrow = shop.database.read(slots.of_day, rules, days[1], wanted)
    assert len(tomorrow) == 24
    for at in (
        now - timedelta(minutes=30),
        now + timedelta(minutes=45),
        now + timedelta(hours=9),
        now + timedelta(days=9),
    ):
        with pytest.raises(Invalid, match="not_a_slot"):
            shop.database.write(slots.take, rules, at, wanted)


@pytest.mark.req("CB-003")
def test_full_and_few_left_are_seen_before_booking(sqlite_shop: Shop) -> None:
    shop = sqlite_shop
    shop.agent("ito")
    shop.agent("kato")
    at = slot_after(shop, 3)

    def state() -> str:
        day = at.astimezone(shop.calls.rules.zone).date()
        found = shop.database.read(slots.of_day, shop.calls.rules, day, Wanted("general", "ja"))
        return next(each.state for each in found if each.slot.at == at)

    seen = [state()]
    for number in range(2):
        shop.book(shop.customer(f"c{number}", f"03-1234-567{number}"), f"03-1234-567{number}", slot_at=at)
        seen.append(state())
    assert seen == ["free", "few", "full"]


@pytest.mark.req("CB-003")
def test_only_who_is_planned_to_be_there_counts(sqlite_shop: Shop) -> None:
    shop = sqlite_shop
    ito = shop.agent("ito")
    shop.agent("kato")
    week, none = ["15:00-18:00"] * 7, ["closed"] * 7

    def plan(tx):  # type: ignore[no-untyped-def]
        schedules.save_week(tx, ito, ito.id, timezone="Asia/Tokyo", week=week, breaks=none, version=0)

    shop.database.write(plan)
    day = shop.clock().astimezone(shop.calls.rules.zone).date()
    found = shop.database.read(slots.of_day, shop.calls.rules, day, Wanted("general", "ja"))
    free = [each.slot.at.astimezone(shop.calls.rules.zone).hour for each in found if each.state != "full"]
    assert free == [15, 15, 16, 16, 17, 17]


@pytest.mark.req("CB-003", "QUE-015")
def test_a_routing_profile_says_for_which_desks_somebody_takes_calls(sqlite_shop: Shop) -> None:
    shop = sqlite_shop
    ito = shop.agent("ito")

    def only_returns(tx: Transaction) -> None:
        profiles.save(tx, ito, Profile("away", "返品のみ", {"returns": 5}, 3), "")
        tx.execute(agent.update().where(agent.c.id == ito.id).values(profile_id="away"))

    shop.database.write(only_returns)
    earliest = {
        queue: shop.database.read(slots.earliest, shop.calls.rules, Wanted(queue, "ja"))
        for queue in ("general", "returns")
    }
    assert earliest["general"] is None
    assert earliest["returns"] is not None


def test_nobody_there_means_nothing_to_book(sqlite_shop: Shop) -> None:
    assert sqlite_shop.database.read(slots.earliest, sqlite_shop.calls.rules, Wanted("general", "ja")) is None
    with pytest.raises(Conflict, match="slot_full"):
        sqlite_shop.book(sqlite_shop.customer(), slot_at=slot_after(sqlite_shop, 3))
