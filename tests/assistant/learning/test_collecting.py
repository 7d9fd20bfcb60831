"""From conversations to what is worth a person's look: once, for the strongest reason, nothing of the customer's own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from madoguchi.assistant.learning import queries, service
from madoguchi.assistant.learning.collecting import Collector
from madoguchi.assistant.learning.facts import Said
from madoguchi.assistant.learning.model import LearningTurn
from madoguchi.connectors.embedded.demo import cast
from madoguchi.counter.actors import Actor
from madoguchi.counter.cases import service as cases
from madoguchi.counter.contacts import events
from madoguchi.counter.contacts import service as contacts
from madoguchi.counter.problems import Conflict, Invalid
from madoguchi.engine.database import Database, Transaction
from madoguchi.faces.house import House
from madoguchi.kit.ids import new_id
from madoguchi.rehearsal.chat import Chat
from tests.conftest import StillClock

EDITOR = Actor(kind="agent", id="agt_mori", roles=frozenset({"supervisor"}))
Open = Callable[..., Chat]


@pytest.fixture
def collector(house: House) -> Collector:
    return Collector(house.database, 180)


def kept(house: House) -> list[LearningTurn]:
    return house.database.read(queries.listed)[0]


def test_words_that_were_not_understood_are_collected_once(
    house: House, chat: Open, collector: Collector
) -> None:
    chat(cast.MISAKI).say("ぬるぽがっがっ")
    assert collector.round() == 1
    assert collector.round() == 0
    (turn,) = kept(house)
    assert (turn.reason, turn.language, turn.state) == ("missed", "ja", "open")
    assert turn.text == "ぬるぽがっがっ"


def test_words_that_were_understood_are_not(house: House, chat: Open, collector: Collector) -> None:
    chat(cast.MISAKI).say("返品したい")
    assert collector.round() == 0


def test_what_is_the_customers_own_is_not_kept(house: House, chat: Open, collector: Collector) -> None:
    chat(cast.MISAKI).say(f"佐藤美咲です ふがふがほげ {cast.MISAKI_UNSHIPPED} {cast.MISAKI_EMAIL}")
    collector.round()
    (turn,) = kept(house)
    assert turn.text == "{name}です ふがふがほげ {number} {mail}"


def test_the_stronger_reason_wins_and_comes_later(house: House, chat: Open, collector: Collector) -> None:
    talk = chat(cast.MISAKI)
    talk.say("ぬるぽがほげほげ")
    collector.round()
    talk.say("ふがふがふんがふん")
    talk.say("ほげらほげらっちょ")
    collector.round()
    assert talk.facts(events.HAND_OVER)[-1]["reason"] == "bot_failed"
    assert [turn.reason for turn in kept(house)] == ["missed", "missed", "bot_failed"]


def test_the_subject_picked_afterwards_is_suggested_first(
    house: House, chat: Open, collector: Collector
) -> None:
    talk = chat(cast.MISAKI)
    talk.say("ぬるぽがほげほげ")
    talk.choose("topic", "topic payment_refund.refund_status")
    collector.round()
    assert kept(house)[0].suggested[0] == "payment_refund.refund_status"


def test_not_solved_points_to_the_words_that_the_flow_began_with(
    house: House, chat: Open, collector: Collector
) -> None:
    talk = chat(cast.MISAKI)
    talk.say("営業時間を教えてください")
    house.database.write(contacts.append, talk.id, events.RESOLUTION_DENIED, {}, actor=talk.actor)
    collector.round()
    assert [(turn.reason, turn.text) for turn in kept(house)] == [("denied", "営業時間を教えてください")]


@pytest.mark.req("BOT-014")
def test_another_kind_given_by_an_agent_is_suggested_first(
    house: House, chat: Open, collector: Collector
) -> None:
    talk = chat(cast.MISAKI)
    talk.say("返品したい")
    house.database.write(_agent_says_it_is, talk.id, "order_delivery.misdelivery")
    collector.round()
    (turn,) = kept(house)
    assert turn.reason == "reclassified"
    assert turn.suggested[0] == "order_delivery.misdelivery"


def test_two_editors_at_once_decide_once_and_it_can_be_taken_back(
    house: House, chat: Open, collector: Collector
) -> None:
    chat(cast.MISAKI).say("ぬるぽがほげほげ")
    collector.round()
    write, (turn,) = house.database.write, kept(house)
    done = write(service.label, turn.id, ["general.out_of_scope"], "ほげほげ 佐藤です 090-1234-5678", EDITOR)
    assert (done.state, done.kinds, done.text) == (
        "labelled",
        ["general.out_of_scope"],
        "ほげほげ 佐藤です {number}",
    )
    with pytest.raises(Conflict):
        write(service.discard, turn.id, EDITOR)
    assert write(service.take_back, turn.id, EDITOR).state == "open"
    with pytest.raises(Invalid):
        write(service.label, turn.id, ["no.such_kind"], turn.text, EDITOR)
    with pytest.raises(Invalid):
        write(service.label, turn.id, [], turn.text, EDITOR)
    with pytest.raises(Invalid):
        write(service.label, turn.id, ["general.legal"], "{name} 12345", EDITOR)
    assert house.database.read(queries.progress) == {"open": 1, "labelled": 0, "discarded": 0}


def test_it_is_kept_as_long_as_the_history_and_goes_with_its_contact(
    house: House, chat: Open, collector: Collector, clock: StillClock
) -> None:
    first, second = chat(cast.MISAKI), chat(cast.JOHN)
    first.say("ぬるぽがほげほげ")
    second.say("ふがふがほげら")
    chat().say("ほげらほげらっちょ")
    collector.round()
    write = house.database.write
    for turn in [turn for turn in kept(house) if turn.contact_id in (first.id, second.id)]:
        write(service.label, turn.id, ["general.out_of_scope"], turn.text, EDITOR)
    assert write(service.forget_contact, first.id) == 1
    clock.forward(days=181)
    assert collector.round() == 0
    (left,) = house.database.read(queries.labelled)
    assert left.contact_id is None
    assert kept(house) == []


def test_kept_labelled_and_forgotten_alike_on_both_databases(database: Database, clock: StillClock) -> None:
    said = Said(3, clock(), "", "ja", "", "rephrase", ["general.legal"], {"missed"})
    stronger = replace(said, reasons={"missed", "denied"})
    for found, new in ((said, 1), (said, 0), (stronger, 0), (said, 0)):
        assert database.write(service.keep, [("con_1", [(found, "ぬるぽ")])], clock()) == new
    assert database.read(queries.cursor) == clock()
    ((turn,), count) = database.read(queries.listed, reason="denied", language="ja")
    assert (turn.reason, turn.suggested, count) == ("denied", ["general.legal"], 1)
    database.write(service.label, turn.id, ["general.legal"], turn.text, EDITOR)
    assert [each.id for each in database.read(queries.listed, decided=True)[0]] == [turn.id]
    assert database.read(queries.progress)["labelled"] == 1
    clock.forward(days=200)
    database.write(service.forget_old, timedelta(days=180))
    assert database.read(queries.get, turn.id).contact_id is None
    assert database.write(service.forget_contact, "con_1") == 0


def _agent_says_it_is(tx: Transaction, contact_id: str, kind: str) -> None:
    seen = contacts.queries.get(tx, contact_id)
    taken = contacts.set_owner(tx, contact_id, "agent", EDITOR.id, seen.owner_version)
    contacts.say(
        tx,
        contact_id,
        actor=EDITOR,
        text="お調べします",
        client_key=new_id("key"),
        owner_version=taken.owner_version,
    )
    assert seen.case_id
    cases.classify(tx, seen.case_id, category=kind)
