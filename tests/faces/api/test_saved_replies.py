"""Saved replies: filled with the facts of a contact, in its language; what goes along is done through the same verbs."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import update

from madoguchi.connectors.embedded.demo import cast
from madoguchi.counter.actors import Actor
from madoguchi.counter.contacts.model import contact as contact_table
from madoguchi.counter.problems import Conflict, Invalid, NotAllowed, NotFound
from madoguchi.counter.saved_replies import queries, service
from madoguchi.counter.saved_replies.model import Deeds, SavedReply
from madoguchi.counter.saved_replies.service import Wish
from madoguchi.counter.team import queries as team
from madoguchi.counter.team import service as team_service
from madoguchi.engine.database import Transaction
from madoguchi.kit.ids import new_id
from tests.faces.api.people import Caller, Counter
from tests.faces.api.test_contacts import in_hand, waiting


def actor(counter: Counter, login: str) -> Actor:
    def read(tx: Transaction) -> Actor:
        agent = team.by_login(tx, login)
        assert agent is not None
        return team_service.actor_of(agent)

    return counter.house.database.read(read)


def save(counter: Counter, login: str, wish: Wish, reply: SavedReply | None = None) -> SavedReply:
    return counter.house.database.write(
        service.save,
        actor(counter, login),
        wish,
        reply_id=reply.id if reply else "",
        version=reply.version if reply else 0,
    )


def wish(text: str = "{customer}、少々お待ちください。", **more: Any) -> Wish:
    return Wish(
        **{
            "shortcut": new_id("s").replace("_", "-").lower()[:30],
            "names": {"ja": "試し"},
            "texts": {"ja": text},
            **more,
        }
    )


def speaking(counter: Counter, language: str) -> Any:
    """A contact in a language that this shop's pages do not offer, as one by mail may be."""
    opened = counter.visitor().open("hello")

    def speak(tx: Transaction) -> None:
        tx.execute(update(contact_table).where(contact_table.c.id == opened["id"]).values(language=language))

    counter.house.database.write(speak)
    return opened


def found(desk: Caller, contact: Any, reply_id: str) -> Any:
    (one,) = [each for each in desk.get(f"/contacts/{contact['id']}/saved-replies") if each["id"] == reply_id]
    return one


def test_facts_of_the_contact_are_filled_in_and_what_is_not_known_is_named(counter: Counter) -> None:
    ito, misaki = counter.agent("ito"), counter.customer(cast.MISAKI)
    contact = in_hand(counter, misaki, ito)
    greeting = found(ito, contact, "greeting")
    assert greeting["text"].startswith("佐藤 美咲 様、") and greeting["missing"] == []
    assert ito.get("/desk/inbox")["me"]["name"] in greeting["text"]
    looking = found(ito, contact, "looking")
    assert contact["case"]["number"] in looking["text"]
    assert looking["deeds"] == ["24時間の保留"]
    delay = found(ito, contact, "delay")
    assert delay["missing"] == ["{order}"] and "{order}" in delay["text"]


def test_the_order_of_the_contact_fills_number_goods_and_dates(counter: Counter) -> None:
    ito, misaki = counter.agent("ito"), counter.customer(cast.MISAKI)
    contact = misaki.open("いつ届きますか", order_number=cast.MISAKI_ON_TIME)
    day = found(ito, contact, "delivery_day")
    assert day["missing"] == [] and cast.MISAKI_ON_TIME in day["text"] and "{" not in day["text"]
    refund = found(ito, contact, "refund")
    assert set(refund["missing"]) == {"{refund_amount}", "{refund_date}"}


@pytest.mark.req("HIS-010")
def test_somebody_who_only_names_an_order_is_told_nothing_of_what_it_holds(counter: Counter) -> None:
    ito, visitor = counter.agent("ito"), counter.visitor()
    contact = visitor.open("いつ届きますか", order_number=cast.MISAKI_ON_TIME)
    day = found(ito, contact, "delivery_day")
    assert "{delivery_date}" in day["missing"]


@pytest.mark.req("LNG-001", "LNG-005")
def test_each_customer_gets_the_text_in_their_language(counter: Counter) -> None:
    ito = counter.agent("ito")
    for language, words in {"en": "Hello there,", "zh-Hans": "您好，", "ko": "고객님, "}.items():
        contact = speaking(counter, language)
        greeting = found(ito, contact, "greeting")
        assert (greeting["lang"], greeting["outdated"]) == (language, False)
        assert greeting["text"].startswith(words)


def test_a_place_that_is_still_empty_does_not_leave_the_house(counter: Counter) -> None:
    ito = counter.agent("ito")
    contact = in_hand(counter, counter.visitor(), ito)
    said = {"client_key": new_id("key"), "owner_version": contact["owner"]["version"]}
    path = f"/contacts/{contact['id']}/entries"
    assert ito.refused("POST", path, {**said, "text": "ご注文 {order} です"}) == (422, "place_left")
    ito.post(path, {**said, "text": "{注文} という括弧は構いません"}, status=201)


def test_what_goes_along_is_done_and_counted(counter: Counter) -> None:
    ito = counter.agent("ito")
    contact = in_hand(counter, counter.visitor(), ito)
    reply = save(
        counter,
        "mori",
        wish(
            shared=True, deeds=Deeds(kind="return_exchange_cancel.cancel_order", label="様子見", hold_hours=2)
        ),
    )
    before = found(ito, contact, reply.id)
    assert before["deeds"][1:] == ["ラベル：様子見", "2時間の保留"] and before["uses"] == 0
    path = f"/contacts/{contact['id']}/saved-replies/{reply.id}/use"
    stale = {"owner_version": contact["owner"]["version"] + 1, "deeds": True}
    assert ito.refused("POST", path, stale)[1] == "owner_changed"
    assert ito.get(f"/contacts/{contact['id']}")["labels"] == []  # all or nothing
    after = ito.post(path, {"owner_version": contact["owner"]["version"], "deeds": True})
    assert after["labels"] == ["様子見"] and after["snoozed_until"]
    assert after["case"]["category"] == "return_exchange_cancel.cancel_order"
    assert found(ito, contact, reply.id)["uses"] == 1


def test_somebody_elses_contact_is_not_moved_by_a_reply(counter: Counter) -> None:
    ito, kato = counter.agent("ito"), counter.agent("kato")
    contact = in_hand(counter, counter.visitor(), ito)
    use = {"owner_version": contact["owner"]["version"], "deeds": True}
    path = f"/contacts/{contact['id']}/saved-replies/closing/use"
    assert kato.refused("POST", path, use) == (403, "not_owner")
    assert ito.post(path, use)["state"] == "resolved"


def test_ones_own_is_nobody_elses_and_the_teams_is_a_supervisors(counter: Counter) -> None:
    own = save(counter, "ito", wish())
    contact = counter.visitor().open("x")
    assert found(counter.agent("ito"), contact, own.id)["shared"] is False
    others = counter.agent("kato").get(f"/contacts/{contact['id']}/saved-replies")
    assert own.id not in {each["id"] for each in others}
    with pytest.raises(NotFound):
        save(counter, "mori", wish(), own)
    with pytest.raises(NotAllowed):
        save(counter, "ito", wish(shared=True), own)
    shipped = counter.house.database.read(queries.get, actor(counter, "ito"), "greeting")
    with pytest.raises(NotAllowed):
        save(counter, "ito", wish(shared=True), shipped)


def test_a_changed_text_outdates_its_translations_until_they_are_written_or_confirmed(
    counter: Counter,
) -> None:
    texts = {"ja": "一", "en": "one", "ko": "하나"}
    first = save(counter, "mori", wish(shared=True, texts=texts))
    assert first.outdated == []
    again = wish(shared=True, shortcut=first.shortcut, texts={**texts, "ja": "壱", "en": "ONE"})
    second = save(counter, "mori", again, first)
    assert second.outdated == ["ko"]
    korean = speaking(counter, "ko")
    assert found(counter.agent("ito"), korean, first.id)["outdated"] is True
    confirmed = wish(
        shared=True,
        shortcut=first.shortcut,
        texts={**texts, "ja": "壱", "en": "ONE"},
        confirmed=frozenset({"ko"}),
    )
    assert save(counter, "mori", confirmed, second).outdated == []
    with pytest.raises(Conflict, match="changed_meanwhile"):
        save(counter, "mori", again, first)


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        ({"texts": {"ja": "{custmer}"}}, "unknown_place"),
        ({"texts": {"en": "only English"}}, "main_text_missing"),
        ({"names": {}}, "name_missing"),
        ({"shortcut": "あ"}, "id_unusable"),
        ({"deeds": Deeds(kind="nothing.such")}, "unknown_category"),
        ({"deeds": Deeds(transfer="nowhere")}, "unknown_queue"),
        ({"deeds": Deeds(hold_hours=1, resolve=True)}, "deeds_exclude"),
    ],
)
def test_what_could_not_work_is_refused_on_saving(counter: Counter, bad: dict[str, Any], code: str) -> None:
    with pytest.raises(Invalid, match=code):
        save(counter, "ito", wish(**bad))


def test_a_shop_replaces_and_switches_off_what_ships(counter: Counter) -> None:
    shipped = counter.house.database.read(queries.get, actor(counter, "mori"), "more")
    changed = save(counter, "mori", wish("ご用件は以上でしょうか。", shared=True, shortcut="more"), shipped)
    contact = counter.visitor().open("x")
    ito = counter.agent("ito")
    assert found(ito, contact, "more")["text"] == "ご用件は以上でしょうか。"
    save(counter, "mori", wish("x", shared=True, shortcut="more", active=False), changed)
    assert "more" not in {each["id"] for each in ito.get("/desk/saved-replies")}


def test_many_contacts_are_filled_at_once(counter: Counter) -> None:
    ito = counter.agent("ito")
    one, two = waiting(counter, counter.customer(cast.MISAKI)), counter.visitor("en").open("hi")
    body = {"contact_ids": [one["id"], two["id"], one["id"]]}
    filled = ito.post("/desk/saved-replies/greeting/fill", body)
    assert [each["contact_id"] for each in filled] == [one["id"], two["id"]]
    assert filled[0]["text"].startswith("佐藤 美咲 様") and filled[1]["text"].startswith("Hello there")
