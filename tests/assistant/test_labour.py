"""Who does what, and when a person takes over: the shop's table, misunderstandings, a long queue."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.assistant.labour import DEEDS, LABOURS, USUAL, is_for_people, labour, matters, may_act, source
from madoguchi.assistant.labour_keeping import AS_SHIPPED, divide, divided
from madoguchi.assistant.taking_back import take_back
from madoguchi.connectors.embedded.demo import cast
from madoguchi.counter.actors import Actor
from madoguchi.counter.contacts import events
from madoguchi.counter.contacts import service as contacts
from madoguchi.counter.problems import Conflict, Invalid
from madoguchi.counter.routing import service as routing
from madoguchi.engine.database import Database, Transaction
from madoguchi.faces.house import House
from madoguchi.rehearsal.chat import Chat

NONSENSE = ("ほげほげふがふが", "むにゃむにゃぴよ", "ぷぎゃぷぎゃろん", "ぴよぴよぽんぽこ")


def configure(house: House, section: str = "assistant", **values: Any) -> None:
    """Another setting from the next turn on."""
    settings = house.assistant._settings
    changed = getattr(settings, section).model_copy(update=values)
    house.assistant._settings = settings.model_copy(update={section: changed})


def crowd(house: House, queue: str, count: int) -> None:
    """So many people who wait already."""

    def run(tx: Transaction) -> None:
        for number in range(count):
            visitor = Actor(kind="customer", id=f"vis_crowd_{number}")
            opened = contacts.open_contact(tx, actor=visitor, channel="chat", language="ja")
            routing.enter(tx, opened, queue)

    house.database.write(run)


# ── the table ─────────────────────────────────────────────────────────────────────────────────────


def test_the_most_specific_entry_wins() -> None:
    table = {"payment_refund": "human", "payment_refund.refund_status": "bot", "cancel": "human"}
    assert labour(table, "payment_refund.duplicate_charge") == "human"  # type: ignore[arg-type]
    assert labour(table, "payment_refund.refund_status") == "bot"  # type: ignore[arg-type]
    assert labour(table, "order_delivery.track_order") == "bot_with_action"  # type: ignore[arg-type]
    assert is_for_people(table, "payment_refund.receipt")  # type: ignore[arg-type]
    assert not may_act(table, "payment_refund.refund_status", "refund_duplicate")  # type: ignore[arg-type]
    assert not may_act(table, "return_exchange_cancel.cancel_order", "cancel")  # type: ignore[arg-type]
    assert may_act(table, "return_exchange_cancel.return_request", "return")  # type: ignore[arg-type]


def _asks_for_the_second_charge_back(chat: Callable[..., Chat]) -> Chat:
    talk = chat(cast.CHARGED_TWICE)
    talk.say("二重に請求されています。返金してください")
    return talk


@pytest.mark.req("HND-007")
def test_a_change_of_the_table_stops_the_automatic_refund_at_once(
    house: House, chat: Callable[..., Chat]
) -> None:
    allowed = _asks_for_the_second_charge_back(chat)
    assert any(card["kind"] == "proposal" for card in allowed.cards)
    configure(house, labour={"refund_duplicate": "human"})
    allowed.say("はい")  # the proposal that is already on the table
    assert allowed.done() == [] and allowed.contact.owner_kind == "queue"
    later = _asks_for_the_second_charge_back(chat)
    assert not any(card["kind"] == "proposal" for card in later.cards)
    assert later.facts(events.HAND_OVER)[-1]["reason"] == "configured"
    assert not any(
        proposal.state == "done" for proposal in house.orders.proposals(later.actor, _order(house, later))
    )


def _order(house: House, talk: Chat) -> str:
    return house.orders.orders(talk.actor)[0].number


@pytest.mark.req("HND-007")
def test_a_subject_for_people_goes_to_them_before_any_question(
    house: House, chat: Callable[..., Chat]
) -> None:
    configure(house, labour={"payment_refund": "human"})
    talk = _asks_for_the_second_charge_back(chat)
    handed = talk.facts(events.HAND_OVER)[-1]
    assert (handed["queue"], handed["reason"]) == ("payments", "configured")
    assert talk.cards == []


@pytest.mark.req("HND-007")
def test_a_subject_to_inform_about_is_answered_and_nothing_is_changed(
    house: House, chat: Callable[..., Chat]
) -> None:
    configure(house, labour={"return_exchange_cancel": "bot"})
    talk = chat(cast.MISAKI)
    talk.say(f"注文 {cast.MISAKI_UNSHIPPED} をキャンセルしたい")
    assert talk.done() == [] and not any(card["kind"] == "proposal" for card in talk.cards)
    assert talk.facts(events.HAND_OVER)[-1]["reason"] == "configured"


# ── changed at the console ────────────────────────────────────────────────────────────────────────

_LEAD = Actor(kind="agent", id="agt_lead", roles=("supervisor",))
_TABLES = st.dictionaries(st.sampled_from(matters()), st.sampled_from(LABOURS))


@given(_TABLES, st.sampled_from(matters()), st.sampled_from(DEEDS))
def test_what_holds_is_what_its_entry_says_and_nobody_acts_against_any(
    table: dict[str, Any], kind: str, deed: str
) -> None:
    entry = source(table, kind, deed)
    assert labour(table, kind, deed) == (table[entry] if entry else USUAL)
    if table.get(deed, USUAL) != USUAL or labour(table, kind) != USUAL:
        assert not may_act(table, kind, deed)


@pytest.mark.req("HND-007")
@pytest.mark.parametrize("deed", ["refund_missing", "refund_duplicate"])
def test_refund_names_every_deed_that_gives_money_back_by_itself(deed: str) -> None:
    assert not may_act({"refund": "human"}, "order_delivery.item_not_received", deed)
    assert may_act({"refund": "human", deed: USUAL}, "order_delivery.item_not_received", deed)
    assert may_act({"refund": "human"}, "order_delivery.item_not_received", "reship")


@pytest.mark.req("HND-007")
def test_a_change_by_another_process_holds_in_the_next_turn_over_the_settings(
    house: House, chat: Callable[..., Chat]
) -> None:
    configure(house, labour={"refund": USUAL})
    talk = _asks_for_the_second_charge_back(chat)
    other = Database(str(house.database.engine.url))
    other.write(divide, _LEAD, "refund", "human", 0, house.settings)
    talk.say("はい")
    assert talk.done() == [] and talk.contact.owner_kind == "queue"
    other.write(divide, _LEAD, "refund", AS_SHIPPED, 1, house.settings)
    other.close()
    assert any(card["kind"] == "proposal" for card in _asks_for_the_second_charge_back(chat).cards)


@pytest.mark.req("HND-007")
def test_what_it_has_proposed_on_an_account_is_taken_back_too(
    house: House, chat: Callable[..., Chat]
) -> None:
    talk = chat(cast.MISAKI)
    talk.say("アカウントをロックしてください")
    card = next(card for card in talk.cards if card["kind"] == "proposal")
    parts = (house.database, house.orders, house.accounts, house.settings)
    assert take_back(*parts) == 0
    house.database.write(divide, _LEAD, "lock_account", "human", 0, house.settings)
    assert take_back(*parts) == 1
    assert house.accounts.proposal(talk.actor, card["id"]).state == "withdrawn"


def test_two_changes_at_once_are_noticed_and_the_same_again_is_none(house: House) -> None:
    settings, database = house.settings, house.database
    made = database.write(divide, _LEAD, "cancel", "human", 0, settings)
    with pytest.raises(Conflict):
        database.write(divide, _LEAD, "cancel", "bot", 0, settings)
    assert database.write(divide, _LEAD, "cancel", "human", made.version, settings) == made
    assert database.read(divided, settings) == {"cancel": "human"}


@pytest.mark.parametrize(("matter", "wanted"), [("hold", "human"), ("cancel", "robot")])
def test_only_what_the_assistant_can_do_and_only_one_of_three_ways(
    house: House, matter: str, wanted: str
) -> None:
    with pytest.raises(Invalid):
        house.database.write(divide, _LEAD, matter, wanted, 0, house.settings)


# ── not understood ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.req("HND-001")
def test_two_turns_that_are_not_understood_lead_to_a_person_unasked(
    house: House, chat: Callable[..., Chat]
) -> None:
    configure(house, after_failed_turns="hand_over")
    talk = chat(cast.MISAKI)
    talk.say(NONSENSE[0])
    assert talk.contact.owner_kind == "assistant"
    talk.say(NONSENSE[1])
    assert (talk.contact.owner_kind, talk.contact.owner_id) == ("queue", "general")
    assert talk.facts(events.HAND_OVER)[-1]["reason"] == "bot_failed"


@pytest.mark.req("HND-001")
def test_the_number_of_turns_is_the_shops(house: House, chat: Callable[..., Chat]) -> None:
    configure(house, after_failed_turns="hand_over", max_failed_turns=3)
    talk = chat(cast.MISAKI)
    owners = []
    for words in NONSENSE[:3]:
        talk.say(words)
        owners.append(talk.contact.owner_kind)
    assert owners == ["assistant", "assistant", "queue"]


# ── a long queue ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.req("HND-008")
@pytest.mark.parametrize("waiting", [9, 10])
def test_when_many_wait_an_ordinary_matter_gets_another_try_or_a_call_back_first(
    house: House, chat: Callable[..., Chat], waiting: int
) -> None:
    configure(house, after_failed_turns="hand_over")
    crowd(house, "general", waiting)
    talk = chat(cast.MISAKI)
    talk.say(NONSENSE[0])
    talk.say(NONSENSE[1])
    if waiting < 10:
        assert talk.contact.owner_kind == "queue"
        return
    assert talk.contact.owner_kind == "assistant"
    assert "混み合っています" in talk.text
    assert "折り返し電話の依頼" in talk.labels
    talk.say(NONSENSE[2])
    assert talk.facts(events.HAND_OVER)[-1]["reason"] == "bot_failed"


@pytest.mark.req("HND-008")
def test_who_asks_for_a_person_or_is_in_danger_is_not_held_up_by_a_long_queue(
    house: House, chat: Callable[..., Chat]
) -> None:
    for queue in ("general", "security"):
        crowd(house, queue, 12)
    asking = chat(cast.MISAKI)
    asking.say("担当者と話したい")
    assert asking.contact.owner_kind == "queue"
    victim = chat(cast.VICTIM)
    victim.say("アカウントを乗っ取られました")
    said = victim.text
    for words in NONSENSE[:3]:
        if victim.contact.owner_kind == "assistant":
            victim.say(words)
            said += victim.text
    assert "混み合っています" not in said
    assert (victim.contact.owner_kind, victim.contact.owner_id) == ("queue", "security")
