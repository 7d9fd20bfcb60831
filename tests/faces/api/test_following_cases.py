"""Cases are followed like contacts; many at once, with a way back; and one mail tells who is away."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from madoguchi.counter.actors import Actor
from madoguchi.counter.cases import joining
from madoguchi.counter.cases import queries as case_queries
from madoguchi.counter.inbox import news_mails
from madoguchi.counter.routing import presence
from madoguchi.counter.routing.policy import Rules
from madoguchi.engine.database import Transaction
from madoguchi.engine.outbox import outbox
from madoguchi.kit.ids import new_id
from tests.faces.api.people import Caller, Counter
from tests.faces.api.test_contacts import in_hand
from tests.faces.api.test_following import note


def told(desk: Caller, number: str) -> list[Any]:
    notices = desk.get("/desk/aside")["notices"]
    return [each for each in notices if (each["case_number"], each["kind"]) == (number, "followed_case")]


def of_case(contact: Any) -> str:
    return str(contact["case"]["number"])


def bulk(desk: Caller, deed: str, *contacts: Any) -> Any:
    rows = [{"contact_id": each["id"], "owner_version": each["owner"]["version"]} for each in contacts]
    return desk.post("/desk/bulk", {"deed": deed, "rows": rows, "key": new_id("bulk")})


@pytest.mark.req("CASE-001")
def test_followers_of_a_case_are_told_of_its_course_and_of_all_its_contacts(counter: Counter) -> None:
    ito, kato, visitor = counter.agent("ito"), counter.agent("kato"), counter.visitor()
    contact = in_hand(counter, visitor, ito)
    number, path = of_case(contact), f"/cases/{of_case(contact)}/follow"
    assert kato.get(f"/cases/{number}")["following"] is False
    assert kato.post(path, {})["following"] is True
    assert told(kato, number) == []  # only what comes after
    visitor.say(contact["id"], "まだですか")
    assert "お客様" in told(kato, number)[0]["text"]
    ito.post(f"/cases/{number}/state", {"deed": "investigate"})
    (news,) = told(kato, number)
    assert "2件" in news["text"] and number in news["text"]
    assert number in {each["number"] for each in kato.get("/cases", followed="true")["cases"]}
    assert number not in {each["number"] for each in ito.get("/cases", followed="true")["cases"]}
    kato.post(path, {})
    assert told(kato, number) == []
    assert kato.post(path, {"follow": False})["following"] is False
    visitor.say(contact["id"], "もしもし")
    assert told(kato, number) == []


def test_what_is_followed_twice_is_told_once(counter: Counter) -> None:
    ito, kato, visitor = counter.agent("ito"), counter.agent("kato"), counter.visitor()
    contact = in_hand(counter, visitor, ito)
    kato.post(f"/cases/{of_case(contact)}/follow", {})
    kato.post(f"/contacts/{contact['id']}/follow", {})
    visitor.say(contact["id"], "まだですか")
    about = [
        each
        for each in kato.get("/desk/aside")["notices"]
        if contact["id"] == each["contact_id"] or of_case(contact) == each["case_number"]
    ]
    assert [each["kind"] for each in about] == ["followed"]


def test_who_follows_a_case_follows_the_one_in_which_it_goes_on(counter: Counter) -> None:
    kato, visitor = counter.agent("kato"), counter.visitor()
    one = visitor.open("荷物が届きません")
    other = visitor.open("ログインできません")
    if of_case(one) == of_case(other):
        pytest.skip("one case")
    kato.post(f"/cases/{of_case(one)}/follow", {})

    def merge(tx: Transaction) -> None:
        first, second = (case_queries.by_number(tx, of_case(each)) for each in (one, other))
        assert first and second
        joining.merge(tx, first.id, second.id, _agent(kato))

    counter.house.database.write(merge)
    assert of_case(other) in {each["number"] for each in kato.get("/cases", followed="true")["cases"]}
    visitor.say(one["id"], "もしもし")
    assert len(told(kato, of_case(other))) == 1


def _agent(desk: Caller) -> Actor:
    return Actor(kind="agent", id=desk.id, name="加藤", roles=("agent",))


def test_many_are_followed_at_once_and_the_undo_takes_back_only_what_was_new(counter: Counter) -> None:
    ito, kato = counter.agent("ito"), counter.agent("kato")
    before, new = (in_hand(counter, counter.visitor(), ito) for _ in range(2))
    kato.post(f"/contacts/{before['id']}/follow", {})
    done = bulk(kato, "follow", before, new)
    assert done["done"] == 2 and done["undo_until"]
    found = kato.post("/desk/find", {"criteria": {"followed": True}})["contacts"]
    assert {before["id"], new["id"]} <= {each["id"] for each in found}
    kato.post(f"/desk/bulk/{done['bulk_id']}/undo")
    left = {each["id"] for each in kato.post("/desk/find", {"criteria": {"followed": True}})["contacts"]}
    assert before["id"] in left and new["id"] not in left


def test_the_cases_of_chosen_contacts_are_followed_at_once_and_that_is_undone(counter: Counter) -> None:
    ito, kato = counter.agent("ito"), counter.agent("kato")
    contacts = [in_hand(counter, counter.visitor(), ito) for _ in range(2)]
    done = bulk(kato, "follow_case", *contacts)
    assert done["done"] == 2
    assert all(kato.get(f"/cases/{of_case(each)}")["following"] for each in contacts)
    found = {each["id"] for each in kato.post("/desk/find", {"criteria": {"followed": True}})["contacts"]}
    assert {each["id"] for each in contacts} <= found
    kato.post(f"/desk/bulk/{done['bulk_id']}/undo")
    assert not any(kato.get(f"/cases/{of_case(each)}")["following"] for each in contacts)


# ── mails ─────────────────────────────────────────────────────────────────────────────────────────

GATHERED = timedelta(minutes=10)


def go_home(counter: Counter, desk: Caller) -> None:
    counter.house.database.write(presence.set_status, desk.id, "offline")


def round_of_mails(counter: Counter) -> int:
    rules = Rules.of(counter.house.settings)
    found = counter.house.database.read(news_mails.due, rules, GATHERED)
    return sum(counter.house.database.write(news_mails.put, each, rules, GATHERED) for each in found)


def mails_to(counter: Counter, address: str) -> list[str]:
    return [str(mail.get_content()) for mail in counter.mails() if mail["to"] and address in mail["to"]]


def test_one_mail_tells_who_is_away_of_many_things_and_of_nothing_that_was_said(counter: Counter) -> None:
    ito, kato, visitor = counter.agent("ito"), counter.agent("kato"), counter.visitor()
    address = f"{new_id('kato')}@shop.example.jp"
    contact = in_hand(counter, visitor, ito)
    other = in_hand(counter, counter.visitor(), ito)
    kato.put("/desk/mail-wish", {"address": address})
    kato.post(f"/cases/{of_case(contact)}/follow", {})
    go_home(counter, kato)
    note(ito, other, "@kato 秘密の在庫を確認してください。")
    note(ito, other, "@kato もう一度。")
    visitor.say(contact["id"], "秘密の言葉")
    assert round_of_mails(counter) == 0  # still gathering
    with counter.later(minutes=11):
        assert round_of_mails(counter) == 1
        assert round_of_mails(counter) == 0
        (mail,) = mails_to(counter, address)
        assert mail.count("/desk#contact=") == 3
        assert "秘密" not in mail and of_case(contact) in mail and "伊藤" in mail
        visitor.say(contact["id"], "その後")
    with counter.later(minutes=30):
        assert round_of_mails(counter) == 1  # the new word only
        first, second = mails_to(counter, address)
        assert second.count("/desk#contact=") == 1 and "1件" in second
        assert first == mail


def test_who_sits_at_the_desk_wants_none_or_has_read_it_gets_no_mail(counter: Counter) -> None:
    ito, mori = counter.agent("ito"), counter.agent("mori")
    address = f"{new_id('mori')}@shop.example.jp"
    contact = in_hand(counter, counter.visitor(), ito)
    note(ito, contact, "@mori 以前のこと")
    with counter.later(minutes=1):
        mori.put("/desk/mail-wish", {"address": address, "followed": False})
        note(ito, contact, "@mori 確認を")
        mine = [each for each in mori.get("/desk/aside")["notices"] if each["contact_id"] == contact["id"]]
    before, wanted = mine
    with counter.later(minutes=12):
        counter.house.database.write(presence.set_status, mori.id, "busy")
        assert round_of_mails(counter) == 0
        go_home(counter, mori)
        assert round_of_mails(counter) == 1
        counter.agent("mori").post(f"/agents/me/notices/{wanted['id']}/seen", status=204)
        assert mails_to(counter, address) == []  # read before it left
        items = counter.house.database.read(_errands_of, mori.id)
    assert [item["id"] for item in items] == [wanted["id"]] and before["id"] != wanted["id"]
    assert mori.refused("PUT", "/desk/mail-wish", {"address": "nobody"}) == (422, "mail_address")
    assert mori.put("/desk/mail-wish", {"address": ""})["address"] == ""


def _errands_of(tx: Transaction, agent_id: str) -> list[Any]:
    rows = tx.all(select(outbox.c.payload).where(outbox.c.topic == news_mails.TOPIC))
    return [item for row in rows if row.payload["agent_id"] == agent_id for item in row.payload["items"]]
