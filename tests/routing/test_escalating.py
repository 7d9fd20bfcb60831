"""Another person, a senior one, a deed demanded: recorded with its level, the history kept, never back to the same agent."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from madoguchi.counter.actors import Actor
from madoguchi.counter.contacts import events
from madoguchi.counter.contacts import queries as contacts
from madoguchi.counter.problems import Conflict, Invalid, NotFound
from madoguchi.counter.routing import escalating, presence, service
from madoguchi.counter.routing.escalating import Wish
from madoguchi.engine.database import Transaction
from madoguchi.faces.facts import fact_text
from tests.conftest import StillClock
from tests.routing.conftest import Desk


def wish(desk: Desk, contact_id: str, what: Wish, text: str = "") -> None:
    visitor = Actor(kind="customer", id=desk.contact(contact_id).visitor_id)
    desk.database.write(escalating.escalate, visitor, contact_id, what, text, desk.rules)


def in_hand(desk: Desk, agent: Actor) -> str:
    contact_id = desk.waiting()
    desk.offers()
    desk.accept(contact_id, agent)
    return contact_id


@pytest.mark.req("HND-013")
def test_the_three_levels_are_recorded_and_counted(desk: Desk, clock: StillClock) -> None:
    begun = clock.now
    hana = desk.agent("hana")
    desk.agent("mori", roles=("agent", "supervisor"))
    contact_id = in_hand(desk, hana)
    with pytest.raises(Invalid, match="empty_message"):
        wish(desk, contact_id, "again")
    wish(desk, contact_id, "again", "届いたのは別の商品です")
    assert desk.contact(contact_id).owner_id == hana.id  # the same person hears it again
    wish(desk, contact_id, "senior")
    seen = desk.contact(contact_id)
    assert (seen.owner_kind, seen.owner_id) == ("queue", "supervisor")
    wish(desk, contact_id, "demand", "本日中の返金を求めます")
    (asked,) = [
        e
        for e in desk.database.read(contacts.entries, contact_id)
        if e.kind == events.ESCALATION and e.body["level"] == 3
    ]
    assert asked.body["text"] == "本日中の返金を求めます"
    assert desk.database.read(escalating.by_level, begun) == {1: 1, 2: 1, 3: 1}
    handed = desk.database.read(contacts.newest, contact_id, events.HAND_OVER)
    assert handed is not None
    assert handed.body["reason"] == "supervisor"


@pytest.mark.req("HND-013")
def test_who_asks_for_another_agent_does_not_get_the_same_one_while_others_are_there(
    desk: Desk, clock: StillClock
) -> None:
    hana = desk.agent("hana")
    contact_id = in_hand(desk, hana)
    ken = desk.agent("ken")
    wish(desk, contact_id, "other")
    (offer,) = desk.offers()
    assert offer.agent_id == ken.id
    kinds = desk.kinds(contact_id)
    assert events.LEFT in kinds
    assert kinds.index(events.ESCALATION) < kinds.index(events.LEFT)


@pytest.mark.req("HND-013")
def test_alone_at_the_desk_the_same_agent_serves_again(desk: Desk) -> None:
    hana = desk.agent("hana")
    contact_id = in_hand(desk, hana)
    wish(desk, contact_id, "other")
    (offer,) = desk.offers()
    assert offer.agent_id == hana.id


def told(desk: Desk, contact_id: str) -> list[str]:
    """The names of those who go on although another one was wished, as the ledger tells customer and agent."""
    entries = desk.database.read(contacts.entries, contact_id)
    return [entry.body["name"] for entry in entries if entry.kind == events.SAME_AGENT]


@pytest.mark.req("HND-013")
def test_the_wish_for_another_agent_holds_for_the_whole_contact(desk: Desk, clock: StillClock) -> None:
    hana = desk.agent("hana")
    contact_id = in_hand(desk, hana)
    ken = desk.agent("ken")
    wish(desk, contact_id, "other")
    for _ in range(4):  # ken lets it pass again and again, and long after the second round begins
        asked = [offer.agent_id for offer in desk.offers()]
        assert asked in ([ken.id], [])
        clock.forward(minutes=5)
        desk.database.write(present, (hana.id, ken.id))
        desk.database.write(service.expire_overdue, desk.rules)
    while desk.contact(contact_id).owner_id != ken.id:
        desk.database.write(present, (hana.id, ken.id))
        offers = desk.offers()
        assert [offer.agent_id for offer in offers] in ([ken.id], [])
        if offers:
            desk.accept(contact_id, ken)
        clock.forward(minutes=1)
    seen = desk.contact(contact_id)  # passed on to a queue, it does not come back to hana either
    desk.database.write(
        lambda tx: service.transfer_to_queue(
            tx, contact_id, "payments", actor=ken, owner_version=seen.owner_version
        )
    )
    mari = desk.agent("mari")
    desk.database.write(presence.set_status, ken.id, "offline")
    desk.database.write(present, (hana.id, mari.id))
    assert [offer.agent_id for offer in desk.offers()] == [mari.id]
    assert told(desk, contact_id) == []


@pytest.mark.req("HND-013")
def test_who_is_wanted_no_more_neither_takes_it_nor_gets_it_passed_on(desk: Desk) -> None:
    hana = desk.agent("hana")
    contact_id = in_hand(desk, hana)
    ken = desk.agent("ken")
    wish(desk, contact_id, "other")
    version = desk.contact(contact_id).owner_version
    with pytest.raises(Conflict, match="another_agent_wished"):
        desk.database.write(service.take, contact_id, hana, version, desk.rules)
    desk.database.write(service.take, contact_id, ken, version, desk.rules)
    with pytest.raises(Conflict, match="another_agent_wished"):
        desk.database.write(
            lambda tx: service.transfer_to_agent(
                tx, contact_id, hana.id, desk.rules, actor=ken, owner_version=version + 1
            )
        )


@pytest.mark.req("HND-013")
def test_with_nobody_else_on_duty_the_same_agent_goes_on_and_both_are_told_so_once(
    desk: Desk, clock: StillClock
) -> None:
    hana = desk.agent("hana", queues=("general",))
    contact_id = in_hand(desk, hana)
    desk.agent("away", status="offline")
    desk.agent("ruri", queues=("payments",))  # on duty, without the skill
    wish(desk, contact_id, "other")
    (offer,) = desk.offers()
    assert offer.agent_id == hana.id
    assert told(desk, contact_id) == ["hana"]
    clock.forward(seconds=31)
    desk.database.write(service.expire_overdue, desk.rules)
    desk.database.write(service.take, contact_id, hana, desk.contact(contact_id).owner_version, desk.rules)
    assert told(desk, contact_id) == ["hana"]
    entries = desk.database.read(contacts.entries, contact_id)
    (said,) = [entry for entry in entries if entry.kind == events.SAME_AGENT]
    assert said.visibility == "public"
    assert "hana" in fact_text(said, "ja", ZoneInfo("Asia/Tokyo"))


def test_a_language_that_only_the_former_one_speaks_leaves_nobody_waiting(desk: Desk) -> None:
    hana = desk.agent("hana", languages=("ja", "ko"))
    contact_id = desk.waiting(language="ko")
    desk.offers()
    desk.accept(contact_id, hana)
    desk.agent("ken", languages=("ja",))
    wish(desk, contact_id, "other")
    assert [offer.agent_id for offer in desk.offers()] == [hana.id]


def present(tx: Transaction, agents: tuple[str, ...]) -> None:
    """Their desks give a sign of life, and nobody takes a break for letting offers pass."""
    for agent_id in agents:
        presence.set_status(tx, agent_id, "available")


def test_nobody_escalates_for_others_or_where_no_person_is(desk: Desk) -> None:
    contact_id = desk.waiting()
    with pytest.raises(NotFound):
        desk.database.write(
            escalating.escalate, Actor(kind="customer", id="vis_else"), contact_id, "senior", "", desk.rules
        )
    with pytest.raises(Conflict, match="not_with_person"):
        wish(desk, contact_id, "other")
