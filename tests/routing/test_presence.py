"""What agents are doing and were doing: after-contact work, breaks, silence; and where their contacts go."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select, update

from madoguchi.counter.actors import Actor
from madoguchi.counter.contacts import events
from madoguchi.counter.contacts import queries as contact_queries
from madoguchi.counter.contacts import service as contacts
from madoguchi.counter.routing import presence, queries, service, spells
from madoguchi.counter.routing.model import after_contact_work, agent_spell, agent_status, queue
from madoguchi.counter.routing.policy import Rules
from madoguchi.counter.routing.wording import status_label
from madoguchi.engine.database import Transaction
from tests.conftest import StillClock
from tests.routing.conftest import RULES, Desk


def with_after_contact(desk: Desk, queue_id: str, seconds: int) -> None:
    desk.database.write(
        lambda tx: tx.execute(update(queue).where(queue.c.id == queue_id).values(after_contact_s=seconds))
    )


def held(desk: Desk, agent: Actor, queue_id: str = "orders") -> str:
    contact_id = desk.waiting(queue_id)
    offer = desk.offer()
    assert offer is not None and (offer.contact_id, offer.agent_id) == (contact_id, agent.id)
    desk.accept(contact_id, agent)
    return contact_id


def resolve(desk: Desk, contact_id: str, agent: Actor) -> None:
    def deed(tx: Transaction) -> None:
        contacts.resolve(tx, contact_id, agent, contact_queries.get(tx, contact_id).owner_version)
        service.finished(tx, contact_id)

    desk.database.write(deed)


def doing(desk: Desk, agent: Actor, rules: Rules = RULES) -> queries.Presence:
    return desk.database.read(queries.presence, agent.id, rules)


def work_of(desk: Desk) -> list[tuple[str, str, float]]:
    rows = desk.database.read(lambda tx: tx.all(select(after_contact_work)))
    return [(row.agent_id, row.queue_id, (row.ended_at - row.started_at).total_seconds()) for row in rows]


def test_after_a_contact_its_queues_time_for_work_begins_and_ends_by_itself(
    desk: Desk, clock: StillClock
) -> None:
    agent = desk.agent("hana", capacity=1)
    with_after_contact(desk, "orders", 60)
    contact_id = held(desk, agent)
    resolve(desk, contact_id, agent)
    seen = doing(desk, agent)
    assert (seen.status, seen.until) == ("after_contact", clock() + timedelta(seconds=60))
    desk.waiting("orders")
    clock.forward(seconds=59)
    assert desk.offer() is None
    clock.forward(seconds=1)
    assert desk.offer() is not None
    assert doing(desk, agent).status == "available"
    assert work_of(desk) == [(agent.id, "orders", 60.0)]


def test_the_agents_word_ends_after_contact_work_and_the_record_says_when(
    quick_desk: Desk, clock: StillClock
) -> None:
    agent = quick_desk.agent("hana")
    with_after_contact(quick_desk, "orders", 60)
    resolve(quick_desk, held(quick_desk, agent), agent)
    clock.forward(seconds=20)
    quick_desk.waiting("orders")
    assert quick_desk.offer() is None
    quick_desk.database.write(presence.set_status, agent.id, "available")
    assert quick_desk.offer() is not None
    assert work_of(quick_desk) == [(agent.id, "orders", 20.0)]


def test_a_contact_that_is_handed_on_leaves_work_behind_and_one_that_ends_twice_leaves_it_once(
    quick_desk: Desk, clock: StillClock
) -> None:
    first = quick_desk.agent("hana", queues=("orders",))
    second = quick_desk.agent("ken", queues=("payments",))
    with_after_contact(quick_desk, "orders", 30)
    contact_id = held(quick_desk, first)
    seen = quick_desk.contact(contact_id)
    quick_desk.database.write(
        lambda tx: service.transfer_to_agent(
            tx, contact_id, second.id, quick_desk.rules, actor=first, owner_version=seen.owner_version
        )
    )
    assert [agent for agent, _, _ in work_of(quick_desk)] == [first.id]
    clock.forward(seconds=40)
    resolve(quick_desk, contact_id, second)
    clock.forward(seconds=40)
    quick_desk.database.write(contacts.end, contact_id, second, "solved")
    quick_desk.database.write(service.finished, contact_id)
    assert [agent for agent, _, _ in work_of(quick_desk)] == [first.id, second.id]


def test_a_queue_without_time_for_it_leaves_no_work(quick_desk: Desk) -> None:
    agent = quick_desk.agent("hana")
    resolve(quick_desk, held(quick_desk, agent), agent)
    assert work_of(quick_desk) == []
    assert doing(quick_desk, agent).status == "available"


def test_every_spell_is_kept_from_when_to_when(desk: Desk, clock: StillClock) -> None:
    agent = desk.agent("hana", status=None)
    course = [
        ("available", ""),
        ("break", "lunch"),
        ("break", "lunch"),
        ("break", "training"),
        ("offline", ""),
    ]
    for status, kind in course:
        until = clock() + timedelta(minutes=30) if kind == "lunch" else None
        desk.database.write(
            lambda tx, s=status, k=kind, u=until: presence.set_status(tx, agent.id, s, kind=k, until=u)
        )
        if kind == "lunch":
            assert (doing(desk, agent).kind, doing(desk, agent).until) == ("lunch", until)
        clock.forward(minutes=10)
    rows = desk.database.read(lambda tx: tx.all(select(agent_spell).order_by(agent_spell.c.id)))
    assert [(row.status, row.kind) for row in rows] == [course[0], course[1], course[3], course[4]]
    assert [(row.ended_at - row.started_at).seconds // 60 for row in rows[:-1]] == [10, 20, 10]
    assert all(before.ended_at == after.started_at for before, after in pairwise(rows))
    assert rows[-1].ended_at is None


def let_run_out(desk: Desk, clock: StillClock, rules: Rules) -> None:
    offer = desk.database.write(service.offer_next, rules)
    assert offer is not None
    clock.forward(seconds=30)
    desk.database.write(service.expire, offer.contact_id, offer.agent_id, offer.deadline, rules.passed_limit)


def test_three_offers_that_run_out_in_a_row_make_a_break_with_a_word_and_without_blame(
    desk: Desk, clock: StillClock
) -> None:
    rules = Rules(30, 9000, RULES.hours, passed_limit=3)
    agent = desk.agent("hana", capacity=2)
    for _ in range(3):
        assert doing(desk, agent, rules).status == "available"
        desk.waiting()
        let_run_out(desk, clock, rules)
    seen = doing(desk, agent, rules)
    assert (seen.status, seen.kind) == ("break", spells.UNANSWERED)
    assert status_label("break", "ja", seen.kind) == "休憩中（着信に応答がなかったため切り替えました）"
    clock.forward(minutes=5)
    assert desk.database.write(service.offer_round, rules) == []
    desk.database.write(presence.set_status, agent.id, "available")
    assert doing(desk, agent, rules).kind == ""
    assert len(desk.database.write(service.offer_round, rules)) == 2


def test_an_answer_in_between_begins_the_count_anew_and_zero_never_makes_a_break(
    quick_desk: Desk, clock: StillClock
) -> None:
    rules = Rules(30, 9000, RULES.hours, passed_limit=2)
    agent = quick_desk.agent("hana")
    quick_desk.waiting()
    let_run_out(quick_desk, clock, rules)
    quick_desk.waiting()
    offer = quick_desk.database.write(service.offer_next, rules)
    assert offer is not None
    quick_desk.database.write(service.decline, offer.contact_id, agent)
    quick_desk.waiting()
    let_run_out(quick_desk, clock, rules)
    assert doing(quick_desk, agent, rules).status == "available"
    never = Rules(30, 9000, RULES.hours, passed_limit=0)
    for _ in range(4):
        quick_desk.waiting()
        let_run_out(quick_desk, clock, never)
    assert doing(quick_desk, agent, never).status == "available"


def test_a_late_errand_and_a_round_that_is_first_count_an_offer_once(
    quick_desk: Desk, clock: StillClock
) -> None:
    rules = Rules(30, 9000, RULES.hours, passed_limit=2)
    agent = quick_desk.agent("hana")
    quick_desk.waiting()
    offer = quick_desk.database.write(service.offer_next, rules)
    assert offer is not None
    clock.forward(seconds=31)
    quick_desk.database.write(service.offer_round, rules)
    assert not quick_desk.database.write(
        service.expire, offer.contact_id, offer.agent_id, offer.deadline, rules.passed_limit
    )
    row = quick_desk.database.read(lambda tx: tx.first(select(agent_status)))
    assert row is not None and (row.agent_id, row.passed) == (agent.id, 1)


def test_live_contacts_of_who_has_gone_silent_go_back_at_the_place_of_their_first_entry(
    desk: Desk, clock: StillClock
) -> None:
    rules = Rules(30, 90, RULES.hours, release_after_minutes=10)
    gone = desk.agent("hana", capacity=5)
    first_entry = clock()
    chat = held(desk, gone)
    mail = _mail_in_hand(desk, gone)
    clock.forward(minutes=9)
    assert desk.database.read(presence.silent, rules) == []
    clock.forward(minutes=1)
    newer = desk.waiting("orders")
    assert desk.database.read(presence.silent, rules) == [gone.id]
    assert desk.database.write(presence.release_silent, gone.id, rules) == [chat]
    assert desk.database.write(presence.release_silent, gone.id, rules) == []
    assert desk.contact(mail).owner_id == gone.id  # it waits for its reader, and its promise watches over it
    place = desk.database.read(queries.place_of, chat)
    assert place is not None and (place.state, place.entered_at) == ("waiting", first_entry)
    orders = next(each for each in desk.database.read(queries.overview, rules) if each.queue.id == "orders")
    assert place.priority == orders.queue.priority - 1
    assert doing(desk, gone, rules).status == "offline"
    assert desk.kinds(chat)[-2:] == [events.LEFT, events.HAND_OVER]
    desk.agent("ken", capacity=1)
    assert [offer.contact_id for offer in desk.offers()] == [chat]
    assert desk.contact(newer).owner_kind == "queue"


def test_who_said_offline_long_ago_holds_no_chat_though_the_desk_is_still_open(
    quick_desk: Desk, clock: StillClock
) -> None:
    rules = Rules(30, 90, RULES.hours, release_after_minutes=10)
    agent = quick_desk.agent("hana")
    chat = held(quick_desk, agent)
    quick_desk.database.write(presence.set_status, agent.id, "offline")
    for _ in range(21):
        clock.forward(seconds=30)
        quick_desk.database.write(presence.heartbeat, agent.id)
    assert quick_desk.database.write(presence.release_silent, agent.id, rules) == [chat]


def test_who_is_offline_and_takes_a_chat_over_keeps_it_while_they_work_on_it(
    desk: Desk, clock: StillClock
) -> None:
    rules = Rules(30, 90, RULES.hours, release_after_minutes=10)
    mori = desk.agent("mori", roles=("agent", "supervisor"))
    desk.database.write(presence.set_status, mori.id, "offline")
    clock.forward(hours=2)
    chat = desk.waiting("orders")
    desk.database.write(service.take, chat, mori, desk.contact(chat).owner_version, rules)
    assert desk.database.read(presence.silent, rules) == []
    clock.forward(minutes=9)
    desk.database.write(
        lambda tx: contacts.append(tx, chat, events.MESSAGE, {"text": "お調べします"}, actor=mori)
    )
    clock.forward(minutes=9)
    assert desk.database.read(presence.silent, rules) == []
    clock.forward(minutes=1)
    assert desk.database.write(presence.release_silent, mori.id, rules) == [chat]


def test_with_zero_minutes_nobody_is_released(quick_desk: Desk, clock: StillClock) -> None:
    agent = quick_desk.agent("hana")
    held(quick_desk, agent)
    clock.forward(days=2)
    assert quick_desk.database.read(presence.silent, RULES) == []


def _mail_in_hand(desk: Desk, agent: Actor) -> str:
    visitor = Actor(kind="customer", id="vis_mail", language="ja")

    def begin(tx: Transaction) -> str:
        opened = contacts.open_contact(tx, actor=visitor, channel="mail", language="ja")
        service.take(tx, opened.id, agent, opened.owner_version)
        return opened.id

    return desk.database.write(begin)


@pytest.mark.req("HND-014")
def test_offers_given_back_by_a_break_may_come_again_after_a_rest(
    quick_desk: Desk, clock: StillClock
) -> None:
    agent = quick_desk.agent("hana")
    quick_desk.waiting()
    first = quick_desk.offer()
    clock.forward(seconds=31)
    second = quick_desk.agent("ken")
    again = quick_desk.offer()  # hana let it pass
    assert first and again and again.agent_id == second.id
    quick_desk.database.write(presence.set_status, second.id, "break")
    clock.forward(seconds=31)
    third = quick_desk.offer()
    assert third is not None and third.agent_id == agent.id
