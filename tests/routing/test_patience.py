"""Who waits is told of other ways after a while, and once that a promise was not kept; who was served hears nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from madoguchi.counter.actors import Actor
from madoguchi.counter.contacts import events
from madoguchi.counter.contacts import queries as contacts
from madoguchi.counter.contacts import service as verbs
from madoguchi.counter.contacts.model import Contact, Entry
from madoguchi.counter.problems import Conflict, Invalid, NotFound
from madoguchi.counter.routing import patience, queries, service
from madoguchi.engine.database import Transaction
from madoguchi.engine.outbox import Courier
from tests.conftest import StillClock
from tests.routing.conftest import Desk


class Counter:
    """A desk whose hand-overs carry a promise, and a courier for what is due."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        write = desk.database.write
        self.courier = Courier(
            desk.database,
            {
                patience.PROMISE_DUE: lambda errand: write(patience.tell_broken_promise, errand.payload),
                patience.OTHER_WAYS_DUE: lambda errand: write(patience.offer_other_ways, errand.payload),
            },
        )

    def hand_over(self, name: str = "1") -> Contact:
        visitor = Actor(kind="customer", id=f"vis_{name}", language="ja")

        def begin(tx: Transaction) -> Contact:
            opened = verbs.open_contact(tx, actor=visitor, channel="chat", language="ja")
            service.enter(tx, opened, "general", reason="asked", actor=visitor, rules=self.desk.rules)
            return contacts.get(tx, opened.id)

        return self.desk.database.write(begin)

    def told(self, contact_id: str, kind: str) -> list[Entry]:
        found = self.desk.database.read(contacts.entries, contact_id)
        return [entry for entry in found if entry.kind == kind]


@pytest.fixture
def counter(desk: Desk) -> Counter:
    return Counter(desk)


@pytest.mark.req("HND-009", "CB-009")
def test_other_ways_after_two_minutes_and_the_broken_promise_once(
    counter: Counter, clock: StillClock
) -> None:
    counter.desk.agent("hana", capacity=1)
    waiting = counter.hand_over()
    (handed,) = counter.told(waiting.id, events.HAND_OVER)
    promised = datetime.fromisoformat(handed.body["promise_at"])
    assert promised >= clock.now + timedelta(seconds=90)
    counter.courier.deliver_due()
    assert not counter.told(waiting.id, events.OTHER_WAYS)
    clock.now = max(promised, clock.now + timedelta(seconds=counter.desk.rules.other_ways_seconds))
    for _ in range(3):
        counter.courier.deliver_due()
        clock.forward(minutes=10)
    assert len(counter.told(waiting.id, events.OTHER_WAYS)) == 1
    (broken,) = counter.told(waiting.id, events.PROMISE_BROKEN)
    assert broken.body == {"promise_at": promised.isoformat()}
    again = {"contact_id": waiting.id, "handed_seq": handed.seq, "promise_at": promised.isoformat()}
    assert not counter.desk.database.write(patience.tell_broken_promise, again)
    place = counter.desk.database.read(queries.place_of, waiting.id)
    assert place is not None
    assert place.state in ("waiting", "offered")  # the place is kept


@pytest.mark.req("HND-009")
def test_who_was_served_or_handed_over_anew_hears_nothing_of_the_old_promise(
    counter: Counter, clock: StillClock
) -> None:
    agent = counter.desk.agent("hana", capacity=5)
    served = counter.hand_over("served")
    counter.desk.offers()
    counter.desk.accept(served.id, agent)
    clock.forward(hours=1)
    counter.courier.deliver_due()
    assert not counter.told(served.id, events.PROMISE_BROKEN)
    assert not counter.told(served.id, events.OTHER_WAYS)
    moved = counter.hand_over("moved")

    def anew(tx: Transaction) -> None:
        service.enter(tx, contacts.get(tx, moved.id), "returns", reason="asked", rules=counter.desk.rules)

    clock.forward(minutes=1)
    counter.desk.database.write(anew)
    first, second = counter.told(moved.id, events.HAND_OVER)
    old = {"contact_id": moved.id, "handed_seq": first.seq, "promise_at": first.body["promise_at"]}
    assert not counter.desk.database.write(patience.tell_broken_promise, old)
    assert counter.desk.database.write(patience.tell_broken_promise, {**old, "handed_seq": second.seq})


@pytest.mark.req("HND-009")
def test_the_answer_by_mail_is_for_those_who_wait_and_have_an_address(counter: Counter) -> None:
    waiting = counter.hand_over()
    visitor = Actor(kind="customer", id="vis_1")
    with pytest.raises(Invalid, match="transcript_needs_sign_in"):
        counter.desk.database.write(patience.answer_by_mail, visitor, waiting.id)
    with pytest.raises(NotFound):
        counter.desk.database.write(patience.answer_by_mail, Actor(kind="customer", id="vis_2"), waiting.id)
    counter.desk.database.write(lambda tx: service.leave(tx, waiting.id))
    with pytest.raises(Conflict, match="not_waiting"):
        counter.desk.database.write(patience.answer_by_mail, visitor, waiting.id)


@pytest.mark.req("QUE-012", "QUE-008", "CB-007")
def test_who_comes_in_the_night_is_promised_the_morning_in_the_order_of_coming(
    counter: Counter, clock: StillClock
) -> None:
    clock.now = datetime.fromisoformat("2026-11-20T22:30:00+09:00")
    promised = []
    for number in range(4):
        waiting = counter.hand_over(str(number))
        (handed,) = counter.told(waiting.id, events.HAND_OVER)
        promised.append(datetime.fromisoformat(handed.body["promise_at"]))
        clock.forward(minutes=30)
    opening = datetime.fromisoformat("2026-11-21T09:00:00+09:00")
    assert all(each > opening for each in promised)
    assert promised == sorted(promised)
    assert promised[0] < opening + timedelta(minutes=5)
