"""Colleagues are told: by name in a note, and of what they follow; each once, and never of their own deeds."""

from __future__ import annotations

from typing import Any

from madoguchi.kit.ids import new_id
from tests.faces.api.people import Caller, Counter
from tests.faces.api.test_contacts import in_hand, waiting


def told(desk: Caller, contact: Any, kind: str) -> list[Any]:
    notices = desk.get("/desk/aside")["notices"]
    return [each for each in notices if (each["contact_id"], each["kind"]) == (contact["id"], kind)]


def note(desk: Caller, contact: Any, text: str, key: str = "") -> None:
    body = {"text": text, "internal": True, "client_key": key or new_id("key")}
    desk.post(f"/contacts/{contact['id']}/entries", body)


def test_whoever_is_named_in_a_note_is_told_once_and_reads_it(counter: Counter) -> None:
    ito, kato, mori = counter.agent("ito"), counter.agent("kato"), counter.agent("mori")
    contact = in_hand(counter, counter.visitor(), ito)
    key = new_id("key")
    for _ in range(2):  # sent again after a lost answer
        note(ito, contact, "@kato 在庫を確認してください。 @ito", key)
    (notice,) = told(kato, contact, "mentioned")
    assert "メモ" in notice["text"] and "在庫" not in notice["text"]
    assert told(mori, contact, "mentioned") == [] and told(ito, contact, "mentioned") == []
    kato.post(f"/agents/me/notices/{notice['id']}/seen", status=204)
    assert told(kato, contact, "mentioned") == []


def test_a_word_to_the_customer_mentions_nobody(counter: Counter) -> None:
    ito, kato = counter.agent("ito"), counter.agent("kato")
    contact = in_hand(counter, counter.visitor(), ito)
    said = {
        "text": "@kato です",
        "client_key": new_id("key"),
        "owner_version": contact["owner"]["version"],
    }
    ito.post(f"/contacts/{contact['id']}/entries", said)
    assert told(kato, contact, "mentioned") == []


def test_followers_are_told_of_what_others_do_until_they_have_read_it(counter: Counter) -> None:
    ito, kato, visitor = counter.agent("ito"), counter.agent("kato"), counter.visitor()
    contact = in_hand(counter, visitor, ito)
    path = f"/contacts/{contact['id']}/follow"
    assert kato.post(path, {})["following"] is True
    assert told(kato, contact, "followed") == []  # only what comes after
    visitor.say(contact["id"], "まだですか")
    (news,) = told(kato, contact, "followed")
    assert "お客様" in news["text"]
    note(ito, contact, "確認中")
    (news,) = told(kato, contact, "followed")
    assert "2件" in news["text"] and "メモ" in news["text"]
    note(kato, contact, "了解")
    assert "2件" in told(kato, contact, "followed")[0]["text"]  # one's own is no news
    kato.post(path, {})
    assert told(kato, contact, "followed") == []
    assert kato.post(path, {"follow": False})["following"] is False
    visitor.say(contact["id"], "もしもし")
    assert told(kato, contact, "followed") == []
    assert told(ito, contact, "followed") == []


def test_nobody_follows_what_they_may_not_see(counter: Counter) -> None:
    contact = waiting(counter, counter.visitor())
    assert counter.agent("ito").refused("POST", "/contacts/ct_none/follow", {})[0] == 404
    assert counter.visitor().refused("POST", f"/contacts/{contact['id']}/follow", {})[0] in (401, 403, 404)
