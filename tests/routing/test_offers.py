"""Who is offered what, and that exactly one agent gets it."""

from __future__ import annotations

import random
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial

import pytest
from sqlalchemy import select

from madoguchi.counter.actors import Actor
from madoguchi.counter.contacts import events
from madoguchi.counter.contacts import queries as contact_queries
from madoguchi.counter.contacts import service as contacts
from madoguchi.counter.problems import Conflict, Invalid, NotAllowed, Problem
from madoguchi.counter.routing import presence, queries, service
from madoguchi.counter.routing.model import queue_place, wait_sample
from madoguchi.counter.team import service as team
from madoguchi.engine.database import Database, Transaction
from madoguchi.engine.outbox import outbox
from tests.conftest import StillClock
from tests.routing.conftest import Desk


def race(database: Database, deeds: list) -> list[object]:  # type: ignore[type-arg]
    """Run all deeds at the same instant; their results, or the problems that they met."""
    start = threading.Barrier(len(deeds))

    def run(deed) -> object:  # type: ignore[no-untyped-def]
        start.wait()
        try:
            return database.write(deed)
        except Problem as problem:
            return problem

    with ThreadPoolExecutor(len(deeds)) as threads:
        return list(threads.map(run, deeds))


def test_fifty_agents_take_the_same_contact_and_one_gets_it(desk: Desk) -> None:
    """R-19: two to fifty agents at the same instant; exactly one owner, nobody else is told that it is theirs."""
    agents = [desk.agent(f"agent{number}") for number in range(50)]
    for _ in range(3):
        contact_id = desk.waiting()
        version = desk.contact(contact_id).owner_version
        results = race(
            desk.database,
            [partial(service.take, contact_id=contact_id, agent=me, owner_version=version) for me in agents],
        )
        winners = [result for result in results if not isinstance(result, Problem)]
        assert len(winners) == 1
        assert all(
            r.code in ("owner_changed", "owned_by_colleague") for r in results if isinstance(r, Problem)
        )
        owned = desk.contact(contact_id)
        assert (owned.owner_kind, owned.owner_version) == ("agent", version + 1)
        joined = [
            e for e in desk.database.read(contact_queries.entries, contact_id) if e.kind == events.JOINED
        ]
        assert [entry.body["agent_id"] for entry in joined] == [owned.owner_id]


def test_an_offer_accepted_fifty_times_at_once_is_accepted_once(desk: Desk) -> None:
    agent = desk.agent("hana")
    contact_id = desk.waiting()
    offer = desk.offer()
    assert offer is not None and offer.agent_id == agent.id
    version = desk.contact(contact_id).owner_version
    results = race(desk.database, [lambda tx: service.accept(tx, contact_id, agent, version)] * 50)
    assert sum(not isinstance(result, Problem) for result in results) == 1
    assert desk.kinds(contact_id).count(events.JOINED) == 1


def test_an_agent_never_holds_more_than_their_capacity(desk: Desk) -> None:
    """R-19: agent over capacity 0, also when everything is pulled at the same instant."""
    agent = desk.agent("hana", capacity=3)
    waiting = [desk.waiting() for _ in range(12)]
    results = race(
        desk.database,
        [partial(service.take, contact_id=c, agent=agent, owner_version=2) for c in waiting],
    )
    held = desk.database.read(contact_queries.open_contacts_of_agents)
    assert held == {agent.id: 3}
    assert sum(not isinstance(result, Problem) for result in results) == 3
    assert {r.code for r in results if isinstance(r, Problem)} == {"at_capacity"}


def test_offers_on_the_way_count_towards_the_capacity(quick_desk: Desk) -> None:
    agent = quick_desk.agent("hana", capacity=2)
    for _ in range(5):
        quick_desk.waiting()
    offers = quick_desk.offers()
    assert [offer.agent_id for offer in offers] == [agent.id, agent.id]
    quick_desk.accept(offers[0].contact_id, agent)
    assert quick_desk.offer() is None


def test_racing_offers_takes_and_accepts_keep_every_invariant(desk: Desk) -> None:
    """Any mixture of deeds at once: one owner each, capacity kept, no contact lost."""
    agents = [desk.agent(f"agent{number}", capacity=2) for number in range(4)]
    waiting = [desk.waiting() for _ in range(8)]
    chance = random.Random(7)
    for _ in range(4):
        versions = {contact_id: desk.contact(contact_id).owner_version for contact_id in waiting}
        deeds = []
        for _ in range(16):
            contact_id, me = chance.choice(waiting), chance.choice(agents)
            deeds.append(
                chance.choice(
                    (
                        partial(service.offer_next, rules=desk.rules),
                        partial(
                            service.accept,
                            contact_id=contact_id,
                            agent=me,
                            owner_version=versions[contact_id],
                        ),
                        partial(
                            service.take, contact_id=contact_id, agent=me, owner_version=versions[contact_id]
                        ),
                        partial(service.decline, contact_id=contact_id, agent=me),
                    )
                )
            )
        race(desk.database, deeds)
        held = desk.database.read(contact_queries.open_contacts_of_agents)
        assert all(count <= 2 for count in held.values())
        for contact_id in waiting:
            found = desk.contact(contact_id)
            place = desk.database.read(queries.place_of, contact_id)
            assert place is not None
            if found.owner_kind == "agent":
                assert place.state == "taken" and place.taken_by == found.owner_id
            else:
                assert place.state in ("waiting", "offered")


@pytest.mark.req("QUE-003")
def test_emergencies_are_served_first_and_the_rest_in_order_of_arrival(
    quick_desk: Desk, clock: StillClock
) -> None:
    ordinary = [quick_desk.waiting("orders")]
    clock.forward(seconds=5)
    business = quick_desk.waiting("business")
    clock.forward(seconds=5)
    emergency = quick_desk.waiting("security")
    clock.forward(seconds=5)
    ordinary.append(quick_desk.waiting("orders"))
    quick_desk.agent("hana", capacity=4)
    served = [offer.contact_id for offer in quick_desk.offers()]
    assert served == [emergency, business, *ordinary]


@pytest.mark.req("QUE-003")
def test_nobody_starves_under_a_stream_of_more_urgent_contacts(quick_desk: Desk, clock: StillClock) -> None:
    """The ageing bound: what comes in 45 minutes after an ordinary contact is served after it, however urgent."""
    patient = quick_desk.waiting("general")
    agent = quick_desk.agent("hana", capacity=1)
    served_after = None
    for minute in range(120):
        quick_desk.waiting("security")
        presence_of = quick_desk.database.write(presence.set_status, agent.id, "available")
        assert presence_of is None
        offer = quick_desk.offer()
        assert offer is not None
        quick_desk.accept(offer.contact_id, agent)
        if offer.contact_id == patient:
            served_after = minute
            break
        quick_desk.database.write(contacts.end, offer.contact_id, agent, "solved")
        quick_desk.database.write(service.finished, offer.contact_id)
        clock.forward(minutes=1)
    assert served_after is not None and served_after <= 46


def test_an_offer_that_nobody_answers_goes_to_the_next_agent(desk: Desk, clock: StillClock) -> None:
    first, second = desk.agent("hana"), desk.agent("ken")
    contact_id = desk.waiting()
    offer = desk.offer()
    assert offer is not None
    assert desk.offer() is None
    errand = desk.database.read(
        lambda tx: tx.first(select(outbox).where(outbox.c.topic == service.OFFER_EXPIRED))
    )
    assert errand is not None and errand.due_at == offer.deadline
    payload = errand.payload
    deadline = datetime.fromisoformat(payload["deadline"])

    assert not desk.database.write(service.expire, contact_id, payload["agent_id"], deadline)  # not yet
    clock.forward(seconds=30)
    assert desk.database.write(service.expire, contact_id, payload["agent_id"], deadline)
    assert not desk.database.write(
        service.expire, contact_id, payload["agent_id"], deadline
    )  # the errand again

    following = desk.offer()
    assert following is not None and {offer.agent_id, following.agent_id} == {first.id, second.id}
    late = first if offer.agent_id == first.id else second
    with pytest.raises(Conflict, match="offer_gone"):
        desk.accept(contact_id, late)
    assert desk.kinds(contact_id).count(events.OFFER_EXPIRED) == 1


def test_an_overdue_offer_moves_on_even_when_its_errand_never_came(
    quick_desk: Desk, clock: StillClock
) -> None:
    quick_desk.agent("hana")
    quick_desk.waiting()
    offer = quick_desk.offer()
    clock.forward(seconds=31)
    quick_desk.agent("ken")
    following = quick_desk.offer()
    assert offer and following and following.agent_id != offer.agent_id


def test_the_only_agent_who_declined_is_asked_again_after_a_rest(quick_desk: Desk, clock: StillClock) -> None:
    agent = quick_desk.agent("hana")
    contact_id = quick_desk.waiting()
    assert quick_desk.offer() is not None
    quick_desk.database.write(service.decline, contact_id, agent)
    assert quick_desk.offer() is None
    clock.forward(seconds=61)
    again = quick_desk.offer()
    assert again is not None and again.agent_id == agent.id


@pytest.mark.req("HND-015")
def test_an_agent_without_the_skill_never_receives_the_contact(quick_desk: Desk) -> None:
    quick_desk.agent("hana", queues=("orders",))
    quick_desk.agent("sora")  # every queue, but no supervisor
    quick_desk.waiting("supervisor")
    assert quick_desk.offers() == []
    boss = quick_desk.agent("boss", roles=("agent", "supervisor"))
    offer = quick_desk.offer()
    assert offer is not None and offer.agent_id == boss.id


@pytest.mark.req("HND-016")
def test_a_japanese_contact_goes_to_those_who_speak_japanese(quick_desk: Desk) -> None:
    quick_desk.agent("emma", languages=("en",))
    away = quick_desk.agent("hana", languages=("ja",), status="break")
    quick_desk.waiting(language="ja")
    assert quick_desk.offers() == []  # somebody on the team speaks it: worth waiting for
    quick_desk.database.write(presence.set_status, away.id, "available")
    assert [offer.agent_id for offer in quick_desk.offers()] == [away.id]


def test_a_language_that_nobody_speaks_goes_to_those_who_speak_english(quick_desk: Desk) -> None:
    quick_desk.agent("hana", languages=("ja",))
    emma = quick_desk.agent("emma", languages=("en",))
    quick_desk.waiting(language="ko")
    assert [offer.agent_id for offer in quick_desk.offers()] == [emma.id]


@pytest.mark.req("QUE-015")
def test_a_change_of_skill_or_presence_changes_the_next_offer(quick_desk: Desk) -> None:
    agent = quick_desk.agent("hana", queues=("orders",), status="offline")
    quick_desk.waiting("payments")
    assert quick_desk.offer() is None
    quick_desk.database.write(lambda tx: team.set_skills(tx, agent.id, queues=["payments"]))
    assert quick_desk.offer() is None
    quick_desk.database.write(presence.set_status, agent.id, "available")
    assert quick_desk.offer() is not None


def test_a_silent_desk_gets_no_offers_until_it_is_heard_again(quick_desk: Desk, clock: StillClock) -> None:
    agent = quick_desk.agent("hana")
    quick_desk.waiting()
    clock.forward(seconds=91)
    assert quick_desk.offer() is None
    quick_desk.database.write(presence.heartbeat, agent.id)
    assert quick_desk.offer() is not None


def test_going_on_a_break_gives_open_offers_back(quick_desk: Desk) -> None:
    agent, other = quick_desk.agent("hana"), quick_desk.agent("ken", status="break")
    contact_id = quick_desk.waiting()
    assert quick_desk.offer() is not None
    quick_desk.database.write(presence.set_status, agent.id, "break")
    quick_desk.database.write(presence.set_status, other.id, "available")
    offer = quick_desk.offer()
    assert offer is not None and (offer.contact_id, offer.agent_id) == (contact_id, other.id)


@pytest.mark.req("HND-014")
def test_who_helped_before_is_asked_first(quick_desk: Desk) -> None:
    first, second = quick_desk.agent("hana"), quick_desk.agent("ken")
    contact_id = quick_desk.waiting()
    seen = quick_desk.contact(contact_id)
    quick_desk.database.write(service.take, contact_id, second, seen.owner_version)
    quick_desk.waiting()
    quick_desk.accept(quick_desk.offer().contact_id, first)  # type: ignore[union-attr]  # both hold one now

    def back(tx: Transaction) -> None:
        again = contact_queries.get(tx, contact_id)
        service.transfer_to_queue(tx, contact_id, "general", actor=second, owner_version=again.owner_version)

    quick_desk.database.write(back)
    quick_desk.waiting()
    offer = quick_desk.offer()
    assert offer is not None and (offer.contact_id, offer.agent_id) == (contact_id, second.id)


def test_a_transfer_keeps_history_carries_the_note_inside_and_waits_one_class_up(quick_desk: Desk) -> None:
    agent = quick_desk.agent("hana")
    contact_id = quick_desk.waiting("orders")
    seen = quick_desk.contact(contact_id)
    taken = quick_desk.database.write(service.take, contact_id, agent, seen.owner_version)
    quick_desk.database.write(
        lambda tx: service.transfer_to_queue(
            tx, contact_id, "payments", actor=agent, owner_version=taken.owner_version, note="wants a refund"
        )
    )
    place = quick_desk.database.read(queries.place_of, contact_id)
    assert place is not None and (place.queue_id, place.priority, place.state) == ("payments", 3, "waiting")
    public = quick_desk.database.read(lambda tx: contact_queries.entries(tx, contact_id, internal=False))
    assert events.TRANSFERRED in [entry.kind for entry in public]
    assert "wants a refund" not in str([entry.body for entry in public])
    assert events.NOTE in quick_desk.kinds(contact_id)


def test_a_colleague_who_is_away_or_full_is_not_handed_a_contact(quick_desk: Desk) -> None:
    agent, full = quick_desk.agent("hana"), quick_desk.agent("ken", capacity=1)
    away = quick_desk.agent("sora", status="break")
    first, second = quick_desk.waiting(), quick_desk.waiting()
    quick_desk.database.write(service.take, first, full, 2)
    mine = quick_desk.database.write(service.take, second, agent, 2)
    for colleague in (full, away):
        with pytest.raises(Conflict, match="agent_not_free"):
            quick_desk.database.write(
                lambda tx, who=colleague: service.transfer_to_agent(
                    tx, second, who.id, quick_desk.rules, actor=agent, owner_version=mine.owner_version
                )
            )
    assert quick_desk.contact(second).owner_id == agent.id


def test_only_a_supervisor_takes_a_contact_out_of_a_colleagues_hands(quick_desk: Desk) -> None:
    owner, other = quick_desk.agent("hana"), quick_desk.agent("ken")
    boss = quick_desk.agent("boss", roles=("agent", "supervisor"))
    contact_id = quick_desk.waiting()
    taken = quick_desk.database.write(service.take, contact_id, owner, 2)
    with pytest.raises(NotAllowed, match="owned_by_colleague"):
        quick_desk.database.write(service.take, contact_id, other, taken.owner_version)
    assert quick_desk.database.write(service.take, contact_id, boss, taken.owner_version).owner_id == boss.id
    assert quick_desk.kinds(contact_id)[-2:] == [events.LEFT, events.JOINED]


def test_switching_an_agent_off_puts_their_contacts_back_into_the_queue(quick_desk: Desk) -> None:
    gone, other = quick_desk.agent("hana"), quick_desk.agent("ken", status="offline")
    contact_id = quick_desk.waiting("orders")
    quick_desk.accept(quick_desk.offer().contact_id, gone)  # type: ignore[union-attr]

    def disable(tx: Transaction) -> list[str]:
        team.deactivate(tx, gone.id)
        return presence.release(tx, gone.id)

    assert quick_desk.database.write(disable) == [contact_id]
    assert quick_desk.contact(contact_id).owner_kind == "queue"
    quick_desk.database.write(presence.set_status, other.id, "available")
    offer = quick_desk.offer()
    assert offer is not None and offer.agent_id == other.id
    with pytest.raises(Invalid, match="unknown_agent"):
        quick_desk.database.write(
            service.take, contact_id, gone, quick_desk.contact(contact_id).owner_version
        )


def test_entering_the_same_queue_twice_is_entering_once(quick_desk: Desk) -> None:
    contact_id = quick_desk.waiting("orders")
    seen = quick_desk.contact(contact_id)
    quick_desk.database.write(lambda tx: service.enter(tx, seen, "orders"))
    assert quick_desk.contact(contact_id).owner_version == seen.owner_version
    assert quick_desk.kinds(contact_id).count(events.HAND_OVER) == 1


def test_leaving_frees_the_place_and_the_offer(quick_desk: Desk) -> None:
    agent = quick_desk.agent("hana", capacity=1)
    contact_id = quick_desk.waiting()
    assert quick_desk.offer() is not None
    visitor = Actor(kind="customer", id="vis_1")
    quick_desk.database.write(
        lambda tx: service.return_to_assistant(tx, contact_queries.get(tx, contact_id), visitor)
    )
    assert quick_desk.contact(contact_id).owner_kind == "assistant"
    with pytest.raises(Conflict, match="offer_gone"):
        quick_desk.accept(contact_id, agent)
    other = quick_desk.waiting()
    offer = quick_desk.offer()
    assert offer is not None and offer.contact_id == other


def test_a_contact_that_left_the_queue_unsaid_is_not_offered(quick_desk: Desk) -> None:
    quick_desk.agent("hana")
    lost = quick_desk.waiting()
    quick_desk.database.write(contacts.end, lost, Actor(kind="customer", id="vis_1"), "left")
    kept = quick_desk.waiting()
    assert [offer.contact_id for offer in quick_desk.offers() or quick_desk.offers()] == [kept]


def test_what_waiting_and_handling_took_is_measured(quick_desk: Desk, clock: StillClock) -> None:
    agent = quick_desk.agent("hana")
    contact_id = quick_desk.waiting("orders")
    clock.forward(seconds=40)
    assert quick_desk.offer() is not None
    clock.forward(seconds=10)
    quick_desk.accept(contact_id, agent)
    clock.forward(minutes=4)
    quick_desk.database.write(service.finished, contact_id)
    clock.forward(minutes=9)
    quick_desk.database.write(service.finished, contact_id)  # a second time changes nothing
    sample = quick_desk.database.read(lambda tx: tx.first(select(wait_sample)))
    assert sample is not None and (sample.wait_s, sample.handle_s, sample.agents) == (50, 240, 1)


@pytest.mark.req("QUE-012")
def test_requests_from_the_night_keep_their_order_in_the_morning(quick_desk: Desk, clock: StillClock) -> None:
    clock.now = datetime.fromisoformat("2026-11-20T02:00:00+09:00")
    night = []
    for _ in range(4):
        night.append(quick_desk.waiting())
        clock.forward(minutes=20)
    clock.now = datetime.fromisoformat("2026-11-20T09:00:00+09:00")
    quick_desk.waiting()
    quick_desk.agent("hana", capacity=4)
    assert [offer.contact_id for offer in quick_desk.offers()] == night


def test_every_state_of_a_place_is_written_as_the_model_names_it(quick_desk: Desk) -> None:
    agent = quick_desk.agent("hana")
    quick_desk.waiting()
    quick_desk.accept(quick_desk.offer().contact_id, agent)  # type: ignore[union-attr]
    states = quick_desk.database.read(lambda tx: [row.state for row in tx.all(select(queue_place.c.state))])
    assert states == ["taken"]
