"""What the customer and the staff see of a deed that the assistant proposes: one card, one confirm button, one receipt."""

from __future__ import annotations

import pytest

from madoguchi.connectors.embedded.demo import cast
from madoguchi.counter.actors import Actor
from madoguchi.counter.cases import queries as cases
from madoguchi.counter.contacts import events, queries
from madoguchi.engine.database import Transaction
from madoguchi.faces.api.schemas import EntryOut
from madoguchi.faces.entry_views import entries_out
from madoguchi.faces.house import House
from madoguchi.faces.views import contact_out
from madoguchi.rehearsal.chat import Chat

SUPERVISOR = Actor(kind="agent", id="agt_supervisor", roles=frozenset({"supervisor"}))


def seen(chat: Chat, actor: Actor) -> list[EntryOut]:
    def read(tx: Transaction) -> list[EntryOut]:
        contact = queries.get(tx, chat.id)
        return entries_out(tx, actor, contact, queries.entries(tx, chat.id, limit=5000), "ja")

    return chat.house.database.read(read)


def cards(entries: list[EntryOut], kind: str) -> list[EntryOut]:
    return [entry for entry in entries if entry.card and entry.card["kind"] == kind]


def ask_to_cancel(house: House) -> Chat:
    chat = Chat(house, cast.MISAKI)
    chat.say("デスクライトをキャンセルしてください")
    return chat


@pytest.mark.req("BOT-006")
def test_the_question_carries_the_card_and_its_choices_are_the_only_buttons(house: House) -> None:
    chat = ask_to_cancel(house)
    (asked,) = cards(seen(chat, chat.actor), "proposal")
    assert asked.kind == events.MESSAGE
    assert asked.card is not None
    assert asked.card["asked"] is True
    assert asked.card["effects"]
    assert not any(effect in asked.text for effect in asked.card["effects"])
    assert asked.choices is not None
    assert asked.choices.options[0].label == asked.card["confirm_label"]


def test_the_receipt_is_shown_once_and_by_the_assistant(house: House) -> None:
    chat = ask_to_cancel(house)
    chat.press("yes")
    mine = seen(chat, chat.actor)
    (receipt,) = cards(mine, "receipt")
    assert receipt.kind == events.MESSAGE
    assert receipt.card is not None
    assert receipt.card["receipt"]["reference"] in receipt.text
    assert not [entry for entry in mine if entry.kind.startswith("proposal.")]


def test_staff_see_the_steps_as_facts(house: House) -> None:
    chat = ask_to_cancel(house)
    chat.press("yes")
    theirs = seen(chat, SUPERVISOR)
    kinds = [entry.kind for entry in theirs if entry.kind.startswith("proposal.")]
    assert kinds == [events.PROPOSED, events.CONFIRMED, events.DONE]
    assert len(cards(theirs, "receipt")) == 1


@pytest.mark.req("ORD-018")
def test_what_is_done_after_the_assistants_last_word_is_shown_by_itself(house: House) -> None:
    chat = Chat(
        house,
        cast.BUSINESS,
        text="返品したいです。届くのが遅かったです。未開封です",
        order_number=cast.BUSINESS_DELIVERED,
    )
    for _ in range(8):
        if any(card["kind"] == "proposal" for card in chat.cards):
            break
        chat.choose(chat.answers[-1].body["choices"]["key"], chat.options[0]["value"])
    chat.press("yes")
    waiting = chat.facts(events.APPROVAL_ASKED)
    assert waiting, [entry.body for entry in chat.answers]
    house.orders.approve(SUPERVISOR, waiting[0]["proposal_id"])
    (receipt,) = cards(seen(chat, chat.actor), "receipt")
    assert receipt.kind == events.DONE


@pytest.mark.req("CASE-009")
def test_who_has_told_the_assistant_that_it_is_solved_is_not_asked_again(house: House) -> None:
    chat = ask_to_cancel(house)
    chat.press("yes")
    chat.press("yes")
    assert chat.contact.state == "resolved"

    def read(tx: Transaction) -> tuple[dict[str, bool], int | None]:
        shown = contact_out(tx, chat.actor, queries.get(tx, chat.id), "ja")
        return shown.can, cases.get(tx, chat.contact.case_id or "").solved

    can, solved = house.database.read(read)
    assert can["confirm_resolution"] is False
    assert can["rate"] is True
    assert solved
    chat.say("やはりもう一つ質問があります")
    assert chat.contact.state == "open"
