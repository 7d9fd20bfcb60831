"""Own dialogues in real conversations: put in force, met by customers, changed meanwhile, crashed, handed over."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from madoguchi.assistant.labour_keeping import divide
from madoguchi.assistant.own_flows import keeping
from madoguchi.assistant.own_flows.checking import Known
from madoguchi.assistant.own_flows.model import Dialogue, from_table
from madoguchi.assistant.own_flows.samples import examples
from madoguchi.connectors.embedded.demo import cast
from madoguchi.counter.actors import Actor
from madoguchi.counter.contacts import events
from madoguchi.engine import failpoints
from madoguchi.engine.database import Database
from madoguchi.engine.failpoints import FailpointReached
from madoguchi.faces.house import House
from madoguchi.rehearsal.chat import Chat

KIND = "order_delivery.delivery_delay"
DELAY = "荷物の配送が遅れています"
WRITER = Actor(kind="agent", id="agt_writer", roles=("supervisor",))
LEAD = Actor(kind="agent", id="agt_lead", roles=("supervisor",))

Chats = Callable[..., Chat]


def put(database: Database, dialogue: Dialogue) -> keeping.Version:
    draft = database.write(keeping.begin, WRITER, dialogue)
    return database.write(
        lambda tx: keeping.put_in_force(tx, LEAD, dialogue.id, draft.revision, Known(), four_eyes=True)
    )


def asking(question: str, *, queue: str = "") -> Dialogue:
    """A question with two answers, and a person."""
    return from_table(
        {
            "kind": KIND,
            "steps": [
                {
                    "name": "which",
                    "does": "ask",
                    "words": {"ja": question, "en": "Which?"},
                    "options": [
                        {"to": "fine", "ja": "はい、待てます", "en": "Yes"},
                        {"to": "tell", "ja": "いいえ、急ぎます", "en": "No"},
                    ],
                },
                {"name": "fine", "does": "end", "words": {"ja": "お待ちください。", "en": "Please wait."}},
                {
                    "name": "tell",
                    "does": "ask",
                    "answer": "own_words",
                    "words": {"ja": "いつまでに必要ですか。", "en": "By when?"},
                },
                {
                    "name": "someone",
                    "does": "hand_over",
                    "words": {"ja": "担当者が引き継ぎます。", "en": "A person goes on."},
                    "queue": queue,
                    "reason": "exception",
                },
            ],
        }
    )


@pytest.mark.req("BOT-010")
def test_customers_meet_it_from_the_next_turn_on_and_the_agent_reads_what_was_answered(
    house: House, chat: Chats
) -> None:
    put(house.database, asking("お待ちいただけますか。", queue="orders"))
    talk = chat(cast.MISAKI)
    talk.say(DELAY)
    assert "お待ちいただけますか。" in talk.text
    assert talk.labels == ["はい、待てます", "いいえ、急ぎます", "担当者と話す"]
    talk.say("いいえ")
    assert "いつまでに必要ですか。" in talk.text
    talk.say("金曜日の朝までです")
    handed = talk.facts(events.HAND_OVER)[-1]
    assert (handed["queue"], handed["reason"]) == ("orders", "exception")
    told = {fact["label"]: fact["value"] for fact in talk.summary["facts"]}
    assert (
        told["お客様の回答"]
        == "お待ちいただけますか。 → いいえ、急ぎます\nいつまでに必要ですか。 → 金曜日の朝までです"
    )


def test_its_end_asks_whether_it_is_solved(house: House, chat: Chats) -> None:
    put(house.database, asking("お待ちいただけますか。"))
    talk = chat(cast.MISAKI)
    talk.say(DELAY)
    talk.press("はい、待てます")
    assert "お待ちください。" in talk.text and "解決" in "".join(talk.labels)
    assert talk.facts(events.FLOW_ENDED)[-1]["outcome"] == "answer"


@pytest.mark.req("HND-001")
@pytest.mark.parametrize("how", ["button", "words"])
def test_a_person_comes_from_every_question(house: House, chat: Chats, how: str) -> None:
    put(house.database, asking("お待ちいただけますか。", queue="returns"))
    talk = chat(cast.MISAKI)
    talk.say(DELAY)
    talk.say("担当者をお願いします") if how == "words" else talk.press("担当者と話す")
    assert talk.contact.owner_kind == "queue"
    assert talk.facts(events.HAND_OVER)[-1]["reason"] == "asked"


def test_another_process_puts_one_in_force_and_a_conversation_under_way_ends_with_its_own(
    house: House, chat: Chats
) -> None:
    put(house.database, asking("第一の質問ですか。"))
    under_way = chat(cast.MISAKI)
    under_way.say(DELAY)
    other = Database(str(house.database.engine.url))
    put(other, asking("第二の質問ですか。"))
    begun_later = chat(cast.MISAKI)
    begun_later.say(DELAY)
    assert "第二の質問" in begun_later.text
    under_way.say("ぴよぴよ")
    assert "第一の質問" in under_way.text and "第二の質問" not in under_way.text
    other.write(keeping.withdraw, LEAD, KIND, 2)
    other.close()
    under_way.say("いいえ")
    assert "いつまでに必要ですか。" in under_way.text
    shipped = chat(cast.MISAKI)
    shipped.say(DELAY)
    assert "質問ですか" not in shipped.text
    assert "own" not in shipped.facts(events.FLOW_STARTED)[-1]["params"]


def test_one_that_a_later_release_has_written_leads_to_what_is_shipped(house: House, chat: Chats) -> None:
    put(house.database, asking("第一の質問ですか。"))
    under_way = chat(cast.MISAKI)
    under_way.say(DELAY)
    spoilt = keeping.own_flow.update().values(content={"kind": KIND, "steps": [{"does": "dance"}]})
    house.database.write(lambda tx: tx.execute(spoilt) and None)
    under_way.say("いいえ")
    assert not under_way.facts(events.TURN_FAILED)
    shipped = chat(cast.MISAKI)
    shipped.say(DELAY)
    assert "質問ですか" not in shipped.text and not shipped.facts(events.TURN_FAILED)


@pytest.mark.req("HND-007")
def test_a_deed_goes_by_propose_and_yes_and_survives_a_crash(house: House, chat: Chats) -> None:
    put(house.database, cancelling())
    talk = chat(cast.MISAKI)
    talk.say(f"注文 {cast.MISAKI_UNSHIPPED} の配送が遅れています")
    talk.press("キャンセル")
    assert any(card["kind"] == "proposal" for card in talk.cards) and talk.done() == []
    failpoints.arm("assistant.turn.before_write:1:raise")
    try:
        with pytest.raises(FailpointReached):
            talk.say("はい")
    finally:
        failpoints.arm(None)
    talk.turn()
    assert len(talk.done()) == 1
    assert house.orders.order(talk.actor, cast.MISAKI_UNSHIPPED).state == "cancelled"
    assert len(talk.facts(events.PROPOSED)) == 1


@pytest.mark.req("HND-007")
def test_what_the_shop_leaves_to_people_an_own_dialogue_does_not_do(house: House, chat: Chats) -> None:
    put(house.database, cancelling())
    house.database.write(divide, LEAD, "cancel", "human", 0, house.settings)
    talk = chat(cast.MISAKI)
    talk.say(f"注文 {cast.MISAKI_UNSHIPPED} の配送が遅れています")
    talk.press("キャンセル")
    assert talk.facts(events.HAND_OVER)[-1]["reason"] == "configured" and talk.cards == []


def test_the_orders_facts_stand_in_the_words(house: House, chat: Chats) -> None:
    put(house.database, examples()["late_parcel"])
    talk = chat(cast.MISAKI)
    talk.say(f"注文 {cast.MISAKI_UNSHIPPED} の配送が遅れています")
    assert "のお届けは" in talk.text and "{" not in talk.text


@pytest.mark.req("BOT-014")
def test_a_topic_of_the_shops_own_is_heard_without_a_restart(house: House, chat: Chats) -> None:
    before = chat(cast.MISAKI)
    before.say("プレゼント用に包装してもらえますか")
    assert "ギフト包装ですね。" not in before.text
    put(house.database, examples()["gift_wrapping"])
    talk = chat(cast.MISAKI)
    talk.say("プレゼント用に包装してもらえますか")
    assert "ギフト包装ですね。" in talk.text and "もうご注文はお済みですか。" in talk.text
    talk.say("はい")
    talk.say("赤いリボンでお願いします")
    assert talk.facts(events.HAND_OVER)[-1]["reason"] == "exception"
    english = chat(cast.MISAKI, language="en")
    english.say("Could you gift wrap this for me?")
    assert "Have you ordered already?" in english.text
    other = chat(cast.MISAKI)
    other.say("返品したい")
    assert "ギフト包装" not in other.text


def cancelling() -> Dialogue:
    table = {
        "kind": KIND,
        "steps": [
            {"name": "which", "does": "order", "fits": "waits_in_house"},
            {
                "name": "wait",
                "does": "ask",
                "words": {"ja": "{item}をお待ちになりますか。", "en": "Wait for {item}?"},
                "options": [
                    {"to": "stop", "ja": "キャンセルする", "en": "Cancel"},
                    {"to": "person", "ja": "担当者に聞く", "en": "A person"},
                ],
            },
            {"name": "stop", "does": "deed", "deed": "cancel"},
            {"name": "person", "does": "hand_over"},
        ],
    }
    return from_table(table)
