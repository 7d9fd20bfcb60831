"""Chats with people: slow answers are admitted once; who has gone is called, waited for, and put aside until they write."""

from __future__ import annotations

from datetime import timedelta

import pytest

from madoguchi.counter.actors import Actor
from madoguchi.counter.contacts import events
from madoguchi.counter.contacts import queries as contacts
from madoguchi.counter.contacts import service as verbs
from madoguchi.counter.contacts.model import Contact, Entry
from madoguchi.counter.routing import attending, customer_presence, presence
from madoguchi.counter.routing.attending import Manners
from madoguchi.engine.outbox import Courier, Errand
from tests.conftest import StillClock
from tests.routing.conftest import Desk

MANNERS = Manners(timedelta(minutes=3), timedelta(minutes=2), timedelta(minutes=10))


class Chats:
    """A desk with one agent who takes whatever waits."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.agent = desk.agent("hana", capacity=5)
        self._words = 0

    def begin(self) -> str:
        contact_id = self.desk.waiting()
        self.desk.offers()
        self.desk.accept(contact_id, self.agent)
        return contact_id

    def hears(self, contact_id: str) -> None:
        """The customer says something."""
        self._words += 1
        visitor = Actor(kind="customer", id=self.seen(contact_id).visitor_id)
        self.desk.database.write(
            verbs.say, contact_id, actor=visitor, text="まだですか", client_key=f"word-{self._words:06d}"
        )

    def speaks(self, contact_id: str) -> None:
        self._words += 1
        version = self.seen(contact_id).owner_version
        self.desk.database.write(
            verbs.say,
            contact_id,
            actor=self.agent,
            text="はい",
            client_key=f"word-{self._words:06d}",
            owner_version=version,
        )

    def look(self) -> None:
        self.desk.database.write(attending.look_round, MANNERS)

    def seen(self, contact_id: str) -> Contact:
        return self.desk.contact(contact_id)

    def told(self, contact_id: str, kind: str) -> list[Entry]:
        found = self.desk.database.read(contacts.entries, contact_id)
        return [entry for entry in found if entry.kind == kind]

    def mails(self) -> list[str]:
        sent: list[str] = []

        def note(errand: Errand) -> None:
            sent.append(errand.topic)

        Courier(self.desk.database, {attending.CALLED: note, attending.ANSWERED: note}).deliver_due()
        return sent


@pytest.fixture
def chats(desk: Desk) -> Chats:
    return Chats(desk)


@pytest.mark.req("QUE-009")
def test_an_answer_that_takes_longer_than_the_target_is_admitted_once(
    chats: Chats, clock: StillClock
) -> None:
    contact_id = chats.begin()
    chats.hears(contact_id)
    clock.forward(minutes=3)
    chats.look()
    assert not chats.told(contact_id, events.DELAYED)
    clock.forward(seconds=1)
    for _ in range(3):
        chats.look()
        chats.hears(contact_id)
        clock.forward(minutes=5)
    assert len(chats.told(contact_id, events.DELAYED)) == 1
    chats.speaks(contact_id)
    clock.forward(minutes=30)
    chats.look()
    assert len(chats.told(contact_id, events.DELAYED)) == 1  # nobody waits for the agent
    chats.hears(contact_id)
    clock.forward(minutes=4)
    chats.look()
    assert len(chats.told(contact_id, events.DELAYED)) == 2
    silent = Manners(timedelta(0), MANNERS.called_after, MANNERS.place_kept)
    chats.speaks(contact_id)
    chats.hears(contact_id)
    clock.forward(minutes=30)
    chats.desk.database.write(attending.look_round, silent)
    assert len(chats.told(contact_id, events.DELAYED)) == 2


@pytest.mark.req("HND-009", "HIS-005")
def test_who_closed_the_browser_is_called_after_two_minutes_and_the_place_is_kept_ten(
    chats: Chats, clock: StillClock
) -> None:
    contact_id = chats.desk.waiting()
    chats.desk.database.write(customer_presence.seen, [contact_id])
    clock.forward(minutes=1)
    chats.desk.database.write(customer_presence.gone, [contact_id])
    clock.forward(minutes=5)
    chats.desk.database.write(presence.set_status, chats.agent.id, "available")
    chats.desk.offers()
    chats.desk.accept(contact_id, chats.agent)
    chats.look()
    assert chats.mails() == []
    clock.forward(minutes=2)
    for _ in range(3):
        chats.look()
    (called,) = chats.told(contact_id, events.CALLED)
    assert called.body["kept_until"] == (clock.now + timedelta(minutes=10)).isoformat()
    assert chats.mails() == [attending.CALLED]
    clock.forward(minutes=9)
    chats.look()
    assert chats.seen(contact_id).snoozed_until is None
    clock.forward(minutes=1)
    chats.look()
    assert chats.seen(contact_id).snoozed_until is not None
    assert (
        chats.desk.database.read(contacts.open_contacts_of_agents).get(chats.agent.id, 0) == 0
    )  # the agent's place is free again
    clock.forward(hours=2)
    chats.desk.database.write(attending.come_to_people, [contact_id])  # on whatever device
    back = chats.seen(contact_id)
    assert (back.snoozed_until, back.owner_id) == (None, chats.agent.id)
    assert len(chats.told(contact_id, events.AWAY)) == 1


def test_who_comes_back_in_time_or_was_there_all_along_is_not_put_aside(
    chats: Chats, clock: StillClock
) -> None:
    there, back = chats.begin(), chats.begin()
    for _ in range(8):
        chats.desk.database.write(customer_presence.seen, [there])
        clock.forward(seconds=30)
        chats.look()
    assert not chats.told(there, events.CALLED)
    assert chats.told(back, events.CALLED)
    chats.hears(back)
    clock.forward(minutes=20)
    chats.desk.database.write(customer_presence.seen, [there])
    chats.look()
    assert chats.seen(back).snoozed_until is None
    clock.forward(minutes=20)
    chats.look()
    assert not chats.told(there, events.CALLED)  # left in the middle of the talk: nobody is called for that


def test_a_screen_that_has_said_nothing_for_a_minute_is_gone(desk: Desk, clock: StillClock) -> None:
    contact_id = desk.waiting()
    desk.database.write(customer_presence.seen, [contact_id])
    found = desk.database.read(customer_presence.last_seen, [contact_id])[contact_id]
    assert found.present(clock.now)
    assert not found.present(clock.now + customer_presence.GONE_AFTER)
    clock.forward(seconds=5)
    desk.database.write(customer_presence.seen, [contact_id])  # too soon to be worth a write
    assert desk.database.read(customer_presence.last_seen, [contact_id])[contact_id] == found
    desk.database.write(customer_presence.gone, [contact_id])
    assert not desk.database.read(customer_presence.last_seen, [contact_id])[contact_id].present(clock.now)
