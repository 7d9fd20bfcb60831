"""What standing and language mean for a hand-over: members' desk or one class sooner, interpreters, who looks after them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from madoguchi.counter.actors import Actor, Rung
from madoguchi.counter.contacts import events
from madoguchi.counter.contacts import queries as contact_queries
from madoguchi.counter.contacts import service as contacts
from madoguchi.counter.customers import service as customers
from madoguchi.counter.routing import profiles, queries, service
from madoguchi.counter.routing.model import Place
from madoguchi.counter.routing.profiles import Profile
from madoguchi.counter.routing.queues import ensure_queues
from madoguchi.counter.team.model import agent
from madoguchi.engine.database import Transaction
from tests.conftest import StillClock
from tests.routing.conftest import Desk


@pytest.fixture
def desk(quick_desk: Desk) -> Desk:
    return quick_desk


def enters(
    desk: Desk,
    queue: str,
    *,
    segments: tuple[str, ...] = ("individual",),
    language: str = "ja",
    rung: Rung = Rung.SIGNED_IN,
    preferred: str = "",
    priority: int | None = None,
) -> Place:
    """A customer of these segments is handed over."""

    def run(tx: Transaction) -> Place:
        number = len(queries.waiting_list(tx))
        ref = f"C{queue}{number}{segments}"
        known = customers.upsert(tx, shop_ref=ref, name="客", segments=segments)  # type: ignore[arg-type]
        actor = Actor(kind="customer", id=f"vis_{ref}", customer_id=known.id, rung=rung)
        opened = contacts.open_contact(tx, actor=actor, channel="chat", language=language)
        return service.enter(tx, opened, queue, preferred=preferred, priority=priority)

    return desk.database.write(run)


def with_members_desk(desk: Desk) -> None:
    desk.database.write(ensure_queues, True)


@pytest.mark.req("PRM-001")
def test_a_members_contact_enters_the_members_desk_and_is_served_first(desk: Desk, clock: StillClock) -> None:
    with_members_desk(desk)
    desk.agent("ito")
    other = enters(desk, "payments")
    clock.forward(minutes=2)
    member = enters(desk, "payments", segments=("individual", "member"))
    assert (member.queue_id, other.queue_id) == ("members", "payments")
    assert member.priority < other.priority
    assert [place.contact_id for place in desk.database.read(queries.waiting_list)] == [
        member.contact_id,
        other.contact_id,
    ]


@pytest.mark.req("PRM-001")
@pytest.mark.parametrize("opened", [True, False])
def test_without_anybody_at_it_members_are_one_class_sooner_in_the_queue_of_their_matter(
    desk: Desk, opened: bool
) -> None:
    if opened:
        with_members_desk(desk)
    desk.agent("ito", queues=("payments",))
    member = enters(desk, "payments", segments=("member",))
    assert (member.queue_id, member.priority) == ("payments", 3)


@pytest.mark.parametrize("queue", ["security", "supervisor", "business", "disputes"])
def test_what_needs_its_own_people_stays_with_them(desk: Desk, queue: str) -> None:
    with_members_desk(desk)
    desk.agent("ito")
    assert enters(desk, queue, segments=("member",)).queue_id == queue


def test_an_emergency_is_not_overtaken_and_only_a_proved_member_is_one(desk: Desk) -> None:
    desk.agent("ito")
    assert enters(desk, "security", segments=("member",)).priority == enters(desk, "security").priority == 1
    assert enters(desk, "orders", segments=("member",), rung=Rung.VISITOR).priority == 4
    assert enters(desk, "orders", segments=("member",), priority=2).priority == 2


@pytest.mark.req("PRM-001", "BIZ-005")
def test_the_report_compares_the_waits(desk: Desk, clock: StillClock) -> None:
    ito = desk.agent("ito", capacity=9)
    for segments, seconds in ((("member",), 30), (("business",), 20), (("individual",), 90)):
        place = enters(desk, "orders", segments=segments)
        clock.forward(seconds=seconds)
        seen = desk.contact(place.contact_id)
        desk.database.write(service.take, place.contact_id, ito, seen.owner_version)
    waits = desk.database.read(queries.waits_by_segment, clock.now - timedelta(hours=1))
    assert waits == {"member": [30], "business": [20], "other": [90]}


@pytest.mark.req("HND-012")
def test_a_chinese_contact_goes_to_who_speaks_it_else_an_interpreter_else_it_is_translated(
    desk: Desk,
) -> None:
    desk.agent("ito", queues=("orders",))
    relayed = enters(desk, "orders", language="zh-Hans")
    assert relayed.queue_id == "orders"
    assert _way(desk, relayed) == "relay"
    wang = desk.agent("wang", queues=("interpreter",), languages=("ja", "zh-Hans"))
    interpreted = enters(desk, "orders", language="zh-Hans")
    assert (interpreted.queue_id, _way(desk, interpreted)) == ("interpreter", "interpreter")
    offers = {offer.contact_id: offer.agent_id for offer in desk.offers()}
    assert offers[interpreted.contact_id] == wang.id
    li = desk.agent("li", queues=("orders",), languages=("zh-Hans",))
    spoken = enters(desk, "orders", language="zh-Hans")
    assert (spoken.queue_id, _way(desk, spoken)) == ("orders", None)
    assert {offer.contact_id: offer.agent_id for offer in desk.offers()}[spoken.contact_id] == li.id
    japanese = enters(desk, "orders")
    assert (japanese.queue_id, _way(desk, japanese)) == ("orders", None)


@pytest.mark.req("HND-012", "QUE-015")
def test_who_speaks_a_language_where_is_a_matter_of_the_routing_profile(desk: Desk) -> None:
    li = desk.agent("li", queues=("orders",), languages=("zh-Hans",))

    def only_returns(tx: Transaction) -> None:
        profiles.save(tx, li, Profile("away", "返品のみ", {"returns": 5}, 3), "")
        tx.execute(agent.update().where(agent.c.id == li.id).values(profile_id="away"))

    desk.database.write(only_returns)
    assert _way(desk, enters(desk, "orders", language="zh-Hans")) == "relay"
    assert _way(desk, enters(desk, "returns", language="zh-Hans")) is None


@pytest.mark.req("HND-012")
def test_an_emergency_stays_with_the_security_desk_in_any_language(desk: Desk) -> None:
    desk.agent("ito")
    desk.agent("wang", queues=("interpreter",), languages=("zh-Hans",))
    assert enters(desk, "security", language="zh-Hans").queue_id == "security"


@pytest.mark.req("BIZ-006")
def test_who_looks_after_the_company_is_first_in_routing(desk: Desk) -> None:
    desk.agent("ito")
    manager = desk.agent("manager", capacity=1)
    first = enters(desk, "business", segments=("business",), preferred=manager.id)
    second = enters(desk, "business", segments=("business",), preferred=manager.id)
    offers = {offer.contact_id: offer.agent_id for offer in desk.offers()}
    assert offers[first.contact_id] == manager.id
    assert offers[second.contact_id] != manager.id  # busy: nobody has to wait for them


def _way(desk: Desk, place: Place) -> str | None:
    handed = desk.database.read(contact_queries.newest, place.contact_id, events.HAND_OVER)
    assert handed is not None
    found: str | None = handed.body.get("language_by")
    return found
